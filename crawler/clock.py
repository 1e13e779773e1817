"""Time as the machine tells it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import Final

from crawler.model import Millis, Seconds

# Where there is one that goes on while the machine sleeps: a lease runs out then, too.
_STEADY: Final[int | None] = getattr(time, "CLOCK_BOOTTIME", None)
_steady: Final[Callable[[], Seconds]] = time.monotonic if _STEADY is None else partial(time.clock_gettime, _STEADY)


class SystemClock:
    """The `Clock` of every day."""

    def now(self) -> Millis:
        """As `Clock.now`."""
        return time.time_ns() // 1_000_000

    def monotonic(self) -> Seconds:
        """As `Clock.monotonic`."""
        return _steady()

    async def sleep(self, seconds: Seconds) -> None:
        """As `Clock.sleep`."""
        await asyncio.sleep(max(0.0, seconds))
