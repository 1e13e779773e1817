"""Feeds a page announces."""

from __future__ import annotations

from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.charset import decode
from crawler.model import Url
from crawler.sources.markup import resolved

MOST_FEEDS: Final = 50
_TYPES: Final = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "application/x.atom+xml"}
)


def find_feeds(data: bytes, *, url: str, content_type: str | None = None) -> tuple[Url, ...]:
    """The feeds an HTML page links to as alternates of itself, in its order, each once.

    `rel` is a list of tokens in any case and order, `type` may have parameters and blanks, `href` is resolved against
    `<base>` (RSS advisory board, "RSS autodiscovery"; HTML, section 4.6.7.1).
    """
    tree = LexborHTMLParser(decode(data, content_type).text)
    base = base_of(tree, url)
    found: dict[Url, None] = {}
    for node in tree.css("link[rel][href], a[rel][type][href]"):
        feed = resolved(node.attributes.get("href"), base) if _announces(node) else None
        if feed is not None:
            found[feed] = None
    return tuple(found)[:MOST_FEEDS]


def base_of(tree: LexborHTMLParser, url: str) -> str:
    """What the links of a page are relative to: its first `<base href>`, else its own address."""
    base = tree.css_first("base[href]")
    return (resolved(base.attributes.get("href"), url) if base else None) or url


def _announces(node: LexborNode) -> bool:
    rel = (node.attributes.get("rel") or "").lower().split()
    mime = (node.attributes.get("type") or "").partition(";")[0].strip().lower()
    return "alternate" in rel and "stylesheet" not in rel and mime in _TYPES
