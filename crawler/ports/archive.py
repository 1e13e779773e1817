"""Segments on a disk, as the pipeline asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from crawler.model import (
    HostId,
    Millis,
    Original,
    PayloadKey,
    Receipt,
    Record,
    SegmentId,
    SegmentState,
    Span,
    UrlHash,
    Value,
    Visit,
    WorkerId,
)


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
            HalfMadeError: the folder can't be written, and something of it is left in there.
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
