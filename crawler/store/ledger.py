"""The store for those who only read: all it says of the archive, also while a daemon writes. Blocking."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

from crawler.alike import NEAR, differing
from crawler.model import Capture, Failure, Finding, Kind, LinePlace, Millis, SegmentId, Shelved, SourceId, Url, Value
from crawler.store import rows, statements
from crawler.store.connection import Row, listed, told
from crawler.store.looking import looking

SQL: Final = statements.load("ledger")

By = Literal["day", "source", "kind", "host"]


class Size(Value, frozen=True, kw_only=True):
    """What captures of one sort take."""

    name: str
    captures: int
    bytes: int


class Troubled(Value, frozen=True, kw_only=True):
    """A source that doesn't bring what it is for."""

    source_id: SourceId
    kind: Kind
    url: str
    state: str
    """`blocked`, `gone`, or `active`: its last poll failed."""
    failures: int
    """Polls in a row."""
    last_at: Millis
    outcome: str
    detail: str


class Fingerprinted(Value, frozen=True, kw_only=True, omit_defaults=False):
    """An article by what it says."""

    article_id: str
    fetched_at: Millis
    url: str
    title: str | None
    source: SourceId | None
    fingerprint: str


class Ledger:
    """An open store. Make one with `open_ledger`."""

    def __init__(self, path: Path, db: sqlite3.Connection, archive_id: str) -> None:
        self._path = path
        self._db = db
        self.archive_id = archive_id

    def shelved(self) -> tuple[Shelved, ...]:
        """All segments, by name."""
        with told(self._path):
            return tuple(_shelved(row) for row in self._db.execute(SQL["shelved"]))

    def sizes(self, by: By) -> list[Size]:
        """What captures take, by day in order, else the largest first."""
        with told(self._path):
            if by == "source":
                self._db.execute(SQL["note_sources"])
                self._db.execute(SQL["find_noted_sources"])
            found = self._db.execute(SQL[f"sizes_by_{by}"]).fetchall()
        named = [(Kind(name).name.lower() if by == "kind" else str(name), captures, size) for name, captures, size in found]
        return [Size(name=name, captures=captures, bytes=size) for name, captures, size in named]

    def failures(self, since: Millis) -> Iterator[Failure]:
        """Jobs that ended without what they were for, oldest first."""
        with told(self._path):
            for row in self._db.execute(SQL["failures"], (since,)):
                yield rows.failure(row)

    def troubled(self) -> list[Troubled]:
        """Sources that don't bring what they are for, by the time of their last poll."""
        with told(self._path):
            return [_troubled(row) for row in self._db.execute(SQL["troubled"])]

    def page_of(self, article_id: str) -> tuple[Url, SegmentId, int, int] | None:
        """Where the page lies that an article was read from: its address, segment, offset, length; None: no such article."""
        with told(self._path):
            found = self._db.execute(SQL["page_of"], (article_id,)).fetchone()
        return (Url(found[0]), SegmentId(found[1]), int(found[2]), int(found[3])) if found else None

    def fingerprinted(self, since: Millis, most: int) -> list[Fingerprinted]:
        """The newest articles with a fingerprint, at most so many, whose page was fetched since then; the oldest first."""
        with told(self._path):
            return [_fingerprinted(row) for row in self._db.execute(SQL["fingerprints"], (since, most))]

    def alike(self, article_id: str) -> list[Fingerprinted]:
        """Articles that say what one says, itself among them, by the time of their fetching; none: it has no fingerprint.

        Reads all fingerprints: a second for a million.
        """
        with told(self._path):
            own = self._db.execute(SQL["fingerprint"], (article_id,)).fetchone()
            if own is None:
                return []
            near = [name for name, mark in self._db.execute(SQL["all_fingerprints"]) if differing(mark, own[0]) <= NEAR]
            return [_fingerprinted(row) for row in self._db.execute(SQL["alike"], (listed(near),))]

    def note(self) -> Snapshot:
        """A copy of what it says at this moment; afterwards whoever writes is in nobody's way."""
        with told(self._path):
            self._db.execute("BEGIN")
            self._db.execute(SQL["note_captures"])
            self._db.execute(SQL["note_lines"])
            noted = Snapshot(self._path, self._db, self.archive_id, self.shelved(), tuple(self._lost()))
            self._db.execute("COMMIT")
        return noted

    def _lost(self) -> Iterator[Finding]:
        """What points to nothing within the store."""
        for segment, offset, url in self._db.execute(SQL["lost_originals"]):
            yield self._finding(f"the capture of {url} at {offset} in {segment} repeats one that isn't there")
        for _, h, fetched_at in self._db.execute(SQL["lost_payloads"]):
            yield self._finding(f"the payload of capture {h} of {fetched_at} is known, its capture isn't there")
        for article, version in self._db.execute(SQL["lost_versions"]):
            yield self._finding(f"article {article}: its version {version} isn't among the versions")

    def _finding(self, detail: str) -> Finding:
        return Finding(what="store", file=self._path.name, detail=detail)


class Snapshot:
    """What a store said at one moment."""

    def __init__(
        self, path: Path, db: sqlite3.Connection, archive_id: str, shelved: tuple[Shelved, ...], lost: tuple[Finding, ...]
    ) -> None:
        self._path = path
        self._db = db
        self.archive_id = archive_id
        self.shelved = shelved
        """All segments, by name."""
        self.lost = lost
        """What points to nothing within the store."""

    def captures(self) -> Iterator[Capture]:
        """By segment and place."""
        with told(self._path):
            for row in self._db.execute(SQL["captures"]):
                yield rows.capture(row)

    def lines(self) -> Iterator[LinePlace]:
        """What versions of articles point to, by segment and place."""
        with told(self._path):
            for segment, offset, length, article, version in self._db.execute(SQL["lines"]):
                yield LinePlace(segment=segment, offset=offset, length=length, article_id=article, version=version)

    def faults(self) -> Iterator[Finding]:
        """What SQLite itself finds wrong with its file. Reads all of it."""
        with told(self._path):
            for (said,) in self._db.execute(SQL["check"]):
                if said != "ok":
                    yield Finding(what="store", file=self._path.name, detail=str(said))


@contextmanager
def open_ledger(path: Path) -> Iterator[Ledger]:
    """Open a store to read it. It is not migrated, and nothing is written but to passing tables.

    Raises:
        StoreError: it isn't there or can't be read, is no store, or isn't of this version.
    """
    with looking(path) as (db, archive_id):
        yield Ledger(path, db, archive_id)


def _troubled(row: Row) -> Troubled:
    source_id, kind, url, state, failures, last_at, outcome, detail = row
    return Troubled(
        source_id=source_id,
        kind=Kind(kind),
        url=url,
        state=state,
        failures=failures,
        last_at=last_at,
        outcome=outcome,
        detail=detail,
    )


def _fingerprinted(row: Row) -> Fingerprinted:
    article_id, fetched_at, url, title, source, number = row
    return Fingerprinted(
        article_id=article_id,
        fetched_at=fetched_at,
        url=url,
        title=title,
        source=source,
        fingerprint=rows.fingerprint_out(number),
    )


def _shelved(row: Row) -> Shelved:
    *state, sha256, sealed_at, uri, captures, first, last = row
    return Shelved(
        state=rows.segment(tuple(state)),
        sha256=sha256,
        sealed_at=sealed_at,
        uri=uri,
        captures=captures,
        first=first,
        last=last,
    )
