"""Resuming: segments that nobody holds are repaired, gone on in if they are of our role, and their outbox is read."""

from __future__ import annotations

from functools import partial

import structlog

from crawler.engine.reading import Reader
from crawler.model import CaptureKey, SegmentId, SegmentState
from crawler.pipeline import Tools
from crawler.sealing import role, role_of, seal_finished

log = structlog.get_logger()


async def resume(tools: Tools, reader: Reader) -> None:
    """Take over what nobody holds.

    Raises:
        ArchiveError: a file is missing or shorter than what was acknowledged.
    """
    await tools.pacemaker.steer(tools.store, tools.clock.now())
    held = set(tools.archive.held())
    for known in await tools.store.unsealed():
        if known.segment not in held and role(tools.worker) in (role_of(known), "run"):
            await tools.patience.through(partial(_take_over, known.segment, tools, reader))
    await seal_finished(tools)


async def _take_over(segment: SegmentId, tools: Tools, reader: Reader) -> None:
    if not await tools.archive.lock(segment):
        return
    # read again: who held the lock until now may have acknowledged more, or sealed it
    state = next((state for state in await tools.store.unsealed() if state.segment == segment), None)
    if state is None:
        return
    # one that was being sealed is never written to again
    write = state.state == "open" and role_of(state) == role(tools.worker) and tools.archive.current() is None
    if await tools.archive.adopt(state, write=write):
        await tools.store.take_segment(segment, tools.worker)
        await _run_outbox(state, tools, reader)


async def _run_outbox(state: SegmentState, tools: Tools, reader: Reader) -> None:
    after: CaptureKey | None = None
    while receipts := await tools.store.outbox(state.segment, after, 256):
        log.info("outbox", segment=state.segment, captures=len(receipts))
        for receipt in receipts:
            await reader.take_left_behind(receipt)
        after = receipts[-1].capture.key
