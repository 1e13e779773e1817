"""Whether an archive is as it was written, and as the store says. Blocking; changes nothing.

It may run beside a daemon: the folders are listed first, the store is asked then, and only what the store called acknowledged
is judged. Each segment is looked at once, the store's rows beside it in one ordered pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

from crawler.archive.case import Case, Counts
from crawler.archive.expected import Listing, Said, segments
from crawler.archive.places import Places
from crawler.archive.verify_segment import segment_faults
from crawler.model import Capture, Finding, LinePlace, SegmentId

T = TypeVar("T", Capture, LinePlace)


def verify(listing: Listing, said: Said | None, counts: Counts, *, deep: bool) -> Iterator[Finding]:
    """All that isn't as it should be, and notes. `said` None: there is no store, the archive is looked at by itself.

    Raises:
        ArchiveError: a folder or a file can't be read.
    """
    known, findings = segments(listing, said.shelved if said else None)
    yield from findings
    places = Places(listing.root)
    captures = Ordered(said.captures if said else iter(()))
    lines = Ordered(said.lines if said else iter(()))
    for one in known:
        yield from _strays(captures, lines, one.segment)
        yield from segment_faults(
            Case(
                expected=one,
                root=listing.root,
                names=places.names(one.segment),
                archive_id=said.archive_id if said else None,
                alone=one.shelved is None,
                captures=captures.of(one.segment),
                lines=lines.of(one.segment),
                deep=deep,
            ),
            counts,
        )
    yield from _strays(captures, lines, None)


class Ordered(Generic[T]):
    """Rows by segment, handed out a segment at a time; segments are asked for in their order."""

    def __init__(self, rows: Iterator[T]) -> None:
        self._rows: Iterator[T] = rows
        self._next: T | None = next(rows, None)

    def of(self, segment: SegmentId) -> Iterator[T]:
        """Those of a segment."""
        while self._next is not None and self._next.segment == segment:
            yield self._take(self._next)

    def before(self, segment: SegmentId | None) -> Iterator[T]:
        """Those of segments that nobody asked for, up to this one; None: to the end."""
        while self._next is not None and (segment is None or self._next.segment < segment):
            yield self._take(self._next)

    def _take(self, row: T) -> T:
        self._next = next(self._rows, None)
        return row


def _strays(captures: Ordered[Capture], lines: Ordered[LinePlace], segment: SegmentId | None) -> Iterator[Finding]:
    """Rows of segments that have no row themselves."""
    for capture in captures.before(segment):
        yield Finding(what="capture", file=capture.segment, offset=capture.offset, detail="a capture of a segment nobody knows")
    for place in lines.before(segment):
        yield Finding(what="version", file=place.segment, offset=place.offset, detail="a version in a segment nobody knows")
