"""The nodes asked for on every page, found in one walk over its tree: each walk costs a tenth of parsing it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode, create_tag

from crawler.extraction.clearing import LEFT_OUT, RARE

Attributes = Mapping[str, str | None]

_TAGS: Final = LEFT_OUT | {"meta", "title", "h1", "h2", "base", "link", "script", "figure"}
_WANTED: Final = frozenset(create_tag(tag).tag_id for tag in _TAGS)
"""As the parser counts them."""
_BY_ATTRIBUTES: Final = 'time,[itemprop^="date"],[property*="date"],a[rel*="g"]'
"""`[pubdate]` isn't asked for: of 2,703 pages none has it but in `<time>`. `a[rel*="g"]` is a link to a category or a tag: of
all relations in use only `ugc` has that letter too."""
_FOREIGN_TIME: Final = "relative-time"
"""One site's own, asked for only where a page has such a tag, as is known without a walk: a name no page has costs most."""
_TIME_TAGS: Final = frozenset({"time", _FOREIGN_TIME})
_TOLD: Final = re.compile("canonical|license", re.IGNORECASE)
"""Relations of links that are asked for."""
_DATES: Final = ("datePublished", "dateModified", "dateCreated")


class Nodes:
    """They, in the order of the page. The tree must not change as long as they are used.

    Deliberately not here: what is asked for by parts of class names. Each such question costs as much as all of these.
    """

    def __init__(self, tree: LexborHTMLParser) -> None:
        self.tree: Final = tree
        self.metas: Final[list[Attributes]] = []
        self.titles: Final[list[LexborNode]] = []
        self.headings: Final[list[LexborNode]] = []
        """Of the first and second level."""
        self.h1s: Final[list[LexborNode]] = []
        """Those of the first: there are one or two beside thirty."""
        self.bases: Final[list[LexborNode]] = []
        self.links: Final[list[LexborNode]] = []
        self.scripts: Final[list[LexborNode]] = []
        """JSON-LD's."""
        self.figures: Final[list[LexborNode]] = []
        self.left_out: Final[list[LexborNode]] = []
        """What may be cleared away before the page's text is read."""

    @cached_property
    def times(self) -> list[LexborNode]:
        """`<time>` and what schema.org or RDFa calls a date."""
        return [node for node in self._asked if node.tag in _TIME_TAGS or _is_dated(node.attributes)]

    @cached_property
    def marked(self) -> list[LexborNode]:
        """Links that may say they are a category's or a tag's."""
        return [node for node in self._asked if node.tag == "a" and "g" in node.attrs.sget("rel")]

    @cached_property
    def _asked(self) -> list[LexborNode]:
        """Both in one walk, for of most pages both are asked."""
        tree = self.tree
        return tree.css(f"{_BY_ATTRIBUTES},{_FOREIGN_TIME}" if tree.tags(_FOREIGN_TIME) else _BY_ATTRIBUTES)


def find(tree: LexborHTMLParser) -> Nodes:
    """The nodes of a whole page; before anything is taken out of it."""
    found = Nodes(tree)
    kept = {
        "title": found.titles, "h1": found.headings, "h2": found.headings, "figure": found.figures, "base": found.bases,
        "link": found.links,
    }  # fmt: skip
    for node in [node for node in tree.css(RARE) if node.tag_id in _WANTED]:
        tag = node.tag or ""
        if tag == "meta":
            found.metas.append(node.attributes)
        elif tag not in kept:
            found.left_out.append(node)
            if tag == "script" and "ld+json" in node.attrs.sget("type").lower():
                found.scripts.append(node)
        elif tag != "link" or _TOLD.search(node.attrs.sget("rel")):
            kept[tag].append(node)
            if tag == "h1":
                found.h1s.append(node)
    return found


def _is_dated(attributes: Attributes) -> bool:
    return attributes.get("itemprop") in _DATES or (attributes.get("property") or "").endswith(_DATES)
