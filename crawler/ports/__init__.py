"""What the pipeline asks of the world: six questions. A promise stands here, once; implementations add only what differs.

What a server or a network does is a value and never raised. What is raised here is our own fault or our own disk's.
"""

from __future__ import annotations

from typing import Protocol

from crawler.ports.archive import Archive, RecordsWritten, Written
from crawler.ports.catalog import ArticleStatus, Catalog, SourceStatus
from crawler.ports.faults import ArchiveError, HalfMadeError, LeaseLost, LocalError, StoreError
from crawler.ports.frontier import Frontier
from crawler.ports.world import Clock, Fetcher, Parser

__all__ = [
    "Archive",
    "ArchiveError",
    "ArticleStatus",
    "Catalog",
    "Clock",
    "Fetcher",
    "Frontier",
    "HalfMadeError",
    "LeaseLost",
    "LocalError",
    "Parser",
    "RecordsWritten",
    "SourceStatus",
    "Store",
    "StoreError",
    "Written",
]


class Store(Frontier, Catalog, Protocol):
    """Frontier and catalog in one: one file, one transaction."""

    async def close(self) -> None:
        """Finish what runs and let the file go."""
