"""An import from beginning to end: a file is looked through, then copied as segments of ours, acknowledged, read, sealed.

A crash leaves whole groups: the next start repairs and ends the segment, and the same import passes over what is there.
"""

from __future__ import annotations

import asyncio
import secrets
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Final, Protocol

from msgspec import field
from msgspec.structs import replace

from crawler import closing, wiring
from crawler.archive import warc
from crawler.archive.names import segment_id
from crawler.archive.packing import PACKS
from crawler.archive.rebuilding import Kept, kept
from crawler.archive.segment import Segment
from crawler.config import Config
from crawler.importing.adopting import Home, Unusable, adopt
from crawler.importing.foreign import Exchange, Foreign, unpacked
from crawler.model import Capture, CaptureKey, Extracted, Original, Receipt, SegmentId, Value, WorkerId
from crawler.pipeline import Tools
from crawler.ports import ArchiveError
from crawler.rebuild import recall
from crawler.store.intake import Intake, open_intake
from crawler.version import VERSION

# What is written and acknowledged at once: each group costs a sync, and is in memory until then.
_GROUP_BYTES: Final = 8 << 20
_GROUP: Final = 200
_TRIES: Final = 1_000  # captures of one page in one second: each takes the next free millisecond
_WACZ: Final = b"PK"


class Imported(Value, frozen=True, kw_only=True, omit_defaults=False):
    """What became of a file."""

    file: str
    taken: int = 0
    """Captures that are new."""
    known: int = 0
    """That were there already."""
    passed_over: dict[str, int] = field(default_factory=dict)
    """Why, and how many."""
    read: int = 0
    """Pages that were read for articles."""
    segments: tuple[str, ...] = ()
    failed: str | None = None
    """Why nothing of it was taken."""


class Listener(Protocol):
    """Who is told how far it is."""

    def steps(self, total: int) -> None:
        """So many captures more are to be looked at."""

    def step(self) -> None:
        """One more is done."""


async def import_files(config: Config, files: Sequence[Path], tell: Callable[[Imported], None], listener: Listener) -> None:
    """Import files, one after the other, and tell of each.

    Raises:
        ArchiveError: our own archive can't be written.
        StoreError: the store can't be written.
    """
    async with (
        wiring.open_oneshot(config, archive=True) as shot,
        open_intake(wiring.store_path(config)) as intake,
    ):
        for path in files:
            tell(await _file(path, _Importer(config, shot.tools, intake, listener)))


async def _file(path: Path, importer: _Importer) -> Imported:
    with tempfile.TemporaryDirectory(prefix="warraq-import-") as folder:
        try:
            warcs = await asyncio.to_thread(lambda: [(Foreign(*one), one[1]) for one in _warcs(path, Path(folder))])
        except ArchiveError as error:
            return Imported(file=str(path), failed=str(error))
        for foreign, name in warcs:
            await importer.take(foreign, Path(name).name)
    return await importer.end(str(path))


def _warcs(path: Path, folder: Path) -> list[tuple[Path, str]]:
    try:
        with path.open("rb") as file:
            packed = file.read(2) == _WACZ
    except OSError as error:
        raise ArchiveError(f"{path}: {error.strerror or error}") from error
    return unpacked(path, folder) if packed else [(path, str(path))]


class _Importer:
    """Takes exchanges in, and counts."""

    def __init__(self, config: Config, tools: Tools, intake: Intake, listener: Listener) -> None:
        self._config = config
        self._tools = tools
        self._intake = intake
        self._archive_id = intake.archive_id
        self._listener = listener
        self._pack = PACKS[config.archive.compress]
        self._segment: Segment | None = None
        self._made: list[SegmentId] = []
        self._serial = count(1)
        self._worker = WorkerId(f"import-{secrets.token_hex(6)}")
        self._chunks: list[bytes] = []
        self._rows: list[Kept] = []
        self._taken = self._known = 0
        self._passed: Counter[str] = Counter()

    async def take(self, foreign: Foreign, name: str) -> None:
        """All of one WARC."""
        if foreign.long:
            self._passed["records that are too long"] += foreign.long
        self._listener.steps(foreign.answers)
        for exchange in foreign.exchanges():
            await self._exchange(exchange, foreign, name)
            self._listener.step()
            if len(self._rows) >= _GROUP or sum(map(len, self._chunks)) >= _GROUP_BYTES:
                await self._flush()
        await self._flush()

    async def end(self, file: str) -> Imported:
        """Read what was taken in, and seal it."""
        await self._flush()
        await self._let_go()
        read = 0
        for segment in self._made:
            closed = await closing.close(segment, self._tools)
            read += closed.read
            if closed.failed:
                raise ArchiveError(closed.failed)
        return Imported(
            file=file,
            taken=self._taken,
            known=self._known,
            passed_over=dict(self._passed),
            read=read,
            segments=tuple(self._made),
        )

    async def _exchange(self, exchange: Exchange, foreign: Foreign, name: str) -> None:
        segment = await self._open()
        home = Home(archive_id=self._archive_id, segment=segment.id, name=name)
        for later in range(_TRIES):
            adopted = adopt(exchange, home, foreign.dates, later)
            if isinstance(adopted, Unusable):
                self._passed[adopted.why] += 1
                return
            packed = [self._pack(record) for record in adopted.records]
            row = kept(packed, segment.warc.size + sum(map(len, self._chunks)), segment.id)
            if row is None:
                self._passed["records that make no exchange"] += 1
                return
            if await self._settle(row, packed):
                return
        self._passed["captures of one address and moment, more than can be told apart"] += 1

    async def _settle(self, row: Kept, packed: list[bytes]) -> bool:
        """Take it in, or count why not. False: what is held under its key is something else, and it needs another one."""
        key = row.capture.key
        if await self._intake.is_blocked((key.host_id, key.h)):
            self._passed["pages that were taken down"] += 1
            return True
        digest = await self._digest(key)
        if digest is None:
            self._chunks += packed
            self._rows.append(row)
            return True
        same = digest == (row.capture.digest or "")
        self._known += same
        return same

    async def _digest(self, key: CaptureKey) -> str | None:
        """What is held under a key; None: nothing."""
        for row in self._rows:
            if row.capture.key == key:
                return row.capture.digest or ""
        return await self._intake.digest_at(key)

    async def _flush(self) -> None:
        """Write a group, make it durable, acknowledge it."""
        segment, rows, chunks = self._segment, self._rows, self._chunks
        if segment is None or not rows:
            return
        self._rows, self._chunks = [], []
        size = await asyncio.to_thread(segment.warc.append, chunks)
        try:
            beside = {one.capture.key: one.capture for one in rows}
            captures = [await self._row(one, beside) for one in rows]
            hosts = [(one.capture.key.host_id, one.host, one.capture.key.fetched_at) for one in rows]
            await self._intake.add(segment.id, self._tools.worker, size, captures, hosts)
        except BaseException:
            segment.warc.drop()
            raise
        segment.warc.keep()
        self._taken += len(rows)
        if size >= self._config.archive.rotate_size:
            await self._let_go()

    async def _row(self, one: Kept, beside: Mapping[CaptureKey, Capture]) -> tuple[Capture, Receipt | None]:
        """A capture as it is entered; one that is to be read comes with its order."""
        state = recall.extracted(one, read=None, sealed=False, oneshot=False)
        if state is not None:
            return replace(one.capture, extracted=state), None
        revisit = one.capture.revisit_of
        original = await self._original(revisit, beside) if revisit else None
        if revisit and original is None:
            return replace(one.capture, extracted=Extracted.GIVEN_UP), None
        waiting = replace(one, capture=replace(one.capture, extracted=Extracted.WAITING))
        receipt = recall.receipt(waiting, 0, original)
        return waiting.capture, replace(receipt, job=replace(receipt.job, poll=None))

    async def _original(self, key: CaptureKey, beside: Mapping[CaptureKey, Capture]) -> Original | None:
        """What a revisit refers to: of the same group, or there already."""
        one = beside.get(key)
        if one is None:
            return await self._intake.original(key)
        return Original(key=key, url=one.url, segment=one.segment, offset=one.offset, length=one.length, digest=one.digest)

    async def _open(self) -> Segment:
        if self._segment is None:
            now = self._tools.clock.now()
            segment = segment_id(now, next(self._serial), self._worker)
            await self._tools.store.open_segment(segment, self._tools.worker, now)
            info = {"software": f"Warraq/{VERSION}", "description": "imported"}
            begun = self._pack(warc.warcinfo(segment, self._archive_id, info, now))
            self._segment = await asyncio.to_thread(Segment.create, self._config.archive.dir, segment, begun)
            self._made.append(segment)
        return self._segment

    async def _let_go(self) -> None:
        if self._segment is not None:
            self._segment.close()
            self._segment = None
