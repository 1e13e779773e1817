"""The versions of articles and where their records lie, for those who only read. Blocking."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from crawler.model import Millis, SegmentId, SourceId, Value
from crawler.store import statements
from crawler.store.connection import Row, told
from crawler.store.looking import looking

SQL: Final = statements.load("versions")


class Version(NamedTuple):
    """One version of an article."""

    n: int
    fetched_at: Millis
    segment: SegmentId
    offset: int
    length: int
    """Of its record; 0: the article was taken away by its publisher."""


class Named(Value, frozen=True, kw_only=True):
    """An article as the catalog knows it."""

    article_id: str
    url: str
    title: str | None
    language: str | None
    source: SourceId | None


class Changed(Value, frozen=True, kw_only=True):
    """A version that isn't an article's first."""

    seq: int
    """The number of its event."""
    article: Named
    version: Version
    before: Version
    """The last version before it that has a text."""
    returned: bool
    """It had been taken away, and came back."""


class VersionReader:
    """An open store. Make one with `open_versions`."""

    def __init__(self, path: Path, db: sqlite3.Connection) -> None:
        self._path = path
        self._db = db

    def article(self, article_id: str) -> Named | None:
        """An article by its id."""
        with told(self._path):
            found = self._db.execute(SQL["article"], (article_id,)).fetchone()
        return _named(found) if found else None

    def versions(self, article_id: str) -> list[Version]:
        """All of an article, in order."""
        with told(self._path):
            return [Version(*row) for row in self._db.execute(SQL["versions"], (article_id,))]

    def changes(self, since: Millis, source: str | None) -> Iterator[Changed]:
        """What changed since then, in the order of the commits; of a source by its id, name, address or host."""
        with told(self._path):
            for row in self._db.execute(SQL["changes"], (since, source)):
                yield _changed(row)


@contextmanager
def open_versions(path: Path) -> Iterator[VersionReader]:
    """Open a store to read how its articles changed.

    Raises:
        StoreError: as `looking`.
    """
    with looking(path) as (db, _):
        yield VersionReader(path, db)


def _named(row: Row) -> Named:
    article_id, url, title, language, source = row
    return Named(article_id=article_id, url=url, title=title, language=language, source=source)


def _changed(row: Row) -> Changed:
    seq, _, article_id, n, *rest = row
    return Changed(
        seq=seq,
        article=_named((article_id, *rest[9:13])),
        version=Version(n, *rest[:4]),
        before=Version(*rest[4:9]),
        returned=bool(rest[13]),
    )
