"""WARCs that others wrote, read distrustfully. Blocking.

First each is looked through as a whole, so that a broken one is refused before anything is done.
"""

from __future__ import annotations

import shutil
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple
from zipfile import BadZipFile, ZipFile, ZipInfo

from fastwarc import ArchiveIterator, WarcRecord

from crawler.archive.files import told
from crawler.archive.member import Member
from crawler.ports import ArchiveError

MOST_BLOCK: Final = 256 << 20
"""A longer record is passed over."""
_MOST_UNPACKED: Final = 1 << 40  # a thousand segments of ours; a bomb of 1 GB would unpack to that
_STEP: Final = 1 << 16  # what follows a member is copied at its end: steps of 1 MB took two to four times as long
_GZIP: Final = b"\x1f\x8b"
_GZIP_BITS: Final = 31  # zlib's way to say: gzip, and nothing else
_ANSWERS: Final = frozenset({"response", "revisit", "resource"})


class Note(NamedTuple):
    """What is known of a record before it is needed."""

    kind: str
    record_id: str
    concurrent: tuple[str, ...]
    """The records it says it belongs to."""


class Exchange(NamedTuple):
    """An answer and what belongs to it."""

    answer: Member
    request: Member | None
    metadata: Member | None


class Foreign:
    """One WARC, looked through: all of it can be read."""

    def __init__(self, path: Path, name: str) -> None:
        """`name` is what messages call it.

        Raises:
            ArchiveError: it can't be read, is cut or damaged, or is no WARC.
        """
        self._path = path
        self._name = name
        self.long = 0
        """Records that are passed over for their length."""
        self.dates: dict[str, tuple[str, str]] = {}
        """Address and date of each answer, by its id."""
        self.answers = 0
        _sound(path, name)
        self._owner = self._owners(list(self._notes()))

    def exchanges(self) -> Iterator[Exchange]:
        """All answers, each with its request and metadata, in the order of the answers' ends."""
        waiting: dict[int, dict[str, Member]] = {}
        missing = Counter(owner for owner in self._owner if owner is not None)
        for number, member in enumerate(self._members()):
            owner = self._owner[number]
            if owner is None or member is None:
                continue
            role = "answer" if number == owner else member.kind
            waiting.setdefault(owner, {}).setdefault(role, member)
            missing[owner] -= 1
            if not missing[owner]:
                group = waiting.pop(owner)
                if "answer" in group:
                    yield Exchange(group["answer"], group.get("request"), group.get("metadata"))

    def _owners(self, notes: list[Note]) -> list[int | None]:
        """For each record the answer it belongs to; None: nothing is done with it."""
        numbers = [number for number, note in enumerate(notes) if note.kind in _ANSWERS]
        self.answers = len(numbers)
        answers = {notes[number].record_id: number for number in numbers}
        named = {other: number for number in numbers for other in notes[number].concurrent}
        return [number if note.kind in _ANSWERS else _owner(note, answers, named) for number, note in enumerate(notes)]

    def _notes(self) -> Iterator[Note]:
        for member in self._members():
            if member is None:
                self.long += 1
                yield Note("", "", ())
                continue
            record_id = member.get("WARC-Record-ID") or ""
            others = [value for key, value in member.headers if key.lower() in ("warc-concurrent-to", "warc-refers-to")]
            if member.kind in _ANSWERS:
                self.dates[record_id] = (target(member), member.get("WARC-Date") or "")
                others = [value for key, value in member.headers if key.lower() == "warc-concurrent-to"]
            yield Note(member.kind, record_id, tuple(others))

    def _members(self) -> Iterator[Member | None]:
        """Each record; None: one that is too long."""
        count = 0
        with told(self._path, "read it"), self._path.open("rb") as file:
            records = iter(ArchiveIterator(file, parse_http=False))
            while (record := _next(records, self._name)) is not None:
                count += 1
                length = record.content_length
                if length > MOST_BLOCK:
                    yield None
                    continue
                block = record.reader.read()
                if len(block) != length:
                    raise ArchiveError(f"{self._name}: record {count} ends early; nothing was imported from it")
                yield Member(kind=str(record.record_type), headers=record.headers.to_tuples(), block=block)
        if not count:
            raise ArchiveError(f"{self._name}: no WARC record is in it; nothing was imported from it")


def _owner(note: Note, answers: Mapping[str, int], named: Mapping[str, int]) -> int | None:
    """The answer that a request or metadata names; else the one that names it, as some programs write only one of the two."""
    if note.kind not in ("request", "metadata"):
        return None
    return next((answers[one] for one in note.concurrent if one in answers), named.get(note.record_id))


def _next(records: Iterator[WarcRecord], name: str) -> WarcRecord | None:
    """The next record. What fastwarc can't read, it says as an OSError, as if the disk had failed."""
    try:
        return next(records, None)
    except OSError as error:
        raise ArchiveError(f"{name}: is no WARC, or damaged ({error}); nothing was imported from it") from None


def target(member: Member) -> str:
    """A record's address; wget puts it into angle brackets."""
    return (member.get("WARC-Target-URI") or "").strip().strip("<>")


def _sound(path: Path, name: str) -> None:
    """Whether all of a packed file can be unpacked: a reader of records passes over much."""
    with told(path, "read it"), path.open("rb") as file:
        if file.read(2) != _GZIP:
            return
        file.seek(0)
        total, ended = 0, True
        try:
            for length, member_ended in _steps(file):
                total, ended = total + length, member_ended
                if total > _MOST_UNPACKED:
                    raise ArchiveError(f"{name}: unpacks to more than {_MOST_UNPACKED} bytes; nothing was imported from it")
        except zlib.error:
            raise ArchiveError(f"{name}: is damaged (gzip); nothing was imported from it") from None
        if not ended:
            raise ArchiveError(f"{name}: ends early (gzip); nothing was imported from it")


def _steps(file: BinaryIO) -> Iterator[tuple[int, bool]]:
    """A packed file unpacked a little at a time: how much that was, and whether a member ended with it."""
    inflater = zlib.decompressobj(_GZIP_BITS)
    while rest := file.read(_STEP):
        while rest:
            length, ended = len(inflater.decompress(rest, _STEP)), inflater.eof
            rest = inflater.unused_data if ended else inflater.unconsumed_tail
            if ended:
                inflater = zlib.decompressobj(_GZIP_BITS)
            yield length, ended


def unpacked(path: Path, folder: Path) -> list[tuple[Path, str]]:
    """The WARCs of a WACZ, copied into a folder; each with what messages call it.

    Raises:
        ArchiveError: it is no WACZ, or can't be read.
    """
    try:
        with told(path, "read it"), ZipFile(path) as packed:
            names = [one for one in packed.infolist() if one.filename.startswith("archive/") and not one.is_dir()]
            if not names:
                raise ArchiveError(f"{path}: is no WACZ: no archive/ is in it")
            return [(_copied(packed, one, folder / f"{n}.warc"), f"{path}: {one.filename}") for n, one in enumerate(names)]
    except (BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise ArchiveError(f"{path}: is damaged, or no WACZ: {error}; nothing was imported from it") from None


def _copied(packed: ZipFile, one: ZipInfo, to: Path) -> Path:
    with packed.open(one) as source, to.open("wb") as copy:
        shutil.copyfileobj(source, copy, _STEP)
    return to
