"""The archive's list of finished files: `manifest.jsonl`, a line each, only ever added to. Blocking."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec
from msgspec.structs import replace

from crawler.archive import files, marks
from crawler.archive.device import DISK, Device
from crawler.archive.files import told
from crawler.model import SegmentId, Value
from crawler.model.sources import UnwatchedLine, WatchedLine
from crawler.model.takedowns import ResealedFile, Takedown, TakenDown

NAME: Final = "manifest.jsonl"

_OURS: Final = frozenset({"segment", "moved", "takedown", "taken_down", "resealed", "source", "source_removed"})
_MOST_LINE: Final = 1 << 20  # the longest is a takedown of `MOST_EXCHANGES`


class SealedFile(Value, frozen=True, kw_only=True, omit_defaults=False, tag_field="what", tag="segment"):
    """One sealed segment. Sealed again after a crash, all but the last two would be the same; the first line stays."""

    file: str
    """The WARC, relative to the archive's folder."""
    bytes: int
    sha256: str
    records: int
    first: str | None
    """WARC-Date of its first record, and of its last."""
    last: str | None
    parsed: int
    """Bytes of the records beside it, when it was sealed."""
    parsed_sha256: str
    owner: str | None
    """The worker that wrote it last."""
    sealed_at: str | None
    """RFC 3339 with milliseconds, UTC."""

    @property
    def segment(self) -> SegmentId:
        """Whose line it is."""
        return SegmentId(Path(self.file).name.removesuffix(".warc.gz"))


class MovedFile(Value, frozen=True, kw_only=True, omit_defaults=False, tag_field="what", tag="moved"):
    """A sealed segment lies elsewhere since; the last line of a segment holds."""

    file: str
    """As in its first line."""
    to: str
    """The folder that stands for the archive's there, with year, month and day below; empty: it is back."""


Entry = SealedFile | MovedFile | ResealedFile | Takedown | TakenDown | WatchedLine | UnwatchedLine


class Line(Value, frozen=True, kw_only=True):
    """A line as it was found."""

    offset: int
    entry: Entry | None = None
    """None: of a kind that isn't known here; or not as it was written."""
    fault: str | None = None


class _Kind(Value, frozen=True, kw_only=True):
    what: str


_kind: Final = msgspec.json.Decoder(_Kind).decode
_entry: Final = msgspec.json.Decoder(Entry).decode


def size(root: Path) -> int:
    """Its length; 0 where there is none yet."""
    try:
        return (root / NAME).stat().st_size
    except FileNotFoundError:
        return 0


def read(root: Path) -> Iterator[Line]:
    """All whole lines; a last one that was torn is left out.

    Raises:
        ArchiveError: the list can't be read.
    """
    path = root / NAME
    with told(path, "read the list of sealed files"):
        if not path.exists():
            return
        offset = 0
        with path.open("rb") as file:
            while (line := file.readline(_MOST_LINE)).endswith(b"\n"):
                yield _read(line, offset)
                offset += len(line)


def _read(line: bytes, offset: int) -> Line:
    try:
        what = _kind(line).what
        if not marks.holds(line) and (what in _OURS or b'"check"' in line):
            return Line(offset=offset, fault="the line was changed")
        return Line(offset=offset, entry=_entry(line) if what in _OURS else None)
    except msgspec.DecodeError as error:
        return Line(offset=offset, fault=f"the line can't be read: {error}")


def sealed(lines: Iterable[Line]) -> dict[str, SealedFile]:
    """By file what holds of each sealed segment: as it was sealed, or as a takedown left it."""
    found: dict[str, SealedFile] = {}
    for line in lines:
        entry = line.entry
        if isinstance(entry, SealedFile):
            found[entry.file] = entry
        elif isinstance(entry, ResealedFile) and entry.file in found:
            sums = {"sha256": entry.sha256, "parsed_sha256": entry.parsed_sha256}
            found[entry.file] = replace(found[entry.file], **sums)
    return found


def takedowns(lines: Iterable[Line]) -> tuple[list[Takedown], list[Takedown]]:
    """All orders in the order of their entering; and those that weren't carried out to their end."""
    entries = [line.entry for line in lines]
    orders = [entry for entry in entries if isinstance(entry, Takedown)]
    done = {entry.order for entry in entries if isinstance(entry, TakenDown)}
    return orders, [order for order in orders if order.order not in done]


def watched(lines: Iterable[Line]) -> list[WatchedLine]:
    """The sources that commands have changed and not taken away again, each by its last line, in the order of their first."""
    found: dict[str, WatchedLine] = {}
    for line in lines:
        if isinstance(line.entry, WatchedLine):
            found[line.entry.url] = line.entry
        elif isinstance(line.entry, UnwatchedLine):
            found.pop(line.entry.url, None)
    return list(found.values())


def note(root: Path, entries: Sequence[WatchedLine | UnwatchedLine], device: Device = DISK) -> None:
    """Add lines about sources and make them durable at once; none: nothing happens.

    Raises:
        ArchiveError: the list can't be written.
    """
    path = root / NAME
    if entries:
        with told(path, "write the list of sealed files"), _locked(path, device) as descriptor:
            _append(descriptor, path, entries, device)


def enter(root: Path, entry: MovedFile | ResealedFile | Takedown | TakenDown, device: Device = DISK) -> None:
    """Add a line and make it durable.

    Raises:
        ArchiveError: the list can't be written.
    """
    path = root / NAME
    with told(path, "write the list of sealed files"), _locked(path, device) as descriptor:
        _append(descriptor, path, [entry], device)


def add(root: Path, entry: SealedFile, device: Device = DISK) -> None:
    """Add a line and make it durable; a file that has its line already gets no second one.

    A last line that was torn by a crash is cut off before: it was never acknowledged.

    Raises:
        ArchiveError: the list can't be written.
    """
    path = root / NAME
    with told(path, "write the list of sealed files"), _locked(path, device) as descriptor:
        if _listed(path, entry.file):
            _anew(path, device)  # a try before this one may have failed, or died, before its sync
        else:
            _append(descriptor, path, [entry], device)


def _append(descriptor: int, path: Path, entries: Sequence[Entry], device: Device) -> None:
    device.cut(descriptor, _whole(path))
    files.write_all(descriptor, [marks.marked(msgspec.json.encode(entry)) for entry in entries], device)
    try:
        device.sync(descriptor)
    except OSError:  # what of this file is on the disk nobody knows any more
        _anew(path, device)
    files.sync_folder(path.parent, device)


def _anew(path: Path, device: Device) -> None:
    """The same list in a new file."""
    files.replace_file(path, [path.read_bytes()[: _whole(path)]], device)


@contextmanager
def _locked(path: Path, device: Device) -> Iterator[int]:
    """The list, for us alone."""
    while True:
        descriptor = device.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if path.exists() and os.path.samestat(os.fstat(descriptor), path.stat()):
                yield descriptor
                return
        finally:
            os.close(descriptor)  # another put a new file in its place, while we waited


def _listed(path: Path, name: str) -> bool:
    said = b'"file":' + msgspec.json.encode(name)
    with path.open("rb") as file:
        return any(said in line and line.endswith(b"\n") for line in file)


def _whole(path: Path) -> int:
    """Length up to the end of the last line that can be read: what lies behind it was torn by a crash."""
    size = at = 0
    with path.open("rb") as file:
        for line in file:
            at += len(line)
            size = at if line.endswith(b"\n") and _readable(line) else size
    return size


def _readable(line: bytes) -> bool:
    try:
        msgspec.json.decode(line)
    except msgspec.DecodeError:
        return False
    return True
