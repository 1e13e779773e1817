"""Who was told of what, kept from start to start.

A connection of its own: whoever tells waits for no crawl, and no crawl for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from crawler.model import Kind, Millis, News, Rhythm, SourceId, Value
from crawler.patience import Patience
from crawler.store import statements
from crawler.store.connection import Column, Database, Errand, Row, Transaction, listed
from crawler.store.news import SQL as NEWS
from crawler.store.news import news

SQL: Final = statements.load("outlet")

_rhythm: Final = msgspec.msgpack.Decoder(Rhythm).decode


class Standing(Value, frozen=True, kw_only=True):
    """How far somebody is."""

    seq: int
    """They know all events up to this one, but for what was set aside."""
    fails: int = 0
    """In a row."""


class Went(Value, frozen=True, kw_only=True):
    """What became of some messages."""

    seq: int
    """Up to here."""
    delivered: int
    fails: int
    error: str | None
    """Of the last one; None: it was taken."""


class Aside(Value, frozen=True, kw_only=True):
    """A message that failed where others didn't."""

    news: News
    tries: int


class Alarm(Value, frozen=True, kw_only=True):
    """A source an alert is about just now."""

    source_id: SourceId
    since: Millis
    told: bool


class Fares(Value, frozen=True, kw_only=True):
    """How a source fares that is polled."""

    source_id: SourceId
    kind: Kind
    url: str
    name: str
    state: str
    failures: int
    """Polls in a row."""
    outcome: str | None
    last_at: Millis | None
    newest: Millis | None
    """When it last had something new; None: never."""
    first_at: Millis | None
    """Of the oldest poll that is remembered."""


class OutletStore:
    """What outlets keep in the store's file. Every call is one transaction, and may raise StoreError."""

    def __init__(self, db: Database, patience: Patience) -> None:
        self._db = db
        self._patience = patience

    @classmethod
    async def open(cls, path: Path, patience: Patience) -> OutletStore:
        """Open it beside whoever works with the store; it has today's tables already."""
        db = await Database.connect(path)
        async with db.outside() as inside:
            # The crawl has but one disk to sync. What a power cut takes back here is told once more.
            await inside.rows(SQL["hasty"])
            await inside.rows(SQL["checkpoint"])
        return cls(db, patience)

    async def close(self) -> None:
        """Let the file go."""
        await self._db.close()

    async def enter(self, names: Mapping[str, str]) -> None:
        """Enter outlets, by id with what they are called. New ones begin at what is newest; all others are forgotten."""

        async def write(tx: Transaction) -> None:
            await tx.each(SQL["enter"], sorted(names.items()))
            for statement in ("forget_outlets", "forget_undelivered", "forget_alarms"):
                await tx.rows(SQL[statement], (listed(sorted(names)),))
            await tx.rows(SQL["forget_gone"])

        await self._write(write)

    async def standing(self, outlet_id: str) -> Standing:
        """How far an outlet is that was entered."""
        ((seq, fails),) = await self._read(SQL["standing"], (outlet_id,))
        return Standing(seq=seq, fails=fails)

    async def after(self, seq: int, most: int) -> Sequence[News]:
        """At most so many events behind a number, in their order."""
        return [news(row) for row in await self._read(NEWS["after"], (seq, most))]

    async def version(self, article_id: str, version: int) -> Row | None:
        """Segment, offset and length of one version's record; None: there is none."""
        found = await self._read(NEWS["version"], (article_id, version))
        return found[0] if found else None

    async def due(self, outlet_id: str, now: Millis, latest: Millis, most: int) -> Sequence[Aside]:
        """What was set aside and is due again, or due later than `latest`: then the clock was set back meanwhile."""
        found = await self._read(SQL["due"], (outlet_id, now, latest, most))
        return [Aside(news=news(row[:-1]), tries=row[-1]) for row in found]

    async def went(self, outlet_id: str, went: Went, now: Millis) -> None:
        """Note what became of messages, in order."""
        row = (outlet_id, went.seq, went.delivered, now, went.fails, went.error)
        await self._write_rows("went", [row])

    async def set_aside(self, outlet_id: str, seq: int, tries: int, due_at: Millis, error: str) -> None:
        """Note a message that others needn't wait for, or that it failed again."""
        await self._write_rows("set_aside", [(outlet_id, seq, tries, due_at, error)])

    async def delivered(self, outlet_id: str, seqs: Sequence[int]) -> None:
        """Note that what was set aside was taken after all."""
        await self._write_rows("delivered", [(outlet_id, seq) for seq in seqs])

    async def alarms(self, outlet_id: str) -> Mapping[SourceId, Alarm]:
        """What an alert is about just now."""
        found = await self._read(SQL["alarms"], (outlet_id,))
        return {source: Alarm(source_id=source, since=since, told=bool(told)) for source, since, told in found}

    async def raise_alarms(self, outlet_id: str, sources: Sequence[SourceId], now: Millis) -> None:
        """It begins for these."""
        await self._write_rows("raise_alarm", [(outlet_id, source, now) for source in sources])

    async def alarm_told(self, outlet_id: str, source: SourceId) -> None:
        """Somebody knows of it."""
        await self._write_rows("alarm_told", [(outlet_id, source)])

    async def end_alarms(self, outlet_id: str, sources: Sequence[SourceId]) -> None:
        """It is over for these."""
        await self._write_rows("end_alarm", [(outlet_id, source) for source in sources])

    async def fares(self) -> Sequence[Fares]:
        """How all sources fare that are polled."""
        return [_fares(row) for row in await self._read(SQL["fares"], ())]

    async def _read(self, sql: str, parameters: Sequence[Column]) -> list[Row]:
        return await self._db.read(lambda tx: tx.rows(sql, parameters))

    async def _write_rows(self, name: str, rows: Sequence[Sequence[Column]]) -> None:
        if rows:
            await self._write(lambda tx: tx.each(SQL[name], rows))

    async def _write(self, write: Errand[None]) -> None:
        await self._patience.through(partial(self._db.write, write))


def _fares(row: Row) -> Fares:
    source_id, kind, url, name, state, failures, outcome, last_at, packed, first_at = row
    rhythm = _rhythm(packed) if packed else Rhythm()
    return Fares(
        source_id=source_id,
        kind=Kind(kind),
        url=url,
        name=name,
        state=state,
        failures=failures,
        outcome=outcome,
        last_at=last_at,
        newest=rhythm.newest or None,
        first_at=first_at,
    )
