"""A crawl as a process sees it: signals, draining, and how it ended.

First SIGTERM or SIGINT: no new request, what is in flight gets its grace, what is archived is read, all is committed. Second:
at once; what is lost then was never acknowledged.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager

import structlog

from crawler.engine import Crawl
from crawler.model import Seconds

log = structlog.get_logger()

SIGNALS = (signal.SIGTERM, signal.SIGINT)


async def run(
    crawl: Crawl, *, within: Seconds | None = None, beside: Callable[[], Coroutine[None, None, None]] | None = None
) -> signal.Signals | None:
    """Run a crawl to its end; the signal that ended it, or None. After `within` seconds it is told to stop.

    `beside`: what runs as long as the crawl does, if it doesn't end before.

    Raises:
        ExceptionGroup: a service failed.
        SystemExit: a second signal came; 128 + its number.
    """
    crawling = asyncio.ensure_future(_run(crawl, beside))
    with _signals(crawl, crawling) as received:
        if within is not None:
            asyncio.get_running_loop().call_later(within, crawl.stop)
        try:
            await crawling
        except asyncio.CancelledError:
            if len(received) > 1:
                raise SystemExit(128 + received[-1]) from None
            raise
    return received[0] if received else None


async def _run(crawl: Crawl, beside: Callable[[], Coroutine[None, None, None]] | None) -> None:
    async with asyncio.TaskGroup() as services:
        other = services.create_task(beside()) if beside else None
        await crawl.run()
        if other is not None:
            other.cancel()


@contextmanager
def _signals(crawl: Crawl, crawling: asyncio.Future[None]) -> Iterator[list[signal.Signals]]:
    loop = asyncio.get_running_loop()
    received: list[signal.Signals] = []

    def on(number: signal.Signals) -> None:
        received.append(number)
        if len(received) > 1:
            crawling.cancel()
            return
        log.info("stopping", signal=number.name)
        crawl.stop()

    for number in SIGNALS:
        loop.add_signal_handler(number, on, number)
    try:
        yield received
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)
