"""What stands in a page about itself, as it stands there: meta tags, titles, links, JSON-LD, bylines, dates. Nothing is judged here."""

from __future__ import annotations

from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.extract.jsonld import Story, story
from crawler.model import Value

MOST_TAGS: Final = 400
MOST_CHARS: Final = 2_000

_BYLINES: Final = (
    '[rel~="author"],[itemprop~="author"],[class*="byline" i],[class*="author" i],[class*="writer" i],[class*="reporter" i],'
    '[class*="journalist" i],[class*="autor" i],[class*="auteur" i]'
)
_TIMES: Final = 'time,[itemprop="datePublished"],[itemprop="dateModified"],[pubdate]'
_DATELINES: Final = '[class*="date" i],[class*="time" i],[class*="publish" i],[id*="date" i],[id*="time" i]'


class Stamp(Value, frozen=True, kw_only=True):
    """An element that is made for a date."""

    text: str
    machine: str
    """Its `datetime` or `content`."""
    modified: bool


class Head(Value, frozen=True, kw_only=True):
    """The evidence for metadata."""

    metas: dict[str, tuple[str, ...]]
    """Lower-case name, property, itemprop or http-equiv -> contents, in order."""
    title: str | None
    h1s: tuple[str, ...]
    canonical: str | None
    license: str | None
    base: str | None
    lang: str | None
    dir: str | None
    story: Story
    crumbs: tuple[str, ...]
    """Visible breadcrumb trail, linked names only."""
    sections: tuple[str, ...]
    """Links that say they are the article's category."""
    tags: tuple[str, ...]

    def first(self, *names: str) -> tuple[str, str] | None:
        """The first of these that has a content, with its name."""
        return next(((value, name) for name in names for value in self.metas.get(name, ()) if value), None)

    def every(self, name: str) -> tuple[str, ...]:
        """All contents under a name."""
        return self.metas.get(name, ())


def read(tree: LexborHTMLParser) -> Head:
    """The evidence of a whole page; before anything is taken out of the tree."""
    links = {(rel, n): href for n, (rel, href) in enumerate(_links(tree))}
    root = tree.root.attributes if tree.root is not None else {}
    body = tree.body.attributes if tree.body is not None else {}
    return Head(
        metas=_metas(tree),
        title=_first_text(tree, "title"),
        h1s=tuple(_texts(tree, "h1", 5)),
        canonical=next((href for (rel, _), href in links.items() if rel == "canonical"), None),
        license=next((href for (rel, _), href in links.items() if rel == "license"), None),
        base=next((n.attributes.get("href") for n in tree.css("base[href]")[:1]), None),
        lang=root.get("lang") or root.get("xml:lang") or body.get("lang"),
        dir=root.get("dir") or body.get("dir"),
        story=story(n.text(deep=True) for n in tree.css('script[type*="ld+json" i]')[:30]),
        crumbs=tuple(_texts(tree, '[class*="breadcrumb" i] a, [id*="breadcrumb" i] a', 10)),
        sections=tuple(_texts(tree, 'a[rel~="category"]', 5)),
        tags=tuple(_texts(tree, 'a[rel~="tag"]:not([rel~="category"])', 40)),
    )


def bylines(tree: LexborHTMLParser) -> list[str]:
    """Texts of elements made for authors, the page's order."""
    return _texts(tree, _BYLINES, 30, 300)


def stamps(tree: LexborHTMLParser) -> list[Stamp]:
    """Elements made for dates: `<time>` and schema.org's first, then what is called so."""
    return [_stamp(node) for query in (_TIMES, _DATELINES) for node in tree.css(query)[:30]]


def _stamp(node: LexborNode) -> Stamp:
    attributes = node.attributes
    names = " ".join(attributes.get(name) or "" for name in ("class", "itemprop", "id")).lower()
    machine = attributes.get("datetime") or attributes.get("content") or attributes.get("title") or ""
    later = any(word in names for word in ("modif", "updat", "lastmod"))
    return Stamp(text=_text(node, 120), machine=machine[:100], modified=later)


def _metas(tree: LexborHTMLParser) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for node in tree.css("meta")[:MOST_TAGS]:
        attributes = node.attributes
        content = attributes.get("content")
        if not content:
            continue
        for key in ("property", "name", "itemprop", "http-equiv"):
            if name := attributes.get(key):
                found.setdefault(name.strip().lower(), []).append(" ".join(content[:MOST_CHARS].split()))
    return {name: tuple(values) for name, values in found.items()}


def _links(tree: LexborHTMLParser) -> list[tuple[str, str]]:
    found = []
    for node in tree.css("link[rel][href]")[:MOST_TAGS]:
        attributes = node.attributes
        rel, href = attributes.get("rel"), attributes.get("href")
        found.extend((word, href) for word in (rel or "").lower().split() if href)
    return found


def _first_text(tree: LexborHTMLParser, query: str) -> str | None:
    return next(iter(_texts(tree, query, 1)), None)


def _texts(tree: LexborHTMLParser, query: str, most: int, longest: int = MOST_CHARS) -> list[str]:
    return [text for node in tree.css(query)[:most] if (text := _text(node, longest))]


def _text(node: LexborNode, longest: int) -> str:
    """The text of an element without scripts in it; nothing if it is longer than anything of its kind."""
    text = node.text(deep=True, separator=" ") or ""
    text = " ".join(text[: longest * 4].split())
    return text if len(text) <= longest else ""
