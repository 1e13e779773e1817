"""Whether a store's file is sound, and who works with it. Blocking; reads only."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from crawler.model import Millis, WorkerId
from crawler.store import statements
from crawler.store.connection import told
from crawler.store.looking import looking

SQL: Final = statements.load("vitals")


class Vitals:
    """An open store. Make one with `open_vitals`."""

    def __init__(self, path: Path, db: sqlite3.Connection) -> None:
        self._path = path
        self._db = db

    def fault(self) -> str | None:
        """The first thing that is wrong with its pages; None: nothing is. Reads all of it."""
        with told(self._path):
            (said,) = self._db.execute(SQL["quick_check"]).fetchone()
        return None if said == "ok" else str(said)

    def workers(self) -> Sequence[WorkerId]:
        """All that were entered, by name."""
        with told(self._path):
            return [WorkerId(name) for (name,) in self._db.execute(SQL["workers"])]

    def newest(self) -> Millis:
        """When the last answer came; 0: none did."""
        with told(self._path):
            return int(self._db.execute(SQL["newest"]).fetchone()[0])


@contextmanager
def open_vitals(path: Path) -> Iterator[Vitals]:
    """Open a store to look at it.

    Raises:
        StoreError: as `looking`.
    """
    with looking(path) as (db, _):
        yield Vitals(path, db)


def built_with(option: str) -> bool:
    """Whether SQLite was built with something, such as ENABLE_FTS5."""
    with closing(sqlite3.connect(":memory:")) as db:
        return any(name == option for (name,) in db.execute(SQL["options"]))
