"""What a running daemon tells of itself: to monitors, to the service manager, to its log."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

import structlog

from crawler import health
from crawler.engine import Crawl
from crawler.health import Ailment, Signs
from crawler.meters.crawl import Count, CrawlMeter
from crawler.meters.figures import Family, counter, exposed, gauge
from crawler.meters.machine import LoopLag, machine
from crawler.model import Millis, Seconds, Standing
from crawler.pipeline import Tools
from crawler.ports import Clock, StoreError
from crawler.store.standing import open_standing
from crawler.version import VERSION
from crawler.watermark import Watermark, disk
from crawler.web.server import State

log = structlog.get_logger()

Phase = Literal["starting", "running", "reloading", "stopping"]
_FRESH: Final[Millis] = 5_000
"""How long what the store said is told again: several who ask at once cost one look."""


class Bulletin:
    """Knows how the crawl is. `beginning` and `ended` are told it by whoever runs one."""

    def __init__(self, store: Path, meter: CrawlMeter, clock: Clock) -> None:
        self._store = store
        self._meter = meter
        self._clock = clock
        self._crawl: Crawl | None = None
        self._tools: Tools | None = None
        self._watermark: Watermark | None = None
        self._standing: Standing | None = None
        self._looking = asyncio.Lock()
        self._counted = Count()
        self._ailing: frozenset[str] = frozenset()
        self._started_at = clock.now()
        self.lag = LoopLag()
        self.phase: Phase = "starting"

    def begun(self, crawl: Crawl, tools: Tools, watermark: Watermark) -> None:
        """A crawl runs from now on."""
        self._crawl, self._tools, self._watermark = crawl, tools, watermark
        self.phase = "running"

    def ended(self) -> None:
        """It doesn't any more."""
        self._crawl = self._tools = None
        self.phase = "starting" if self.phase == "running" else self.phase

    # --- web.Teller ---

    def alive(self) -> State:
        """Whether the loop turns, and the leasing with it."""
        turned = self._crawl.turned_at if self._crawl is not None else None
        ago = 0.0 if turned is None else self._clock.monotonic() - turned
        stuck = ago > health.TURNLESS
        return self._state((f"no host was leased, nor could be, for {ago:.0f} s",) if stuck else ())

    def ready(self) -> State:
        """Whether it would ask a host that is ready now."""
        return self._state(tuple(self._held()))

    async def metrics(self) -> str:
        """All figures."""
        standing = await self.standing()
        return exposed([*self._meter.families(), *self.lag.families(), *machine(), *self._own(), *self._of_store(standing)])

    # --- the minute ---

    async def minute(self) -> dict[str, int | float | None]:
        """What was done since the last call, and what there is to do: for the log, once a minute."""
        before, self._counted = self._counted, self._meter.count()
        standing, now = await self.standing(), self._counted
        self._say_ailments(standing)
        return {
            "answers": now.answers - before.answers,
            "failed": now.failed - before.failed,
            "articles": now.articles - before.articles,
            "kb": (now.bytes - before.bytes) >> 10,
            "queue": standing.queue if standing else None,
            "outbox": standing.outbox if standing else None,
            "since_success": self._since_success(),
        }

    async def standing(self) -> Standing | None:
        """How the store stands, at most a few seconds ago; None: it couldn't be read yet."""
        async with self._looking:
            now = self._clock.now()
            if self._standing is None or not 0 <= now - self._standing.at < _FRESH:
                try:
                    self._standing = await asyncio.to_thread(_look, self._store, now)
                except StoreError as error:
                    log.warning("store_unread", error=str(error))
            return self._standing

    def _state(self, why: tuple[str, ...]) -> State:
        return State(ok=not why, phase=self.phase, why=why, since_success=self._since_success())

    def _held(self) -> Iterator[str]:
        if self._crawl is None or self._tools is None or self.phase in ("starting", "stopping"):
            yield f"it is {self.phase}"
            return
        if self._watermark is not None and self._watermark.low is not None:
            yield f"{self._watermark.low.place}: less room than archive.free_least"
        if self._tools.patience.waiting:
            yield "our own disk or machine refuses; the log says why"
        if self._tools.network.down:
            yield "nobody answers: our network is down, or all hosts are"

    def _since_success(self) -> Seconds | None:
        """None: nothing came since the start, nor is it known what came before."""
        before = self._standing.last_success if self._standing is not None else None
        at = self._meter.succeeded_at or before
        return None if at is None else max(0.0, (self._clock.now() - at) / 1000)

    def _ailments(self, standing: Standing | None) -> tuple[Ailment, ...]:
        low = self._watermark.low if self._watermark is not None else None
        signs = Signs(daemon=True, disk_low=str(low.place) if low else None, days_left=self._days_left(standing))
        return health.ailments(standing, signs) if standing is not None else ()

    def _days_left(self, standing: Standing | None) -> float | None:
        return health.days_until_full(disk(self._store.parent, 0).free, standing.bytes_a_day) if standing else None

    def _say_ailments(self, standing: Standing | None) -> None:
        """Each once, when it begins and when it is over."""
        found = {one.name: one for one in self._ailments(standing)}
        for name in found.keys() - self._ailing:
            log.warning("ailing", what=name, why=found[name].text, hint=found[name].hint)
        for name in self._ailing - found.keys():
            log.info("healed", what=name)
        self._ailing = frozenset(found)

    def _own(self) -> Iterator[Family]:
        yield gauge("warraq_info", "Which Warraq this is.", {VERSION: 1}, "version")
        yield gauge("warraq_started_seconds", "When it was started, in seconds since 1970.", self._started_at / 1000)
        yield gauge("warraq_alive", "As /healthz.", self.alive().ok)
        yield gauge("warraq_ready", "As /readyz.", self.ready().ok)
        since = self._since_success()
        if since is not None:
            yield gauge("warraq_seconds_since_success", "Since an answer came that could be used.", since)
        yield gauge("warraq_disk_free_bytes", "Where the store lies.", disk(self._store.parent, 0).free)

    def _of_store(self, standing: Standing | None) -> Iterator[Family]:
        if standing is None:
            return
        found = {one.name for one in self._ailments(standing)}
        late = max((standing.at - one.since for one in standing.late), default=0) / 1000
        counts = {str(condition): float(number) for condition, number in standing.sources.items()}
        yield gauge("warraq_sources", "Sources by condition.", counts, "condition")
        yield gauge("warraq_late_seconds", "By how much the source is late that is due for longest.", late)
        yield gauge("warraq_queue", "Jobs to do, now or later.", standing.queue)
        yield gauge("warraq_outbox", "Pages that wait for a parser.", standing.outbox)
        yield counter("warraq_stored_bytes_total", "Bytes of all segments, since the archive was begun.", standing.bytes)
        yield gauge("warraq_ailment", "1: it is so; `warraq status` says more.", {n: n in found for n in health.NAMES}, "name")


def _look(store: Path, now: Millis) -> Standing:
    with open_standing(store) as reader:
        return reader.standing(now)
