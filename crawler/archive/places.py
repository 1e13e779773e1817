"""Where sealed segments lie that were moved to another disk: as the manifest says. Blocking."""

from __future__ import annotations

from pathlib import Path

from crawler.archive import manifest
from crawler.archive.names import Names
from crawler.model import SegmentId

_LEVELS = 4
"""A segment's file lies in year, month and day under its home."""


class Places:
    """The homes of an archive's segments. The manifest is read again when it has grown, and only when somebody asks."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._size = 0
        self._moved: dict[str, Path] = {}

    def names(self, segment: SegmentId) -> Names:
        """The paths of a segment's files: in the archive's own folder, or where they were moved to."""
        here = Names(self._root, segment)
        if here.there() is not None:
            return here
        home = self._homes().get(here.sealed.relative_to(self._root).as_posix())
        return Names(home, segment) if home else here

    def _homes(self) -> dict[str, Path]:
        size = manifest.size(self._root)
        if size != self._size:
            self._moved = homes(self._root)
            self._size = size
        return self._moved


def homes(root: Path) -> dict[str, Path]:
    """WARC, relative to the archive's folder -> the folder it was moved to; without those that came back."""
    moved = {line.entry.file: line.entry.to for line in manifest.read(root) if isinstance(line.entry, manifest.MovedFile)}
    return {file: Path(to) for file, to in moved.items() if to}


def elsewhere(path: Path) -> Path | None:
    """Where a sealed segment's file is now that isn't at its old path; None: it wasn't moved, as far as we know."""
    if len(path.parents) < _LEVELS:
        return None
    root = path.parents[_LEVELS - 1]
    folder = path.parent.relative_to(root)
    stem = path.name.partition(".")[0]
    home = homes(root).get((folder / f"{stem}.warc.gz").as_posix())
    return home / folder / path.name if home else None
