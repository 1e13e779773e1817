"""Who lives: a locked file a worker, `<archive>/workers/<id>.lock`. Blocking, but never for long.

The kernel frees the lock when a process ends, however it ends; so a lock that is free says that its worker is dead. Ids are
never used again. A file is removed only by who holds its lock.
"""

from __future__ import annotations

import fcntl
import os
import re
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

from crawler.archive import files
from crawler.archive.device import DISK, Device
from crawler.archive.files import told
from crawler.model import WorkerId
from crawler.ports import ArchiveError

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")


class WorkerLock:
    """A worker's sign of life. Children must be started by exec: a forked one would hold it too."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor

    @classmethod
    def take(cls, root: Path, worker: WorkerId, device: Device = DISK) -> Self:
        """Say that a new worker lives; before the store hears of it.

        Raises:
            ArchiveError: the id was used before, or the folder can't be written.
        """
        path = _path(root, worker)
        with told(path, "lock it"):
            files.make_folder(path.parent, device)
            taken = cls(path, device.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
            try:
                taken._begin(device)
            except OSError:
                taken.release()
                raise
        return taken

    def _begin(self, device: Device) -> None:
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)  # at most a look from `is_dead` is before us
        files.write_all(self._descriptor, [f"{os.getpid()} {socket.gethostname()}\n".encode()], device)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        """Take the sign away. Twice does no harm."""
        if self._descriptor >= 0:
            self._path.unlink(missing_ok=True)
            os.close(self._descriptor)
            self._descriptor = -1


def is_dead(root: Path, worker: WorkerId) -> bool:
    """Whether a worker that was entered in the store is gone. Its file may be gone too: it ended in order."""
    path = _path(root, worker)
    with told(path, "look whether its worker lives"):
        try:
            descriptor = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            return True
        try:
            # Shared, so that two who look don't take each other for the worker.
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(descriptor)
    return True


def living(root: Path) -> Sequence[WorkerId]:
    """All workers of an archive whose lock is held, by name."""
    folder = root / "workers"
    names = [WorkerId(path.stem) for path in sorted(folder.glob("*.lock")) if _ID.fullmatch(path.stem)]
    return [worker for worker in names if not is_dead(root, worker)]


def bury(root: Path, worker: WorkerId) -> bool:
    """Remove a dead worker's file, once nothing in the store names it any more. False: it lives."""
    path = _path(root, worker)
    with told(path, "remove it"):
        try:
            descriptor = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            return True
        try:
            if not files.lock(descriptor):
                return False
            path.unlink(missing_ok=True)
        finally:
            os.close(descriptor)
    return True


def _path(root: Path, worker: WorkerId) -> Path:
    if not _ID.fullmatch(worker):
        raise ArchiveError(f"{worker!r} is not the name of a worker")
    return root / "workers" / f"{worker}.lock"
