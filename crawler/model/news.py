"""What the catalog has to tell: each new article and version, in the order of the commits."""

from __future__ import annotations

from typing import Literal

from crawler.model.base import Millis, SegmentId, SourceId, Value


class News(Value, frozen=True, kw_only=True):
    """One event of the catalog, and where the record lies that it is about."""

    seq: int
    """Greater than that of every event before; never used again."""
    event: Literal["article", "version", "deleted"]
    """`deleted`: its publisher took it away; the record is that of the text before."""
    article_id: str
    version: int
    at: Millis
    """When it was published."""
    segment: SegmentId
    offset: int
    """Of the record's line in the segment's `.jsonl`."""
    length: int
    source: SourceId | None = None
    """Whose article it is; None: it was fetched by its address."""
