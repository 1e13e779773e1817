"""Archived exchanges copied, byte for byte, into WARCs to be given away. Blocking.

Each begins with the warcinfo of the segment that follows, so that what a record says of its file still leads somewhere.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Final, NamedTuple

from crawler.archive import cdxj
from crawler.archive.files import told
from crawler.archive.member import Placed
from crawler.archive.members import pieces
from crawler.archive.places import Places
from crawler.archive.reading import first_member, open_file
from crawler.model import SegmentId
from crawler.ports import ArchiveError

MOST_BYTES: Final = 1 << 30
"""Of a WARC, as the standard recommends; the next begins then."""

_ANSWERS: Final = frozenset({"response", "revisit", "resource"})


class Span(NamedTuple):
    """All members of an exchange."""

    segment: SegmentId
    offset: int
    length: int


class Handed(NamedTuple):
    """A WARC that was written."""

    path: Path
    lines: tuple[str, ...]
    """The CDXJ lines of its answers, sorted."""


def copy(root: Path, spans: Iterable[Span], folder: Path, step: Callable[[], None], most: int = MOST_BYTES) -> Iterator[Handed]:
    """Copy exchanges, in the order given, to `warraq-00001.warc.gz` and on; each file is told when it is whole and synced.

    Raises:
        ArchiveError: a file can't be read, or written, or isn't as the store says.
    """
    source = _Source(root)
    left = iter(spans)
    span = next(left, None)
    for number in count(1):
        if span is None:
            return
        with closing(_Writer(folder / f"warraq-{number:05}.warc.gz")) as writer:
            while span is not None and writer.size < most:
                writer.take(span, source)
                step()
                span = next(left, None)
            handed = writer.end()
        yield handed


class _Source:
    """Segments, the last of them open."""

    def __init__(self, root: Path) -> None:
        self._places = Places(root)

    def path(self, segment: SegmentId) -> Path:
        path = self._places.names(segment).there()
        if path is None:
            raise ArchiveError(f"{self._places.names(segment).sealed}: isn't there; mount its disk and export again")
        return path


class _Writer:
    """One WARC in the making."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with told(path, "write it"):
            self._file = path.open("wb")
        self._segment: SegmentId | None = None
        self._index: list[str] = []
        self.size = 0

    def take(self, span: Span, source: _Source) -> None:
        """Append an exchange, and before it what it says of its file where that is another one than before."""
        path = source.path(span.segment)
        if span.segment != self._segment:
            self._segment = span.segment
            with told(path, "read it"):
                self._write(first_member(path))
        with told(path, "read it"), open_file(path) as file:
            file.seek(span.offset)
            offset = self.size
            for piece in pieces(file, span.length, self._write):
                if piece.member is None:
                    where = span.offset + piece.offset
                    raise ArchiveError(f"{path} at {where}: {piece.fault}; `warraq verify --deep` says more")
                if piece.member.kind in _ANSWERS:
                    placed = Placed(member=piece.member, offset=offset + piece.offset, length=piece.length)
                    self._index.append(cdxj.entry(placed, self._path.name))

    def _write(self, data: bytes) -> None:
        with told(self._path, "write it"):
            self._file.write(data)
        self.size += len(data)

    def close(self) -> None:
        """Let the file go, as it is. What is still to be written may find no room."""
        with told(self._path, "write it"):
            self._file.close()

    def end(self) -> Handed:
        """Make it durable."""
        with told(self._path, "write it"):
            self._file.flush()
            os.fsync(self._file.fileno())
        return Handed(self._path, tuple(sorted(self._index)))
