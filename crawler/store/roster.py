"""Sources as commands see and change them, also beside a daemon: a queue row is all it takes for that to notice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, NamedTuple

from crawler import rhythm
from crawler.model import Millis, Offer, PollRow, Source, SourceId, Url, Value
from crawler.model.standing import Condition
from crawler.ports import SourceStatus
from crawler.store import enqueue, migrate, rows, rules, source_rows, sources, statements
from crawler.store.connection import Database, Row, Transaction, listed
from crawler.store.looking import looking

SQL: Final = statements.load("roster")


class Enrolled(Value, frozen=True, kw_only=True):
    """A source and all that is known of it."""

    status: SourceStatus
    title: str | None
    """What it calls itself."""
    held: bool
    """Paused by a command, not because the config has it no more."""
    found_new: int
    found_changed: int
    detail: str
    """What was said of its last poll."""
    reading: bool
    """Its last body waits for its parser."""

    @property
    def source(self) -> Source:
        """Which it is."""
        return self.status.source


def condition(one: Enrolled, now: Millis) -> Condition:
    """How a source fares, in a word."""
    return rhythm.condition(one.status.state, one.status.failures, one.status.rhythm, now)


class Roster:
    """The sources of a store. Every call is one transaction. Make one with `open_roster`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def all(self) -> list[Enrolled]:
        """By name and address; what was found in a source stands behind it."""
        return [_enrolled(row) for row in await self._db.read(lambda tx: tx.rows(SQL["listed"]))]

    async def put(self, added: Sequence[tuple[Source, Offer]]) -> None:
        """Enter sources, or change what is said of them; those that aren't queued yet are."""
        await self._db.write(lambda tx: sources.enter(tx, added))

    async def pause(self, wanted: Sequence[SourceId]) -> None:
        """Ask them no more, nor what was found in them, until they are resumed; what is known of them stays."""
        async with self._db.transaction() as tx:
            kin = await _with_kin(tx, wanted)
            await _unqueue(tx, kin)
            await tx.each(SQL["hold"], [(source,) for source in kin])

    async def resume(self, wanted: Sequence[SourceId], offer: Callable[[Source], Offer]) -> None:
        """Ask them again, and what was found in them, as `offer` says; those that weren't paused stay as they are."""
        async with self._db.transaction() as tx:
            kin = await _with_kin(tx, wanted)
            stored = await sources.stored(tx)
            paused = [stored[source].source for source in kin if stored[source].state == "paused"]
            await tx.each(SQL["let_go"], [(source.source_id,) for source in paused])
            await sources.enter(tx, [(source, offer(source)) for source in paused])

    async def poll(self, wanted: Sequence[SourceId], now: Millis) -> None:
        """Make them due now; one whose body waits for its parser comes right behind that."""
        async with self._db.transaction() as tx:
            found = await tx.rows(SQL["queue_rows"], (listed(list(wanted)),))
            # What is due already is as good as asked for; a leased row that is moved would be visited twice.
            late = [job for host, *row in found if (job := rows.job(host, tuple(row))).due_at > now]
            await enqueue.move(tx, late, now)
            await tx.each(SQL["ask"], [(source,) for source in wanted])

    async def remove(self, wanted: Sequence[SourceId]) -> None:
        """Forget them and what was found in them; the pages that came of them stay."""
        async with self._db.transaction() as tx:
            kin = await _with_kin(tx, wanted)
            await _unqueue(tx, kin)
            for name in ("forget", "forget_polls", "forget_entries"):
                await tx.each(SQL[name], [(source,) for source in kin])


@asynccontextmanager
async def open_roster(path: Path) -> AsyncIterator[Roster]:
    """The sources of a store, which is made if it isn't there, and migrated if it is older.

    Raises:
        StoreError: the file can't be opened, or is no store.
    """
    async with migrate.opened(path) as (db, _):
        yield Roster(db)


def listing(path: Path) -> list[Enrolled]:
    """As `Roster.all`, of a store that is only read. Blocking.

    Raises:
        StoreError: it isn't there or can't be read, is no store, or isn't of this version.
    """
    with looking(path) as (db, _):
        return [_enrolled(row) for row in db.execute(SQL["listed"])]


def polls(path: Path, source: SourceId, most: int) -> list[PollRow]:
    """How the last polls of a source went, the newest first. Blocking.

    Raises:
        StoreError: as `listing`.
    """
    with looking(path) as (db, _):
        return [
            PollRow(source_id=source, at=at, status=status, outcome=outcome, failed=bool(failed), detail=detail)
            for at, status, outcome, failed, detail in db.execute(SQL["polls"], (source, most))
        ]


class Resting(NamedTuple):
    """A source that is due, while its host isn't to be asked."""

    url: Url
    until: Millis


def resting(path: Path, now: Millis, until: Millis) -> list[Resting]:
    """Sources that are due now, but whose hosts rest beyond a time; those first that wait for long. Blocking.

    Raises:
        StoreError: as `listing`.
    """
    with looking(path) as (db, _):
        return [Resting(*row) for row in db.execute(SQL["resting"], (now, until))]


async def _with_kin(tx: Transaction, wanted: Sequence[SourceId]) -> list[SourceId]:
    return [source for (source,) in await tx.rows(SQL["with_kin"], (listed(list(wanted)),))]


async def _unqueue(tx: Transaction, wanted: Sequence[SourceId]) -> None:
    found = await tx.rows(SQL["queue_rows"], (listed(list(wanted)),))
    keys = [rules.job_key(rows.job(host, tuple(row))) for host, *row in found]
    await enqueue.take(tx, keys)
    await enqueue.settle_wake(tx, {key.host_id for key in keys})
    await enqueue.point(tx, dict.fromkeys(wanted))


def _enrolled(row: Row) -> Enrolled:
    *status, title, held, found_new, found_changed, detail, w_at = row
    return Enrolled(
        status=source_rows.source_status(tuple(status), {}),
        title=title,
        held=bool(held),
        found_new=found_new,
        found_changed=found_changed,
        detail=detail,
        reading=w_at is not None,
    )
