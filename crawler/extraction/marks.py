"""Elements made for writers and dates, nearest to the headline first; those of other stories and of comments left out.

An element's distance is how far up one must go from it to a box that holds the headline too: what stands in the same header is
the article's, what stands in a sidebar or a list of stories is far away, whatever it is called.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import islice
from typing import Final, Literal, NamedTuple
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.extraction.boilerplate import repeats
from crawler.extraction.words import fold
from crawler.model import Value

_MOST: Final = 40
_MOST_LEVELS: Final = 30
_MOST_FIGURES: Final = 12
_MOST_HEADINGS: Final = 12
_BESIDE: Final = 200
_NEIGHBOURS: Final = 3
"""Writers of one article stand in boxes at most so many levels apart."""

_MARKED: Final = '[rel~="author"],[itemprop~="author"]'
# Each `*=` costs a twentieth of parsing the page, a tag's name nothing: so queries ask for more, and Python looks closer.
_LINKS: Final = "a[href]"
_OF_PERSON: Final = re.compile(
    r"/(?:aut(?:h?or|eur)|staff/|people/|journalist|reporter|profile|by/|contributor|columnist|writer|editors/|yazar)"
)
_BYLINES: Final = '[class*="byline" i],[class*="aut" i]'
_WRITERS: Final = '[class*="writer" i],[class*="reporter" i]'
_CALLED: Final = re.compile(r"byline|author|autor(?!i)|auteur|writer|reporter|journalist|\beditor\b", re.IGNORECASE)
_HANDLES: Final = '[class*="username" i]'
_OF_MEMBER: Final = re.compile(r"/(?:members|users?|u)/")
_HOST: Final = re.compile(r"(?:https?:)?//([^/?#:]+)", re.IGNORECASE)
_NAMES: Final = '[itemprop="name"],[rel~="author"],.fn,[class*="name" i],a[href*="/author" i],a[href*="/autor" i]'
_DATELINES: Final = '[class*="date" i],[class*="time" i],[class*="publish" i],[id*="date" i],[id*="time" i]'

_OF_CHANGE: Final = re.compile("modif|updat|lastmod")
_FURNITURE: Final = frozenset({"aside", "nav", "footer", "form"})
_QUOTED: Final = frozenset({"blockquote"})
"""A post of somebody else that is shown within an article, with its own date."""
_OTHERS: Final = re.compile(
    r"relat(?:ed|ion)|recommend|sidebar|side-bar|(?<!elementor-)\bwidget|comment|recent|popular|latest|trending|teaser|"
    r"see-?also|more-?(?:on|from|news)|"
    r"most-?read|next-?post|prev|\bcard|carousel|slider|breaking|ticker|copyright|topbar|top-bar|\bclock\b|"
    r"current-?(?:date|time)|today",
    re.IGNORECASE,
)
# All it finds holds one of these; plain letters at the start of each are found in an eighth of the time.
_LIKE_OTHERS: Final = re.compile(
    "relat(?:ed|ion)|recommend|side-?bar|widget|comment|recent|popular|latest|trending|teaser|see-?also|more-?(?:on|from|news)|"
    "most-?read|next-?post|prev|card|carousel|slider|breaking|ticker|copyright|top-?bar|clock|current-?(?:date|time)|today"
)


@lru_cache(maxsize=4096)
def is_other(names: str) -> bool:
    """Whether a box is called one of other stories, of comments, or of today's date."""
    return _LIKE_OTHERS.search(names.lower()) is not None and _OTHERS.search(names) is not None


class Stamp(Value, frozen=True, kw_only=True):
    """An element that is made for a date."""

    text: str
    said: str
    """The text of the element around it, if that is short: "Updated: May 3, 2022"."""
    machine: str
    """Its `datetime` or `content`."""
    modified: bool
    first: bool = False
    """schema.org's `datePublished`."""
    sure: bool
    """It is a `<time>` or schema.org's, not only called so."""
    far: int
    """Levels from the headline up to the box that holds both."""


Kind = Literal["person", "byline", "handle"]
"""Marked up or linked as a person; only called a byline; a name people take in a forum."""


class Byline(NamedTuple):
    """What an element made for writers says."""

    texts: tuple[str, ...]
    kind: Kind


class Figure(NamedTuple):
    """A picture's addresses, as they stand there, and what is written below it."""

    sources: str
    caption: str


_Test = Callable[[LexborNode], bool]


class _Where(NamedTuple):
    far: int
    other: bool = False
    apart: bool = False


_AFAR: Final = _Where(_MOST_LEVELS)


class Place(NamedTuple):
    """Where the headline stands: its boxes, by their identity in the tree."""

    boxes: frozenset[int]
    known: dict[int, _Where]
    """Boxes judged already, the headline's own among them; the tree must not change meanwhile."""


def place(headings: Sequence[LexborNode], title: str | None) -> Place:
    """The boxes around the heading that repeats the title, else around the first one."""
    headings = headings[:_MOST_HEADINGS]
    said = next((node for node in headings if title and repeats(_text(node, 500), title)), None)
    around = said or next((node for node in headings if node.tag == "h1"), None)
    known: dict[int, _Where] = {}
    while around is not None and len(known) < 2 * _MOST_LEVELS:
        known[around.mem_id] = _Where(len(known))
        around = around.parent
    return Place(frozenset(known), known)


def bylines(tree: LexborHTMLParser, at: Place, home: str | None) -> Iterator[Byline]:
    """Elements for writers, neighbours together: those marked up as persons first, then the nearest to the headline.

    `home` is the page's host: a member of another site, as its own page at a network, wrote nothing here.
    """
    links = _Links(tree)
    queries: tuple[tuple[Callable[[], Iterable[LexborNode]], _Test, Kind], ...] = (
        (lambda: tree.css(_MARKED), _any, "person"),
        (lambda: links.to(_OF_PERSON), _is_person, "person"),
        (lambda: tree.css(_BYLINES), _is_called_writer, "byline"),
        (lambda: tree.css(_WRITERS), _is_called_writer, "byline"),
        (lambda: [*tree.css(_HANDLES), *links.to(_OF_MEMBER)], lambda node: _is_at_home(node, home), "handle"),
    )
    for found, sure, kind in queries:
        near = [node for _, node in _nearest(found(), at, anywhere=kind == "person") if sure(node)]
        for together in _families(near, at) if kind != "handle" else ([node] for node in near):
            yield Byline(tuple([text for node in together for text in _own_names(node)]), kind)


def _families(nodes: list[LexborNode], at: Place) -> Iterator[list[LexborNode]]:
    """Writers of one article together, the nearest first."""
    while nodes:
        family = _family_of(nodes[0], at)
        yield [node for node in nodes if _within(node, family)]
        nodes = [node for node in nodes if not _within(node, family)]


class _Links:
    """The links of a page, read once; most pages have none that leads to a person."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._tree = tree

    @cached_property
    def _known(self) -> list[tuple[str, LexborNode]]:
        return [(link.attrs.sget("href").lower(), link) for link in self._tree.css(_LINKS)]

    @cached_property
    def _all(self) -> str:
        return "\n".join([address for address, _ in self._known])

    def to(self, wanted: re.Pattern[str]) -> list[LexborNode]:
        """Those whose address, in small letters, has what is wanted."""
        return [link for address, link in self._known if wanted.search(address)] if wanted.search(self._all) else []


def figures(nodes: Sequence[LexborNode]) -> list[Figure]:
    """The pictures that have a caption, in their order."""
    return [
        Figure(" ".join(_sources(node)), caption)
        for node in nodes[:_MOST_FIGURES]
        for below in node.css("figcaption,[class*='caption-text'],[class*='image-caption']")[:1]
        if (caption := _text(below, 600))
    ]


def _sources(figure: LexborNode) -> Iterator[str]:
    for image in figure.css("img,source")[:6]:
        attributes = image.attributes
        yield from (value for name in ("src", "srcset", "data-src", "data-srcset") if (value := attributes.get(name)))


def _nearest(nodes: Iterable[LexborNode], at: Place, *, anywhere: bool) -> list[tuple[int, LexborNode]]:
    """By their distance; `anywhere`: also in `<aside>` and the like, into which some put an article's byline."""
    found = ((_distance(node, at, anywhere=anywhere), node) for node in islice(nodes, _MOST))
    return sorted(((far, node) for far, node in found if far is not None), key=lambda pair: pair[0])


def _any(_: LexborNode) -> bool:
    return True


def _is_at_home(node: LexborNode, home: str | None) -> bool:
    away = _HOST.match(node.attributes.get("href") or "")
    return away is None or home is None or f".{away[1].lower()}".endswith("." + home.removeprefix("www."))


def _is_called_writer(node: LexborNode) -> bool:
    return _CALLED.search(f"{node.attrs.get('class')} {node.attrs.get('id')}") is not None


def _is_person(node: LexborNode) -> bool:
    """Whether a link's address holds a word of its text, as `/people/jane-doe` does, and it stands in no paragraph."""
    address = unquote(node.attributes.get("href") or "").lower()
    if node.parent is not None and len(_text(node.parent, _BESIDE)) == 0:
        return False
    return any(len(word) > 2 and word in address for word in fold(_text(node, 100)).split())


def stamps(tree: LexborHTMLParser, times: Iterable[LexborNode], at: Place, *, named: bool) -> list[Stamp]:
    """Elements made for dates, nearest to the headline first: `<time>` and schema.org's; if `named`, also those called so."""
    made = _nearest(times, at, anywhere=True)
    called = _nearest(tree.css(_DATELINES), at, anywhere=False) if named else []
    return [_stamp(node, far, sure=sure) for nodes, sure in ((made, True), (called, False)) for far, node in nodes]


def _distance(node: LexborNode, at: Place, *, anywhere: bool) -> int | None:
    """Levels from the headline up to the box that holds both; None for what belongs to another story or to the furniture."""
    where = _where(node, at)
    return None if where.other or (where.apart and not anywhere and where.far > _NEIGHBOURS) else where.far


def _where(node: LexborNode, at: Place) -> _Where:
    """Each box is judged once: elements that stand together share most of those around them."""
    chain: list[LexborNode] = []
    around: LexborNode | None = node
    while around is not None and around.mem_id not in at.known and len(chain) < _MOST_LEVELS:
        chain.append(around)
        around = around.parent
    where = at.known.get(around.mem_id, _AFAR) if around is not None else _AFAR
    for inner in reversed(chain):
        where = at.known[inner.mem_id] = _inside(where, inner)
    return where


def _inside(outer: _Where, inner: LexborNode) -> _Where:
    """Where an element stands that is in a box: what is true of that one is of it, too."""
    attributes = inner.attributes
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    other = outer.other or is_other(names) or inner.tag in _QUOTED
    return _Where(outer.far, other, outer.apart or inner.tag in _FURNITURE or "footer" in names)


def _family_of(node: LexborNode, at: Place) -> int:
    """The identity of the box in which other writers of the same article stand."""
    around = node
    for _ in range(_NEIGHBOURS):
        if around.parent is None or around.parent.mem_id in at.boxes:
            break
        around = around.parent
    return around.mem_id


def _within(node: LexborNode, box: int) -> bool:
    around: LexborNode | None = node
    for _ in range(2 * _NEIGHBOURS + 2):
        if around is None:
            return False
        if around.mem_id == box:
            return True
        around = around.parent
    return False


def _own_names(node: LexborNode) -> list[str]:
    """The texts of the parts made for names, without those that hold others; else the element's own."""
    parts = [part for part in node.css(_NAMES)[:10] if part.mem_id != node.mem_id and part.css_first(_NAMES) in (None, part)]
    texts = [text for part in parts if (text := _text(part, 200))]
    return texts or [text for text in [_text(node, 300)] if text]


def _stamp(node: LexborNode, far: int, *, sure: bool) -> Stamp:
    attributes = node.attributes
    names = " ".join(attributes.get(name) or "" for name in ("class", "itemprop", "property", "id")).lower()
    machine = attributes.get("datetime") or attributes.get("content") or attributes.get("title") or ""
    text = _text(node, 120)
    return Stamp(
        text=text,
        said=_text(node.parent, 80) if text and node.parent is not None else "",
        machine=machine[:100],
        modified="publish" not in names and _OF_CHANGE.search(names) is not None,
        first="datepublished" in names and "datemodified" not in names,
        sure=sure,
        far=far,
    )


def _text(node: LexborNode, longest: int) -> str:
    """The text of an element; nothing if it is longer than anything of its kind."""
    text = " ".join((node.text(deep=True, separator=" ") or "")[: longest * 4].split())
    return text if len(text) <= longest else ""
