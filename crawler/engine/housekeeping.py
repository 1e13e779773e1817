"""Housekeeping: what has to be done from time to time, whoever is asked meanwhile."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog

from crawler.engine.settings import Settings
from crawler.model import Seconds
from crawler.pipeline import Tools
from crawler.sealing import seal_finished

log = structlog.get_logger()

_DAY: Final[Seconds] = 86_400
_SOON: Final[Seconds] = 15
"""Between two looks whether a segment is full: until it is sealed nobody has its index, nor the sum that proves it."""
_AT_ONCE: Final = 1_000
"""Rows forgotten in one transaction: 5 ms, in which nobody else can write."""
_ENTRIES: Final = 5_000
"""Of a source that are known: all of them go to a child with each new document, 150 bytes an entry."""


async def keep_house(tools: Tools, settings: Settings, wake: asyncio.Event) -> None:
    """Say that we live, free the hosts of the dead, seal, steer, forget; until cancelled.

    Raises:
        LocalError: the disk refused, and nobody waits for it.
    """
    forgot_at: Seconds | None = None
    while True:
        await _seal_for(settings.tidy_every, tools)
        await tools.store.beat(tools.worker, tools.clock.now())
        await tools.patience.through(tools.reclaim)
        await tools.pacemaker.steer(tools.store, tools.clock.now())
        steady = tools.clock.monotonic()
        if forgot_at is None or steady - forgot_at >= _DAY:
            forgot_at = steady
            await _forget(tools, settings)
        wake.set()


async def _seal_for(span: Seconds, tools: Tools) -> None:
    """Let so much time go by; whatever segment isn't written to any more is sealed meanwhile."""
    until = tools.clock.monotonic() + span
    while (left := until - tools.clock.monotonic()) > 0:
        await tools.clock.sleep(min(left, _SOON))
        if len(tools.archive.held()) > 1 or tools.archive.current() is None:
            await seal_finished(tools)


async def _forget(tools: Tools, settings: Settings) -> None:
    before = tools.clock.now() - round(settings.keep * 1000)
    forgotten = 0
    while some := await tools.store.forget(before, _AT_ONCE, entries=_ENTRIES):
        forgotten += some
        await asyncio.sleep(0)  # who waits for the store gets it in between
    if forgotten:
        log.info("forgotten", rows=forgotten)
