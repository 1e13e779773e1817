"""stdin, stdout and stderr as commands may rely on them: all three are there, and a log that finds no room ends no crawl."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO})


class Enduring(io.FileIO):
    """A stream whose lines are lost while their disk is full: whoever waits for room can't say so meanwhile, but waits."""

    def write(self, data: ReadableBuffer, /) -> int:
        """All of it is taken for written where there is no room."""
        try:
            return super().write(data)
        except OSError as error:
            if error.errno not in _NO_ROOM:
                raise
            return memoryview(data).nbytes


def settle() -> None:
    """Make it so for this process, before it opens anything: a file under the number of a closed stream would get its lines.

    Where stdin was closed there is nothing to read; what is written to a closed stdout fails, as it would anyhow.
    """
    # Opened for reading, so that writing to a closed stdout stays an error (EBADF) and isn't lost in silence.
    for number, flags in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        _open_if_closed(number, flags)
    sys.stdin = sys.stdin or io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)))
    sys.stdout = sys.stdout or _stream(io.FileIO(1, "w", closefd=False))
    sys.stderr = _stream(Enduring(2, "w", closefd=False))


def let_go() -> None:
    """Write what is left, at the end: Python does so on its way out, and ends with 120 where it can't, whatever was said."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def plain(env: Mapping[str, str]) -> bool:
    """Whether a terminal, or who sits at it, wants no colours (no-color.org)."""
    return bool(env.get("NO_COLOR")) or env.get("TERM") == "dumb"


def _open_if_closed(number: int, flags: int) -> None:
    try:
        os.fstat(number)
    except OSError:
        os.open(os.devnull, flags)  # takes the least free number, which this one is


def _stream(raw: io.FileIO) -> TextIO:
    known = sys.__stderr__
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=known.encoding if known else "utf-8",
        errors="backslashreplace",
        line_buffering=True,
    )
