"""The store for those who only read it, also while a daemon writes: a connection that can't change anything. Blocking."""

from __future__ import annotations

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
    with told(path), closing(_connected(path)) as db:
        yield db, _archive_id(path, db)


def _connected(path: Path) -> sqlite3.Connection:
    """Read-only; on a disk that can't be written to, and with no log beside it, as a file that nobody changes."""
    address = f"file:{quote(str(path.absolute()))}?mode=ro"
    db = sqlite3.connect(address, uri=True, timeout=PATIENCE, isolation_level=None)
    try:
        db.execute("SELECT count(*) FROM sqlite_schema")
    except sqlite3.OperationalError:
        db.close()
        log = path.with_name(f"{path.name}-wal")
        if not path.exists() or log.exists():
            raise
        db = sqlite3.connect(f"{address}&immutable=1", uri=True, isolation_level=None)
    return db


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
