"""One segment that is looked at: what is said of it, and what was found. Nothing is read here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from crawler.archive.expected import Expected, shown
from crawler.archive.names import Names
from crawler.model import Capture, Finding, FindingKind, LinePlace, Value

UNSURE: Final = "without a store nobody knows whether it was acknowledged"


class Counts:
    """What was looked at, in all; `step` hears of each segment that is begun."""

    def __init__(self, step: Callable[[int], None] = lambda _segments: None) -> None:
        self.segments = self.records = self.lines = self.bytes = 0
        self._step = step

    def segment(self) -> None:
        """One more segment is looked at."""
        self._step(self.segments)
        self.segments += 1


class Case(Value, frozen=True, kw_only=True):
    """A segment, and what is said of it."""

    expected: Expected
    root: Path
    names: Names
    archive_id: str | None
    alone: bool
    """There is no store, or it doesn't know it."""
    captures: Iterator[Capture]
    lines: Iterator[LinePlace]
    deep: bool

    def finding(self, what: FindingKind, path: Path, detail: str, offset: int | None = None) -> Finding:
        """Something about one of its files."""
        return Finding(what=what, file=shown(self.root, path), offset=offset, detail=detail)

    def sizes(self, path: Path, size: int, end: int | None) -> Iterator[Finding]:
        """Whether a file is as long as it should be. What is behind the end of an unsealed one is being written, or is torn."""
        if end is None or size == end:
            return
        if size < end:
            yield self.finding("size", path, f"{end} bytes were acknowledged, only {size} are there", size)
        elif self.expected.final:
            yield self.finding("size", path, f"{end} bytes were sealed, {size} are there", end)
        else:
            yield self.finding("note", path, f"{size - end} bytes behind what is acknowledged", end)


class Walked:
    """What the way through its WARC told."""

    def __init__(self) -> None:
        self.answers: dict[int, int] | None = None
        """Offset -> length of what captures are; None: nobody knows."""
        self.index: list[str] = []
        """Its lines as they should be; only if it was read through."""
        self.dates: list[str] = []
        self.records = 0
        self.damaged: list[range] = []
        """Bytes that are no members any more."""

    def hurt(self, offset: int) -> bool:
        """Whether a place lies in what is damaged."""
        return any(offset in span for span in self.damaged)
