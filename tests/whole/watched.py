"""`python -m tests.whole.watched SECONDS`: a daemon over ./config.yaml that looks at its own loop, and says what it saw.

One round: each source once, then its pages. The last line of stdout tells, as JSON, the pauses of the loop, and how long
healthy pages (those of `/story/`) waited from their first commit to their second. Without a config the loop is idle.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

import structlog

from crawler import daemon, wiring
from crawler.config import load
from crawler.engine import Crawl, Told
from crawler.model import CaptureKey
from crawler.pipeline import Kept

TICK = 0.005


async def watch(pauses: list[float]) -> None:
    while True:
        begun = time.perf_counter()
        await asyncio.sleep(TICK)
        pauses.append(time.perf_counter() - begun - TICK)


class Waits:
    """How long pages lay between being kept and being read."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self._kept: dict[CaptureKey, float] = {}

    def tell(self, told: Told) -> None:
        now = time.perf_counter()
        if isinstance(told, Kept):
            self._kept.update((receipt.capture.key, now) for receipt in told.receipts if "/story/" in receipt.capture.url)
        elif (kept := self._kept.pop(told.receipt.capture.key, None)) is not None:
            self.seconds.append(now - kept)


async def crawl(seconds: float, waits: Waits) -> None:
    if not Path("config.yaml").exists():
        with suppress(TimeoutError):
            await asyncio.wait_for(_told(), seconds)
        return
    config = load(Path("config.yaml"), {}, Path.cwd())
    async with wiring.open_tools(config, "run", patient=True) as tools:
        await wiring.sync_sources(config, tools)
        await tools.store.poll_all(tools.clock.now())  # as a round does: many new sources are spread over minutes
        await daemon.run(Crawl(tools, wiring.settings(config, "once"), waits.tell), within=seconds)


async def _told() -> None:
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    await told.wait()


async def main() -> None:
    pauses: list[float] = []
    watching = asyncio.create_task(watch(pauses))
    waits = Waits()
    await crawl(float(sys.argv[1]), waits)
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    pauses.sort()
    told = {
        "ticks": len(pauses),
        "p999": pauses[int(len(pauses) * 0.999)] * 1000,
        "most": pauses[-1] * 1000,
        "waits": sorted(waits.seconds) or [0.0],
    }
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    structlog.configure(
        processors=[structlog.processors.JSONRenderer()], logger_factory=structlog.PrintLoggerFactory(sys.stderr)
    )
    asyncio.run(main())
