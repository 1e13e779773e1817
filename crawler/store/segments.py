"""The rows of segments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from crawler.model import Millis, SegmentId, SegmentState, WorkerId
from crawler.ports import StoreError
from crawler.store import rows, rules, statements
from crawler.store.connection import Column, Transaction

SQL: Final = statements.load("segments")


async def open_segment(tx: Transaction, segment: SegmentId, worker: WorkerId, now: Millis) -> None:
    """As `Frontier.open_segment`.

    Raises:
        StoreError: there is one of this name.
    """
    await _must(tx, "open_segment", (segment, worker, now), rules.SEGMENT_KNOWN.format(segment))


async def take_segment(tx: Transaction, segment: SegmentId, worker: WorkerId) -> None:
    """As `Frontier.take_segment`.

    Raises:
        StoreError: it is sealed, or there is none.
    """
    await _must(tx, "take_segment", (worker, segment), rules.SEGMENT_CLOSED.format(segment))


async def unsealed(tx: Transaction) -> Sequence[SegmentState]:
    """As `Frontier.unsealed`."""
    return [rows.segment(row) for row in await tx.rows(SQL["unsealed"])]


async def seal(tx: Transaction, segment: SegmentId, state: str, sha256: bytes | None, now: Millis) -> None:
    """As `Frontier.seal`.

    Raises:
        StoreError: it is sealed or void already, there is none, or no such state.
    """
    number = rules.sealing_state(state, sha256)
    await _must(tx, "seal", (number, sha256, now, segment), rules.SEGMENT_CLOSED.format(segment))


async def place(tx: Transaction, segment: SegmentId, uri: str | None) -> None:
    """As `Frontier.place_segment`.

    Raises:
        StoreError: it isn't sealed, or there is none.
    """
    await _must(tx, "place", (uri, segment), rules.SEGMENT_UNSEALED.format(segment))


async def advance(tx: Transaction, segment: SegmentId, worker: WorkerId, committed: int) -> None:
    """Acknowledge the WARC up to here.

    Raises:
        StoreError: the segment isn't this worker's, isn't open, or would shrink.
    """
    await _must(tx, "advance", (committed, segment, worker), rules.SEGMENT_FOREIGN.format(segment, worker))


async def advance_records(tx: Transaction, segment: SegmentId, worker: WorkerId, committed: int) -> None:
    """Acknowledge the records up to here.

    Raises:
        StoreError: the segment isn't this worker's, is sealed, or would shrink.
    """
    await _must(tx, "advance_records", (committed, segment, worker), rules.SEGMENT_FOREIGN.format(segment, worker))


async def _must(tx: Transaction, name: str, parameters: Sequence[Column], otherwise: str) -> None:
    if not await tx.rows(SQL[name], parameters):
        raise StoreError(otherwise)
