"""Answers just kept, for the children that read them next: in a file without a name, as they were before they were packed.

To read and unpack them again takes a quarter of all that a child does with a page besides its extraction. They lie there from
when they are packed, and are asked for once they are kept; who doesn't find them reads the archive, which holds the same bytes.
What servers send packed never lies there: it is archived as it came, and read as soon from there.
"""

from __future__ import annotations

import os
from threading import Lock
from typing import Final

from isal import isal_zlib

from crawler.model import Lent, Span

NONE: Final = -1
"""In place of a descriptor: nothing lies anywhere."""

MOST_BYTES: Final = 24 << 20
"""Of all together: as many pages of usual size as may wait to be read, and be packed meanwhile."""
MOST_ANSWER: Final = 256 << 10
"""Larger ones are unpacked again."""


class AtHand:
    """A ring in memory. One thread lays, another lends and takes back; a child reads by itself (`borrowed`)."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._file = _made()
        self.descriptor = _for_reading(self._file)
        """To be inherited by children, for whom it is open to read only; `NONE` where there is none."""
        self._lock = Lock()
        self._laid: dict[Span, Lent] = {}  # in the order in which they lie, from the oldest on
        self._out: set[Span] = set()
        self._end = 0

    def lay(self, span: Span, block: bytes) -> None:
        """Put a block in the place of the oldest; where those are lent, or it is empty, nothing lies there for the span."""
        with self._lock:
            self._laid.pop(span, None)  # of a group that was dropped, and whose place in the archive another has now
            fits = self._file != NONE and 0 < len(block) <= min(MOST_ANSWER, self._most)
            at = self._place(len(block)) if fits else None
        if at is not None and _written(self._file, block, at):
            with self._lock:
                self._laid[span] = Lent(at=at, length=len(block), checksum=isal_zlib.crc32(block))
                self._end = at + len(block)

    def lend(self, span: Span) -> Lent | None:
        """Where the block of a span lies, and stays until it is taken back; None: nowhere."""
        with self._lock:
            lent = self._laid.get(span)
            if lent is not None:
                self._out.add(span)
            return lent

    def take_back(self, span: Span) -> None:
        """Nobody reads it any more. Twice does no harm."""
        with self._lock:
            self._out.discard(span)
            self._laid.pop(span, None)

    def close(self) -> None:
        """Let the file go, once no child reads and nobody lays. Twice does no harm."""
        for descriptor in (self._file, self.descriptor):
            if descriptor != NONE:
                os.close(descriptor)
        self._file = self.descriptor = NONE

    def _place(self, length: int) -> int | None:
        """Behind the youngest or, where it doesn't fit in there, at the front; the oldest that lie there go."""
        at = self._end if self._end + length <= self._most else 0
        while self._laid:
            span, oldest = next(iter(self._laid.items()))
            passed = at < self._end <= oldest.at  # what was left between the youngest and the ring's end
            if not passed and (oldest.at >= at + length or oldest.at + oldest.length <= at):
                return at
            if span in self._out:
                return None
            del self._laid[span]
        return at


def borrowed(descriptor: int, lent: Lent | None) -> bytes | None:
    """What lies there, as it was laid; None: it isn't there."""
    if lent is None or descriptor == NONE:
        return None
    block = os.pread(descriptor, lent.length, lent.at)
    return block if len(block) == lent.length and isal_zlib.crc32(block) == lent.checksum else None


def _written(file: int, block: bytes, at: int) -> bool:
    try:
        return os.pwrite(file, block, at) == len(block)
    except OSError:  # no memory for it
        return False


def _made() -> int:
    if not hasattr(os, "memfd_create"):
        return NONE
    try:
        return os.memfd_create("warraq-at-hand")
    except OSError:
        return NONE


def _for_reading(file: int) -> int:
    try:
        return os.open(f"/proc/self/fd/{file}", os.O_RDONLY | os.O_CLOEXEC) if file != NONE else NONE
    except OSError:
        return NONE
