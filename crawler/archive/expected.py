"""What should be in an archive: what folders, manifest and store say of it, put together by segment. Blocking."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Final

from crawler.archive import manifest, places
from crawler.archive.files import told
from crawler.archive.manifest import SealedFile
from crawler.model import Capture, Finding, LinePlace, SegmentId, Shelved, Value
from crawler.model.takedowns import Erased, erased

_FOLDERS: Final = "[0-9][0-9][0-9][0-9]"
_FILE: Final = re.compile(
    r"(?P<segment>WARRAQ-\d{17}-\d{5}-[A-Za-z0-9][A-Za-z0-9_-]{0,99})"
    r"(?:\.warc\.gz(?:\.open)?|\.jsonl|\.cdxj|(?P<derived>\.r\d+\.jsonl)|(?P<passing>\.\S+\.(?:torn-\d+|tmp|part)))"
)


class Listing(Value, frozen=True, kw_only=True):
    """What was there when we looked, before the store was asked: all of it must be known to the store."""

    root: Path
    files: tuple[tuple[str, SegmentId | None], ...]
    """Path, relative to the archive's folder where it is below it; whose it is, if it has the name of one of ours."""
    passing: tuple[str, ...]
    """What a repair set aside, and what is being written."""
    listed: int
    """How long the manifest was."""


class Said(Value, frozen=True, kw_only=True):
    """What a store said at one moment."""

    archive_id: str
    shelved: tuple[Shelved, ...]
    captures: Iterator[Capture]
    """By segment and place, as are the lines."""
    lines: Iterator[LinePlace]


class Expected(Value, frozen=True, kw_only=True):
    """One segment: what is said of it. At least one of the two is there, or there is no store."""

    segment: SegmentId
    listed: SealedFile | None = None
    shelved: Shelved | None = None
    erased: Erased = Erased()
    """What takedowns took out of it."""

    @property
    def final(self) -> bool:
        """It is sealed."""
        return self.shelved.state.state == "sealed" if self.shelved else self.listed is not None

    @property
    def end(self) -> int | None:
        """How much of the WARC is acknowledged; None: nobody knows."""
        if self.listed and self.final:
            return self.listed.bytes
        return self.shelved.state.committed if self.shelved else None

    @property
    def records_end(self) -> int | None:
        """How much of the records is acknowledged; None: nobody knows."""
        if self.listed and self.final:
            return self.listed.parsed
        return self.shelved.state.records_committed if self.shelved else None


def look(root: Path) -> Listing:
    """List an archive's files: in its folder, and where segments were moved to.

    Raises:
        ArchiveError: a folder can't be read.
    """
    listed = manifest.size(root)
    files: list[tuple[str, SegmentId | None]] = []
    passing: list[str] = []
    for home in dict.fromkeys((root, *places.homes(root).values())):
        for path in _files(home):
            found = _FILE.fullmatch(path.name)
            name = shown(root, path)
            if found and found["passing"]:
                passing.append(name)
            elif not (found and found["derived"]):
                files.append((name, SegmentId(found["segment"]) if found else None))
    return Listing(root=root, files=tuple(files), passing=tuple(passing), listed=listed)


def _files(home: Path) -> list[Path]:
    """All files in the folders of years; nothing else of a home is ours to judge."""
    with told(home, "look through it"):
        return sorted(path for year in home.glob(_FOLDERS) for path in year.rglob("*") if not path.is_dir())


def shown(root: Path, path: Path) -> str:
    """A path as it is told."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def segments(listing: Listing, shelved: tuple[Shelved, ...] | None) -> tuple[list[Expected], list[Finding]]:
    """All segments anybody knows, by name; and what is wrong with the lists of them. `shelved` None: there is no store.

    Raises:
        ArchiveError: the manifest can't be read.
    """
    lines = list(manifest.read(listing.root))
    known = {one.state.segment: one for one in shelved or ()}
    listed = _listed(lines, listing, None if shelved is None else known.keys())
    there = {owner for _, owner in listing.files if owner is not None} if shelved is None else set()
    names = sorted({*listed, *known, *there})
    orders, pending = manifest.takedowns(lines)
    gone = erased(orders)
    expected = [
        Expected(segment=name, listed=listed.get(name), shelved=known.get(name), erased=gone.get(name, Erased()))
        for name in names
    ]
    late = [Finding(what="note", file=manifest.NAME, detail=f"takedown {one.order} isn't carried out yet") for one in pending]
    return expected, [*late, *_faulty(lines), *_strangers(listing, None if shelved is None else {*known, *listed})]


def _faulty(lines: Iterable[manifest.Line]) -> Iterator[Finding]:
    for line in lines:
        if line.fault:
            yield Finding(what="manifest", file=manifest.NAME, offset=line.offset, detail=line.fault)


def _listed(lines: list[manifest.Line], listing: Listing, known: AbstractSet[SegmentId] | None) -> dict[SegmentId, SealedFile]:
    """What the manifest says. A segment begun and sealed while we looked is not the store's fault, and left out."""
    early = {line.entry.file for line in lines if isinstance(line.entry, SealedFile) and line.offset < listing.listed}
    return {
        one.segment: one
        for one in manifest.sealed(lines).values()
        if known is None or one.file in early or one.segment in known
    }


def _strangers(listing: Listing, known: AbstractSet[SegmentId] | None) -> Iterator[Finding]:
    for name, owner in listing.files:
        if owner is None or (known is not None and owner not in known):
            yield Finding(what="unknown", file=name, detail="nobody knows this file")
    for name in listing.passing:
        yield Finding(what="note", file=name, detail="set aside by a repair, or left by a crash")
