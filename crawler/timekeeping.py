"""The wall clock as the crawl goes by it: where somebody sets it, what the store says of the future is moved first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

import structlog

from crawler.model import Jump, Millis
from crawler.ports import Clock

log = structlog.get_logger()

_MAY_PART_MS: Final[Millis] = 5_000
"""Wall and steady clock; when they part further, somebody has set the clock. What is slewed moves both."""


class Timekeeper:
    """Tells the time to whoever writes it. Begins with both clocks in step: a jump while no process ran isn't seen."""

    def __init__(self, clock: Clock, move: Callable[[Jump, Millis], Awaitable[Millis]]) -> None:
        """`move` is `Frontier.clock_moved`."""
        self._clock = clock
        self._move = move
        self._moving = asyncio.Lock()
        self._writers = 0
        self._quiet = asyncio.Event()
        self._since, self._offset = self._look()

    def offset(self) -> Millis:
        """Wall minus steady clock now; for `moved_since`."""
        return self._look()[1]

    def moved_since(self, offset: Millis) -> Millis:
        """By how much the wall clock was set since; 0: it wasn't (the two are rounded, and differ by a millisecond)."""
        by = self.offset() - offset
        return by if abs(by) > _MAY_PART_MS else 0

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Millis]:
        """The time, for a transaction that writes times: the store's are in step with it, and are not moved meanwhile.

        Never one within another.

        Raises:
            StoreError: the store can't be written.
        """
        now = await self._in_step()
        self._writers += 1
        try:
            yield now
        finally:
            self._writers -= 1
            if not self._writers:
                self._quiet.set()

    async def _in_step(self) -> Millis:
        steady, offset = self._look()
        while abs(offset - self._offset) > _MAY_PART_MS:
            async with self._moving:  # who comes meanwhile waits
                await self._follow()
            steady, offset = self._look()
        self._since = steady
        return steady + offset

    async def _follow(self) -> None:
        while self._writers:  # what was decided by the old time is written by it, and then moved
            self._quiet.clear()
            await self._quiet.wait()
        steady, offset = self._look()
        by = offset - self._offset
        if abs(by) <= _MAY_PART_MS:
            return
        await self._move(Jump(was=self._offset, since=self._since, offset=offset, at=steady), steady + offset)
        self._since, self._offset = steady, offset
        log.warning("clock_moved", seconds=round(by / 1000, 1))

    def _look(self) -> tuple[Millis, Millis]:
        wall, steady = self._clock.now(), round(self._clock.monotonic() * 1000)
        return steady, wall - steady
