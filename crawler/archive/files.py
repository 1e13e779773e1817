"""Small steps on a disk, each safe against a crash at any moment. Every failure names its file."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from crawler.archive.device import DISK, Device
from crawler.ports import ArchiveError

_STEP: Final = 1 << 20
_BATCH: Final = 256 << 10
"""Bytes of one write. A whole group at once, 1.7 MB, would be more than `allocator.LARGE_BYTES`: taken from the system 4 KB by
4 KB, and given back, each time; that was a 30th of what the archive's thread does."""
_MAY_PASS: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM})
"""No room, or not writable any more: both are mended from outside, while we run."""


@contextmanager
def told(path: Path, doing: str) -> Iterator[None]:
    """Turn the operating system's error into one line that names the file."""
    try:
        yield
    except OSError as error:
        raise ArchiveError(f"{path}: cannot {doing}: {error.strerror or error}", again=error.errno in _MAY_PASS) from error


def lock(descriptor: int) -> bool:
    """Take a file for ourselves. False: another holder (in this process too) has it. Closing the file frees it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def write_all(descriptor: int, chunks: Sequence[bytes], device: Device = DISK) -> None:
    """Append all of it; a short write goes on where it stopped."""
    for batch in _batches(chunks):
        rest = memoryview(batch)
        while rest:
            rest = rest[device.write(descriptor, rest) :]


def _batches(chunks: Sequence[bytes]) -> Iterator[bytes]:
    """The same in fewer pieces; one that is long is not copied."""
    batch: list[bytes] = []
    size = 0
    for chunk in chunks:
        if size + len(chunk) > _BATCH and batch:
            yield b"".join(batch)
            batch, size = [], 0
        batch.append(chunk)
        size += len(chunk)
    yield b"".join(batch)


def make_folder(folder: Path, device: Device = DISK) -> None:
    """Make a folder with those above it, and the entries of those that are new durable."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    for place in reversed(missing):
        try:
            device.make_folder(place)
        except FileExistsError:  # another process was quicker
            if not place.is_dir():
                raise
        sync_folder(place.parent, device)


def sync_folder(folder: Path, device: Device = DISK) -> None:
    """Make a folder's entries durable: names made, changed and removed."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        device.sync(descriptor)
    finally:
        os.close(descriptor)


def replace_file(path: Path, pieces: Iterable[bytes], device: Device = DISK) -> None:
    """Put a file in its place in one step: whoever looks sees the old one or the whole new one."""
    aside = path.with_name(path.name + ".tmp")
    if aside.exists():  # of a try that failed, perhaps at its sync: a file of that kind is never written to again
        device.remove(aside)
    descriptor = device.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    try:
        for piece in pieces:
            write_all(descriptor, [piece], device)
        device.sync(descriptor)
    finally:
        os.close(descriptor)
    device.rename(aside, path)
    sync_folder(path.parent, device)


def set_aside(descriptor: int, path: Path, begin: int, device: Device = DISK) -> Path:
    """Copy what lies behind `begin` to `<name>.torn-<n>` next to the file: what is cut off is never thrown away."""
    torn, copy = _next_torn(path, device)
    try:
        _copy(descriptor, begin, copy, device)
    except OSError:
        device.remove(torn)  # half a copy, on a disk that may be full
        raise
    finally:
        os.close(copy)
    sync_folder(path.parent, device)
    return torn


def _copy(descriptor: int, begin: int, copy: int, device: Device) -> None:
    at = begin
    while piece := os.pread(descriptor, _STEP, at):
        write_all(copy, [piece], device)
        at += len(piece)
    device.sync(copy)


def _next_torn(path: Path, device: Device) -> tuple[Path, int]:
    number = 1
    while True:
        torn = path.with_name(f"{path.name}.torn-{number}")
        try:
            return torn, device.open(torn, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        except FileExistsError:
            number += 1
