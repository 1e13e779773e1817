"""What the pipeline asks of the world: six questions. A promise stands here, once; implementations add only what differs.

What a server or a network does is a value and never raised. What is raised here is our own fault or our own disk's.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Protocol

from crawler.model import (
    CaptureKey,
    Decision,
    Discovery,
    Failure,
    Freed,
    HostId,
    Jump,
    Kind,
    Lease,
    Millis,
    Offer,
    Original,
    Outcome,
    ParseTask,
    PayloadKey,
    Receipt,
    Record,
    Request,
    RobotsCopy,
    Seconds,
    SegmentId,
    SegmentState,
    Settlement,
    Source,
    SourceId,
    Span,
    UrlHash,
    Value,
    Visit,
    WorkerId,
)


class LocalError(Exception):
    """Our own side failed: the disk, the store, a folder we may not write. Exit code 4.

    `again`: the same may be tried again, and may work then (the disk was full); nothing was changed.
    """

    def __init__(self, message: str, *, again: bool = False) -> None:
        super().__init__(message)
        self.again = again


class StoreError(LocalError):
    """The store can't be opened, read or written; says which file and what to do."""


class ArchiveError(LocalError):
    """The archive can't be written, or what lies there isn't what the store says; names the file."""


class Clock(Protocol):
    """Time, from one place, so that a month can be tested in a second."""

    def now(self) -> Millis:
        """Wall-clock ms since 1970 UTC: for records and for what is stored."""

    def monotonic(self) -> Seconds:
        """Seconds that never jump: for delays and deadlines within a process."""

    async def sleep(self, seconds: Seconds) -> None:
        """Wait; at once if `seconds` <= 0 (other tasks still get a turn)."""


class Fetcher(Protocol):
    """One request, or a few where the implementation wraps another: politeness, a second knock, robots."""

    async def fetch(self, request: Request) -> Outcome:
        """Ask once. Never raises for what a server or a network may do: that is the Outcome.

        The outcome's `exchanges` are all that went over the wire, in order, the answer last.

        Raises:
            LeaseLost: a wrapper found that the host isn't ours any more; nothing was sent.
        """


class LeaseLost(Exception):  # noqa: N818 - not an error: another worker took over, as the protocol allows
    """The host's lease ran out and somebody else holds it; the jobs at hand are theirs now."""


class Written(Value, frozen=True, kw_only=True):
    """Groups of one write: on the disk, not yet acknowledged."""

    segment: SegmentId
    size: int
    """Length of the WARC with them: the `committed` of the transaction that acknowledges them."""
    receipts: tuple[tuple[Receipt, ...], ...]
    """A tuple a visit, in order; a receipt an exchange, the answer last. `capture.extracted` is not decided here."""


class RecordsWritten(Value, frozen=True, kw_only=True):
    """Record lines of one write: on the disk, not yet acknowledged."""

    segment: SegmentId
    size: int
    """Length of the `.jsonl` with them."""
    spans: tuple[tuple[int, int], ...]
    """(offset, length) of each line."""


class Archive(Protocol):
    """Segments on a disk. One writer a segment, held by a lock on the file; writes of one call lie together.

    The order is: `write` (appended and synced), then the store's commit, then `keep`; or `drop`, which cuts the file back
    to what was kept last. After a failed sync a segment is never touched again: the next `write` opens a new one.
    """

    def current(self) -> SegmentId | None:
        """The segment the next `write` goes to; None: `create` one first."""

    def full(self, now: Millis) -> bool:
        """Whether `current` has reached its size or age, or can't be written any more."""

    async def create(self, segment: SegmentId, worker: WorkerId, now: Millis) -> None:
        """Open a new segment (never an existing name), lock it, write its warcinfo, and make it `current`.

        Raises:
            ArchiveError: the folder can't be written.
        """

    async def lock(self, segment: SegmentId) -> bool:
        """Take the lock of an unsealed segment, and change nothing. False: somebody else holds it.

        Its row must be read again before `adopt`: whoever held it until now may have acknowledged more since it was read.
        """

    async def adopt(self, state: SegmentState, *, write: bool) -> bool:
        """Lock (unless `lock` did) and repair an unsealed segment: cut both files to what was committed, keep tails as `.torn`.

        `write` makes it `current`. False: somebody else holds it. True with nothing on the disk is possible only for
        `committed` 0.

        Raises:
            ArchiveError: a file is missing or shorter than what was acknowledged.
        """

    async def write(
        self,
        visits: Sequence[Visit],
        originals: Mapping[PayloadKey, Original],
        previous: Mapping[tuple[HostId, UrlHash], Original],
    ) -> Written:
        """Append the evidence of visits to `current` and sync.

        A payload that `originals` (or an earlier exchange of this call) holds becomes a revisit, as does a 304 whose
        address is in `previous`; all else is a full response. `receipt.body` points to the original of a payload revisit.
        An exchange without request whose URL is a `urn:` is a local document and becomes a `resource`.

        Raises:
            ArchiveError: the write or the sync failed; nothing is acknowledged, the file is cut or given up.
        """

    def keep(self) -> None:
        """The store has committed what `write` returned."""

    async def drop(self) -> None:
        """Undo every `write` since the last `keep`."""

    async def write_records(self, segment: SegmentId, records: Sequence[Record]) -> RecordsWritten:
        """Append records to a held segment's `.jsonl` and sync. Undone by the next `adopt` unless committed."""

    def span(self, receipt: Receipt) -> Span:
        """Where the payload of a receipt lies, whether its segment is open or sealed."""

    def held(self) -> Sequence[SegmentId]:
        """Segments this process holds the lock of, `current` included."""

    async def seal(self, segment: SegmentId, worker: WorkerId | None = None, now: Millis | None = None) -> bytes:
        """Make a held segment final: sync, drop `.open`, sync the folder, write CDXJ and a manifest line; free its lock.

        `worker` and `now` are what the manifest says of who sealed it and when.
        Returns the sha256 of the WARC. Doing it again after a crash anywhere gives the same files. An empty segment
        (nothing but its warcinfo) is removed and gives b"".
        """

    async def close(self) -> None:
        """Give up all locks; files stay as they are."""


class Parser(Protocol):
    """Reads captures in children that can be killed."""

    def parse(self, tasks: Sequence[ParseTask]) -> AsyncGenerator[Mapping[int, Discovery], None]:
        """Read a batch. Answers come in parts, by the index of their tasks: who takes long holds up no other.

        Bad input, a crash or a time-out is a Discovery with `note`. Close it where it isn't read to its end.
        """

    async def close(self) -> None:
        """End the children."""


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
        self, worker: WorkerId, *, hosts: int, urls: int, ttl: Millis, delay: Millis, now: Millis
    ) -> Sequence[Lease]:
        """Take up to `hosts` ready hosts, longest ready first, with up to `urls` due jobs each, oldest first.

        One job only where the gap (the greater of `delay` and the host's own) is a quarter of `ttl` or more, and where a job
        was leased three times without an outcome (it is leased alone). Raises `epoch`, sets `polite_at` to now + ttl, counts
        `leases` of the jobs.
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


class Catalog(Protocol):
    """What was found and where it lies. Reading only, but for the sources."""

    async def originals(self, payloads: Sequence[PayloadKey]) -> Mapping[PayloadKey, Original]:
        """The captures that hold these payloads, where there are any."""

    async def last_capture(self, host_id: HostId, h: int) -> Original | None:
        """The newest capture of an address that holds a payload: what a 304 refers to."""

    async def outbox(self, segment: SegmentId, after: CaptureKey | None, limit: int) -> Sequence[Receipt]:
        """Captures of a segment that wait for a parser, by key, from behind `after` on."""

    async def robots(self, origin: str) -> RobotsCopy | None:
        """The copy kept for an origin, also when it is out of date."""

    async def known_entries(self, source: SourceId) -> Mapping[str, str]:
        """Entry key -> item hash of a source."""

    async def sync_sources(self, sources: Sequence[Source], offers: Sequence[Offer], now: Millis) -> None:
        """Make the config's sources the store's, with an offer each, in the same order.

        New ones are entered and queued, changed ones changed, those taken out of the config paused; history stays. A source
        that has its queue row (or a capture that waits for its parser) keeps it.
        """

    async def poll_all(self, now: Millis) -> int:
        """Make every active source due now; one whose capture waits for its parser stays as it is. Returns how many."""

    async def sources(self) -> Sequence[SourceStatus]:
        """All sources with how they fare, by name and address."""

    async def articles(self, since_seq: int = 0) -> Sequence[ArticleStatus]:
        """New articles and versions after an event number, in the order of their commits.

        An article that was found under several addresses is listed once, as the one that was fetched first, with what was
        read last.
        """

    async def failures(self, since: Millis = 0) -> Sequence[Failure]:
        """Jobs that ended without what they were for, oldest first."""


class SourceStatus(Value, frozen=True, kw_only=True):
    """A source and how it fares."""

    source: Source
    state: str
    last_at: Millis | None
    outcome: str | None
    failures: int
    due_at: Millis | None
    polls: dict[str, int]
    """How many polls had which outcome."""


class ArticleStatus(Value, frozen=True, kw_only=True):
    """An article's newest version, as the catalog lists it."""

    seq: int
    article_id: str
    version: int
    url: str
    title: str | None
    published: str | None
    language: str | None
    words: int
    segment: SegmentId
    offset: int
    """Of the record's line in the segment's `.jsonl`."""
    length: int
    aliases: tuple[str, ...] = ()
    """Other addresses it was found at: their pages name the same canonical address, and have its title and length."""


class Store(Frontier, Catalog, Protocol):
    """Frontier and catalog in one: one file, one transaction."""

    async def close(self) -> None:
        """Finish what runs and let the file go."""
