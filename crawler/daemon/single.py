"""One crawl, to its end.

First SIGTERM or SIGINT: no new request, what is in flight gets its grace, what is archived is read, all is committed. Second:
at once; what is lost then was never acknowledged.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, contextmanager
from functools import partial
from typing import Final

import structlog

from crawler.config import Config
from crawler.engine import Crawl, Settings
from crawler.model import Seconds, Value
from crawler.pipeline import Tools

log = structlog.get_logger()

_ONE: Final[Seconds] = 0.1
"""Signals within this are one: `timeout 1h warraq run` sends its own to the process and then to the group it is in."""
SIGNALS = (signal.SIGTERM, signal.SIGINT)

Beside = Callable[[], Coroutine[None, None, None]]
"""What runs as long as a crawl does, if it doesn't end before."""


class Round(Value, frozen=True, kw_only=True):
    """What one crawl of the daemon is made of, while it is open."""

    tools: Tools
    settings: Settings
    sync: Callable[[Config], Awaitable[None]]
    """Make the sources of a configuration the store's."""
    beside: Beside


Opened = Callable[[Config], AbstractAsyncContextManager[Round]]


async def run(crawl: Crawl, *, within: Seconds | None = None, beside: Beside | None = None) -> signal.Signals | None:
    """Run a crawl to its end; the signal that ended it, or None. After `within` seconds it is told to stop.

    Raises:
        ExceptionGroup: a service failed.
        SystemExit: a second signal came; 128 + its number.
    """
    return await ended_by_signals(together(crawl, beside), crawl.stop, within=within)


async def together(crawl: Crawl, beside: Beside | None) -> None:
    """Run a crawl, and something beside it."""
    async with asyncio.TaskGroup() as services:
        other = services.create_task(beside()) if beside else None
        await crawl.run()
        if other is not None:
            other.cancel()


async def ended_by_signals(
    work: Coroutine[None, None, None], stop: Callable[[], None], *, within: Seconds | None = None
) -> signal.Signals | None:
    """Do work to its end: the first signal calls `stop`, the second one ends it at once. The first signal, or None.

    Raises:
        SystemExit: a second signal came; 128 + its number.
    """
    working = asyncio.ensure_future(work)
    received: list[signal.Signals] = []

    loop = asyncio.get_running_loop()
    first_at: Seconds = -_ONE

    def on(number: signal.Signals) -> None:
        nonlocal first_at
        if received and loop.time() - first_at < _ONE:
            return
        first_at = loop.time()
        received.append(number)
        if len(received) > 1:
            working.cancel()
            return
        log.info("stopping", signal=number.name)
        stop()

    with listening({number: partial(on, number) for number in SIGNALS}):
        if within is not None:
            loop.call_later(within, stop)
        try:
            await working
        except asyncio.CancelledError:
            if len(received) > 1:
                raise SystemExit(128 + received[-1]) from None
            raise
    return received[0] if received else None


@contextmanager
def listening(handlers: Mapping[signal.Signals, Callable[[], None]]) -> Iterator[None]:
    """Have signals call these, until the end of the block."""
    loop = asyncio.get_running_loop()
    for number, handler in handlers.items():
        loop.add_signal_handler(number, handler)
    try:
        yield
    finally:
        for number in handlers:
            loop.remove_signal_handler(number)
