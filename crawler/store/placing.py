"""A finished store file put in the place of another, or where there is none. Blocking."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from crawler.ports import StoreError

_BESIDE = ("-wal", "-shm")
"""What SQLite keeps beside a file. Left behind by another file of the same name it would be taken for this one's."""


@contextmanager
def making(path: Path, why: str) -> Iterator[Path]:
    """A new file's name in the same folder, to be put in its place within the block; else nothing of it stays.

    What an earlier attempt left there is removed.
    """
    new = path.with_name(f"{path.name}.{why}")
    _remove(new)
    try:
        yield new
    finally:
        _remove(new)  # on a disk that may be full; once it has the store's name there is nothing


def _remove(new: Path) -> None:
    for name in (new, *(with_end(new, end) for end in _BESIDE)):
        name.unlink(missing_ok=True)


def with_end(path: Path, end: str) -> Path:
    """A name with something behind it."""
    return path.with_name(path.name + end)


def refuse(path: Path, *, over: bool) -> None:
    """Say early that there is a store already.

    Raises:
        StoreError: there is, and `over` is off.
    """
    if path.exists() and not over:
        raise StoreError(f"{path}: is there already; --force moves it aside")


def put_in_place(new: Path, path: Path, *, over: bool) -> Path | None:
    """Give a finished file the store's name. The one that has it becomes `<name>.bak`, and that name is returned.

    A crash leaves either the old one or the new one in its place, whole.

    Raises:
        StoreError: there is one, and `over` is off; or the folder can't be written.
    """
    try:
        _sync(new)
        if not path.exists():
            _aside(path, _free(path))
            os.link(new, path)
            new.unlink()
            _sync(path.parent)
            return None
        refuse(path, over=over)
        return _replace(new, path)
    except FileExistsError:
        raise StoreError(f"{path}: somebody else made one meanwhile; nothing was changed") from None
    except OSError as error:
        raise StoreError(f"{path}: cannot put {new.name} in its place: {error.strerror}") from error


def _replace(new: Path, path: Path) -> Path:
    kept = _free(path)
    log, kept_log = with_end(path, "-wal"), with_end(kept, "-wal")
    if log.exists():
        shutil.copy2(log, kept_log)  # SQLite throws the log of a broken store away
    if _settle(path):
        kept_log.unlink(missing_ok=True)
    os.link(path, kept)
    for end in _BESIDE:
        with_end(path, end).unlink(missing_ok=True)
    new.replace(path)
    _sync(path.parent)
    return kept


def _settle(path: Path) -> bool:
    """Bring what lies in the write-ahead log into the file itself, so that the file can be moved alone. False: it is broken."""
    try:
        with closing(sqlite3.connect(path, timeout=1)) as db:
            ((busy, *_),) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.Error:
        return False
    return not busy


def _aside(path: Path, kept: Path) -> None:
    for end in _BESIDE:
        if with_end(path, end).exists():
            with_end(path, end).replace(with_end(kept, end))


def _free(path: Path) -> Path:
    number = 1
    while (kept := path.with_name(f"{path.name}.bak{'' if number == 1 else f'-{number}'}")).exists():
        number += 1
    return kept


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
