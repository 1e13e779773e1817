"""The nodes asked for on every page, found in one walk over its tree: each walk costs a tenth of parsing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

Attributes = Mapping[str, str | None]

_WANTED: Final = (
    'meta,title,h1,h2,base[href],link[rel~="canonical" i],link[rel~="license" i],script[type*="ld+json" i],'
    'time,[itemprop^="date"],[property*="date"],figure,a[rel*="g"]'
)
"""Each more makes the walk longer by a twentieth. `a[rel*="g"]` is a link to a category or a tag: of all relations in use only
`ugc` has that letter too. `[pubdate]` isn't asked for: of 2,703 pages none has it but in `<time>`."""
_FOREIGN_TIME: Final = "relative-time"
"""One site's own, asked for only where a page has such a tag, as is known without a walk: a name no page has costs most."""
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
    h1s: list[LexborNode]
    """Those of the first: there are one or two beside thirty."""
    bases: list[LexborNode]
    links: list[LexborNode]
    scripts: list[LexborNode]
    """JSON-LD's."""
    times: list[LexborNode]
    """`<time>` and what schema.org or RDFa calls a date."""
    figures: list[LexborNode]
    marked: list[LexborNode]
    """Links that may say they are a category's or a tag's."""


def find(tree: LexborHTMLParser) -> Nodes:
    """The nodes of a whole page; before anything is taken out of it."""
    found = Nodes(tree, [], [], [], [], [], [], [], [], [], [])
    metas, times, marked = found.metas, found.times, found.marked
    kept = {
        "title": found.titles, "h2": found.headings, "base": found.bases, "link": found.links,
        "script": found.scripts, "figure": found.figures, "time": times, _FOREIGN_TIME: times,
    }  # fmt: skip
    for node in tree.css(f"{_WANTED},{_FOREIGN_TIME}" if tree.tags(_FOREIGN_TIME) else _WANTED):
        tag = node.tag or ""
        if tag in kept:
            kept[tag].append(node)
            continue
        attributes = node.attributes  # a dictionary of two or three costs less than to ask twice
        if tag == "meta":
            metas.append(attributes)
        elif tag == "h1":
            found.headings.append(node)
            found.h1s.append(node)
        elif tag == "a" and "rel" in attributes:
            marked.append(node)
        name = attributes.get("property")
        if attributes.get("itemprop") in _DATES or (name is not None and name.endswith(_DATES)):
            times.append(node)
    return found
