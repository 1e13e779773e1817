"""The store in one SQLite file. Here stands what every call has in common: it is one transaction, kept or undone."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

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
    Url,
    UrlHash,
    WorkerId,
)
from crawler.model.takedowns import Barred
from crawler.patience import Patience
from crawler.ports import ArticleStatus, SourceStatus
from crawler.store import (
    acknowledge,
    again,
    catalog,
    clock,
    enqueue,
    frontier,
    migrate,
    publish,
    segments,
    statements,
    takedown,
)
from crawler.store import sources as watched
from crawler.store.connection import Database, Transaction, listed
from crawler.store.search import Index

P = ParamSpec("P")
T = TypeVar("T")


def _patient(
    call: Callable[Concatenate[SqliteStore, P], Coroutine[None, None, T]],
) -> Callable[Concatenate[SqliteStore, P], Coroutine[None, None, T]]:
    """A call that is undone when it fails, and so may be made again."""

    @wraps(call)
    async def patiently(self: SqliteStore, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._patience.through(lambda: call(self, *args, **kwargs))

    return patiently


class SqliteStore:
    """A `Store` on disk, for one process at a time to write and any number to read.

    A call that is cancelled has written nothing; a cancellation that comes too late for that is put off to the caller's next
    await. Every call may raise StoreError: the file can't be read or written.
    """

    def __init__(self, db: Database, archive_id: str, patience: Patience | None = None) -> None:
        self._db = db
        self._patience = patience or Patience(lasts=False)
        self.archive_id = archive_id
        """Made with the store, and never changed."""

    @classmethod
    async def open(cls, path: Path, patience: Patience | None = None) -> SqliteStore:
        """Open the store in a file, or begin a new one; an older one is migrated, after a copy was put beside it.

        Calls that write have this patience with a full disk, and with another process that writes for long; None: none.

        Raises:
            StoreError: the file can't be opened, is no store, or is a newer Warraq's.
        """
        return cls(*await migrate.open_store(path, statements.migrations()), patience)

    async def close(self) -> None:
        """Finish what runs and let the file go. Closing again changes nothing."""
        await self._db.close()

    # --- the frontier ---

    @_patient
    async def offer(self, offers: Sequence[Offer], now: Millis) -> int:
        """Queue what is new."""
        return (await self._db.write(lambda tx: enqueue.put(tx, offers))).added

    @_patient
    async def put_back(self, offers: Sequence[Offer]) -> Sequence[Url]:
        """Ask once more for what was given up or done with; what was taken down is passed over, and returned."""
        return await self._db.write(lambda tx: again.put_back(tx, offers))

    @_patient
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
        """Take ready hosts and their due jobs."""
        leases, suspects = await self._db.write(
            lambda tx: frontier.lease(tx, worker, hosts=hosts, urls=urls, ttl=ttl, delay=delay, now=now)
        )
        if suspects:
            put_off(suspects)
        return leases

    @_patient
    async def lease_host(self, worker: WorkerId, host: str, host_id: HostId, *, ttl: Millis, now: Millis) -> Lease | None:
        """Take one host."""
        return await self._db.write(lambda tx: frontier.lease_host(tx, worker, host, host_id, ttl=ttl, now=now))

    @_patient
    async def renew(self, worker: WorkerId, host_id: HostId, epoch: int, *, ttl: Millis, now: Millis) -> bool:
        """Move a lease's end."""
        return await self._db.write(lambda tx: frontier.renew(tx, worker, host_id, epoch, ttl=ttl, now=now))

    @_patient
    async def release(self, worker: WorkerId, leases: Sequence[Freed], now: Millis) -> None:
        """Give hosts back."""
        await self._db.write(lambda tx: frontier.release(tx, worker, leases, now))

    @_patient
    async def commit_captures(
        self,
        worker: WorkerId,
        segment: SegmentId | None,
        committed: int,
        settlements: Sequence[Settlement],
        now: Millis,
    ) -> frozenset[HostId]:
        """Acknowledge visits."""
        return await self._db.write(lambda tx: acknowledge.commit_captures(tx, worker, segment, committed, settlements))

    @_patient
    async def commit_records(
        self,
        worker: WorkerId,
        committed: Mapping[SegmentId, int],
        decisions: Sequence[Decision],
        spans: Mapping[SegmentId, Sequence[tuple[int, int]]],
        now: Millis,
    ) -> None:
        """Publish what was read."""
        await self._db.write(lambda tx: publish.commit_records(tx, worker, committed, decisions, spans, now=now))

    @_patient
    async def clock_moved(self, jump: Jump, now: Millis) -> Millis:
        """Move times with the wall clock."""
        return await self._db.write(lambda tx: clock.moved(tx, jump, now))

    @_patient
    async def begun(self, steady: Millis, now: Millis) -> Millis:
        """Times move where the wall clock was set back since the store was last written; by how much. Once, at a start."""
        return await self._db.write(lambda tx: clock.begun(tx, steady, now))

    async def next_ready(self) -> Millis | None:
        """When the next host is ready."""
        return await self._db.read(frontier.next_ready)

    async def pending(self, until: Millis, kinds: frozenset[Kind], *, ready: Millis | None = None) -> int:
        """Jobs that are due by then."""
        return await self._db.read(lambda tx: frontier.pending(tx, until, kinds, until if ready is None else ready))

    @_patient
    async def enlist(self, worker: WorkerId, info: Mapping[str, str], now: Millis) -> None:
        """Enter a worker."""
        await self._db.write(lambda tx: tx.rows(frontier.SQL["enlist"], (worker, now, listed(dict(info)))))

    @_patient
    async def beat(self, worker: WorkerId, now: Millis) -> None:
        """Say that a worker lives."""

        async def beaten(tx: Transaction) -> None:
            await tx.rows(frontier.SQL["beat"], (now, worker))
            await clock.note(tx, now)

        await self._db.write(beaten)

    async def workers(self) -> Sequence[WorkerId]:
        """All workers, by name."""
        return await self._db.read(frontier.workers)

    @_patient
    async def reclaim(self, dead: WorkerId, *, delay: Millis, now: Millis) -> int:
        """Free a dead worker's hosts."""
        return await self._db.write(lambda tx: frontier.reclaim(tx, dead, delay=delay, now=now))

    @_patient
    async def open_segment(self, segment: SegmentId, worker: WorkerId, now: Millis) -> None:
        """Enter a segment; StoreError if there is one of this name."""
        await self._db.write(lambda tx: segments.open_segment(tx, segment, worker, now))

    @_patient
    async def take_segment(self, segment: SegmentId, worker: WorkerId) -> None:
        """Become a segment's owner; StoreError if it is sealed or unknown."""
        await self._db.write(lambda tx: segments.take_segment(tx, segment, worker))

    async def unsealed(self) -> Sequence[SegmentState]:
        """Segments that aren't sealed."""
        return await self._db.read(segments.unsealed)

    @_patient
    async def seal(self, segment: SegmentId, state: str, sha256: bytes | None, now: Millis) -> None:
        """Move a segment forwards; StoreError if it is sealed or unknown."""
        await self._db.write(lambda tx: segments.seal(tx, segment, state, sha256, now))

    async def place_segment(self, segment: SegmentId, uri: str | None) -> None:
        """Note where a segment lies; StoreError if it isn't sealed."""
        await self._db.write(lambda tx: segments.place(tx, segment, uri))

    async def on_index(self, work: Callable[[Index], T]) -> T:
        """Do something with the index of the search, blocking, while nobody else has a call of the store's."""
        return await self._db.lend(lambda db: work(Index(self._db.path, db)))

    # --- the catalog ---

    async def originals(self, payloads: Sequence[PayloadKey]) -> Mapping[PayloadKey, Original]:
        """Captures by their payloads."""
        return await self._db.read(lambda tx: catalog.originals(tx, payloads))

    async def last_capture(self, host_id: HostId, h: int) -> Original | None:
        """What a 304 refers to."""
        return await self._db.read(lambda tx: catalog.last_capture(tx, host_id, h))

    async def outbox(self, segment: SegmentId, after: CaptureKey | None, limit: int) -> Sequence[Receipt]:
        """What waits for a parser."""
        return await self._db.read(lambda tx: catalog.outbox(tx, segment, after, limit))

    async def robots(self, origin: str) -> RobotsCopy | None:
        """An origin's robots.txt."""
        return await self._db.read(lambda tx: catalog.robots(tx, origin))

    async def known_entries(self, source: SourceId) -> Mapping[str, str]:
        """What a source said so far."""
        return await self._db.read(lambda tx: watched.known_entries(tx, source))

    @_patient
    async def sync_sources(self, sources: Sequence[Source], offers: Sequence[Offer], now: Millis) -> None:
        """Make the config's sources the store's."""
        await self._db.write(lambda tx: watched.sync_sources(tx, sources, offers))

    @_patient
    async def poll_all(self, now: Millis) -> int:
        """Make every active source due."""
        return await self._db.write(lambda tx: watched.poll_all(tx, now))

    async def sources(self) -> Sequence[SourceStatus]:
        """All sources."""
        return await self._db.write(watched.sources)

    async def said(self) -> Mapping[SourceId, Said]:
        """What is said of single sources."""
        return await self._db.read(watched.said)

    async def watched(self) -> Sequence[Poll]:
        """Sources that are asked by their rates."""
        return await self._db.read(watched.watched)

    async def articles(self, since_seq: int = 0) -> Sequence[ArticleStatus]:
        """Articles in the order of their newest versions."""
        return await self._db.read(lambda tx: catalog.articles(tx, since_seq))

    async def barred(self, addresses: Sequence[tuple[HostId, UrlHash]], articles: Sequence[str]) -> Barred:
        """What was taken down of these."""
        return await self._db.read(lambda tx: takedown.barred(tx, addresses, articles))

    async def failures(self, since: Millis = 0) -> Sequence[Failure]:
        """Jobs that ended without what they were for."""
        return await self._db.read(lambda tx: catalog.failures(tx, since))

    @_patient
    async def forget(self, before: Millis, most: int, *, entries: int) -> int:
        """Forget what is old."""
        return await self._db.write(lambda tx: catalog.forget(tx, before, most, entries))
