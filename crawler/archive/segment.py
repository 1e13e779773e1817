"""One segment on the disk: a WARC that grows and the records beside it. Blocking; one writer, held by a lock on the WARC."""

from __future__ import annotations

import os
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Self

from crawler.archive import files
from crawler.archive.device import DISK, Device
from crawler.archive.files import told
from crawler.archive.grown import Grown
from crawler.archive.names import Names
from crawler.archive.reading import first_member
from crawler.model import SegmentId, SegmentState
from crawler.ports import ArchiveError, HalfMadeError


def _unmake(names: Names, device: Device) -> None:
    """Take away what was begun, where nothing is acknowledged.

    Raises:
        HalfMadeError: it can't be; the next start does it.
    """
    try:
        for path in (names.records, names.open):
            if path.exists():
                with told(path, "take away what was begun"):
                    device.remove(path)
    except ArchiveError as error:
        raise HalfMadeError(str(error), again=error.again) from error


class MissingError(ArchiveError):
    """There is no WARC under any of the segment's names."""


class Segment:
    """A segment we hold the lock of. Make one with `create` or `adopt`."""

    def __init__(self, segment: SegmentId, names: Names, warc: Grown, records: Grown, device: Device) -> None:
        self.id = segment
        self.names = names
        self.warc = warc
        self.records = records
        self.device = device
        self.info_size = 0
        """Length of the warcinfo it begins with; 0 where more than that is acknowledged."""

    @classmethod
    def create(cls, root: Path, segment: SegmentId, warcinfo: bytes, device: Device = DISK) -> Self:
        """Make a new segment: locked, begun with its warcinfo, its name durable. Never an existing one.

        Raises:
            HalfMadeError: the folder can't be written, and something of it is left in there.
            ArchiveError: the name is taken, or the folder can't be written.
        """
        names = Names(root, segment)
        with told(names.folder, "make the folder"):
            files.make_folder(names.folder, device)
        if names.there() is not None:
            raise ArchiveError(f"{names.there()}: is there already")
        with ExitStack() as opened:
            warc = opened.enter_context(closing(Grown(names.open, os.O_CREAT | os.O_EXCL, device)))
            if not warc.lock():
                raise ArchiveError(f"{names.open}: somebody else took it")
            opened.callback(_unmake, names, device)
            records = opened.enter_context(closing(Grown(names.records, os.O_CREAT, device)))
            made = cls(segment, names, warc, records, device)
            made.begin(warcinfo)
            opened.pop_all()
        return made

    @classmethod
    def adopt(cls, root: Path, state: SegmentState, warc: Grown | None, device: Device = DISK) -> Self | None:
        """Lock (unless `warc` is locked already) and repair a segment; None: somebody else holds it.

        Where nothing was acknowledged and nothing is on the disk, empty files are made.

        Raises:
            ArchiveError: a file is missing or shorter than what was acknowledged. Nothing is changed then.
        """
        names = Names(root, state.segment)
        warc = warc or take(names, device, make=state.committed == 0)
        if warc is None:
            return None
        with ExitStack() as opened:
            opened.enter_context(closing(warc))
            records = opened.enter_context(closing(Grown(names.records, os.O_CREAT if state.committed == 0 else 0, device)))
            adopted = cls(state.segment, names, warc, records, device)
            adopted._repair(state)
            opened.pop_all()
        return adopted

    @property
    def open(self) -> bool:
        """It doesn't have its final name yet."""
        return self.warc.path == self.names.open

    @property
    def empty(self) -> bool:
        """Nothing but its warcinfo is in it."""
        return self.warc.size <= self.info_size

    def begin(self, warcinfo: bytes) -> None:
        """Write the warcinfo, if there is none yet, and make the names durable."""
        if self.warc.size == 0:
            self.warc.append([warcinfo])
            self.warc.keep()
            self.info_size = len(warcinfo)
        with told(self.names.folder, "sync the folder"):
            files.sync_folder(self.names.folder, self.device)

    def close(self) -> None:
        """Let the lock and both files go."""
        self.records.close()
        self.warc.close()

    def _repair(self, state: SegmentState) -> None:
        for grown, expected in ((self.warc, state.committed), (self.records, state.records_committed)):
            if grown.size < expected:
                raise ArchiveError(f"{grown.path}: {expected} bytes were acknowledged, but only {grown.size} are there")
        if state.committed == 0:
            # A warcinfo that got as far as the disk is as good as a new one. Of what is committed nothing is read.
            with told(self.warc.path, "read it"):
                self.info_size = len(first_member(self.warc.path))
        self.warc.cut_back(max(state.committed, self.info_size))
        self.records.cut_back(state.records_committed)


def take(names: Names, device: Device, *, make: bool) -> Grown | None:
    """Open and lock the WARC of an unsealed segment, under whichever name it has. None: somebody else holds it.

    Raises:
        MissingError: it isn't there, and `make` is off.
        ArchiveError: it can't be opened, or is there under both names.
    """
    if make:
        with told(names.folder, "make the folder"):
            files.make_folder(names.folder, device)
    while True:
        path = names.there()
        if path is None and not make:
            raise MissingError(f"{names.open}: is missing, though something in it was acknowledged")
        warc = _opened(path, device) if path else Grown(names.open, os.O_CREAT, device)
        if warc is None:
            continue
        if not warc.lock():
            warc.close()
            return None
        if warc.has_its_name():
            return _only_one(warc, names)
        warc.close()  # renamed, or removed for being empty, between our opening and our locking


def _opened(path: Path, device: Device) -> Grown | None:
    """None: it was renamed or removed since it was seen."""
    try:
        return Grown(path, 0, device)
    except ArchiveError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            return None
        raise


def _only_one(warc: Grown, names: Names) -> Grown:
    if names.open.exists() and names.sealed.exists():
        warc.close()
        raise ArchiveError(f"{names.sealed}: is there sealed and unsealed; one of the two must go")
    return warc
