"""What is new, for those who only read. Blocking; what it gives is complete up to the last number it names."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from crawler.model import News
from crawler.store import statements
from crawler.store.connection import Row, told
from crawler.store.looking import looking

SQL: Final = statements.load("news")


class NewsReader:
    """An open store. Make one with `open_news`."""

    def __init__(self, path: Path, db: sqlite3.Connection) -> None:
        self._path = path
        self._db = db

    def after(self, seq: int, most: int) -> list[News]:
        """At most so many events behind a number, in their order; none: there is nothing newer."""
        # Numbers are given by commits one after another, so none can appear behind one that was seen.
        with told(self._path):
            return [news(row) for row in self._db.execute(SQL["after"], (seq, most))]

    def newest(self) -> int:
        """The number of the last event; 0: there was none yet."""
        with told(self._path):
            return int(self._db.execute(SQL["newest"]).fetchone()[0])


@contextmanager
def open_news(path: Path) -> Iterator[NewsReader]:
    """Open a store to read what is new in it.

    Raises:
        StoreError: as `looking`.
    """
    with looking(path) as (db, _):
        yield NewsReader(path, db)


def news(row: Row) -> News:
    """A row of `after`."""
    seq, event, article_id, version, at, segment, offset, length, source = row
    return News(
        seq=seq,
        event=event,
        article_id=article_id,
        version=version,
        at=at,
        segment=segment,
        offset=offset,
        length=length,
        source=source,
    )
