"""A store copied while others work with it, and a copy looked at before it is trusted. Blocking."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from crawler.ports import StoreError
from crawler.store.connection import told
from crawler.store.looking import connected


def copy(path: Path, to: Path) -> None:
    """Copy a store as it is at one moment into a new file, one that needs nothing beside it.

    Raises:
        StoreError: there is none, it is damaged, or the copy can't be written.
    """
    if not path.exists():
        raise StoreError(f"{path}: there is no store to copy")
    with told(path), closing(connected(path)) as store, _room_for(path), closing(sqlite3.connect(to)) as made:
        store.backup(made)
        made.execute("PRAGMA journal_mode = DELETE").fetchall()
    check(to)


@contextmanager
def _room_for(path: Path) -> Iterator[None]:
    """A disk that gets full is the copy's, not that of the store."""
    try:
        yield
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_FULL:
            raise
        raise StoreError(f"{path}: no room to copy it; free some space where the copy is to go") from error


def check(path: Path) -> None:
    """Look whether a file is a whole database.

    Raises:
        StoreError: it isn't.
    """
    with told(path), closing(sqlite3.connect(path)) as store:
        said = [str(line) for (line,) in store.execute("PRAGMA quick_check(1)")]
    if said != ["ok"]:
        raise StoreError(f"{path}: damaged: {said[0]}")
