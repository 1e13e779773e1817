"""Time as the machine tells it."""

from __future__ import annotations

import asyncio
import time

from crawler.model import Millis, Seconds


class SystemClock:
    """The `Clock` of every day."""

    def now(self) -> Millis:
        """As `Clock.now`."""
        return time.time_ns() // 1_000_000

    def monotonic(self) -> Seconds:
        """As `Clock.monotonic`."""
        return time.monotonic()

    async def sleep(self, seconds: Seconds) -> None:
        """As `Clock.sleep`."""
        await asyncio.sleep(max(0.0, seconds))
