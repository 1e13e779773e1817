"""Making final what nobody writes to: on request, without a crawl."""

from __future__ import annotations

from contextlib import aclosing
from typing import Final

from crawler.model import SegmentId, SegmentState, Value
from crawler.pipeline import Tools, read
from crawler.ports import ArchiveError
from crawler.sealing import seal

_BATCH: Final = 32


class Closed(Value, frozen=True, kw_only=True):
    """What became of an unsealed segment."""

    segment: SegmentId
    read: int = 0
    """Captures that had waited for a parser."""
    skipped: str | None = None
    """Whose business it is."""
    failed: str | None = None
    """Why it can't be sealed."""


async def seal_free(tools: Tools) -> list[Closed]:
    """Seal every segment that no running process holds, oldest first; what waits in it for a parser is read before."""
    return [await _close(state, tools) for state in await tools.store.unsealed()]


async def _close(state: SegmentState, tools: Tools) -> Closed:
    segment = state.segment
    try:
        held = await tools.archive.lock(segment)
        # read again: whoever held it until now may have acknowledged more, or sealed it
        now = await _state(segment, tools)
        if not held or now is None or not await tools.archive.adopt(now, write=False):
            return Closed(segment=segment, skipped="somebody writes to it" if now else "somebody else sealed it")
        await tools.store.take_segment(segment, tools.worker)
        late = await _read_outbox(segment, tools)
        await seal(now, tools)
    except ArchiveError as error:
        return Closed(segment=segment, failed=str(error))
    return Closed(segment=segment, read=late)


async def close(segment: SegmentId, tools: Tools) -> Closed:
    """Have what waits in one segment read, and seal it."""
    state = await _state(segment, tools)
    return await _close(state, tools) if state else Closed(segment=segment, skipped="somebody else sealed it")


async def _state(segment: SegmentId, tools: Tools) -> SegmentState | None:
    return next((state for state in await tools.store.unsealed() if state.segment == segment), None)


async def _read_outbox(segment: SegmentId, tools: Tools) -> int:
    number = 0
    while receipts := await tools.store.outbox(segment, None, _BATCH):
        async with aclosing(read(receipts, tools)) as parts:
            number += sum([len(part) async for part in parts])
    return number
