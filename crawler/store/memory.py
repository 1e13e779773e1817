"""The store in memory: for tests, for a one-shot, and for whoever wants nothing kept. Gone with the process."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping, Sequence
from uuid import uuid4

from msgspec.structs import replace

from crawler.model import (
    NEVER,
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
from crawler.ports import ArticleStatus, SourceStatus, StoreError
from crawler.store import memory_acknowledge, memory_catalog, memory_clock, memory_publish, rules
from crawler.store.memory_tables import HostRow, SegmentRow, Tables
from crawler.store.rules import Handed


class MemoryStore:
    """A `Store` in plain dicts. No call waits inside, so each is one transaction by itself."""

    def __init__(self) -> None:
        self._tables = Tables()
        self.archive_id = str(uuid4())
        """Made with the store."""

    async def close(self) -> None:
        """Nothing to let go."""

    # --- the frontier ---

    async def offer(self, offers: Sequence[Offer], now: Millis) -> int:
        """Queue what is new."""
        return self._tables.put(offers).added

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
        """Take ready hosts and their due jobs. Looks at all hosts."""
        table = self._tables.hosts
        ready = heapq.nsmallest(hosts, ((row.ready_at, host_id) for host_id, row in table.items() if row.ready_at <= now))
        leases = []
        for _, host_id in ready:
            most = rules.jobs_a_lease(urls, gap=max(table[host_id].delay_ms, delay), ttl=ttl)
            handed = self._due(host_id, urls, most, now)
            if handed.suspects:
                put_off(rules.in_a_day(handed.suspects, now))
            if handed.jobs:
                leases.append(self._take(worker, host_id, until=now + ttl, jobs=handed.jobs))
            else:
                self._tables.settle_wake([host_id])
        return leases

    def _due(self, host_id: HostId, urls: int, most: int, now: Millis) -> Handed:
        rows = self._tables.queue.get(host_id, {})
        due = (key for key in rows if key.due_at <= now)
        first = heapq.nsmallest(urls, due, key=lambda key: (rows[key].kind is Kind.ASSET, key))
        polls = self._polls_due(host_id, urls, now) if len(first) > 1 else ()
        turns = rules.polls_first([rows[key] for key in first], polls, most, self._tables.hosts[host_id].epoch + 1)
        handed = rules.handed_out(turns, most)
        self._tables.requeue(handed.suspects, now + rules.DAY, rules.SUSPECT - 1)
        return handed

    def _polls_due(self, host_id: HostId, urls: int, now: Millis) -> Sequence[Job]:
        """The first due polls of a host's sources. Looks at all sources."""
        rows = self._tables.queue[host_id]
        keys = (row.queued for row in self._tables.sources.values() if row.queued in rows)
        return [rows[key] for key in heapq.nsmallest(urls, (key for key in keys if key and key.due_at <= now))]

    def _take(self, worker: WorkerId, host_id: HostId, *, until: Millis, jobs: Sequence[Job] = ()) -> Lease:
        row = self._tables.hosts[host_id]
        taken = replace(row, polite_at=until, epoch=row.epoch + 1, owner=worker)
        self._tables.hosts[host_id] = taken
        for job in jobs:
            self._tables.queue[host_id][rules.job_key(job)] = replace(job, leases=job.leases + 1)
        return Lease(
            host=row.host,
            host_id=host_id,
            epoch=taken.epoch,
            until=until,
            delay_ms=row.delay_ms,
            last_at=row.last_at,
            strain=row.strain,
            jobs=tuple(replace(job, leases=job.leases + 1, poll=self._poll(job)) for job in jobs),
        )

    def _poll(self, job: Job) -> Poll | None:
        source_id = rules.source_of(job.kind, job.context)
        row = self._tables.sources.get(source_id) if source_id else None
        if row is None or row.queued != rules.job_key(job):
            return None
        return memory_catalog.poll_of(self._tables, row)

    async def lease_host(self, worker: WorkerId, host: str, host_id: HostId, *, ttl: Millis, now: Millis) -> Lease | None:
        """Take one host."""
        row = self._tables.hosts.setdefault(host_id, HostRow(host=host))
        return self._take(worker, host_id, until=now + ttl) if row.polite_at <= now else None

    def _holds(self, worker: WorkerId, host_id: HostId, epoch: int) -> bool:
        row = self._tables.hosts.get(host_id)
        return row is not None and (row.owner, row.epoch) == (worker, epoch)

    async def renew(self, worker: WorkerId, host_id: HostId, epoch: int, *, ttl: Millis, now: Millis) -> bool:
        """Move a lease's end."""
        ours = self._holds(worker, host_id, epoch)
        if ours:
            self._tables.hosts[host_id] = replace(self._tables.hosts[host_id], polite_at=now + ttl)
        return ours

    async def release(self, worker: WorkerId, leases: Sequence[Freed], now: Millis) -> None:
        """Give hosts back."""
        for freed in leases:
            if self._holds(worker, freed.host_id, freed.epoch):
                rows = self._tables.queue.get(freed.host_id, {})
                late = [job for key, job in sorted(rows.items()) if job.leases and key.due_at > now]
                if late:  # the clock was put back since they were handed out
                    self._tables.requeue(late, now)
                rows.update({key: replace(job, leases=0) for key, job in rows.items() if job.leases})
                row = self._tables.hosts[freed.host_id]
                self._tables.hosts[freed.host_id] = replace(row, owner=None, polite_at=freed.polite_at)
                self._tables.settle_wake([freed.host_id])

    async def commit_captures(
        self,
        worker: WorkerId,
        segment: SegmentId | None,
        committed: int,
        settlements: Sequence[Settlement],
        now: Millis,
    ) -> frozenset[HostId]:
        """Acknowledge visits."""
        fenced = frozenset(one.host_id for one in settlements if not self._holds(worker, one.host_id, one.epoch))
        if not fenced:
            memory_acknowledge.commit_captures(self._tables, worker, segment, committed, settlements)
        return fenced

    async def commit_records(
        self,
        worker: WorkerId,
        committed: Mapping[SegmentId, int],
        decisions: Sequence[Decision],
        spans: Mapping[SegmentId, Sequence[tuple[int, int]]],
        now: Millis,
    ) -> None:
        """Publish what was read."""
        memory_publish.commit_records(self._tables, worker, committed, decisions, spans, now=now)

    async def clock_moved(self, jump: Jump, now: Millis) -> Millis:
        """Move times with the wall clock."""
        return memory_clock.moved(self._tables, jump, now)

    async def next_ready(self) -> Millis | None:
        """When the next host is ready."""
        ready = min((row.ready_at for row in self._tables.hosts.values()), default=NEVER)
        return ready if ready < NEVER else None

    async def pending(self, until: Millis, kinds: frozenset[Kind], *, ready: Millis | None = None) -> int:
        """As the port; every job is looked at."""
        tables, by = self._tables, until if ready is None else ready
        open_hosts = [host_id for host_id, row in tables.hosts.items() if row.polite_at <= by or row.owner is not None]
        jobs = (job for host_id in open_hosts for job in tables.queue.get(host_id, {}).values())
        return sum(job.due_at <= until and job.kind in kinds for job in jobs)

    async def enlist(self, worker: WorkerId, info: Mapping[str, str], now: Millis) -> None:
        """Enter a worker."""
        self._tables.workers.add(worker)

    async def beat(self, worker: WorkerId, now: Millis) -> None:
        """Nobody else looks."""

    async def workers(self) -> Sequence[WorkerId]:
        """All workers, by name."""
        return sorted(self._tables.workers)

    async def reclaim(self, dead: WorkerId, *, delay: Millis, now: Millis) -> int:
        """Free a dead worker's hosts."""
        held = {host_id: row for host_id, row in self._tables.hosts.items() if row.owner == dead}
        for host_id, row in held.items():
            polite_at = min(row.polite_at, now + max(row.delay_ms, delay))
            self._tables.hosts[host_id] = replace(row, polite_at=polite_at, epoch=row.epoch + 1, owner=None)
        self._tables.settle_wake(held)
        self._tables.workers.discard(dead)
        return len(held)

    async def open_segment(self, segment: SegmentId, worker: WorkerId, now: Millis) -> None:
        """Enter a segment; StoreError if there is one of this name."""
        if segment in self._tables.segments:
            raise StoreError(rules.SEGMENT_KNOWN.format(segment))
        self._tables.segments[segment] = SegmentRow(owner=worker, created_at=now)

    async def take_segment(self, segment: SegmentId, worker: WorkerId) -> None:
        """Become a segment's owner; StoreError if it is sealed or unknown."""
        self._tables.segments[segment] = replace(self._unsealed(segment), owner=worker)

    async def seal(self, segment: SegmentId, state: str, sha256: bytes | None, now: Millis) -> None:
        """Move a segment forwards; StoreError if it is sealed or unknown."""
        number = rules.sealing_state(state, sha256)
        self._tables.segments[segment] = replace(self._unsealed(segment), state=number)

    async def place_segment(self, segment: SegmentId, uri: str | None) -> None:
        """Note where a segment lies; StoreError if it isn't sealed."""
        row = self._tables.segments.get(segment)
        if row is None or rules.SEGMENT_STATES[row.state - 1] != "sealed":
            raise StoreError(rules.SEGMENT_UNSEALED.format(segment))

    def _unsealed(self, segment: SegmentId) -> SegmentRow:
        row = self._tables.segments.get(segment)
        if row is None or row.state > 2:
            raise StoreError(rules.SEGMENT_CLOSED.format(segment))
        return row

    async def unsealed(self) -> Sequence[SegmentState]:
        """Segments that aren't sealed."""
        return memory_catalog.unsealed(self._tables)

    # --- the catalog ---

    async def originals(self, payloads: Sequence[PayloadKey]) -> Mapping[PayloadKey, Original]:
        """Captures by their payloads."""
        return memory_catalog.originals(self._tables, payloads)

    async def last_capture(self, host_id: HostId, h: int) -> Original | None:
        """What a 304 refers to."""
        return memory_catalog.last_capture(self._tables, host_id, h)

    async def outbox(self, segment: SegmentId, after: CaptureKey | None, limit: int) -> Sequence[Receipt]:
        """What waits for a parser."""
        return memory_catalog.outbox(self._tables, segment, after, limit)

    async def robots(self, origin: str) -> RobotsCopy | None:
        """An origin's robots.txt."""
        return self._tables.robots.get(origin)

    async def known_entries(self, source: SourceId) -> Mapping[str, str]:
        """What a source said so far."""
        return {key: item_hash for key, (item_hash, _) in self._tables.entries.get(source, {}).items()}

    async def sync_sources(self, sources: Sequence[Source], offers: Sequence[Offer], now: Millis) -> None:
        """Make the config's sources the store's."""
        memory_catalog.sync_sources(self._tables, sources, offers)

    async def poll_all(self, now: Millis) -> int:
        """Make every active source due."""
        return memory_catalog.poll_all(self._tables, now)

    async def sources(self) -> Sequence[SourceStatus]:
        """All sources."""
        return memory_catalog.sources(self._tables)

    async def said(self) -> Mapping[SourceId, Said]:
        """What is said of single sources."""
        return memory_catalog.said(self._tables)

    async def watched(self) -> Sequence[Poll]:
        """Sources that are asked by their rates."""
        return memory_catalog.watched(self._tables)

    async def articles(self, since_seq: int = 0) -> Sequence[ArticleStatus]:
        """Articles in the order of their newest versions."""
        return memory_catalog.articles(self._tables, since_seq)

    async def barred(self, addresses: Sequence[tuple[HostId, UrlHash]], articles: Sequence[str]) -> Barred:
        """Nothing: a takedown is for what is kept."""
        return Barred()

    async def failures(self, since: Millis = 0) -> Sequence[Failure]:
        """Jobs that ended without what they were for."""
        found = self._tables.failures
        return [found[key] for key in sorted(found, key=lambda key: (key[2], key[0], key[1])) if key[2] >= since]

    async def forget(self, before: Millis, most: int, *, entries: int) -> int:
        """Forget what is old."""
        return memory_catalog.forget(self._tables, before, most, entries)
