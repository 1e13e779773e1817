"""What a feed, a sitemap, a section page or a list says: bytes -> Discovery. Pure, and never raises for what it reads."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from crawler.sources.discovery import find_feeds
    from crawler.sources.feed import read_feed
    from crawler.sources.lists import read_list
    from crawler.sources.menus import likely_sections
    from crawler.sources.opml import OpmlFeed, read_opml
    from crawler.sources.section import read_section
    from crawler.sources.sitemap import read_sitemap
    from crawler.sources.sniffing import Sniffed, sniff

__all__ = [
    "OpmlFeed",
    "Sniffed",
    "find_feeds",
    "likely_sections",
    "read_feed",
    "read_list",
    "read_opml",
    "read_section",
    "read_sitemap",
    "sniff",
]

# Loaded when first asked for (PEP 562): the crawl needs only the rules of this room, and the readers, with feedparser and the
# extractor behind them, took a third of its start (0.25 s of CPU) and 30 MB. They are the children's.
_PLACES: Final = {
    "OpmlFeed": "opml",
    "Sniffed": "sniffing",
    "find_feeds": "discovery",
    "likely_sections": "menus",
    "read_feed": "feed",
    "read_list": "lists",
    "read_opml": "opml",
    "read_section": "section",
    "read_sitemap": "sitemap",
    "sniff": "sniffing",
}


def __getattr__(name: str) -> object:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
