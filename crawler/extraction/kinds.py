"""What kind of page this is: an article, or a list of them, a forum's thread, a thing for sale, something else.

Most articles show it at once: they say so and have the text. For the others numbers are taken of the page and small forests
vote, taught by `bench/others.py` on pages of seven kinds, with articles in many languages on the other side. The first sees
numbers that cost little (`glance`), and of three articles in five it is certain; all others are asked of the rest (`row`). No
words of a language are looked for.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import exp, log1p
from operator import itemgetter
from typing import Final, NamedTuple

from crawler.extraction import forest, roles, taught
from crawler.extraction.blocks import Block, Box, Page
from crawler.extraction.head import Head
from crawler.model import PageKind

_PARAGRAPH: Final = 140.0
_PARAGRAPHS: Final = 4
_SURE: Final = 0.99
_EVEN: Final = 0.6
_HALF: Final = 0.5
_SMALL: Final = 40
"""Blocks. A page with no more, half of which reads well, is taken for an article, as plain pages are; of 320 pages of other
kinds, 10 are so small."""
_LIKELY: Final = -0.35
"""Log-odds above which a page is read as an article, 41 %: of what a news crawler meets most are. An article read as something
else loses more than the other way round: at even odds F1 of known articles falls from .969 to .964, and nothing else rises."""
CERTAIN: Final = 0.8
"""Log-odds of the first forest above which a page is an article. Of 828 pages forests that hadn't seen their site said so of
422, of 393 rightly; the other forests would say the same of all but two more articles and two others."""
_LABEL: Final = 80.0
_ITEM: Final = 20.0
"""The least weight of a box that counts as one of several alike."""
_LINKS: Final = 0.7
_ARTICLES: Final = frozenset({"article", "newsarticle", "blogposting", "reportagenewsarticle", "analysisnewsarticle", "report"})
_LISTS: Final = frozenset({"itemlist", "collectionpage", "searchresultspage", "offercatalog"})
_TALKS: Final = frozenset({"discussionforumposting", "qapage", "question"})
_GOODS: Final = frozenset({"product", "productgroup"})
_NO_ARTICLES: Final = _LISTS | _TALKS | _GOODS
_LIVE: Final = "liveblogposting"
_DECLARED: Final = {"article": 1.0, "product": 2.0, "og:product": 2.0, "website": 3.0}
_NO_SECTIONS: Final = frozenset({"p", "br", "td", "tr", "tbody", "table", "ul", "ol", "h1", "h2", "h3"})
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4"})
_COUNTED: Final = roles.TALK | roles.SHOP | roles.ITEM
_ITEM_TYPE: Final = re.compile(r'itemtype="https?://(?:www\.)?schema\.org/([A-Za-z]+)')
_SIGN: Final = re.compile(r"[$€£¥₹₽₺₩฿﷼₪]")
_CODE: Final = re.compile(r"[\d.,] ?(?:USD|EUR|GBP|CHF|kr|zł|Kč|lei|TL)\b")
"""No price is without one of the two, and few pages have one: both are looked for first."""
_PRICED: Final = re.compile(
    r"(?:[$€£¥₹₽₺₩฿﷼₪] ?[\d٠-٩۰-۹]|[\d٠-٩۰-۹] ?[$€£¥₹₽₺₩฿﷼₪]|\b[\d.,]+ ?(?:USD|EUR|GBP|CHF|kr|zł|Kč|lei|TL)\b).*"
)
_DIGITS: Final = re.compile(r"\d.*")
_DATED: Final = re.compile(r"\d(?:(?:(?<=\b1)9|(?<=\b2)0)\d\d\b|\d?[./]\d\d?[./]\d\d|(?<=[٠-٩۰-۹])[٠-٩۰-۹]{3}).*")
"""These find a line once: what is behind in it is taken along. Each begins with a digit: such are looked for fastest."""
_TALK_URL: Final = re.compile(r"forum|thread|topic|/t/|discuss|/d/\d|bbs|community|board|question", re.IGNORECASE)
_LIST_URL: Final = re.compile(
    r"/(?:category|tags?|topics?|section|archives?|author|search|collections?|page)(?:/|$)|[?&](?:page|cat|tag|q|s)="
)

_FORESTS: Final[dict[PageKind, forest.Forest]] = {
    "article": forest.read(taught.ARTICLE),
    "listing": forest.read(taught.LISTING),
    "product": forest.read(taught.PRODUCT),
    "forum": forest.read(taught.FORUM),
}

_SURELY: Final = forest.read(taught.SURELY)

_GLANCE: Final = (
    "says_article says_else declared dated kept kept_share kept_linked kept_blocks paragraphs kept_average all_paragraphs "
    "paragraphs_share total blocks linked link_blocks average h1 headings linked_headings depth slug talk_url list_url"
)
_REST: Final = (
    "article goods list talk prices dates talk_boxes shop_boxes item_boxes alike alike_share alike_linked alike_weight"
)
GLANCE: Final = tuple(_GLANCE.split())
"""The names of the numbers `glance` gives."""
COLUMNS: Final = (*GLANCE, *_REST.split())
"""Those, and the rest of a row."""


class Kind(NamedTuple):
    """The kind; by what it was told; and how sure, 0 to 1."""

    name: PageKind
    where: str
    sure: float

    @property
    def reads(self) -> bool:
        """Whether its text is one piece, as an article's; that of other kinds is many (`others`)."""
        return self.name in ("article", "live")


def judge(page: Page, kept: Sequence[Block], said: Head, url: str | None) -> Kind:
    """The kind of a page, of whose main box `kept` reads well; `body.surveyed` must have judged and summed up the boxes."""
    types = set(said.story.types)
    if _LIVE in types and not types & _LISTS:
        return Kind("live", "json-ld", _SURE)
    if plainly(page, kept, said):
        return Kind("article", "json-ld" if types & _ARTICLES else "og", _SURE)
    if len(page.blocks) <= _SMALL and _share(page, kept) >= _HALF and not types & _TALKS:
        return Kind("article", "structure", _EVEN)
    first = glance(page, kept, said, url)
    article = _SURELY(first)
    if article > CERTAIN:
        return Kind("article", "structure", _chance(article))
    return _voted([*first, *row(page, said)], listed=not _says_so(said))


def plainly(page: Page, kept: Sequence[Block], said: Head) -> bool:
    """It says it is an article, and most of what isn't links is one."""
    if not _says_so(said) or sum([block.weight >= _PARAGRAPH for block in kept]) < _PARAGRAPHS:
        return False
    return _share(page, kept) >= _HALF


def _share(page: Page, kept: Sequence[Block]) -> float:
    """How much of what isn't links reads well."""
    return sum([block.weight for block in kept]) / ((page.weights[-1] - page.links[-1]) or 1.0)


def _says_so(said: Head) -> bool:
    """It says that it is an article, and of when: blog software calls every page an article, but gives only posts a date."""
    return _dated(said) and (_declared(said) == 1.0 or bool(_ARTICLES & set(said.story.types)))


def _voted(numbers: Sequence[float], *, listed: bool) -> Kind:
    """An article where that is likely enough; else the likeliest. What says it is an article is no list of them."""
    article = _FORESTS["article"](numbers)
    if article > _LIKELY:
        return Kind("article", "structure", _chance(article))
    names = [name for name in _FORESTS if name != "article" and (listed or name != "listing")]
    odds = {name: _FORESTS[name](numbers) for name in names}
    best = max(odds, key=lambda name: odds[name])
    return Kind(best, "structure", _chance(odds[best])) if odds[best] > 0.0 else Kind("other", "structure", _chance(-article))


def _chance(odds: float) -> float:
    return round(1.0 / (1.0 + exp(-odds)), 2)


def glance(page: Page, kept: Sequence[Block], said: Head, url: str | None) -> list[float]:
    """The numbers that the first forest knows, in the order of `GLANCE`: what the page says, and sums that lie ready."""
    types = set(said.story.types)
    return [
        bool(types & _ARTICLES),
        bool(types & _NO_ARTICLES),
        _declared(said),
        _dated(said),
        *_of_kept(page, kept),
        *_of_blocks(page),
        *_of_address(url or ""),
    ]


def row(page: Page, said: Head) -> list[float]:
    """The rest of `COLUMNS`: what boxes are called, and which words stand in short blocks."""
    boxes = _boxes(page)
    types = {*said.story.types, *boxes.types}
    return [
        bool(types & _ARTICLES),
        bool(types & _GOODS),
        bool(types & _LISTS),
        bool(types & _TALKS),
        *_of_labels(page.blocks),
        *boxes.numbers,
    ]


def _dated(said: Head) -> bool:
    """When a thread was opened doesn't count: what was said in it since is most of the page."""
    return bool((said.story.published and not said.story.thread) or said.first("article:published_time"))


def _declared(said: Head) -> float:
    kind = said.first("og:type")
    return _DECLARED.get(kind[0].lower(), 4.0) if kind else 0.0


def _of_kept(page: Page, kept: Sequence[Block]) -> list[float]:
    weight = sum([block.weight for block in kept])
    total = page.weights[-1] or 1.0
    return [
        log1p(weight),
        weight / total,
        sum([block.linked for block in kept]) / (weight or 1.0),
        len(kept),
        sum([block.weight >= _PARAGRAPH for block in kept]),
        weight / (len(kept) or 1),
    ]


def _of_blocks(page: Page) -> list[float]:
    blocks, count, total = page.blocks, len(page.blocks) or 1, page.weights[-1] or 1.0
    long = [block.weight for block in blocks if block.weight >= _PARAGRAPH and block.linked < 0.3 * block.weight]
    return [
        len(long),
        sum(long) / total,
        log1p(total),
        count,
        page.links[-1] / total,
        _count_linked(blocks) / count,
        total / count,
        *_of_headings(blocks),
    ]


def _of_headings(blocks: list[Block]) -> list[float]:
    every = [block for block in blocks if block.tag in _HEADINGS]
    headings = [block for block in every if block.tag != "h1"]
    return [
        len(every) - len(headings),
        len(headings) / (len(blocks) or 1),
        _count_linked(headings),
    ]


def _count_linked(blocks: list[Block]) -> int:
    return sum([block.linked > _LINKS * block.weight for block in blocks])


def _of_labels(blocks: list[Block]) -> list[float]:
    """How many of all blocks are short and have a price in them, a date; looked for in all that have a digit at once."""
    count = len(blocks) or 1
    text = "\n".join([block.text for block in blocks if block.weight < _LABEL])
    text = "\n".join([text[text.rfind("\n", 0, found.start()) + 1 : found.end()] for found in _DIGITS.finditer(text)])
    priced = _SIGN.search(text) is not None or _CODE.search(text) is not None
    return [len(_PRICED.findall(text)) / count if priced else 0.0, len(_DATED.findall(text)) / count]


class _Boxes(NamedTuple):
    types: set[str]
    """Of schema.org, as microdata."""
    numbers: list[float]


def _boxes(page: Page) -> _Boxes:
    """What the boxes are named for, and the most text that stands in boxes made alike, side by side."""
    types: set[str] = set()
    talk = shop = item = 0
    alike = defaultdict[tuple[int, str, str], list[Box]](list)
    weights, named_as = page.weights, roles.named
    for box in page.boxes[1:]:
        tag, parent, attributes = box.tag, box.parent, box.attributes
        if tag in _NO_SECTIONS or parent is None:
            continue
        weight, classes = weights[box.end] - weights[box.first], ""
        if attributes:
            said, classes = named_as(attributes)
            if "itemtype=" in attributes:
                types.update(name.lower() for name in _ITEM_TYPE.findall(attributes))
            if said & _COUNTED:  # of three names in four nothing is counted
                talk += weight > 2 * _ITEM and said & roles.TALK > 0
                shop += said & roles.SHOP > 0
                item += said & roles.ITEM > 0
        if weight >= _ITEM:
            alike[parent.index, tag, classes].append(box)
    count = len(page.blocks) or 1
    return _Boxes(types, [talk, shop / count, item / count, *_of_alike(page, alike.values())])


def _of_alike(page: Page, groups: Iterable[list[Box]]) -> list[float]:
    """Of boxes made alike, three or more, those with the most text: how many, the share of their text, of links in it, ..."""
    several = ((len(same), sum(map(page.weight, same)), same) for same in groups if len(same) > 2)
    most, text, same = max(several, key=itemgetter(1), default=(0, 0.0, list[Box]()))
    links = sum(map(page.linked, same))
    return [most, text / (page.weights[-1] or 1.0), links / (text or 1.0), text / (most or 1)]


def _of_address(url: str) -> list[float]:
    """Weak evidence: how deep, how many words in the longest segment, and whether its words are a forum's or a list's."""
    path = url.partition("://")[2].partition("/")[2]
    segments = [segment for segment in path.partition("?")[0].split("/") if segment]
    words = max((len(re.split(r"[-_]", segment)) for segment in segments), default=0)
    return [len(segments), words, _TALK_URL.search(url) is not None, _LIST_URL.search("/" + path) is not None]
