"""Disks that fail: the calls of `Device` and the store's commits, counted; any of them fails, or is the last of the process."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
import threading
from pathlib import Path
from typing import Literal

from crawler.archive.device import Device
from crawler.store.connection import Database

Fault = Literal["dies", "dies after", "eio", "enospc", "short", "erofs", "eacces"]
FAULTS: tuple[Fault, ...] = ("dies", "dies after", "eio", "enospc", "short", "erofs", "eacces")
LASTS = 3
"""Calls that a disk refuses that is full or read-only, before it is mended."""
REFUSED: dict[Fault, tuple[int, tuple[str, ...]]] = {
    "enospc": (errno.ENOSPC, ("write", "open", "make_folder", "rename", "commit", "sync_data", "sync")),
    "erofs": (errno.EROFS, ("write", "open", "make_folder", "rename", "cut", "commit")),
    "eacces": (errno.EACCES, ("open", "make_folder", "rename", "remove", "commit")),
}
"""Faults that last for a while: which error, of which calls."""


class Died(BaseException):
    """The process is no more; whatever it still tries to do doesn't happen."""


class Faulty(Device):
    """The `at`-th call meets the fault; 0: none does."""

    def __init__(self, at: int = 0, fault: Fault = "dies") -> None:
        self.calls: list[str] = []
        self.dead = False
        self.touched_after_failed_sync: list[str] = []
        self._at = at
        self._next = ""
        self.fault = fault
        self._lock = threading.Lock()
        self._failed: set[int] = set()

    def arm(self, call: str, fault: Fault = "eio") -> None:
        """Let the next call of this name meet a fault."""
        self._next, self.fault = call, fault

    @property
    def met(self) -> bool:
        """There were so many calls."""
        return len(self.calls) >= self._at > 0

    def open(self, path, flags):
        made = bool(flags & os.O_CREAT) and not path.exists()
        after = self._before("open") if made else None
        descriptor = super().open(path, flags)
        if made:
            self._failed.discard(os.fstat(descriptor).st_ino)
            self._after(after)
        return descriptor

    def write(self, descriptor, data):
        self._untouched(descriptor, "write")
        half = data[: len(data) // 2]
        after = self._before("write", lambda: super(Faulty, self).write(descriptor, half))
        if after == "short" and half:
            return super().write(descriptor, half)
        taken = super().write(descriptor, data)
        self._after(after)
        return taken

    def cut(self, descriptor, size):
        self._untouched(descriptor, "cut")
        after = self._before("cut")
        super().cut(descriptor, size)
        self._after(after)

    def sync_data(self, descriptor):
        self._sync("sync_data", descriptor)

    def sync(self, descriptor):
        self._sync("sync", descriptor)

    def rename(self, old, new):
        after = self._before("rename")
        super().rename(old, new)
        self._after(after)

    def remove(self, path):
        after = self._before("remove")
        super().remove(path)
        self._after(after)

    def make_folder(self, path):
        after = self._before("make_folder")
        super().make_folder(path)
        self._after(after)

    def _sync(self, name, descriptor):
        """What is on the disk is our own affair (`Powerless`); a real sync would only cost time."""
        self._untouched(descriptor, name)
        try:
            after = self._before(name)
        except OSError:
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                self._failed.add(os.fstat(descriptor).st_ino)
            raise
        self._synced(descriptor)
        self._after(after)

    def _synced(self, descriptor):
        pass

    def _untouched(self, descriptor, name):
        if not self.dead and os.fstat(descriptor).st_ino in self._failed:
            self.touched_after_failed_sync.append(f"{name} of {Path(f'/proc/self/fd/{descriptor}').readlink().name}")

    def _before(self, name, half=lambda: None) -> Fault | None:
        """Count a call, and let it fail if it is the one. Gives what is to happen after it."""
        with self._lock:
            if self.dead:
                raise Died(name)
            self.calls.append(name)
            if name == self._next:
                self._at, self._next = len(self.calls), ""
            here = len(self.calls) == self._at
            lasts = self._at and 0 <= len(self.calls) - self._at < LASTS
        number, calls = REFUSED.get(self.fault, (0, ()))
        if lasts and name in calls:
            if here and number == errno.ENOSPC:
                half()
            raise _error(name, number)
        if not here:
            return None
        if self.fault == "dies":
            half()
            self.dead = True
            raise Died(name)
        if self.fault == "eio":
            raise _error(name, errno.EIO)
        return self.fault

    def _after(self, after: Fault | None) -> None:
        if after == "dies after":
            self.dead = True
            raise Died

    def commit_begins(self):
        return self._before("commit")

    def commit_ended(self, after):
        self._after(after)


def _error(name: str, number: int) -> OSError | sqlite3.Error:
    if name != "commit":
        return OSError(number, os.strerror(number))
    text, code = _SAID.get(number, ("attempt to write a readonly database", sqlite3.SQLITE_READONLY))
    error = sqlite3.OperationalError(text)
    error.sqlite_errorcode = code
    return error


_SAID = {
    errno.ENOSPC: ("database or disk is full", sqlite3.SQLITE_FULL),
    errno.EIO: ("disk I/O error", sqlite3.SQLITE_IOERR_WRITE),
}


class CountedDatabase(Database):
    """A store's database whose commits are calls of a device."""

    def __init__(self, of: Database, device: Faulty) -> None:
        super().__init__(of.path, of._connection, of._beneath)
        self._device = device

    async def _commit(self) -> None:
        after = self._device.commit_begins()
        await super()._commit()
        self._device.commit_ended(after)


class Powerless(Faulty):
    """A disk that knows what of it is durable, and what may be lost with the power: all that wasn't synced.

    The store's files are left out: SQLite keeps that promise itself (`synchronous=FULL`).
    """

    def __init__(self, root: Path, at: int = 0, fault: Fault = "dies") -> None:
        super().__init__(at, fault)
        self._root = root
        self._bytes: dict[int, bytes] = {}
        """By inode: the content of a file when it was synced last."""
        self._names: dict[Path, dict[str, int]] = {}
        """By folder: its entries when it was synced last."""
        self._kinds: dict[int, bool] = {}
        for folder in (root, *(path for path in root.rglob("*") if path.is_dir())):
            self._keep_folder(folder)
            for path in folder.iterdir():
                if path.is_file():
                    self._bytes[path.stat().st_ino] = path.read_bytes()

    def open(self, path, flags):
        new = not path.exists()
        descriptor = super().open(path, flags)
        if new:
            self._bytes[os.fstat(descriptor).st_ino] = b""
        return descriptor

    def _synced(self, descriptor):
        found = os.fstat(descriptor)
        path = Path(f"/proc/self/fd/{descriptor}")
        if stat.S_ISDIR(found.st_mode):
            self._keep_folder(path.readlink())
        else:
            self._bytes[found.st_ino] = path.read_bytes()

    def _keep_folder(self, folder):
        self._names[folder] = {path.name: path.stat().st_ino for path in folder.iterdir() if not _stores(path)}

    def cut_power(self, leave: Literal["nothing", "zeros", "noise"]) -> None:
        """The power goes: what wasn't synced is gone, names too; or only its bytes, with zeros or noise where they were."""
        if leave == "nothing":
            self._back(self._root)
            return
        for path in list(self._root.rglob("*")):
            if path.is_file() and not _stores(path):
                safe, there = self._bytes.get(path.stat().st_ino, b""), path.stat().st_size
                tail = max(0, there - len(safe))
                path.write_bytes(safe + (bytes(tail) if leave == "zeros" else bytes((7 * n + 91) % 256 for n in range(tail))))

    def _back(self, folder: Path) -> None:
        safe = self._names.get(folder, {})
        folders = {path.name for path in folder.iterdir() if path.is_dir()}
        for path in list(folder.iterdir()):
            if _stores(path):
                continue
            if path.is_dir():
                self._back(path)
                if path.name not in safe:
                    path.rmdir()
            else:
                path.unlink()
        for name, inode in safe.items():
            if name not in folders:
                (folder / name).write_bytes(self._bytes[inode])


def _stores(path: Path) -> bool:
    return path.name.startswith("warraq.db")
