"""The archive on a local disk: `crawler.ports.Archive`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import TypeVar

import msgspec

from crawler.archive import erasing, marks, sealing, warc
from crawler.archive.appending import Appendix
from crawler.archive.device import DISK, Device
from crawler.archive.groups import Setting
from crawler.archive.grown import Grown
from crawler.archive.names import Names, created_at
from crawler.archive.packing import PACKS, Compression
from crawler.archive.sealing import Sealer
from crawler.archive.segment import MissingError, Segment, take
from crawler.at_hand import AtHand
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
    Visit,
    WorkerId,
)
from crawler.model.takedowns import ErasedIn, Takedown
from crawler.ports import ArchiveError, RecordsWritten, Written

T = TypeVar("T")


class DiskArchive:
    """Segments under `root`. All writing is done by one thread of its own, so that writes never mix.

    `archive_id` goes into every record's id and never changes for an archive. `info` is said in each warcinfo: `software`,
    `operator`, `robots`, a digest of the configuration. `device` is where it all goes; tests pass one that fails. What
    is written is put `at_hand` as well, for who reads it next.
    """

    def __init__(
        self,
        root: Path,
        *,
        archive_id: str,
        info: Mapping[str, str],
        compress: Compression = "isal",
        rotate_bytes: int = 1 << 30,
        rotate_ms: Millis = 86_400_000,
        device: Device = DISK,
        at_hand: AtHand | None = None,
    ) -> None:
        self._root = root
        self._archive_id = archive_id
        self._info = dict(info)
        self._pack = PACKS[compress]
        self._rotate_bytes = rotate_bytes
        self._rotate_ms = rotate_ms
        self._device = device
        self._at_hand = at_hand
        self._current: Segment | None = None
        self._held: dict[SegmentId, Segment] = {}
        self._locked: dict[SegmentId, Grown] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="archive")
        self._sealing = ThreadPoolExecutor(1, thread_name_prefix="sealing")

    def current(self) -> SegmentId | None:
        """As `Archive.current`."""
        return self._current.id if self._current else None

    def full(self, now: Millis) -> bool:
        """As `Archive.full`."""
        segment = self._current
        if segment is None:
            return False
        old = now - created_at(segment.id) >= self._rotate_ms
        return old or segment.warc.dead or segment.records.dead or segment.warc.size >= self._rotate_bytes

    async def create(self, segment: SegmentId, worker: WorkerId, now: Millis) -> None:  # noqa: ARG002 - the port has it
        """As `Archive.create`; the worker is in the segment's name already."""
        begun = self._warcinfo(segment, now)
        await self._do(lambda: self._create(segment, begun))

    async def lock(self, segment: SegmentId) -> bool:
        """As `Archive.lock`."""
        if segment in self._held or segment in self._locked:
            return True
        return await self._do(lambda: self._lock(segment))

    async def adopt(self, state: SegmentState, *, write: bool) -> bool:
        """As `Archive.adopt`."""
        if state.segment in self._held:
            raise ArchiveError(f"{self._held[state.segment].warc.path}: is held already")
        return await self._do(lambda: self._adopt(state, write=write))

    async def write(
        self,
        visits: Sequence[Visit],
        originals: Mapping[PayloadKey, Original],
        previous: Mapping[tuple[HostId, UrlHash], Original],
    ) -> Written:
        """As `Archive.write`."""
        segment = self._current
        if segment is None:
            raise ArchiveError(f"{self._root}: there is no segment to write to")
        return await self._do(lambda: self._write(segment, visits, originals, previous))

    def keep(self) -> None:
        """As `Archive.keep`."""
        if self._current is not None:
            self._current.warc.keep()

    async def drop(self) -> None:
        """As `Archive.drop`."""
        if self._current is not None:
            await self._do(self._current.warc.drop)

    async def write_records(self, segment: SegmentId, records: Sequence[Record]) -> RecordsWritten:
        """As `Archive.write_records`."""
        held = self._segment(segment)
        return await self._do(lambda: _written(held, records))

    def span(self, receipt: Receipt) -> Span:
        """As `Archive.span`; a segment of ours under the name it has now."""
        place = receipt.body or receipt.capture
        held = self._held.get(place.segment)
        path = held.warc.path if held else self._place(place.segment)
        return Span(path=str(path), offset=place.offset, length=place.length)

    def _place(self, segment: SegmentId) -> Path:
        names = Names(self._root, segment)
        return names.there() or names.sealed

    def held(self) -> Sequence[SegmentId]:
        """Those adopted or made here; one whose sync failed is left out, since it can't be sealed before a restart."""
        return [name for name, segment in self._held.items() if not (segment.warc.dead or segment.records.dead)]

    async def seal(self, segment: SegmentId, worker: WorkerId | None = None, now: Millis | None = None) -> bytes:
        """As `Archive.seal`, off the writing thread: to index and hash a gigabyte takes seconds."""
        held = self._segment(segment)
        if self._current is held:
            self._current = None
        sealer = Sealer(worker=worker, now=now)
        digest = await asyncio.get_running_loop().run_in_executor(self._sealing, sealing.seal, held, self._root, sealer)
        del self._held[segment]
        held.close()
        return digest

    async def erase(self, order: Takedown, one: ErasedIn) -> bool:
        """Erase in a segment we hold, in the thread that seals: one that is being sealed is summed up before or after.

        False: it isn't held by us, or is sealed. What is appended meanwhile lies behind all that an order names.

        Raises:
            ArchiveError: it can't be written.
        """
        segment = self._held.get(one.segment)
        if segment is None:
            return False

        def erase() -> bool:
            erasing.overwrite(order, one, segment.names, self._device)
            return segment.open  # else it was sealed just before, and its new sums must be entered

        return await asyncio.get_running_loop().run_in_executor(self._sealing, erase)

    async def close(self) -> None:
        """As `Archive.close`."""
        self._current = None
        await self._do(self._let_go)
        self._thread.shutdown()

    # What takes a lock enters it in the same step: whoever is cancelled meanwhile leaves no lock that nobody knows of.

    def _create(self, segment: SegmentId, begun: bytes) -> None:
        self._current = self._held[segment] = Segment.create(self._root, segment, begun, self._device)

    def _lock(self, segment: SegmentId) -> bool:
        try:
            warc_file = take(Names(self._root, segment), self._device, make=False)
        except MissingError:
            return True
        if warc_file is not None:
            self._locked[segment] = warc_file
        return warc_file is not None

    def _adopt(self, state: SegmentState, *, write: bool) -> bool:
        adopted = Segment.adopt(self._root, state, self._locked.pop(state.segment, None), self._device)
        if adopted is None:
            return False
        self._held[state.segment] = adopted
        if write and adopted.open:
            adopted.begin(self._warcinfo(state.segment, state.created_at))
            self._current = adopted
        return True

    def _let_go(self) -> None:
        # Who was cancelled doesn't wait for what he began; the lock is held until it is done.
        self._sealing.shutdown(cancel_futures=True)
        for segment in self._held.values():
            segment.close()
        for warc_file in self._locked.values():
            warc_file.close()
        self._held.clear()
        self._locked.clear()

    def _write(
        self,
        segment: Segment,
        visits: Sequence[Visit],
        originals: Mapping[PayloadKey, Original],
        previous: Mapping[tuple[HostId, UrlHash], Original],
    ) -> Written:
        setting = Setting(archive_id=self._archive_id, segment=segment.id)
        lay = partial(_lay, self._at_hand, str(segment.warc.path)) if self._at_hand is not None else None
        appendix = Appendix(setting, segment.warc.size, self._pack, originals, previous, lay=lay)
        receipts = tuple(appendix.add(visit) for visit in visits)
        if appendix.chunks:
            segment.warc.append(appendix.chunks)
        # With nothing but its warcinfo a segment counts as empty, here and when it is sealed.
        return Written(segment=segment.id, size=0 if segment.empty else segment.warc.size, receipts=receipts)

    def _warcinfo(self, segment: SegmentId, now: Millis) -> bytes:
        return self._pack(warc.warcinfo(segment, self._archive_id, self._info, now))

    def _segment(self, segment: SegmentId) -> Segment:
        held = self._held.get(segment)
        if held is None:
            raise ArchiveError(f"{Names(self._root, segment).open}: isn't held by us")
        return held

    async def _do(self, step: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, step)


def _lay(at_hand: AtHand, path: str, offset: int, length: int, block: bytes) -> None:
    at_hand.lay(Span(path=path, offset=offset, length=length), block)


def _written(held: Segment, records: Sequence[Record]) -> RecordsWritten:
    lines = [marks.marked(msgspec.json.encode(record)) for record in records]
    size = held.records.append(lines)
    ends = accumulate(map(len, lines), initial=size - sum(map(len, lines)))
    spans = tuple((begin, len(line)) for begin, line in zip(ends, lines, strict=False))
    return RecordsWritten(segment=held.id, size=size, spans=spans)
