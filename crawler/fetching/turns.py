"""A lease's way to the web: every wrapper in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from crawler import politeness, urls
from crawler.fetching.blocks import RecognisingFetcher
from crawler.fetching.files import Document, DocumentFetcher
from crawler.fetching.paced import Pace, PacedFetcher
from crawler.fetching.retrying import RetryingFetcher
from crawler.fetching.robots_cache import Book, RobotsFetcher
from crawler.model import Freed, Lease, Millis, Outcome, Request, RobotsCopy, Seconds, Strain, WorkerId
from crawler.ports import Clock, Fetcher, LeaseLost, Store


class Turns:
    """Makes the turn of each lease. Copies of robots.txt in memory are shared by all."""

    def __init__(
        self,
        fetcher: Fetcher,
        *,
        store: Store,
        worker: WorkerId,
        clock: Clock,
        delay: Seconds,
        crawl_delay_most: Seconds,
        ttl_ms: Millis,
        total: Seconds,
        knocks: int,
        chance: Callable[[], float] = lambda: 0.0,
        documents: Iterable[Document] = (),
        own_delay: Callable[[str], Seconds | None] = lambda _host: None,
    ) -> None:
        """`delay` is the configured gap, `own_delay` the one of a host that has its own.

        `total` is the deadline of a request: at most a third of `ttl_ms`, a lease's length.

        `chance` is a die in [0, 1), for the jitter.
        """
        self._fetcher = RecognisingFetcher(fetcher)
        self._documents = DocumentFetcher(documents, clock)
        self._store = store
        self._worker = worker
        self._clock = clock
        self._delay = delay
        self._own_delay = own_delay
        self._crawl_delay_most = crawl_delay_most
        self._ttl_ms = ttl_ms
        self._total = total
        self._knocks = knocks
        self._chance = chance
        self._book = Book(store.robots)

    def turn(self, lease: Lease, stopping: Callable[[], bool] = lambda: False) -> Turn:
        """The turn of a lease just taken; once `stopping` says so, whatever still waits for its start is `Unasked`."""
        pace, knocking = self._way(lease, stopping)
        allowed = RobotsFetcher(
            knocking,
            self._book,
            pace,
            self._clock,
            abroad=partial(self._abroad, stopping),
            crawl_delay_most=self._crawl_delay_most,
        )
        return Turn(allowed, pace)

    def _way(self, lease: Lease, stopping: Callable[[], bool]) -> tuple[Pace, Fetcher]:
        local = lease.host == "urn"
        own = self._own_delay(lease.host)
        hold = _Hold(lease, self._store, self._worker, self._clock, self._ttl_ms)
        pace = Pace(
            self._clock,
            hold.cover,
            gap=0.0 if local else self._delay if own is None else own,
            deadline=self._total,
            last_at=lease.last_at,
            strain=lease.strain,
            chance=self._chance,
            stopping=stopping,
        )
        paced = PacedFetcher(self._documents if local else self._fetcher, pace)
        knocks = 1 if lease.strain.fails >= politeness.BREAK else self._knocks  # after a long rest: one probe
        return pace, RetryingFetcher(paced, knocks=knocks, clock=self._clock)

    async def _abroad(self, stopping: Callable[[], bool], request: Request) -> Outcome | None:
        """See `robots_cache.Abroad`. Leased without waiting: two hosts whose robots.txt are each other's don't block."""
        host = urls.host(request.url)
        now = self._clock.now()
        lease = await self._store.lease_host(self._worker, host, urls.host_id(host), ttl=self._ttl_ms, now=now)
        if lease is None:
            return None
        pace, fetcher = self._way(lease, stopping)
        try:
            return await fetcher.fetch(request)
        except LeaseLost:
            return None
        finally:
            freed = Freed(host_id=lease.host_id, epoch=lease.epoch, polite_at=pace.polite_at())
            await self._store.release(self._worker, [freed], self._clock.now())


class Turn:
    """One lease's requests, one at a time."""

    def __init__(self, fetcher: RobotsFetcher, pace: Pace) -> None:
        self._fetcher = fetcher
        self._pace = pace

    async def fetch(self, request: Request) -> Outcome:
        """As `Fetcher.fetch`."""
        return await self._fetcher.fetch(request)

    def take_copy(self) -> RobotsCopy | None:
        """The robots.txt fetched since the last call, to be remembered."""
        return self._fetcher.take_copy()

    def rights(self) -> dict[str, str]:
        """What robots.txt said on reuse at the last request."""
        return self._fetcher.rights()

    def polite_at(self) -> Millis:
        """When the next request may start."""
        return self._pace.polite_at()

    def delay_ms(self) -> Millis:
        """The gap that is kept."""
        return round(self._pace.gap * 1000)

    def strain(self) -> Strain:
        """How the host bears it, as of the last request."""
        return self._pace.strain


class _Hold:
    """A lease and how long it still lasts, by both clocks: the wall clock may be put back."""

    def __init__(self, lease: Lease, store: Store, worker: WorkerId, clock: Clock, ttl_ms: Millis) -> None:
        self._lease = lease
        self._store = store
        self._worker = worker
        self._clock = clock
        self._ttl_ms = ttl_ms
        self._until = lease.until
        self._steady_until = clock.monotonic() + (lease.until - clock.now()) / 1000

    async def cover(self, seconds: Seconds) -> bool:
        """See `paced.Cover`."""
        now, steady = self._clock.now(), self._clock.monotonic()
        if now + seconds * 1000 <= self._until and steady + seconds <= self._steady_until:
            return True
        held = await self._store.renew(self._worker, self._lease.host_id, self._lease.epoch, ttl=self._ttl_ms, now=now)
        if held:
            self._until, self._steady_until = now + self._ttl_ms, steady + self._ttl_ms / 1000
        return held
