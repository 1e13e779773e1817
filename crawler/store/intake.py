"""Captures from elsewhere enter the store: known ones are told, all else is acknowledged as commit 1 does it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from crawler.model import Capture, CaptureKey, HostId, Original, Receipt, SegmentId, WorkerId
from crawler.store import acknowledge, migrate, rebuild, rows, segments, statements
from crawler.store.connection import Database, listed
from crawler.store.rules import Address

SQL: Final = statements.load("intake")


class Intake:
    """A store, open for this. Make one with `open_intake`."""

    def __init__(self, db: Database, archive_id: str) -> None:
        self._db = db
        self.archive_id = archive_id

    async def digest_at(self, key: CaptureKey) -> str | None:
        """The digest of a capture that is there; "" where it has none; None: there is no such capture."""
        wanted = listed([(key.host_id, key.h, key.fetched_at)])
        found = await self._db.read(lambda tx: tx.rows(SQL["known"], (wanted,)))
        return (rows.digest_in(found[0][3]) or "") if found else None

    async def is_blocked(self, address: Address) -> bool:
        """Whether it was taken down."""
        ((count,),) = await self._db.read(lambda tx: tx.rows(SQL["blocked"], address))
        return bool(count)

    async def original(self, key: CaptureKey) -> Original | None:
        """The capture a revisit speaks of; None: it isn't there."""
        found = await self._db.read(lambda tx: tx.rows(SQL["original"], (key.host_id, key.h, key.fetched_at)))
        return rows.original(found[0]) if found else None

    async def add(
        self,
        segment: SegmentId,
        worker: WorkerId,
        committed: int,
        captures: Sequence[tuple[Capture, Receipt | None]],
        hosts: Sequence[tuple[HostId, str, int]],
    ) -> None:
        """Acknowledge captures that are durable in their segment, up to `committed`.

        Raises:
            StoreError: the segment isn't this worker's, or the store can't be written.
        """
        async with self._db.transaction() as tx:
            await segments.advance(tx, segment, worker, committed)
            await tx.each(rebuild.SQL["add_host"], hosts)
            await acknowledge.add_captures(tx, captures)


@asynccontextmanager
async def open_intake(path: Path) -> AsyncIterator[Intake]:
    """Open a store.

    Raises:
        StoreError: it can't be opened.
    """
    async with migrate.opened(path) as (db, archive_id):
        yield Intake(db, archive_id)
