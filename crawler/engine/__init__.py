"""The crawl as services around the river: leasing, keeping, reading, housekeeping.

One loop each, joined by two bounded queues, so that a slow disk or a slow parser slows down the leasing and nothing piles up.
Nothing here decides anything about a page; nothing here knows a file or a socket.
"""

from crawler.engine.crawl import Crawl
from crawler.engine.settings import Settings, Told

__all__ = ["Crawl", "Settings", "Told"]
