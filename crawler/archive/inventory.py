"""Which segments an archive has, found by looking: for when there is no store to ask. Blocking."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from crawler.archive import manifest, places
from crawler.archive.files import told
from crawler.archive.names import OPEN, Names, created_at
from crawler.model import Millis, SegmentId, Value
from crawler.ports import ArchiveError

_SUFFIX: Final = ".warc.gz"


class Found(Value, frozen=True, kw_only=True):
    """A segment whose WARC is there."""

    segment: SegmentId
    path: Path
    """The WARC."""
    records: Path
    created_at: Millis
    home: Path | None
    """The folder it was moved to; None: it is in the archive's own."""
    open: bool
    """It has not got its final name."""
    listed: manifest.SealedFile | None
    """Its line in the manifest; None: it isn't sealed, or the list was lost."""


class Inventory(Value, frozen=True, kw_only=True):
    """All there is, oldest first, and what is listed but isn't there."""

    found: tuple[Found, ...]
    missing: tuple[str, ...]
    """WARCs, relative to the archive's folder."""


def take_stock(root: Path) -> Inventory:
    """Look through the archive's folder, and those that sealed segments were moved to.

    Raises:
        ArchiveError: a folder can't be read, or a segment is there sealed and unsealed.
    """
    listed = manifest.sealed(manifest.read(root))
    homes = places.homes(root)
    found: dict[SegmentId, Found] = {}
    for home in dict.fromkeys((root, *homes.values())):
        for one in _look(home, root, listed):
            if home != root and homes.get(_file(one.segment)) != home:
                continue
            known = found.setdefault(one.segment, one)
            if known.path.parent == one.path.parent and known.path != one.path:
                raise ArchiveError(f"{one.path}: is there sealed and unsealed; one of the two must go")
    there = {_file(segment) for segment in found}
    return Inventory(
        found=tuple(sorted(found.values(), key=lambda one: (one.created_at, one.segment))),
        missing=tuple(sorted(listed.keys() - there)),
    )


def _look(home: Path, root: Path, listed: Mapping[str, manifest.SealedFile]) -> list[Found]:
    with told(home, "look through it"):
        paths = sorted(home.glob(f"[0-9][0-9][0-9][0-9]/[0-9][0-9]/[0-9][0-9]/*{_SUFFIX}*"))
    named = ((path, path.name.removesuffix(OPEN)) for path in paths)
    return [
        _found(home, root, SegmentId(name.removesuffix(_SUFFIX)), path, listed)
        for path, name in named
        if name.endswith(_SUFFIX) and name.startswith("WARRAQ-")
    ]


def _found(home: Path, root: Path, segment: SegmentId, path: Path, listed: Mapping[str, manifest.SealedFile]) -> Found:
    return Found(
        segment=segment,
        path=path,
        records=Names(home, segment).records,
        created_at=created_at(segment),
        home=None if home == root else home,
        open=path.name.endswith(OPEN),
        listed=listed.get(_file(segment)),
    )


def _file(segment: SegmentId) -> str:
    root = Path()
    return Names(root, segment).sealed.as_posix()
