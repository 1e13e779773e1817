"""All that is known of one address or article, for those who only read. Blocking."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from crawler import urls
from crawler.model import Extracted, HostId, Kind, Millis, RobotsCopy, SegmentId, SourceId, Url, UrlHash, Value
from crawler.store import rows, statements
from crawler.store.connection import Column, Row, told
from crawler.store.looking import looking

SQL: Final = statements.load("dossier")


class HostFares(Value, frozen=True, kw_only=True):
    """A host, as it stands."""

    host: str
    polite_at: Millis
    """No request starts sooner; while it is leased, when that ends."""
    owner: str | None
    """Who asks it just now."""
    slow_ms: Millis
    """The gap it was slowed to; 0: it wasn't."""
    fails: int
    pending: int
    """Its jobs in the queue."""


class Queued(Value, frozen=True, kw_only=True):
    """A job that is still to do."""

    due_at: Millis
    kind: Kind
    tries: int
    leases: int


class Watched(Value, frozen=True, kw_only=True):
    """A source, as it stands."""

    source_id: SourceId
    name: str
    state: str
    due_at: Millis | None
    failures: int
    last_at: Millis | None
    outcome: str | None
    waiting: bool
    """What came last isn't read yet."""


class Kept(Value, frozen=True, kw_only=True):
    """An answer that was archived."""

    at: Millis
    status: int
    mime: str | None
    segment: SegmentId
    offset: int
    length: int
    extracted: Extracted
    repeats: bool
    """It is a revisit: what came is what had come before."""


class GivenUp(Value, frozen=True, kw_only=True):
    """Why nothing came."""

    at: Millis
    reason: str
    detail: str
    tries: int


class Payload(Value, frozen=True, kw_only=True):
    """Where an answer lies, and where its content does (another place, where it repeats)."""

    url: Url
    at: Millis
    answer: tuple[SegmentId, int, int]
    content: tuple[SegmentId, int, int]


class Known(Value, frozen=True, kw_only=True):
    """An article, as the catalog has it."""

    article_id: str
    version: int
    host_id: HostId
    h: UrlHash
    fetched_at: Millis
    url: Url
    title: str | None
    source: SourceId | None
    deleted: bool
    """Its publisher has taken it away; the record is that of the text before."""
    record: tuple[SegmentId, int, int]
    """Segment, offset, length of its line."""


class Version(Value, frozen=True, kw_only=True):
    """One version of an article."""

    n: int
    text_hash: str
    fetched_at: Millis
    record: tuple[SegmentId, int, int]


class Dossier:
    """An open store. Make one with `open_dossier`."""

    def __init__(self, path: Path, db: sqlite3.Connection) -> None:
        self._path = path
        self._db = db

    def host(self, url: Url) -> HostFares | None:
        """How the host of an address stands; None: it was never met."""
        row = self._one("host", (urls.host_id(urls.host(url)),))
        if row is None:
            return None
        host, polite_at, owner, slow_ms, fails, pending = row
        return HostFares(host=host, polite_at=polite_at, owner=owner, slow_ms=slow_ms, fails=fails, pending=pending)

    def queued(self, url: Url) -> Queued | None:
        """When an address is asked next; None: it isn't in the queue."""
        row = self._one("queued", urls.address(url))
        return Queued(due_at=row[0], kind=Kind(row[1]), tries=row[2], leases=row[3]) if row else None

    def seen(self, url: Url) -> bool:
        """Whether it was ever offered."""
        host_id, h = urls.address(url)
        return self._one("seen", (host_id >> 40, h)) is not None

    def taken_down(self, url: Url) -> str | None:
        """The order by which it is never asked again; None: there is none."""
        row = self._one("blocked", urls.address(url))
        return str(row[0]) if row else None

    def robots(self, url: Url) -> RobotsCopy | None:
        """What is known of its robots.txt."""
        row = self._one("robots", (urls.origin(url),))
        return rows.robots(row) if row else None

    def source(self, url: Url) -> Watched | None:
        """The source that is asked at this address."""
        row = self._one("source", (*urls.address(url), urls.source_id(url)))
        if row is None:
            return None
        source_id, name, state, due_at, failures, last_at, outcome, waiting = row
        return Watched(
            source_id=source_id,
            name=name,
            state=state,
            due_at=due_at,
            failures=failures,
            last_at=last_at,
            outcome=outcome,
            waiting=bool(waiting),
        )

    def captures(self, url: Url, most: int) -> Sequence[Kept]:
        """What was archived of it, the newest first."""
        with told(self._path):
            return [_kept(row) for row in self._db.execute(SQL["captures"], (*urls.address(url), most))]

    def given_up(self, url: Url) -> GivenUp | None:
        """When it was last given up."""
        row = self._one("failure", urls.address(url))
        return GivenUp(at=row[0], reason=row[1], detail=row[2], tries=row[3]) if row else None

    def payload(self, host_id: HostId, h: UrlHash, at: Millis | None) -> Payload | None:
        """Where the content of an address lies: of a time, else the newest of use, else the newest."""
        row = self._one("payload", (host_id, h, at))
        return Payload(url=row[0], at=row[1], answer=row[2:5], content=row[5:8]) if row else None

    def article(self, article_id: str) -> Known | None:
        """The article of an id."""
        row = self._one("article", (article_id,))
        return _known(row) if row else None

    def article_at(self, url: Url) -> Known | None:
        """The article of an address: read there, or where a page calls it its own."""
        name = urls.article_id(url)
        found = self.article(name)
        if found is not None:
            return found
        alias = self._one("aliases", (name,))
        return self.article(alias[0]) if alias else None

    def versions(self, article_id: str) -> Sequence[Version]:
        """All versions of an article, in order."""
        with told(self._path):
            found = self._db.execute(SQL["versions"], (article_id,)).fetchall()
        return [Version(n=row[0], text_hash=row[1], fetched_at=row[2], record=tuple(row[3:6])) for row in found]

    def _one(self, name: str, parameters: Sequence[Column]) -> Row | None:
        with told(self._path):
            row: Row | None = self._db.execute(SQL[name], parameters).fetchone()
            return row


@contextmanager
def open_dossier(path: Path) -> Iterator[Dossier]:
    """Open a store to ask about single addresses.

    Raises:
        StoreError: as `looking`.
    """
    with looking(path) as (db, _):
        yield Dossier(path, db)


def _kept(row: Row) -> Kept:
    at, status, mime, segment, offset, length, extracted, repeats = row
    return Kept(
        at=at,
        status=status,
        mime=mime,
        segment=segment,
        offset=offset,
        length=length,
        extracted=Extracted(extracted),
        repeats=bool(repeats),
    )


def _known(row: Row) -> Known:
    article_id, version, host_id, h, fetched_at, url, title, source, deleted, *record = row
    return Known(
        article_id=article_id,
        version=version,
        host_id=host_id,
        h=h,
        fetched_at=fetched_at,
        url=url,
        title=title,
        source=source,
        deleted=bool(deleted),
        record=(record[0], record[1], record[2]),
    )
