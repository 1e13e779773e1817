"""One lease's pace: after the gap, after the last end, and never without a lease that outlasts the request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from msgspec.structs import replace

from crawler import politeness
from crawler.model import Millis, Outcome, Request, Seconds, Strain, Unasked
from crawler.ports import Clock, Fetcher, LeaseLost

MOST_STEP: Final[Seconds] = 0.5
"""A wait is looked at so often, whether it is still to go on."""

Cover = Callable[[Seconds], Awaitable[bool]]
"""Make the lease last for so many seconds from now, renewing it if need be. False: it isn't ours any more."""


class Pace:
    """When the requests of one lease may start. The first may at once: the lease was only given when the host was ready.

    Delays are measured by the monotonic clock; what is stored of them is wall time, and never more than a gap ahead of it.
    Every request counts, also one for robots.txt and a second knock; each may change the gap (see `politeness.felt`).
    """

    def __init__(
        self,
        clock: Clock,
        cover: Cover,
        *,
        gap: Seconds,
        deadline: Seconds,
        last_at: Millis,
        strain: Strain = Strain(),  # noqa: B008 - frozen
        chance: Callable[[], float] = lambda: 0.0,
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        """`gap` is the least one, `deadline` the most one request may take; `last_at` the newest `fetched_at` of the host.

        `strain` is what is known of it, `chance` draws the jitter. `stopping` says that no new request may start, whoever
        waits for one.
        """
        self.strain = strain
        """The host's, as of the last request."""
        self._base = gap
        self._chance = chance
        self._die = 0.0
        self._clock = clock
        self._cover = cover
        self._deadline = deadline
        self._last_at = last_at
        self._stopping = stopping
        self._last_start: Seconds | None = None
        self._last_end: Seconds = 0.0

    @property
    def gap(self) -> Seconds:
        """The gap that is kept now, without its jitter."""
        return politeness.kept_gap(self._base, self.strain)

    def widen(self, gap: Seconds) -> None:
        """Keep at least this gap from now on."""
        self._base = max(self._base, gap)

    async def begin(self) -> Millis | None:
        """Wait for the next start. Returns the request's `fetched_at`: unique and rising, even if the clock was put back.

        None: told to stop meanwhile; nothing may be sent.

        Raises:
            LeaseLost: somebody else holds the host; nothing may be sent.
        """
        while (left := self._left()) > 0:
            # A long gap is waited for in steps, so that the lease never runs out in between.
            if self._stopping():
                return None
            step = min(left, self._deadline, MOST_STEP)
            await self._hold(step + self._deadline)
            await self._clock.sleep(step)
        if self._stopping():
            return None
        await self._hold(self._deadline)
        self._last_start = self._last_end = self._clock.monotonic()
        self._die = self._chance()
        self._last_at = max(self._clock.now(), self._last_at + 1)
        return self._last_at

    def end(self, outcome: Outcome | None) -> None:
        """The request is over; None: nothing is known of it, by our own fault."""
        self._last_end = self._clock.monotonic()
        if outcome is not None and self._last_start is not None:
            self.strain = politeness.felt(self.strain, outcome, self._last_end - self._last_start, self._base)

    def polite_at(self) -> Millis:
        """When the next request may start, by the wall clock; now, if there was none yet."""
        return self._clock.now() + round(self._left() * 1000)

    def _left(self) -> Seconds:
        if self._last_start is None:
            return 0.0
        gap = politeness.jittered(self.gap, self._die)
        return max(0.0, politeness.next_start(self._last_start, self._last_end, gap) - self._clock.monotonic())

    async def _hold(self, seconds: Seconds) -> None:
        if not await self._cover(seconds):
            raise LeaseLost


class PacedFetcher:
    """A `Fetcher` that waits its turn."""

    def __init__(self, inner: Fetcher, pace: Pace) -> None:
        self._inner = inner
        self._pace = pace

    async def fetch(self, request: Request) -> Outcome:
        """As `Fetcher.fetch`; its exchange is stamped with the start."""
        fetched_at = await self._pace.begin()
        if fetched_at is None:
            return Unasked()
        outcome: Outcome | None = None
        try:
            outcome = await self._inner.fetch(request)
        finally:
            self._pace.end(outcome)
        return replace(outcome, exchanges=tuple(replace(exchange, fetched_at=fetched_at) for exchange in outcome.exchanges))
