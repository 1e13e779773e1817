"""A file that only grows, but for being cut back to what was kept last. Blocking."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from crawler.archive import files
from crawler.archive.device import DISK, Device
from crawler.archive.files import told
from crawler.ports import ArchiveError


class Grown:
    """An open file of the archive.

    After a failed sync nobody knows what of it is on the disk (the kernel forgets which pages it couldn't write): the file is
    `dead` then and never touched again by this process.
    """

    def __init__(self, path: Path, flags: int, device: Device = DISK) -> None:
        self.path = path
        self.dead = False
        self._device = device
        with told(path, "open it"):
            self._descriptor = device.open(path, os.O_RDWR | os.O_APPEND | flags)
        self.kept = self.size = os.fstat(self._descriptor).st_size

    def lock(self) -> bool:
        """Take it for ourselves; False: another has it."""
        return files.lock(self._descriptor)

    def has_its_name(self) -> bool:
        """Whether the file we opened is the one that has the name now."""
        try:
            return self.path.stat().st_ino == os.fstat(self._descriptor).st_ino
        except FileNotFoundError:
            return False

    def append(self, chunks: Sequence[bytes]) -> int:
        """Write behind the end and make it durable. Returns the length with it.

        Raises:
            ArchiveError: the write failed, and the file was cut back to what it was (`again`); or the sync failed, and it is
                dead.
        """
        self.check()
        try:
            files.write_all(self._descriptor, chunks, self._device)
        except OSError as error:
            self._truncate(self.size)
            raise ArchiveError(f"{self.path}: cannot write: {error.strerror}", again=True) from error
        self.sync()
        self.size += sum(map(len, chunks))
        return self.size

    def sync(self) -> None:
        """Make all of it durable.

        Raises:
            ArchiveError: it failed; the file is dead.
        """
        self.check()
        try:
            self._device.sync_data(self._descriptor)
        except OSError as error:
            self.dead = True
            raise ArchiveError(f"{self.path}: cannot sync: {error.strerror}; the file is left alone") from error

    def check(self) -> None:
        """Refuse a dead file."""
        if self.dead:
            raise ArchiveError(f"{self.path}: an earlier sync or cut failed; the next start repairs it")

    def keep(self) -> None:
        """What is in it now stays."""
        self.kept = self.size

    def drop(self) -> None:
        """Cut back to what was kept last. A dead file is left alone: the next start cuts it."""
        if self.size > self.kept and not self.dead:
            self._truncate(self.kept)
            self.size = self.kept

    def cut_back(self, size: int) -> None:
        """Cut to `size`, with what lies behind set aside, and make it durable."""
        with told(self.path, "repair it"):
            if self.size > size:
                files.set_aside(self._descriptor, self.path, size, self._device)
                self._device.cut(self._descriptor, size)
        self.size = self.kept = size
        self.sync()

    def close(self) -> None:
        """Let it go, and its lock. Twice does no harm."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _truncate(self, size: int) -> None:
        try:
            if os.fstat(self._descriptor).st_size > size:  # a disk that became read-only took nothing, and lets nothing be cut
                self._device.cut(self._descriptor, size)
        except OSError as error:
            self.dead = True
            raise ArchiveError(f"{self.path}: cannot cut it back to {size} bytes: {error.strerror}") from error
