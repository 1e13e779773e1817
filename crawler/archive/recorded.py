"""One line of a segment's `.jsonl`, by its place: the segment may be open, sealed or moved. Blocking."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from crawler.archive import marks, tombs
from crawler.archive.files import told
from crawler.archive.lines import MOST_LINE
from crawler.archive.places import Places
from crawler.model import SegmentId

Missing = Literal["changed", "taken down"]
"""Why there is no record where one was written."""


class RecordReader:
    """Reads lines; the file of the last one stays open, for the next is mostly beside it. Use it in a `with`."""

    def __init__(self, root: Path) -> None:
        self._places = Places(root)
        self._open: tuple[SegmentId, int] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._open is not None:
            os.close(self._open[1])
            self._open = None

    def read(self, segment: SegmentId, offset: int, length: int) -> bytes | Missing:
        """The record at a place, as JSON without its check.

        Raises:
            ArchiveError: the file isn't there or can't be read.
        """
        if not 0 < length <= MOST_LINE:
            return "changed"
        path = self._places.names(segment).records
        with told(path, "read it"):
            line = os.pread(self._file(segment, path), length, offset)
        # A takedown erases lines first, and what points to them then.
        return "taken down" if line.startswith(tombs.LINE) else marks.content(line) or "changed"

    def _file(self, segment: SegmentId, path: Path) -> int:
        if self._open is None or self._open[0] != segment:
            opened = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            self.__exit__(None, None, None)
            self._open = (segment, opened)
        return self._open[1]
