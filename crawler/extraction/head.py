"""What stands in a page about itself: meta tags, titles, links, JSON-LD, bylines, dates. Nothing is judged here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.extraction.jsonld import Story, story
from crawler.extraction.nodes import Attributes, Nodes
from crawler.model import Value

MOST_TAGS: Final = 400
MOST_CHARS: Final = 2_000
_MOST_TRAILS: Final = 40
_MOST_HEADINGS: Final = 12
_MOST_BELOW: Final = 3
_TOP: Final = 6
"""Among so many headings stands the headline, if it is an h2; farther down are those of the text and of other stories."""
_END: Final = 8
_REPEATED: Final = 40
_UNSEEN: Final = "button,[hidden],.sr-only,.visually-hidden,.visuallyhidden,.screen-reader-text"
"""What stands in a heading for others than those who see it."""
_NAMED_BY: Final = ("property", "name", "http-equiv")

_BESIDE: Final = re.compile(
    r"kicker|(?:over|top|roof|sub|eyebrow|dach)-?_?(?:line|title|zeile|head)|supertitle|pre-?title|eyebrow|\blabel\b|topic|"
    r"section|category|subtitel|rubri|header-?(?:link|anchor)",
    re.IGNORECASE,
)
"""What the part of a heading is called that isn't the headline but stands above or below it in the same element."""
_SIGNS: Final = frozenset(":：–—-/|")
"""What stands in an element of its own between kicker and headline."""
_BESIDE_TAGS: Final = frozenset({"small", "h2", "h3", "h4", "h5"})


class Head(Value, frozen=True, kw_only=True):
    """The evidence for metadata."""

    metas: dict[str, tuple[str, ...]]
    """Lower-case name, property, itemprop or http-equiv -> contents, in order."""
    title: str | None
    h1s: tuple[str, ...]
    bare_h1s: tuple[str, ...]
    """Of those that hold a kicker or a line below the headline in an element of its own: the headline alone."""
    h2s: tuple[tuple[str, ...], ...]
    """Of the first three those that are like what is said elsewhere, but by no h1; each in pieces, as kicker and headline."""
    canonical: str | None
    license: str | None
    base: str | None
    lang: str | None
    dir: str | None
    story: Story

    def first(self, *names: str) -> tuple[str, str] | None:
        """The first of these that has a content, with its name."""
        for name in names:
            for value in self.metas.get(name, ()):
                if value:
                    return value, name
        return None

    def every(self, name: str) -> tuple[str, ...]:
        """All contents under a name."""
        return self.metas.get(name, ())


def read(nodes: Nodes) -> Head:
    """The evidence of a whole page; before anything is taken out of the tree."""
    tree, links = nodes.tree, _links(nodes.links)
    h1s = nodes.h1s[:_MOST_HEADINGS]
    root, body = (node.attributes if node is not None else {} for node in (tree.root, tree.body))
    metas, said = _metas(nodes.metas), story(node.text(deep=True) for node in nodes.scripts[:30])
    titles, shown = _texts(nodes.titles[:1]), _headlines(h1s)
    return Head(
        metas=metas,
        title=next(iter(titles), None),
        h1s=tuple(shown),
        bare_h1s=tuple(filter(None, map(_bare, h1s))),
        h2s=_h2s(nodes.headings, shown, [said.headline, *metas.get("og:title", ())[:1]], titles),
        canonical=links.get("canonical"),
        license=links.get("license"),
        base=next((base.attributes["href"] for base in nodes.bases if "href" in base.attributes), None),
        lang=root.get("lang") or root.get("xml:lang") or body.get("lang"),
        dir=root.get("dir") or body.get("dir"),
        story=said,
    )


def crumbs(tree: LexborHTMLParser) -> tuple[str, ...]:
    """The visible breadcrumb trail, linked names only."""
    # In two steps: a selector of two, "a within", takes three times as long.
    boxes = tree.css('[class*="breadcrumb" i],[id*="breadcrumb" i]')[:_MOST_TRAILS]
    links = {link.mem_id: link for box in boxes for link in box.css("a") if link.mem_id != box.mem_id}
    return tuple(_texts(list(links.values())[:10]))


def categories(nodes: Nodes) -> tuple[str, ...]:
    """Texts of links that say they are the article's category."""
    return tuple(_texts([link for link in nodes.marked if "category" in _relations(link)][:5]))


def tags(nodes: Nodes) -> tuple[str, ...]:
    """Texts of links that say they are the article's tags."""
    links = [link for link in nodes.marked if "tag" in (said := _relations(link)) and "category" not in said]
    return tuple(_texts(links[:40]))


def _relations(link: LexborNode) -> list[str]:
    return (link.attributes.get("rel") or "").split()


def _metas(metas: list[Attributes]) -> dict[str, tuple[str, ...]]:
    """Contents by name (some write `value` for `content`); an `itemprop` counts only where no name or property says it."""
    found: dict[str, list[str]] = {}
    inner: dict[str, list[str]] = {}
    for attributes in metas[:MOST_TAGS]:
        content = " ".join((attributes.get("content") or attributes.get("value") or "")[:MOST_CHARS].split())
        if not content:
            continue
        for key in _NAMED_BY:
            if name := attributes.get(key):
                found.setdefault(name.strip().lower(), []).append(content)
        if name := attributes.get("itemprop"):
            inner.setdefault(name.strip().lower(), []).append(content)
    return {name: tuple(values) for name, values in (inner | found).items()}


def _links(nodes: list[LexborNode]) -> dict[str, str]:
    """The first address under each word of `rel`."""
    found: dict[str, str] = {}
    for node in nodes[:10]:
        attributes = node.attributes
        for word in (attributes.get("rel") or "").lower().split():
            found.setdefault(word, attributes.get("href") or "")
    return found


def _texts(nodes: list[LexborNode]) -> list[str]:
    """What they say; of those longer than anything of their kind nothing."""
    texts = (_text(node) for node in nodes)
    return [text for text in texts if 0 < len(text) <= MOST_CHARS]


def _text(node: LexborNode) -> str:
    text = node.text(deep=True, separator=" ") or ""
    for inner in node.css("style,script") if "{" in text else ():
        text = text.replace(inner.text(deep=True) or " ", " ")
    return " ".join(text[: 4 * MOST_CHARS].split())


def _headlines(headings: list[LexborNode]) -> list[str]:
    return [line for line in map(_headline, headings) if 0 < len(line) <= MOST_CHARS]


def _headline(heading: LexborNode) -> str:
    """What a heading shows: without buttons and hidden parts; once, where a page has it several times to move it."""
    whole = text = _text(heading)
    for inner in () if _is_plain(heading) else heading.css(_UNSEEN):
        unseen = _text(inner)
        if any(map(str.isalnum, unseen)):  # a colon makes one headline of a kicker and the rest
            text = " ".join(text.replace(unseen, " ", 1).split()) or whole
    words = text.split() if len(text) > _REPEATED else []
    third = len(words) // 3
    return " ".join(words[:third]) if words and words == words[:third] * 3 else text.removesuffix(" ¶").removesuffix(" #")


def _is_plain(heading: LexborNode) -> bool:
    """Whether no element stands in it: of most there is no more to ask."""
    child = heading.child
    return child is None or (child.next is None and child.tag == "-text")


def _bare(heading: LexborNode) -> str | None:
    """What a heading says without the parts that stand beside the headline; None if it has none."""
    if _is_plain(heading):
        return None
    parts = list(_parts(heading))
    while len(parts) == 1 and parts[0].tag != "-text":
        parts = list(_parts(parts[0]))
    kept = [part for part in parts if not _is_beside(part)]
    if not 0 < len(kept) < len(parts) or any(text in (":", "：") for text in _texts(parts)):
        return None  # a colon between them, seen or not, makes one headline of both: on 7 of 8 pages
    return " ".join(_texts(kept)).strip(" -–—|:/·") or None


def _h2s(
    headings: list[LexborNode], shown: list[str], headlines: list[str | None], titles: list[str]
) -> tuple[tuple[str, ...], ...]:
    """None where the headings of the first level, which are `shown`, have all that is said for a headline."""
    said = [text for text in headlines if text]
    return () if said and all(text in shown for text in said) else _below(headings, said + titles)


def _below(headings: list[LexborNode], said: list[str]) -> tuple[tuple[str, ...], ...]:
    """The pieces of those of a page's first headings of the second level that end as something of what is said elsewhere."""
    first = [node for node in headings[:_TOP] if node.tag == "h2"][:_MOST_BELOW]
    return tuple([_pieces(node) for node in first if _is_like(node.text(deep=True), said)])


def _is_like(text: str, said: list[str]) -> bool:
    """Whether one of two texts has the end of the other: seen in a fifth of the time it takes to read a heading's pieces."""
    end = " ".join(text.rstrip()[-4 * _END :].split())[-_END:]
    return end != "" and any(end in other or other[-_END:] in text for other in said if other)


def _pieces(heading: LexborNode) -> tuple[str, ...]:
    """What a heading says: element by element where it is made of such, as of kicker and headline, or of both and a colon."""
    if _is_plain(heading):
        return (_headline(heading),)
    parts = list(_parts(heading))
    texts = _texts(parts)
    apart = all(part.tag != "-text" for part in parts) or any(text in _SIGNS for text in texts)
    return tuple(texts) if len(texts) > 1 and apart else (_headline(heading),)


def _parts(node: LexborNode) -> Iterator[LexborNode]:
    return (child for child in node.iter(include_text=True) if (child.text(deep=True) or "").strip())


def _is_beside(part: LexborNode) -> bool:
    if part.tag == "-text":
        return False
    attributes = part.attributes
    return part.tag in _BESIDE_TAGS or _BESIDE.search(f"{attributes.get('class')} {attributes.get('id')}") is not None
