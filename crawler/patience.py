"""Waiting for our own machine: who can wait tries again what it refused, says why, and goes on when there is room."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal, TypeVar

import structlog

from crawler.model import Seconds
from crawler.ports import LocalError

log = structlog.get_logger()

T = TypeVar("T")
Refuser = Literal["disk", "process"]
Errors = type[LocalError] | tuple[type[LocalError], ...]


class Patience:
    """How long to wait between two tries: from `least` on, twice as long each time, `most` at most.

    Without `lasts` it is over from the beginning: whoever waits for a one-shot wants the error.
    """

    def __init__(self, *, lasts: bool, least: Seconds = 0.5, most: Seconds = 10) -> None:
        self._least = least
        self._most = most
        self._over = asyncio.Event()
        self._waiting = 0
        self.lasts = lasts
        if not lasts:
            self._over.set()

    @property
    def waiting(self) -> bool:
        """The machine refuses somebody just now: nothing new should be begun."""
        return self._waiting > 0

    def end(self) -> None:
        """From now on an error is raised at once, also to who waits just now: the crawl is told to stop."""
        self._over.set()

    async def through(self, step: Callable[[], Awaitable[T]], also: Errors = (), *, of: Refuser = "disk") -> T:
        """Do a step, again and again while it is refused: an error that says `again`, or is one of `also`.

        `of` is who refuses, in what is said.

        Raises:
            LocalError: another one; or the patience is over.
        """
        try:
            return await step()
        except LocalError as error:
            self._may_wait(error, also)
            first = error
        self._waiting += 1
        try:
            return await self._again(step, also, first, of)
        finally:
            self._waiting -= 1

    async def _again(self, step: Callable[[], Awaitable[T]], also: Errors, refused: LocalError, of: Refuser) -> T:
        pause = self._least
        while True:
            await self._wait(refused, pause, of)
            try:
                done = await step()
            except LocalError as error:
                self._may_wait(error, also)
                refused, pause = error, min(self._most, 2 * pause)
            else:
                log.info("disk_took_it" if of == "disk" else "process_started")
                return done

    def _may_wait(self, error: LocalError, also: Errors) -> None:
        if self._over.is_set() or not (error.again or isinstance(error, also)):
            raise error

    async def _wait(self, error: LocalError, pause: Seconds, of: Refuser) -> None:
        log.warning("disk_refused" if of == "disk" else "process_refused", error=str(error), again_in=pause)
        try:
            async with asyncio.timeout(pause):
                await self._over.wait()
        except TimeoutError:
            return
