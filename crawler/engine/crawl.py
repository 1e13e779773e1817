"""The crawl: its services, and the leasing of hosts to visitors."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import structlog

from crawler.engine.housekeeping import keep_house
from crawler.engine.keeping import Keeper
from crawler.engine.reading import Reader
from crawler.engine.resuming import resume
from crawler.engine.settings import PAGE_KINDS, PASSING_KINDS, Settings, Told
from crawler.engine.work import Work
from crawler.model import NEVER, SOURCE_KINDS, Freed, Job, Kind, Lease, Millis, Seconds, SourceId, Visit
from crawler.pipeline import Tools, visit
from crawler.ports import LeaseLost
from crawler.records import rfc3339
from crawler.traps import Budget

log = structlog.get_logger()

_HELD: Final[Seconds] = 0.25
"""Between two looks whether it can go on, while hosts are ready and none may be asked."""


class Crawl:
    """One run of the crawl: `run` it once; `stop` makes it end after what is in flight."""

    def __init__(
        self,
        tools: Tools,
        settings: Settings,
        tell: Callable[[Told], None] = lambda _told: None,
        may_ask: Callable[[], bool] = lambda: True,
    ) -> None:
        """`tell` hears of each commit; while `may_ask` says no, nothing new is begun."""
        self._tools = tools
        self._settings = settings
        self._may_ask = may_ask
        self._work = Work()
        self._wake = self._work.wake
        self._reader = Reader(tools, settings, self._work, tell)
        self._keeper = Keeper(tools, settings, self._work, tell, self._reader.receipts)
        self._stop = asyncio.Event()
        self._grace = settings.grace
        self._services = asyncio.TaskGroup()
        self._visitors: set[asyncio.Task[None]] = set()
        self._polled: set[SourceId] = set()
        self._budgets = {} if settings.pages_a_day is None else _budgets(settings.pages_a_day)
        self.turned_at: Seconds = tools.clock.monotonic()
        """When the leasing last looked for hosts, by the steady clock: it does so at least once a lease."""
        self.put_off = 0
        """Jobs that were due and wait for another day, since crawls were killed over them."""

    async def run(self) -> None:
        """Crawl until the goal is reached or `stop` is called; all that was fetched is archived and read by then.

        Raises:
            ExceptionGroup: a service failed (a full disk, a bug); the others were cancelled first.
        """
        async with asyncio.TaskGroup() as services:
            self._services = services
            housekeeper = services.create_task(keep_house(self._tools, self._settings, self._wake), name="housekeeping")
            readers = [
                services.create_task(self._reader.run(services), name=f"reading-{n}") for n in range(self._settings.readers)
            ]
            services.create_task(self._keeper.run(), name="keeping")
            services.create_task(self._leasing(), name="leasing")
            await asyncio.wait(readers)
            housekeeper.cancel()

    def stop(self, *, grace: Seconds | None = None) -> None:
        """No new request; what is in flight gets so many seconds, else those of the settings. The last call's holds."""
        self._grace = self._settings.grace if grace is None else grace
        self._stop.set()
        self._wake.set()
        self._tools.patience.end()

    # --- leasing: hosts to visitors ---

    async def _leasing(self) -> None:
        await resume(self._tools, self._reader)
        while not self._stop.is_set():
            self.turned_at = self._tools.clock.monotonic()
            self._wake.clear()  # before we look: what comes while we do isn't overslept
            if not await self._lease_some():
                if await self._finished():
                    break
                await self._rest()
        await self._let_visitors_end()
        self._keeper.end()

    async def _lease_some(self) -> bool:
        """Begin visits, as many as there is room for. True: others may be ready besides; to look for none costs 0.3 ms."""
        settings, tools = self._settings, self._tools
        free = tools.network.at_once(settings.hosts) - len(self._visitors)
        if tools.network.down:
            free = 1 if not self._visitors and tools.network.may_probe() else 0
        if free <= 0 or self._held():
            return False
        async with tools.time.writing() as now:
            leases = await tools.store.lease(
                tools.worker,
                hosts=free,
                urls=settings.urls_a_lease,
                ttl=settings.ttl,
                delay=settings.delay,
                now=now,
                put_off=self._put_off,
            )
        await asyncio.sleep(0)  # where another service failed meanwhile we end here: its group takes no new task
        for lease in leases:
            visitor = self._services.create_task(self._visit(lease), name=f"visit {lease.host}")
            self._visitors.add(visitor)
            visitor.add_done_callback(self._visitor_ended)
        if leases:
            self._keeper.expect(others=True)
        return len(leases) == free

    def _put_off(self, suspects: Sequence[Job]) -> None:
        self.put_off += len(suspects)
        for job in suspects:
            log.warning(
                "put_off",
                url=job.url,
                kind=job.kind.name.lower(),
                until=rfc3339(job.due_at),
                detail=f"asked for {job.leases} times, and each time the crawl was killed before it had an answer",
                hint=f"`warraq {'sources poll' if job.kind in SOURCE_KINDS else 'retry'} {job.url}` has it asked for now",
            )

    def _held(self) -> bool:
        """What can't be kept isn't asked for."""
        return self._tools.patience.waiting or not self._may_ask()

    async def _visit(self, lease: Lease) -> None:
        try:
            await visit(lease, self._tools, self)
        except LeaseLost:
            log.warning("lease_lost", host=lease.host, jobs=len(lease.jobs))

    def _visitor_ended(self, visitor: asyncio.Task[None]) -> None:
        self._visitors.discard(visitor)
        if not self._visitors:
            self._keeper.expect(others=False)
        # Its host is ready when its last visit is kept, and we are woken then; till then only its place is free.
        if not self._visitors or len(self._visitors) + 1 >= self._tools.network.at_once(self._settings.hosts):
            self._wake.set()

    async def _rest(self) -> None:
        """Until something was committed, the next host is ready, or a second has gone (another process may have offered)."""
        ready = await self._tools.store.next_ready()
        network, most = self._tools.network, self._settings.hosts
        held = self._held() or network.down or len(self._visitors) >= network.at_once(most)
        wait = _HELD if held else 1.0 if ready is None else min(1.0, max(0.001, (ready - self._tools.clock.now()) / 1000))
        try:
            async with asyncio.timeout(wait if len(self._visitors) < most else None):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _finished(self) -> bool:
        if self._settings.goal == "forever" or self._visitors or not self._work.idle:
            return False
        store, now = self._tools.store, self._tools.clock.now()
        if self._settings.goal == "drained":
            return await store.pending(NEVER, SOURCE_KINDS | PASSING_KINDS) == 0
        within = now + round(self._settings.once_within * 1000)
        return await store.pending(now, SOURCE_KINDS, ready=within) == 0 and await store.pending(within, PASSING_KINDS) == 0

    async def _let_visitors_end(self) -> None:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        while self._visitors and (left := self._grace - (loop.time() - begun)) > 0:
            await asyncio.wait(self._visitors, timeout=min(left, _HELD))  # whoever stops us again may be in more of a hurry
        late = set(self._visitors)
        for visitor in late:
            visitor.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    # --- what visitors ask (pipeline.Desk) ---

    async def keep(self, visit: Visit) -> None:
        """Take a visit; waits while there is no room for its bytes."""
        await self._keeper.take(visit)

    def free(self, freed: Freed) -> None:
        """Give a host back, behind its visits."""
        self._keeper.free(freed)

    def stopping(self) -> bool:
        """Whether `stop` was called."""
        return self._stop.is_set()

    def postponed(self, job: Job) -> Millis | None:
        """A page over its host's budget of the day; with goal `once` a source that was asked in this run."""
        budget = self._budgets.get(job.kind)
        if budget is not None:
            return budget.postponed(job.host_id, self._tools.clock.now())
        if self._settings.goal != "once" or job.poll is None or job.context.hops:
            return None
        if job.poll.source_id not in self._polled:
            self._polled.add(job.poll.source_id)
            return None
        return self._tools.clock.now() + max(job.poll.every_ms or 0, round(self._settings.once_within * 1000))


def _budgets(pages_a_day: int) -> Mapping[Kind, Budget]:
    """What pages are drawn with takes no page's place."""
    pages = Budget(pages_a_day)
    return {Kind.ASSET: Budget(pages_a_day), **dict.fromkeys(PAGE_KINDS, pages)}
