"""The nodes asked for on every page, found in one walk over its tree: each walk costs a tenth of parsing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

Attributes = Mapping[str, str | None]

_WANTED: Final = (
    'meta,title,h1,h2,base[href],link[rel~="canonical" i],link[rel~="license" i],script[type*="ld+json" i],'
    'time,relative-time,[itemprop^="date"],[pubdate],[property*="date"],figure,a[rel~="category"],a[rel~="tag"]'
)
_TIME_TAGS: Final = frozenset({"time", "relative-time"})
_DATES: Final = ("datePublished", "dateModified", "dateCreated")


class Nodes(NamedTuple):
    """They, in the order of the page. The tree must not change as long as they are used.

    Deliberately not here: what is asked for by parts of class names. Each such question costs as much as all of these.
    """

    tree: LexborHTMLParser
    metas: list[Attributes]
    titles: list[LexborNode]
    headings: list[LexborNode]
    """Of the first and second level."""
    bases: list[LexborNode]
    links: list[LexborNode]
    scripts: list[LexborNode]
    """JSON-LD's."""
    times: list[LexborNode]
    """`<time>` and what schema.org or RDFa calls a date."""
    figures: list[LexborNode]
    marked: list[LexborNode]
    """Links that say they are a category's or a tag's."""


def find(tree: LexborHTMLParser) -> Nodes:
    """The nodes of a whole page; before anything is taken out of it."""
    found = Nodes(tree, [], [], [], [], [], [], [], [], [])
    plain = {
        "title": found.titles, "h1": found.headings, "h2": found.headings, "base": found.bases, "link": found.links,
        "script": found.scripts, "figure": found.figures,
    }  # fmt: skip
    for node in tree.css(_WANTED):
        tag = node.tag or ""
        if (kept := plain.get(tag)) is not None:
            kept.append(node)
            continue
        attributes = node.attributes  # a dictionary of two or three costs less than to ask twice
        if tag == "meta":
            found.metas.append(attributes)
        elif tag == "a" and attributes.get("rel"):
            found.marked.append(node)
        if tag in _TIME_TAGS or _is_dated(attributes):
            found.times.append(node)
    return found


def _is_dated(attributes: Attributes) -> bool:
    return (
        "pubdate" in attributes or attributes.get("itemprop") in _DATES or (attributes.get("property") or "").endswith(_DATES)
    )
