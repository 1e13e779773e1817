"""How a crawl hears signals."""

from __future__ import annotations

import asyncio
import signal

from crawler.daemon.single import ended_by_signals


async def test_a_signal_that_comes_twice_at_once_is_one() -> None:
    stops, put_away = asyncio.Event(), asyncio.Event()
    ending = asyncio.create_task(ended_by_signals(_work(put_away), stops.set))
    await asyncio.sleep(0)
    for _ in range(2):
        signal.raise_signal(signal.SIGTERM)
        await stops.wait()
        await asyncio.sleep(0.02)  # for the loop to hear it
    put_away.set()
    assert await ending == signal.SIGTERM


async def _work(put_away: asyncio.Event) -> None:
    await put_away.wait()
