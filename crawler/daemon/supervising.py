"""Services that fail are started again, a few times; then all of it ends, loudly."""

from __future__ import annotations

import asyncio
import traceback
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from crawler.model import Seconds
from crawler.ports import Clock, LocalError

log = structlog.get_logger()

_TRACE_CHARS: Final = 4000  # the end of a trace tells where; a line of a log may not be endless


class GaveUp(Exception):  # noqa: N818 - said by us of ourselves; what failed is its cause
    """A service failed again and again."""


class Restarts:
    """So many within an hour: the first after `least` seconds, each further one after twice as long, at most a minute."""

    def __init__(self, clock: Clock, *, most: int = 5, least: Seconds = 1.0, within: Seconds = 3600.0) -> None:
        self._clock = clock
        self._most = most
        self._least = least
        self._within = within
        self._failed: deque[Seconds] = deque()

    def pause(self) -> Seconds | None:
        """How long to wait after a failure now; None: there were too many."""
        now = self._clock.monotonic()
        while self._failed and now - self._failed[0] > self._within:
            self._failed.popleft()
        self._failed.append(now)
        if len(self._failed) > self._most:
            return None
        return min(60.0, self._least * 2.0 ** (len(self._failed) - 1))


async def supervise(
    name: str, service: Callable[[], Awaitable[None]], restarts: Restarts, over: asyncio.Event, failed: Callable[[], None]
) -> None:
    """Run a service to its end; where it fails, again. Once it is `over` nothing is started any more. `failed` hears of each.

    Raises:
        GaveUp: it failed too often.
        Exception: what it failed with when it was over already.
    """
    while True:
        try:
            return await service()
        except Exception as error:
            if over.is_set():
                raise
            failed()
            await _rest(name, _leaf(error), restarts, over)
        if over.is_set():
            return None


async def _rest(name: str, error: BaseException, restarts: Restarts, over: asyncio.Event) -> None:
    said = f"{type(error).__name__}: {error}"
    pause = restarts.pause()
    if pause is None:
        raise GaveUp(f"{name} failed again and again, the last time with {said}") from error
    # What our own disk or store refused says what to do; anything else is a bug, and somebody will want to know where.
    trace = None if isinstance(error, LocalError) else "".join(traceback.format_exception(error))[-_TRACE_CHARS:]
    log.error("service_failed", service=name, error=said, again_in=pause, trace=trace)
    try:
        async with asyncio.timeout(pause):
            await over.wait()
    except TimeoutError:
        return


def _leaf(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
