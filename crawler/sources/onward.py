"""The links of a page that lead further into its site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.model import Url
from crawler.sources.discovery import base_of
from crawler.sources.markup import resolved
from crawler.sources.shapes import is_above
from crawler.urls import hostname, site

_MOST_ANCHORS: Final = 10_000  # of a page; each is resolved, and asked for its site


def onward(tree: LexborHTMLParser, url: str) -> Iterator[tuple[LexborNode, Url]]:
    """Each link with its address, in the page's order: on the same site, and neither to the page itself nor to one above it."""
    base, home = base_of(tree, url), site(hostname(url))
    for node in tree.css("a[href]")[:_MOST_ANCHORS]:
        address = resolved(node.attributes.get("href"), base)
        if address is not None and not is_above(address, url) and site(hostname(address)) == home:
            yield node, address
