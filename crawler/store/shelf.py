"""The store for whoever looks at the archive: captures by address and time. Blocking; changes nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from crawler.model import Capture, CaptureKey, Millis
from crawler.store import rows, statements
from crawler.store.connection import listed, told
from crawler.store.looking import looking
from crawler.store.rules import Address

SQL: Final = statements.load("shelf")


class Headline(NamedTuple):
    """An article, in a list."""

    title: str | None
    url: str
    language: str | None
    fetched_at: Millis
    source: str | None


class Shelf:
    """An open store. Make one with `open_shelf`."""

    def __init__(self, path: Path, db: sqlite3.Connection) -> None:
        self._path = path
        self._db = db

    def newest(self, most: int) -> list[Headline]:
        """The articles that were fetched last."""
        with told(self._path):
            return [Headline(*row) for row in self._db.execute(SQL["newest"], (most,))]

    def captures(self, address: Address, most: int) -> list[Capture]:
        """All of an address, oldest first; of more than `most` the newest."""
        with told(self._path):
            found = [rows.capture(row) for row in self._db.execute(SQL["captures"], (*address, most))]
        return found[::-1]

    def nearest(self, address: Address, at: Millis) -> Capture | None:
        """The capture of an address that is nearest to a time, good answers before others; None: there is none."""
        with told(self._path):
            found = self._db.execute(SQL["nearest"], (*address, at)).fetchone()
        return rows.capture(found) if found else None

    def capture(self, key: CaptureKey) -> Capture | None:
        """One capture; None: it isn't there."""
        with told(self._path):
            found = self._db.execute(SQL["original"], (key.host_id, key.h, key.fetched_at)).fetchone()
        return rows.capture(found) if found else None

    def there(self, addresses: Sequence[Address]) -> frozenset[Address]:
        """Which of these were captured."""
        with told(self._path):
            return frozenset(self._db.execute(SQL["there"], (listed(addresses),)).fetchall())


@contextmanager
def open_shelf(path: Path) -> Iterator[Shelf]:
    """Open a store to look at it.

    Raises:
        StoreError: it isn't there or can't be read, is no store, or isn't of this version.
    """
    with looking(path) as (db, _):
        yield Shelf(path, db)
