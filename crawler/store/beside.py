"""A one-shot's store: its jobs live in memory, its captures and articles in the real one, under the real hosts' leases.

So `warraq fetch` beside a daemon obeys the same gaps, and neither sees the other's queue.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from crawler.model import (
    CaptureKey,
    Decision,
    Failure,
    Freed,
    HostId,
    Job,
    Jump,
    Kind,
    Lease,
    Millis,
    Offer,
    Original,
    PayloadKey,
    Poll,
    Receipt,
    RobotsCopy,
    Said,
    SegmentId,
    SegmentState,
    Settlement,
    Source,
    SourceId,
    UrlHash,
    WorkerId,
)
from crawler.model.takedowns import Barred
from crawler.ports import ArticleStatus, SourceStatus, Store

BUSY_MS: Millis = 250
"""How long a host that a daemon holds is left alone before it is asked for again."""


class BesideStore:
    """Two stores as one: `queue` decides what is next, `real` who may ask and what stays."""

    def __init__(self, real: Store, queue: Store, *, limit: int | None = None) -> None:
        self._real = real
        self._queue = queue
        self._left = limit
        self._epochs: dict[HostId, int] = {}
        self._ours: set[CaptureKey] = set()
        self.busy: set[str] = set()
        """Hosts that somebody else holds, as of the last lease."""
        self.refused: set[str] = set()
        """Addresses that were wanted and had been taken down."""

    # --- the queue ---

    async def offer(self, offers: Sequence[Offer], now: Millis) -> int:
        """As the port; of pages found, no more than the limit is taken."""
        return await self._queue.offer(self._within_limit(await self._permitted(offers)), now)

    async def _permitted(self, offers: Sequence[Offer]) -> list[Offer]:
        """Those that weren't taken down in the real store; the queue in memory knows nothing of that."""
        gone = (await self._real.barred(sorted({(one.host_id, one.h) for one in offers}), ())).addresses
        self.refused.update(one.url for one in offers if (one.host_id, one.h) in gone)
        return [one for one in offers if (one.host_id, one.h) not in gone]

    def _within_limit(self, offers: Sequence[Offer]) -> list[Offer]:
        if self._left is None:
            return list(offers)
        taken: list[Offer] = []
        for offer in offers:
            if offer.kind is Kind.PAGE and offer.depth > 0:
                if self._left <= 0:
                    continue
                self._left -= 1
            taken.append(offer)
        return taken

    async def lease(
        self,
        worker: WorkerId,
        *,
        hosts: int,
        urls: int,
        ttl: Millis,
        delay: Millis,
        now: Millis,
        put_off: Callable[[Sequence[Job]], None] = lambda _jobs: None,
    ) -> Sequence[Lease]:
        """Of the hosts the queue would ask, those the real store lets us have."""
        leases = []
        self.busy.clear()
        for wanted in await self._queue.lease(worker, hosts=hosts, urls=urls, ttl=ttl, delay=delay, now=now, put_off=put_off):
            lease = await self._real.lease_host(worker, wanted.host, wanted.host_id, ttl=ttl, now=now)
            if lease is None:
                self.busy.add(wanted.host)
                back = Freed(host_id=wanted.host_id, epoch=wanted.epoch, polite_at=now + BUSY_MS)
                await self._queue.release(worker, [back], now)
                continue
            self._epochs[wanted.host_id] = wanted.epoch
            leases.append(replace(lease, jobs=wanted.jobs, delay_ms=max(lease.delay_ms, wanted.delay_ms)))
        return leases

    async def lease_host(self, worker: WorkerId, host: str, host_id: HostId, *, ttl: Millis, now: Millis) -> Lease | None:
        """As the port, of the real store."""
        return await self._real.lease_host(worker, host, host_id, ttl=ttl, now=now)

    async def renew(self, worker: WorkerId, host_id: HostId, epoch: int, *, ttl: Millis, now: Millis) -> bool:
        """As the port, of both."""
        await self._queue.renew(worker, host_id, self._epochs.get(host_id, 0), ttl=ttl, now=now)
        return await self._real.renew(worker, host_id, epoch, ttl=ttl, now=now)

    async def release(self, worker: WorkerId, leases: Sequence[Freed], now: Millis) -> None:
        """As the port, of both."""
        await self._real.release(worker, leases, now)
        ours = [replace(freed, epoch=self._epochs[freed.host_id]) for freed in leases if freed.host_id in self._epochs]
        await self._queue.release(worker, ours, now)

    async def commit_captures(
        self, worker: WorkerId, segment: SegmentId | None, committed: int, settlements: Sequence[Settlement], now: Millis
    ) -> frozenset[HostId]:
        """What was fetched goes to the real store, what is to be fetched to the queue."""
        lasting = [replace(settled, again=None, hop=None, poll=None, failure=None) for settled in settlements]
        fenced = await self._real.commit_captures(worker, segment, committed, lasting, now)
        if not fenced:
            passing = [self._passing(settled) for settled in settlements]
            await self._queue.commit_captures(worker, None, 0, passing, now)
            self._ours.update(settled.receipt.capture.key for settled in settlements if settled.receipt is not None)
        return fenced

    def _passing(self, settled: Settlement) -> Settlement:
        return replace(
            settled, epoch=self._epochs[settled.host_id], captures=(), receipt=None, robots=None, poll=None, failure=None
        )

    async def commit_records(
        self,
        worker: WorkerId,
        committed: Mapping[SegmentId, int],
        decisions: Sequence[Decision],
        spans: Mapping[SegmentId, Sequence[tuple[int, int]]],
        now: Millis,
    ) -> None:
        """Articles go to the real store, what was found to the queue; what an earlier one-shot left unread is not followed."""
        lasting = [replace(decision, offers=(), entries=(), source=None, source_id=None) for decision in decisions]
        await self._real.commit_records(worker, committed, lasting, spans, now)
        ours = [decision for decision in decisions if decision.key in self._ours]
        await self.offer([offer for decision in ours for offer in decision.offers], now)

    async def clock_moved(self, jump: Jump, now: Millis) -> Millis:
        """As the port, of both."""
        await self._real.clock_moved(jump, now)
        return await self._queue.clock_moved(jump, now)

    async def next_ready(self) -> Millis | None:
        """As the port, of the queue."""
        return await self._queue.next_ready()

    async def pending(self, until: Millis, kinds: frozenset[Kind], *, ready: Millis | None = None) -> int:
        """As the port, of the queue."""
        return await self._queue.pending(until, kinds, ready=ready)

    # --- what stays ---

    async def enlist(self, worker: WorkerId, info: Mapping[str, str], now: Millis) -> None:
        """As the port, of both."""
        await self._queue.enlist(worker, info, now)
        await self._real.enlist(worker, info, now)

    async def beat(self, worker: WorkerId, now: Millis) -> None:
        """As the port."""
        await self._real.beat(worker, now)

    async def workers(self) -> Sequence[WorkerId]:
        """As the port."""
        return await self._real.workers()

    async def reclaim(self, dead: WorkerId, *, delay: Millis, now: Millis) -> int:
        """As the port."""
        return await self._real.reclaim(dead, delay=delay, now=now)

    async def open_segment(self, segment: SegmentId, worker: WorkerId, now: Millis) -> None:
        """As the port."""
        await self._real.open_segment(segment, worker, now)

    async def take_segment(self, segment: SegmentId, worker: WorkerId) -> None:
        """As the port."""
        await self._real.take_segment(segment, worker)

    async def unsealed(self) -> Sequence[SegmentState]:
        """As the port."""
        return await self._real.unsealed()

    async def seal(self, segment: SegmentId, state: str, sha256: bytes | None, now: Millis) -> None:
        """As the port."""
        await self._real.seal(segment, state, sha256, now)

    async def place_segment(self, segment: SegmentId, uri: str | None) -> None:
        """As the port."""
        await self._real.place_segment(segment, uri)

    async def originals(self, payloads: Sequence[PayloadKey]) -> Mapping[PayloadKey, Original]:
        """As the port."""
        return await self._real.originals(payloads)

    async def last_capture(self, host_id: HostId, h: int) -> Original | None:
        """As the port."""
        return await self._real.last_capture(host_id, h)

    async def outbox(self, segment: SegmentId, after: CaptureKey | None, limit: int) -> Sequence[Receipt]:
        """As the port."""
        return await self._real.outbox(segment, after, limit)

    async def robots(self, origin: str) -> RobotsCopy | None:
        """As the port."""
        return await self._real.robots(origin)

    async def known_entries(self, source: SourceId) -> Mapping[str, str]:
        """Nothing: a one-shot reads every entry."""
        return {}

    async def sync_sources(self, sources: Sequence[Source], offers: Sequence[Offer], now: Millis) -> None:
        """As the port."""
        await self._real.sync_sources(sources, offers, now)

    async def poll_all(self, now: Millis) -> int:
        """As the port."""
        return await self._real.poll_all(now)

    async def sources(self) -> Sequence[SourceStatus]:
        """As the port."""
        return await self._real.sources()

    async def said(self) -> Mapping[SourceId, Said]:
        """Nothing: a one-shot knows no sources."""
        return {}

    async def watched(self) -> Sequence[Poll]:
        """None: a one-shot asks what it was told to, once."""
        return ()

    async def articles(self, since_seq: int = 0) -> Sequence[ArticleStatus]:
        """As the port."""
        return await self._real.articles(since_seq)

    async def barred(self, addresses: Sequence[tuple[HostId, UrlHash]], articles: Sequence[str]) -> Barred:
        """As the port."""
        return await self._real.barred(addresses, articles)

    async def failures(self, since: Millis = 0) -> Sequence[Failure]:
        """As the port."""
        return await self._real.failures(since)

    async def forget(self, before: Millis, most: int, *, entries: int) -> int:
        """As the port."""
        return await self._real.forget(before, most, entries=entries)

    async def close(self) -> None:
        """Both."""
        await self._queue.close()
        await self._real.close()
