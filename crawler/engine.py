"""The crawl as services around the river: leasing, keeping, reading, housekeeping.

One loop each, joined by two bounded queues, so that a slow disk or a slow parser slows down the leasing and nothing piles up.
Nothing here decides anything about a page; nothing here knows a file or a socket.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from enum import Enum
from functools import partial
from typing import Final, Literal

import structlog
from msgspec.structs import replace

from crawler.model import (
    NEVER,
    SOURCE_KINDS,
    CaptureKey,
    Freed,
    Job,
    Kind,
    Lease,
    Millis,
    Receipt,
    Seconds,
    SegmentId,
    SegmentState,
    SourceId,
    Value,
    Visit,
)
from crawler.pipeline import Hand, Kept, Read, Tools, keep, read, visit
from crawler.ports import ArchiveError, LeaseLost
from crawler.room import FREE_BYTES
from crawler.sealing import role, role_of, seal_finished
from crawler.traps import Budget

log = structlog.get_logger()

_HELD: Final[Seconds] = 0.25
"""Between two looks whether it can go on, while hosts are ready and none may be asked."""

_LONG: Final[Seconds] = 0.5
"""After that the next batch is begun beside one; the parser has as many children as ever."""

_MOST_LONG: Final = 16
"""Batches that a reader may have begun."""

_FIRST: Final = asyncio.FIRST_COMPLETED

PAGE_KINDS = frozenset({Kind.PAGE, Kind.TARGET})


class Settings(Value, frozen=True, kw_only=True):
    """How much at once. Times in seconds, `ttl` and `delay` in ms."""

    goal: Literal["forever", "once", "drained"] = "forever"
    """`once`: each source asked once, then all pages due within a minute. `drained`: until the queue is empty."""
    hosts: int = 64
    urls_a_lease: int = 8
    ttl: Millis = 180_000
    delay: Millis = 2_000
    group_size: int = 32
    group_wait: Seconds = 0.2
    batch: int = 32
    readers: int = 2
    grace: Seconds = 20
    """For requests in flight when told to stop."""
    once_within: Seconds = 60
    tidy_every: Seconds = 60
    reclaim_delay: Millis = 2_000
    pages_a_day: int | None = None
    """Of one host (`traps.Budget`); None: as many as there are."""


Told = Kept | Read
"""What a crawl tells its onlooker: each commit."""


class _Signal(Enum):
    FLUSH = "nobody else is coming: commit what is there"
    END = "nothing will come any more"


class Crawl:
    """One run of the crawl: `run` it once; `stop` makes it end after what is in flight."""

    def __init__(self, tools: Tools, settings: Settings, tell: Callable[[Told], None] = lambda _told: None) -> None:
        self._tools = tools
        self._settings = settings
        self._tell = tell
        self._hands: asyncio.Queue[tuple[Hand, Millis] | _Signal] = asyncio.Queue()
        self._receipts: asyncio.Queue[Receipt | _Signal] = asyncio.Queue(settings.batch * settings.readers * 2)
        self._wake = asyncio.Event()
        self._stop = asyncio.Event()
        self._services = asyncio.TaskGroup()
        self._visitors: set[asyncio.Task[None]] = set()
        self._under_way = 0
        self._polled: set[SourceId] = set()
        self._left_behind: set[CaptureKey] = set()
        self._budget = Budget(settings.pages_a_day) if settings.pages_a_day is not None else None

    async def run(self) -> None:
        """Crawl until the goal is reached or `stop` is called; all that was fetched is archived and read by then.

        Raises:
            ExceptionGroup: a service failed (a full disk, a bug); the others were cancelled first.
        """
        async with asyncio.TaskGroup() as services:
            self._services = services
            housekeeper = services.create_task(self._housekeeping(), name="housekeeping")
            readers = [services.create_task(self._reading(), name=f"reading-{n}") for n in range(self._settings.readers)]
            services.create_task(self._keeping(), name="keeping")
            services.create_task(self._leasing(), name="leasing")
            await asyncio.wait(readers)
            housekeeper.cancel()

    def stop(self) -> None:
        """No new request; what is in flight gets `grace` seconds. Calling it again changes nothing."""
        self._stop.set()
        self._wake.set()
        self._tools.patience.end()

    # --- leasing: hosts to visitors ---

    async def _leasing(self) -> None:
        await self._resume()
        while not self._stop.is_set():
            self._wake.clear()  # before we look: what comes while we do isn't overslept
            if not await self._lease_some():
                if await self._finished():
                    break
                await self._rest()
        await self._let_visitors_end()
        self._hands.put_nowait(_Signal.END)

    async def _lease_some(self) -> bool:
        settings, tools = self._settings, self._tools
        free = settings.hosts - len(self._visitors)
        if tools.network.down:
            free = 1 if not self._visitors and tools.network.may_probe() else 0
        if free <= 0 or tools.patience.waiting:  # what can't be kept isn't asked for
            return False
        async with tools.time.writing() as now:
            leases = await tools.store.lease(
                tools.worker, hosts=free, urls=settings.urls_a_lease, ttl=settings.ttl, delay=settings.delay, now=now
            )
        await asyncio.sleep(0)  # where another service failed meanwhile we end here: its group takes no new task
        for lease in leases:
            visitor = self._services.create_task(self._visit(lease), name=f"visit {lease.host}")
            self._visitors.add(visitor)
            visitor.add_done_callback(self._visitor_ended)
        return bool(leases)

    async def _visit(self, lease: Lease) -> None:
        try:
            await visit(lease, self._tools, self)
        except LeaseLost:
            log.warning("lease_lost", host=lease.host, jobs=len(lease.jobs))

    def _visitor_ended(self, visitor: asyncio.Task[None]) -> None:
        self._visitors.discard(visitor)
        self._wake.set()
        if not self._visitors:
            self._hands.put_nowait(_Signal.FLUSH)

    async def _rest(self) -> None:
        """Until something was committed, the next host is ready, or a second has gone (another process may have offered)."""
        ready = await self._tools.store.next_ready()
        held = self._tools.patience.waiting or self._tools.network.down
        wait = _HELD if held else 1.0 if ready is None else min(1.0, max(0.001, (ready - self._tools.clock.now()) / 1000))
        try:
            async with asyncio.timeout(wait if len(self._visitors) < self._settings.hosts else None):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _finished(self) -> bool:
        if self._settings.goal == "forever" or self._visitors or self._under_way:
            return False
        store, now = self._tools.store, self._tools.clock.now()
        if self._settings.goal == "drained":
            return await store.pending(NEVER, SOURCE_KINDS | PAGE_KINDS) == 0
        within = now + round(self._settings.once_within * 1000)
        return await store.pending(now, SOURCE_KINDS, ready=within) == 0 and await store.pending(within, PAGE_KINDS) == 0

    async def _let_visitors_end(self) -> None:
        if self._visitors:
            _, late = await asyncio.wait(self._visitors, timeout=self._settings.grace)
            for visitor in late:
                visitor.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    # --- what visitors ask (pipeline.Desk) ---

    async def keep(self, visit: Visit) -> None:
        """Take a visit; waits while there is no room for its bytes."""
        size, offset = _size(visit), self._tools.time.offset()
        if size > FREE_BYTES:
            # It had room while it arrived. Whoever waits for that would else get it, and this lie in memory beside it.
            self._tools.room.hold(size)
        else:
            await self._tools.room.take(size)
        self._under_way += 1
        self._hands.put_nowait((visit, offset))

    def free(self, freed: Freed) -> None:
        """Give a host back, behind its visits."""
        self._under_way += 1
        self._hands.put_nowait((freed, self._tools.time.offset()))

    def stopping(self) -> bool:
        """Whether `stop` was called."""
        return self._stop.is_set()

    def postponed(self, job: Job) -> Millis | None:
        """A page over its host's budget of the day; with goal `once` a source that was asked in this run."""
        if job.kind in PAGE_KINDS and self._budget is not None:
            return self._budget.postponed(job.host_id, self._tools.clock.now())
        if self._settings.goal != "once" or job.poll is None or job.context.hops:
            return None
        if job.poll.source_id not in self._polled:
            self._polled.add(job.poll.source_id)
            return None
        return self._tools.clock.now() + max(job.poll.every_ms, round(self._settings.once_within * 1000))

    # --- keeping: visits to the archive ---

    async def _keeping(self) -> None:
        ended = False
        while not ended:
            ended = await self._keep_some()
        for _ in range(self._settings.readers):
            await self._receipts.put(_Signal.END)

    async def _keep_some(self) -> bool:
        """Keep a group, and let go of its bytes with it. True: nothing will follow."""
        hands, ended = await self._group()
        if hands:
            # Whatever the archive says: nothing of the group is acknowledged, and it goes to a new segment if it must.
            kept = await self._tools.patience.through(partial(self._keep, hands), ArchiveError)
            for receipt in kept.receipts:
                self._under_way += 1
                await self._receipts.put(receipt)
            self._off_our_hands(hands)
            self._tell(kept)
        return ended

    async def _group(self) -> tuple[list[tuple[Hand, Millis]], bool]:
        """A group, full or `group_wait` old or the last for now; and whether nothing will follow."""
        hands: list[tuple[Hand, Millis]] = []
        try:
            async with asyncio.timeout(None) as patience:
                ended = await self._fill(hands, patience)
        except TimeoutError:
            return hands, False
        return hands, ended

    async def _fill(self, hands: list[tuple[Hand, Millis]], patience: asyncio.Timeout) -> bool:
        """Until the group is full or nobody is left to add to it. True: nothing will follow. The first starts the clock."""
        while len(hands) < self._settings.group_size:
            hand = await self._hands.get()
            if hand is _Signal.END:
                return True
            if isinstance(hand, _Signal):
                if hands and not self._visitors and self._hands.empty():
                    return False
                continue
            if not hands:
                patience.reschedule(asyncio.get_running_loop().time() + self._settings.group_wait)
            hands.append(hand)
        return False

    async def _keep(self, hands: list[tuple[Hand, Millis]]) -> Kept:
        # What waited here says when its host may be asked by the clock as it was then.
        time = self._tools.time
        async with time.writing() as now:
            return await keep([_rebased(hand, time.moved_since(then)) for hand, then in hands], self._tools, now)

    def _off_our_hands(self, hands: list[tuple[Hand, Millis]]) -> None:
        self._tools.room.give(sum(_size(hand) for hand, _ in hands if not isinstance(hand, Freed)))
        self._under_way -= len(hands)
        self._wake.set()

    # --- reading: captures to records ---

    async def _reading(self) -> None:
        """A batch in which a page takes long doesn't hold up the next one."""
        ended = False
        going: set[asyncio.Task[None]] = set()
        while not ended:
            batch, ended = await self._batch()
            if batch:
                going.add(reading := self._services.create_task(self._read(batch)))
                await asyncio.wait({reading}, timeout=_LONG)
                _, going = await asyncio.wait(going, timeout=None if len(going) > _MOST_LONG else 0, return_when=_FIRST)
        if going:
            await asyncio.wait(going)

    async def _read(self, batch: list[Receipt]) -> None:
        async with aclosing(read(batch, self._tools)) as parts:
            async for part in parts:
                for done in part:
                    self._tell_of(done)
                self._under_way -= len(part)
                self._wake.set()

    def _tell_of(self, done: Read) -> None:
        """Whoever looks on asked for what was fetched now, not for what an earlier crawl left unread."""
        if done.decision.key in self._left_behind:
            self._left_behind.discard(done.decision.key)
            return
        for passed in done.decision.passed_over:
            log.info("passed_over", source=done.receipt.capture.url, count=passed.count, why=passed.why, example=passed.example)
        self._tell(done)

    async def _batch(self) -> tuple[list[Receipt], bool]:
        """One receipt at least, and what else lies there; and whether nothing will follow."""
        batch: list[Receipt] = []
        receipt = await self._receipts.get()
        while not isinstance(receipt, _Signal):
            batch.append(receipt)
            if len(batch) == self._settings.batch or self._receipts.empty():
                return batch, False
            receipt = self._receipts.get_nowait()
        return batch, True

    # --- resuming and housekeeping ---

    async def _resume(self) -> None:
        """Take over segments that nobody holds: repair them, go on in one of our role, have their outbox read."""
        tools = self._tools
        held = set(tools.archive.held())
        for known in await tools.store.unsealed():
            if known.segment not in held and role(tools.worker) in (role_of(known), "run"):
                await tools.patience.through(partial(self._take_over, known.segment))
        await self._seal_finished()

    async def _take_over(self, segment: SegmentId) -> None:
        tools = self._tools
        if not await tools.archive.lock(segment):
            return
        # read again: who held the lock until now may have acknowledged more, or sealed it
        state = next((state for state in await tools.store.unsealed() if state.segment == segment), None)
        if state is None:
            return
        # one that was being sealed is never written to again
        write = state.state == "open" and role_of(state) == role(tools.worker) and tools.archive.current() is None
        if await tools.archive.adopt(state, write=write):
            await tools.store.take_segment(segment, tools.worker)
            await self._run_outbox(state)

    async def _run_outbox(self, state: SegmentState) -> None:
        after: CaptureKey | None = None
        while receipts := await self._tools.store.outbox(state.segment, after, 256):
            log.info("outbox", segment=state.segment, captures=len(receipts))
            for receipt in receipts:
                self._under_way += 1
                self._left_behind.add(receipt.capture.key)
                await self._receipts.put(receipt)
            after = receipts[-1].capture.key

    async def _housekeeping(self) -> None:
        while True:
            await self._tools.clock.sleep(self._settings.tidy_every)
            await self._tools.store.beat(self._tools.worker, self._tools.clock.now())
            await self._tools.patience.through(self._tools.reclaim)
            await self._seal_finished()
            self._wake.set()

    async def _seal_finished(self) -> None:
        await seal_finished(self._tools)


def _rebased(hand: Hand, by: Millis) -> Hand:
    """A hand whose times are by a clock that was set by so much since. A polite_at of 0 says nothing."""
    return replace(hand, polite_at=hand.polite_at + by) if by and hand.polite_at else hand


def _size(visit: Visit) -> int:
    return sum(len(exchange.response) for exchange in visit.evidence)
