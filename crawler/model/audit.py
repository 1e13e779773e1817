"""What is said about the archive when somebody looks whether it is as it should be."""

from __future__ import annotations

from typing import Literal

from crawler.model.archive import SegmentState
from crawler.model.base import Millis, SegmentId, Value


class Shelved(Value, frozen=True, kw_only=True):
    """All the store says of a segment: its row, and what its captures sum up to."""

    state: SegmentState
    sha256: bytes | None = None
    """Of a sealed WARC."""
    sealed_at: Millis | None = None
    uri: str | None = None
    """`file://` and the folder it was moved to, with year, month and day below; None: the archive's own."""
    captures: int = 0
    first: Millis | None = None
    """When its first capture was fetched, and its last."""
    last: Millis | None = None


class LinePlace(Value, frozen=True, kw_only=True):
    """Where a version's record lies in its segment's `.jsonl`."""

    segment: SegmentId
    offset: int
    length: int
    article_id: str
    version: int


FindingKind = Literal[
    "missing",
    "unknown",
    "size",
    "digest",
    "member",
    "record",
    "capture",
    "line",
    "version",
    "index",
    "manifest",
    "store",
    "note",
]


class Finding(Value, frozen=True, kw_only=True):
    """Something in the archive isn't as it was written, or as the store says; a `note` is only worth knowing."""

    what: FindingKind
    file: str
    """Relative to the archive's folder where it lies below it."""
    offset: int | None = None
    detail: str

    def __str__(self) -> str:
        """One line: which file, where in it, what."""
        place = f"{self.file} at {self.offset}" if self.offset is not None else self.file
        return f"{place}: {self.detail}"
