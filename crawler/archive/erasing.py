"""Erasing on the disk what an order names: in place, so that no offset moves. Blocking; doing it again changes nothing more."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import msgspec

from crawler.archive import apart, files, manifest, tombs
from crawler.archive.device import DISK, Device
from crawler.archive.files import told
from crawler.archive.names import Names
from crawler.archive.segment import take
from crawler.model import Value
from crawler.model.takedowns import ErasedIn, ErasedLine, ResealedFile, Takedown
from crawler.ports import ArchiveError

_DERIVED: Final = re.compile(r".*\.r(\d+)\.jsonl")
_ZEROS: Final = bytes(1 << 16)


class _At(Value, frozen=True, kw_only=True):
    offset: int


class _Line(Value, frozen=True, kw_only=True):
    id: str
    capture: _At


_line: Final = msgspec.json.Decoder(_Line).decode


def lines_of(names: Names, offsets: Collection[int], articles: Collection[str]) -> Iterator[tuple[ErasedLine, str]]:
    """The record lines of these captures, and of these articles, in all files of records; each with its article's id.

    Raises:
        ArchiveError: a file can't be read.
    """
    for number, path in _records(names):
        with told(path, "read it"), path.open("rb") as file:
            offset = 0
            for line in file:
                found = _read(line)
                if found is not None and (found.capture.offset in offsets or found.id in articles):
                    yield ErasedLine(number, offset, len(line)), found.id
                offset += len(line)


def overwrite(order: Takedown, one: ErasedIn, names: Names, device: Device = DISK) -> None:
    """Put what stands for erased records and lines in their place, durably. The segment is ours, or nobody's.

    Raises:
        ArchiveError: its WARC isn't there, or can't be written.
    """
    path = names.there()
    if path is None:
        raise ArchiveError(f"{names.sealed}: isn't there; mount its disk, and the takedown goes on with the next start")
    with _patching(path, device) as descriptor:
        for place in one.members:
            device.overwrite(descriptor, tombs.member(order, one.segment, place), place.offset)
    _overwrite_lines(order, one, names, device)


def _overwrite_lines(order: Takedown, one: ErasedIn, names: Names, device: Device) -> None:
    offsets = {offset for offset, _ in one.groups} - set(one.shared)
    # What was being read when the order was given has its line since.
    late = {there for there, _ in lines_of(names, offsets, frozenset(order.articles))}
    for number, records in _records(names):
        places = [there for there in {*one.lines, *late} if there.derived == number]
        if places:
            with _patching(records, device) as descriptor:
                for line in places:
                    device.overwrite(descriptor, tombs.line(order, line.length), line.offset)


def reseal(order: Takedown, one: ErasedIn, names: Names, root: Path, device: Device = DISK) -> bytes | None:
    """Make the index again and enter the new sums of a sealed segment; the sha256 of its WARC. None: it isn't sealed.

    Raises:
        ArchiveError: a file can't be read or written.
    """
    listed = next((entry for entry in manifest.sealed(manifest.read(root)).values() if entry.segment == one.segment), None)
    if listed is None:
        return None
    with told(names.index, "make it again"), apart.indexed(names.sealed) as (_, pieces):
        files.replace_file(names.index, pieces, device)
    sums = (_sha256(names.sealed), _sha256(names.records) if names.records.exists() else listed.parsed_sha256)
    if sums != (listed.sha256, listed.parsed_sha256):
        entry = ResealedFile(file=listed.file, sha256=sums[0], parsed_sha256=sums[1], order=order.order)
        manifest.enter(root, entry, device)
    return bytes.fromhex(sums[0])


@contextmanager
def held(names: Names, device: Device = DISK) -> Iterator[bool]:
    """An unsealed segment for us alone, or a sealed one. False: a running process writes to it."""
    if names.there() is None:
        yield True
        return
    grown = take(names, device, make=False)
    if grown is None:
        yield False
        return
    with closing(grown):
        yield True


def destroy(path: Path, device: Device = DISK) -> None:
    """Overwrite a file with zeros and remove it.

    Raises:
        ArchiveError: it can't be written or removed.
    """
    if not path.exists():
        return
    with _patching(path, device) as descriptor:
        size = os.fstat(descriptor).st_size
        for offset in range(0, size, len(_ZEROS)):
            device.overwrite(descriptor, _ZEROS[: size - offset], offset)
    with told(path, "remove it"):
        device.remove(path)
        files.sync_folder(path.parent, device)


def _records(names: Names) -> list[tuple[int, Path]]:
    """The files of records, each with its number; those read anew behind the first."""
    stem = names.records.name.removesuffix(".jsonl")
    later = sorted(names.folder.glob(f"{stem}.r[0-9]*.jsonl"))
    numbered = [(int(found[1]), path) for path in later if (found := _DERIVED.fullmatch(path.name))]
    return [*([(0, names.records)] if names.records.exists() else []), *numbered]


@contextmanager
def _patching(path: Path, device: Device) -> Iterator[int]:
    """A descriptor to overwrite with. Not one that appends: Linux would put everything at the end (pwrite(2), Bugs)."""
    with told(path, "erase in it"):
        descriptor = device.open(path, os.O_RDWR)
        try:
            yield descriptor
            device.sync_data(descriptor)
        finally:
            os.close(descriptor)


def _read(line: bytes) -> _Line | None:
    try:
        return _line(line)
    except msgspec.DecodeError:  # torn, or one that stands for an erased one
        return None


def _sha256(path: Path) -> str:
    with told(path, "read it"), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
