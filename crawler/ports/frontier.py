"""What is due, host by host, as the pipeline asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from crawler.model import (
    Decision,
    Freed,
    HostId,
    Job,
    Jump,
    Kind,
    Lease,
    Millis,
    Offer,
    SegmentId,
    SegmentState,
    Settlement,
    WorkerId,
)


class Frontier(Protocol):
    """What is due, host by host. Every call is one transaction; `now` comes in as an argument.

    The unit of leasing is the host. A commit compares epoch and owner: a worker that slept through its lease changes
    nothing. Whoever writes a host's queue locks the host first; hosts are locked in the order of their ids.
    """

    async def offer(self, offers: Sequence[Offer], now: Millis) -> int:
        """Queue what is new (gated offers: what was never seen; others always) and wake the hosts. Returns rows added.

        Offering twice changes nothing more. Taken-down addresses (`blocked`) are passed over. An insert that meets its own
        key updates the row.
        """

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
        """Take up to `hosts` ready hosts, longest ready first, with up to `urls` due jobs each, oldest first, assets last.

        Polls of sources that are due go ahead of pages that wait longer, in half of a lease at most. One job only where the
        gap (the greater of `delay` and the host's own) is a quarter of `ttl` or more, and where a job was leased three times
        without an outcome (it is leased alone). Raises `epoch`, sets `polite_at` to now + ttl, counts `leases` of the jobs.
        A job that was leased ten times in vain comes again in a day; `put_off` is told of those, due then.
        """

    async def lease_host(self, worker: WorkerId, host: str, host_id: HostId, *, ttl: Millis, now: Millis) -> Lease | None:
        """Take one host, without its jobs; makes the row if there is none. None: it is leased, or may not be asked yet."""

    async def renew(self, worker: WorkerId, host_id: HostId, epoch: int, *, ttl: Millis, now: Millis) -> bool:
        """Move a lease's end to now + ttl. False: it isn't ours any more."""

    async def release(self, worker: WorkerId, leases: Sequence[Freed], now: Millis) -> None:
        """Give hosts back with their queue as it is; their jobs' `leases` become 0. Leases not ours are passed over."""

    async def commit_captures(
        self, worker: WorkerId, segment: SegmentId | None, committed: int, settlements: Sequence[Settlement], now: Millis
    ) -> frozenset[HostId]:
        """Commit 1: acknowledge visits. Returns the fenced hosts; if there are any, nothing at all was written.

        Captures, payloads, robots, polls and failures are inserted; the leased rows go; `again` and `hop` are put in (a gated
        hop passes `seen`) where the leased row was still there; the segment's `committed` moves (None: nothing was
        archived); a `last` settlement frees its host with `polite_at`.

        Raises:
            StoreError: the segment isn't this worker's or isn't open.
        """

    async def commit_records(
        self,
        worker: WorkerId,
        committed: Mapping[SegmentId, int],
        decisions: Sequence[Decision],
        spans: Mapping[SegmentId, Sequence[tuple[int, int]]],
        now: Millis,
    ) -> None:
        """Commit 2: publish what was read. Doing it twice changes nothing more.

        Articles and versions, entries (upsert by source and key), offers, the source's queue row and validators, an event a
        new article or version, `extracted`, and each segment's `rec_committed`. An `ArticleRow.record` indexes `spans` of
        its segment.
        """

    async def clock_moved(self, jump: Jump, now: Millis) -> Millis:
        """Move what is due, and when hosts may be asked, with a wall clock that was set. Returns by how much: 0, it is done.

        Jobs handed out stand still (their keys are known elsewhere); those given back unasked are due by `now` then.
        """

    async def next_ready(self) -> Millis | None:
        """When the next host is ready (it may be in the past); None: there is nothing to do at all."""

    async def pending(self, until: Millis, kinds: frozenset[Kind], *, ready: Millis | None = None) -> int:
        """Queued jobs of these kinds, due by `until`, whose host is leased, or ready by `ready` (None: by `until`, too).

        A host that rests longer (Retry-After) keeps its jobs for another time.
        """

    async def enlist(self, worker: WorkerId, info: Mapping[str, str], now: Millis) -> None:
        """Enter a worker. Its lock is taken before."""

    async def beat(self, worker: WorkerId, now: Millis) -> None:
        """Say that a worker lives."""

    async def workers(self) -> Sequence[WorkerId]:
        """All entered workers, dead ones too."""

    async def reclaim(self, dead: WorkerId, *, delay: Millis, now: Millis) -> int:
        """Free a dead worker's hosts (ready after their gap, at least `delay`; epoch raised), strike the worker off."""

    async def open_segment(self, segment: SegmentId, worker: WorkerId, now: Millis) -> None:
        """Enter a new segment, before its file is made."""

    async def take_segment(self, segment: SegmentId, worker: WorkerId) -> None:
        """Become the owner of an unsealed segment whose file lock we hold."""

    async def unsealed(self) -> Sequence[SegmentState]:
        """Segments in state open or sealing, oldest first."""

    async def seal(self, segment: SegmentId, state: str, sha256: bytes | None, now: Millis) -> None:
        """Move a segment to `sealing`, then `sealed` (with its digest) or `void` (nothing was in it)."""

    async def place_segment(self, segment: SegmentId, uri: str | None) -> None:
        """Note where a sealed segment lies from now on: `file://` and a folder; None: in the archive's own.

        Raises:
            StoreError: it isn't sealed, or was never entered.
        """
