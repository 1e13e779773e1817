"""Sealed segments to another disk. Blocking; every step may be done again after a crash at any moment.

Copied, synced, read again from the disk and compared with what was sealed; then the manifest says where it lies, then (the
caller's) the store, and only then the old files go. Readers that come between find one of the two.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from crawler.archive import files, manifest
from crawler.archive.device import DISK, Device
from crawler.archive.files import told
from crawler.archive.manifest import MovedFile, SealedFile
from crawler.archive.names import Names
from crawler.ports import ArchiveError

_LOCK: Final = "moving.lock"
_STEP: Final = 1 << 20


@contextmanager
def only_one(root: Path) -> Iterator[None]:
    """One mover at a time.

    Raises:
        ArchiveError: there is another, or the archive's folder can't be written.
    """
    path = root / _LOCK
    with told(path, "lock it"), path.open("a") as file:
        if not files.lock(file.fileno()):
            raise ArchiveError(f"{path}: another `warraq archive move` is at work; wait for it")
        yield


class Mover:
    """Moves segments of one archive to one folder."""

    def __init__(self, root: Path, to: Path, device: Device = DISK) -> None:
        self._root = root
        self._to = to
        self._device = device
        self._homes: dict[str, list[Path]] = {}
        lines = list(manifest.read(root))
        for line in lines:
            match line.entry:
                case SealedFile(file=file):
                    self._homes.setdefault(file, [root])
                case MovedFile(file=file, to=home):
                    self._homes.setdefault(file, [root]).append(Path(home) if home else root)
                case _:
                    pass
        self.listed = list(manifest.sealed(lines).values())
        """What is sealed, oldest first."""

    def place(self) -> str | None:
        """Where segments lie afterwards, as the store is told it."""
        return None if self._to == self._root else self._to.as_uri()

    def bring(self, listed: SealedFile) -> bool:
        """Copy a segment's files and enter their place in the manifest. False: they are there already.

        Raises:
            ArchiveError: a file is missing or isn't as it was sealed, or can't be copied. The manifest doesn't change then.
        """
        home = self._homes[listed.file][-1]
        target = self._names(self._to, listed)
        if home == self._to:
            return False
        source = self._names(home, listed)
        with told(target.folder, "write to it"):
            files.make_folder(target.folder, self._device)
            for path in _files(source):
                self._copy(path, target.folder / path.name, _sealed_with(path, listed))
        if not target.sealed.exists():
            raise ArchiveError(f"{source.sealed}: is missing; nothing is moved")
        to = "" if self._to == self._root else str(self._to)
        manifest.enter(self._root, MovedFile(file=listed.file, to=to), self._device)
        self._homes[listed.file].append(self._to)
        return True

    def clear(self, listed: SealedFile) -> int:
        """Remove a segment's files from its former homes, once its place is entered and its copy is whole; how many.

        Raises:
            ArchiveError: the copy isn't as it was sealed, or a file can't be removed.
        """
        old = self._former(listed)
        if not old or self._homes[listed.file][-1] != self._to:
            return 0
        here = self._names(self._to, listed)
        for path in (here.sealed, here.records):
            _compare(path, _sealed_with(path, listed))
        for path in old:
            with told(path, "remove it"):
                self._device.remove(path)
                files.sync_folder(path.parent, self._device)
        return len(old)

    def _former(self, listed: SealedFile) -> list[Path]:
        """What is left in other homes; the WARC first: while it is there, a segment counts as being there."""
        homes = [home for home in dict.fromkeys(self._homes[listed.file]) if home != self._to]
        return [path for home in homes for path in reversed(_files(self._names(home, listed)))]

    def _names(self, home: Path, listed: SealedFile) -> Names:
        return Names(home, listed.segment)

    def _copy(self, source: Path, target: Path, sha256: str | None) -> None:
        """A whole copy under its final name, or nothing. One that is there from an earlier time is taken if it is right."""
        sha256 = sha256 or _digest(source)
        if target.exists():
            _compare(target, sha256)
            return
        part = target.with_name(f"{target.name}.part")
        descriptor = self._device.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        try:
            with source.open("rb") as file:
                while piece := file.read(_STEP):
                    files.write_all(descriptor, [piece], self._device)
            self._device.sync(descriptor)
        finally:
            os.close(descriptor)
        try:
            _compare(part, sha256)
        except ArchiveError:
            _compare(source, sha256)  # then the fault is its own
            raise
        self._device.rename(part, target)
        files.sync_folder(target.parent, self._device)


def _files(names: Names) -> list[Path]:
    """Those of a segment that are there, records of later readings too, the WARC last: it is what readers look for."""
    found = [path for path in (names.index, names.records) if path.exists()]
    later = sorted(names.folder.glob(f"{names.sealed.name.removesuffix('.warc.gz')}.r[0-9]*.jsonl"))
    return [*found, *later, *([names.sealed] if names.sealed.exists() else [])]


def _sealed_with(path: Path, listed: SealedFile) -> str | None:
    """The digest a file was sealed with; None: it has none, and only the copy is compared."""
    if path.name.endswith(".warc.gz"):
        return listed.sha256
    return listed.parsed_sha256 if path.name == f"{listed.segment}.jsonl" else None


def _compare(path: Path, sha256: str | None) -> None:
    with told(path, "read it"):
        if sha256 is not None and _digest(path) != sha256:
            raise ArchiveError(f"{path}: isn't as it was sealed (sha256); nothing is moved or removed")


def _digest(path: Path) -> str:
    """Read from the disk, not from what the system still remembers of it, where that can be asked for."""
    with path.open("rb") as file:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return hashlib.file_digest(file, "sha256").hexdigest()
