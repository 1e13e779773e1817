"""The tables of the store in memory, and the queue in them. Rows are values: a change puts another one in the place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from crawler.model import (
    NEVER,
    ArticleRow,
    Capture,
    CaptureKey,
    Failure,
    HostId,
    Job,
    Millis,
    Offer,
    PayloadKey,
    PollRow,
    Receipt,
    Rhythm,
    RobotsCopy,
    SegmentId,
    Source,
    SourceId,
    Strain,
    Trust,
    Url,
    UrlHash,
    Validators,
    Value,
    WorkerId,
)
from crawler.store import rules
from crawler.store.rules import Address, Placed, QueueKey


class HostRow(Value, frozen=True, kw_only=True):
    """One politeness queue."""

    host: str
    delay_ms: Millis = 0
    polite_at: Millis = 0
    wake_at: Millis = NEVER
    epoch: int = 0
    owner: WorkerId | None = None
    last_at: Millis = 0
    strain: Strain = Strain()

    @property
    def ready_at(self) -> Millis:
        """When the host may be leased."""
        return max(self.polite_at, self.wake_at)


class SourceRow(Value, frozen=True, kw_only=True):
    """A source, and where its row or its waiting capture is."""

    source: Source
    state: str = "active"
    queued: QueueKey | None = None
    waiting: CaptureKey | None = None
    asked: bool = False
    validators: Validators = Validators()
    body_digest: str | None = None
    captured_at: Millis = 0
    failures: int = 0
    last_at: Millis | None = None
    last_outcome: str | None = None
    rhythm: Rhythm = Rhythm()
    trust: Trust = Trust()
    moved: Url | None = None


class SegmentRow(Value, frozen=True, kw_only=True):
    """A segment; `state` is the number."""

    owner: WorkerId
    created_at: Millis
    state: int = 1
    committed: int = 0
    records_committed: int = 0


class NewsRow(Value, frozen=True, kw_only=True):
    """The newest version of an article, and where its line lies."""

    row: ArticleRow
    version: int
    segment: SegmentId
    offset: int
    length: int
    first_at: Millis
    """When its first version was fetched."""
    newest_at: Millis
    """When its newest one was, a deletion too."""
    deleted: bool = False
    """The newest version is its deletion."""


@dataclass(frozen=True, slots=True)
class Tables:
    """All there is: the tables stay, their rows change."""

    hosts: dict[HostId, HostRow] = field(default_factory=dict)
    queue: dict[HostId, dict[QueueKey, Job]] = field(default_factory=dict)
    seen: set[Address] = field(default_factory=set)
    meta: dict[str, str] = field(default_factory=dict)
    """`clock`: see `rules.corrected`."""
    robots: dict[str, RobotsCopy] = field(default_factory=dict)
    workers: set[WorkerId] = field(default_factory=set)
    segments: dict[SegmentId, SegmentRow] = field(default_factory=dict)
    captures: dict[CaptureKey, Capture] = field(default_factory=dict)
    receipts: dict[CaptureKey, Receipt] = field(default_factory=dict)
    payloads: dict[PayloadKey, CaptureKey] = field(default_factory=dict)
    sources: dict[SourceId, SourceRow] = field(default_factory=dict)
    polls: dict[SourceId, dict[Millis, PollRow]] = field(default_factory=dict)
    entries: dict[SourceId, dict[str, tuple[str, Millis]]] = field(default_factory=dict)
    articles: dict[str, NewsRow] = field(default_factory=dict)
    events: list[tuple[str, int]] = field(default_factory=list)
    failures: dict[tuple[HostId, UrlHash, Millis], Failure] = field(default_factory=dict)

    # --- the queue ---

    def put(self, offers: Sequence[Offer]) -> Placed:
        """Queue offers, in their order, and wake their hosts."""
        addresses = {(offer.host_id, offer.h) for offer in offers}
        passing = set(rules.admitted(offers, addresses - self.seen, frozenset(), self._stale(offers)))
        self.seen.update(addresses)
        for offer in offers:
            self.hosts.setdefault(offer.host_id, HostRow(host=offer.host))
        touched = [self.queue.setdefault(host_id, {}) for host_id in {offer.host_id for offer in offers}]
        before = sum(map(len, touched))
        keys = [self._place(offer) if index in passing else None for index, offer in enumerate(offers)]
        return Placed(keys, sum(map(len, touched)) - before)

    def _stale(self, offers: Sequence[Offer]) -> set[int]:
        asked = {index: offer for index, offer in enumerate(offers) if offer.since}
        newest: dict[Address, Millis] = {}
        for key in self.captures if asked else ():
            newest[key.host_id, key.h] = max(key.fetched_at, newest.get((key.host_id, key.h), 0))
        return {index for index, offer in asked.items() if newest.get((offer.host_id, offer.h), offer.since) < offer.since}

    def _place(self, offer: Offer) -> QueueKey:
        host, rows = self.hosts[offer.host_id], self.queue[offer.host_id]
        key = rules.offer_key(offer)
        while key in rows and _owner(rows[key]) != rules.source_of(offer.kind, offer.context):
            key = key._replace(due_at=key.due_at + 1)
        rows[key] = rules.job_of(offer, host.host, key.due_at)
        self.hosts[offer.host_id] = replace(host, wake_at=min(host.wake_at, key.due_at))
        return key

    def take(self, keys: Iterable[QueueKey]) -> frozenset[QueueKey]:
        """Remove rows; those that were there."""
        return frozenset(key for key in keys if self.queue.get(key.host_id, {}).pop(key, None))

    def owner(self, key: QueueKey) -> SourceId | None:
        """Whose row stands there, if there is one."""
        job = self.queue.get(key.host_id, {}).get(key)
        return _owner(job) if job else None

    def settle_wake(self, hosts: Iterable[HostId]) -> None:
        """Correct the `wake_at` of hosts whose first row may be gone."""
        for host_id in hosts:
            first = min(self.queue.get(host_id, {}), default=None)
            self.hosts[host_id] = replace(self.hosts[host_id], wake_at=first.due_at if first else NEVER)

    def requeue(self, jobs: Sequence[Job], due_at: Millis, leases: int = 0) -> None:
        """Jobs come again at another time; the sources whose rows they are know it."""
        taken = self.take(map(rules.job_key, jobs))
        moved = [job for job in jobs if rules.job_key(job) in taken]
        owners = {row.queued: source for source, row in self.sources.items() if row.queued}
        placed = self.put([job.row(due_at) for job in moved])
        for job, key in zip(moved, placed.keys, strict=True):
            if key is not None:
                self.queue[key.host_id][key] = replace(self.queue[key.host_id][key], leases=leases)
            if rules.job_key(job) in owners:
                self.point({owners[rules.job_key(job)]: key})

    def point(self, places: Mapping[SourceId, QueueKey | None]) -> None:
        """Note where the queue rows of sources stand."""
        for source, key in places.items():
            if source in self.sources:
                self.sources[source] = replace(self.sources[source], queued=key)


def _owner(job: Job) -> SourceId | None:
    return rules.source_of(job.kind, job.context)
