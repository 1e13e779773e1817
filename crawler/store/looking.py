"""The store for those who only read it, also while a daemon writes: a connection that can't change anything. Blocking."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

from crawler.ports import StoreError
from crawler.store import statements
from crawler.store.connection import PATIENCE, told

SQL: Final = statements.load("looking")


@contextmanager
def looking(path: Path) -> Iterator[tuple[sqlite3.Connection, str]]:
    """A store's connection and its archive's id. It is not migrated, and nothing is written but to passing tables.

    Raises:
        StoreError: it isn't there or can't be read, is no store, or isn't of this version.
    """
    if not path.exists():
        raise StoreError(
            f"{path}: there is no store here; `warraq fetch` and `warraq run` begin one, "
            "`warraq archive rebuild` makes one from an archive"
        )
    with told(path), closing(connected(path)) as db:
        yield db, _archive_id(path, db)


def writable(path: Path) -> bool:
    """Whether this process may write to a store: to its file, and the files SQLite puts beside it."""
    by_effective_id = os.access in os.supports_effective_ids
    return all(os.access(place, os.W_OK, effective_ids=by_effective_id) for place in (path, path.absolute().parent))


def is_full(error: sqlite3.Error) -> bool:
    """Whether there was no room on the disk for the index of the log, 32 KB, which even who only reads begins."""
    return error.sqlite_errorcode == sqlite3.SQLITE_IOERR_SHMSIZE


def connected(path: Path) -> sqlite3.Connection:
    """Read-only; on a disk that is full or read-only, and with nothing in a log beside it, as a file that nobody changes.

    Raises:
        StoreError: there is something in the log, which can be read in no such place.
        sqlite3.Error: it can't be read.
    """
    address = f"file:{quote(str(path.absolute()))}?mode=ro"
    db = sqlite3.connect(address, uri=True, timeout=PATIENCE, isolation_level=None)
    try:
        db.execute("SELECT count(*) FROM sqlite_schema")
    except sqlite3.OperationalError as error:
        db.close()
        if not path.exists() or (writable(path) and not is_full(error)):
            raise
        _refuse_log(path)
        db = sqlite3.connect(f"{address}&immutable=1", uri=True, isolation_level=None)
    return db


def _refuse_log(path: Path) -> None:
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        raise StoreError(
            f"{log}: what a crawl wrote last is in this log, which can't be read where nothing can be written; "
            f"copy both files elsewhere and set WARRAQ_STORE__PATH to the copy of {path.name}"
        )


def _archive_id(path: Path, db: sqlite3.Connection) -> str:
    try:
        meta: dict[str, str] = dict(db.execute(SQL["meta"]))
    except sqlite3.OperationalError:
        raise StoreError(f"{path}: a database, but no store of Warraq") from None
    newest = max(statements.migrations())
    if meta.get("schema_version") != str(newest):
        raise StoreError(
            f"{path}: version {meta.get('schema_version')} of the store, this Warraq reads {newest}; start `warraq run` once"
        )
    return meta["archive_id"]
