"""Who watches a store for years: one daemon at a time. A locked file beside the store says who; the kernel frees it."""

from __future__ import annotations

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from crawler.model import Millis, Value
from crawler.ports import LocalError
from crawler.records import rfc3339

_MOST_BYTES: Final = 4096  # three fields; whoever writes more there isn't us
_LOOKS: Final = 10
"""`status` locks the file for a moment when it looks who holds it; that mustn't turn a daemon away that starts just then."""
_BETWEEN: Final = 0.05


class Holder(Value, frozen=True, kw_only=True):
    """A running daemon."""

    pid: int
    host: str
    since: Millis


@contextmanager
def hold(store: Path, now: Millis) -> Iterator[None]:
    """Be the daemon of a store, until the end of the block. Children must be started by exec: a forked one would be it, too.

    Raises:
        LocalError: another one is; says which. Or the file can't be written.
    """
    path = _path(store)
    descriptor = _open(path, os.O_RDWR | os.O_CREAT)
    try:
        if not _locked(descriptor):
            raise LocalError(f"{store}: {_told(_read(path))} - end that one first, or set archive.dir to another folder")
        _sign(path, descriptor, now)
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def holder(store: Path) -> Holder | None:
    """The daemon that watches a store; None: there is none, or nobody may look.

    Raises:
        LocalError: the file is there, but can't be read.
    """
    path = _path(store)
    if not path.exists():
        return None
    descriptor = _open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read(path)
    finally:
        os.close(descriptor)
    return None


def _sign(path: Path, descriptor: int, now: Millis) -> None:
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, msgspec.json.encode(Holder(pid=os.getpid(), host=socket.gethostname(), since=now)))
    except OSError as error:
        raise LocalError(f"{path}: {error.strerror} - free some space, and see that it can be written") from None


def _path(store: Path) -> Path:
    return store.with_name(f"{store.name}.lock")


def _open(path: Path, flags: int) -> int:
    try:
        return os.open(path, flags, 0o644)
    except OSError as error:
        raise LocalError(f"{path}: {error.strerror} - make it and its folder writable") from None


def _locked(descriptor: int) -> bool:
    for look in range(_LOOKS):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_BETWEEN if look < _LOOKS - 1 else 0)
        else:
            return True
    return False


def _read(path: Path) -> Holder:
    """What is written there; of one that has just begun, or that nobody can read, only that it is there."""
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(_MOST_BYTES), type=Holder)
    except (OSError, msgspec.DecodeError):
        return Holder(pid=0, host="?", since=0)


def _told(one: Holder) -> str:
    if not one.pid:
        return "another daemon works on this store"
    return f"another daemon works on this store: process {one.pid} on {one.host}, since {rfc3339(one.since)[:19]}Z"
