"""What a feed, a sitemap, a section page or a list says: bytes -> Discovery. Pure, and never raises for what it reads."""

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
