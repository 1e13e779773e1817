"""The index of a WARC; that of a long one is made by a process of its own. Blocking.

Where a daemon made it of a gigabyte, its interpreter was busy for 6 s, in which it fetched a third of the pages, and 4 MB of
memory stayed for good. A process takes 25 MB for that long, on whichever core is free, and leaves nothing.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

import msgspec

from crawler.archive import cdxj
from crawler.archive.cdxj import Told
from crawler.archive.files import told
from crawler.ports import ArchiveError
from crawler.starting import MODULE, environment

LONG_BYTES: Final = 16 << 20
"""From here on: to read so much through takes 0.1 s, to start a process half of that."""

_STEP: Final = 1 << 16
_MOST_TOLD: Final = 1 << 10

Heard = tuple[Told, Iterator[bytes]]
"""What a pass over a WARC told, and the CDXJ file in pieces, once."""

_told: Final = msgspec.json.Decoder(Told).decode


@contextmanager
def indexed(path: Path, long_bytes: int = LONG_BYTES) -> Iterator[Heard]:
    """Read a WARC through and index its answers. Where no process can be had for it, it is done here.

    Raises:
        ArchiveError: it can't be read; or, while the pieces are taken (`again`), the process ended before it had told all.
    """
    with told(path, "read it"):
        long = path.stat().st_size >= long_bytes
    with _apart(path) if long else _nobody() as heard:
        yield heard or _here(path)


def _here(path: Path) -> Heard:
    index = cdxj.index(path)
    return index.told, index.lines.pieces()


@contextmanager
def _nobody() -> Iterator[None]:
    yield None


@contextmanager
def _apart(path: Path) -> Iterator[Heard | None]:
    """None: it couldn't be started, or ended without a word."""
    process = _started(path)
    if process is None:
        yield None
        return
    with process:
        try:
            yield _hear(process, path)
        finally:
            process.kill()  # it has ended, unless its words weren't heard out


def _started(path: Path) -> subprocess.Popen[bytes] | None:
    command = (*MODULE, "crawler.archive.indexer", path)
    # A session of its own: Ctrl-C at the terminal is ours to hear.
    try:
        return subprocess.Popen(  # noqa: S603 - the words are ours
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            start_new_session=True,
        )
    except OSError:
        return None


def _hear(process: subprocess.Popen[bytes], path: Path) -> Heard | None:
    if process.stdout is None:
        raise AssertionError("it was started with a pipe")
    try:
        return _told(process.stdout.readline(_MOST_TOLD)), _pieces(process, process.stdout, path)
    except msgspec.DecodeError:
        return None


def _pieces(process: subprocess.Popen[bytes], said: IO[bytes], path: Path) -> Iterator[bytes]:
    while piece := said.read(_STEP):
        yield piece
    if process.wait():
        raise ArchiveError(f"{path}: what indexed it ended early (exit {process.returncode})", again=True)
