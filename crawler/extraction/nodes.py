"""The nodes asked for on every page, found in one walk over its tree: each walk costs a tenth of parsing it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.extraction.clearing import LEFT_OUT, RARE, numbered

Attributes = Mapping[str, str | None]

_DATED: Final = '[itemprop^="date"],[property*="date"]'
_ASKED: Final = f'{RARE},{_DATED},a[rel*="g"]'
"""All in one walk: of the commonest elements those that say they are a date's, or a link to a category or a tag (of all
relations in use only `ugc` has a `g` too). `[pubdate]` isn't asked for: of 2,703 pages none has it but in `<time>`."""
_FOREIGN_TIME: Final = "relative-time"
"""One site's own, asked for only where a page has such a tag, as is known without a walk: a name no page has costs most."""
_KEPT: Final = (
    *map(numbered, ("meta", "title", "h1 h2", "base", "link", "figure", "div a span li p time abbr dd small address")),
    LEFT_OUT,
)  # fmt: skip
"""Tags that are kept together. Of the rarer ones few may be a date's: to ask all what they say costs as much as the walk."""
_LISTS: Final = {tag: place for place, tags in enumerate(_KEPT) for tag in tags}
"""Which of those lists an element is in, by its tag, as the parser counts them."""
_H1, _SCRIPT = numbered("h1 script")
_TIME_TAGS: Final = frozenset({"time", _FOREIGN_TIME})
_TOLD: Final = re.compile("canonical|license", re.IGNORECASE)
"""Relations of links that are asked for."""
_DATES: Final = ("datePublished", "dateModified", "dateCreated")


class Nodes:
    """They, in the order of the page. The tree must not change as long as they are used.

    Deliberately not here: what is asked for by parts of class names. Each such question costs as much as all of these.
    """

    def __init__(self, tree: LexborHTMLParser) -> None:
        kept = [list[LexborNode]() for _ in _KEPT]
        for node in [node for node in tree.css(_ASKED) if node.tag_id in _LISTS]:
            kept[_LISTS[node.tag_id]].append(node)
        self._metas, titles, headings, bases, links, figures, self._asked, left_out = kept
        scripts = [node for node in left_out if node.tag_id == _SCRIPT]
        self.tree: Final = tree
        self.metas: Final[list[Attributes]] = [node.attributes for node in self._metas]
        self.titles: Final = titles
        self.headings: Final = headings
        """Of the first and second level."""
        self.h1s: Final = [node for node in headings if node.tag_id == _H1]
        """Those of the first: there are one or two beside thirty."""
        self.bases: Final = bases
        self.links: Final = [node for node in links if _TOLD.search(node.attrs.sget("rel"))]
        self.scripts: Final = [node for node in scripts if "ld+json" in node.attrs.sget("type").lower()]
        """JSON-LD's."""
        self.figures: Final = figures
        self.left_out: Final = left_out
        """What may be cleared away before the page's text is read."""

    @cached_property
    def times(self) -> list[LexborNode]:
        """`<time>` and what schema.org or RDFa calls a date."""
        if self.tree.tags(_FOREIGN_TIME):
            return [node for node in self.tree.css(f"time,{_FOREIGN_TIME},{_DATED}") if _is_times(node)]
        said = zip(self._metas, self.metas, strict=True)
        metas = [node for node, one in said if ("itemprop" in one or "date" in (one.get("property") or "")) and _is_dated(one)]
        return metas + [node for node in self._asked if _is_times(node)]

    @cached_property
    def marked(self) -> list[LexborNode]:
        """Links that may say they are a category's or a tag's."""
        return [node for node in self._asked if node.tag == "a" and "g" in node.attrs.sget("rel")]


def find(tree: LexborHTMLParser) -> Nodes:
    """The nodes of a whole page; before anything is taken out of it."""
    return Nodes(tree)


def _is_times(node: LexborNode) -> bool:
    return node.tag in _TIME_TAGS or _is_dated(node.attributes)


def _is_dated(attributes: Attributes) -> bool:
    return attributes.get("itemprop") in _DATES or (attributes.get("property") or "").endswith(_DATES)
