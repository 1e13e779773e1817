"""One segment, read into a store that is being made again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from crawler import records, urls
from crawler.archive.inventory import Found
from crawler.archive.rebuilding import Begun, Gap, Gone, Kept, LineAt, exchanges, lines, millis
from crawler.model import (
    Article,
    Capture,
    CaptureKey,
    Extracted,
    HostId,
    Millis,
    RobotsCopy,
    SourceId,
    Url,
    Value,
    WorkerId,
)
from crawler.rebuild import recall
from crawler.sealing import role
from crawler.store.rebuild import Rebuilding, SegmentRow, Told
from crawler.store.rows import fingerprint_in
from crawler.store.rules import DELETED, Address
from crawler.sums import text_hash

_OPEN: Final = 1
_SEALING: Final = 2
_SEALED: Final = 3
_BATCH: Final = 2_000


class Finding(Value, frozen=True, kw_only=True):
    """Something of the archive that couldn't be taken in."""

    file: str
    offset: int | None = None
    what: str


class Ledger:
    """What is learnt over all segments and needed at the end."""

    def __init__(self) -> None:
        self.archive_id: str | None = None
        self.exchanges = 0
        self.lines = 0
        self.findings: list[Finding] = []
        self.undecided: list[Kept] = []
        """Captures of unsealed segments that may have been read or not."""
        self.polled: dict[SourceId, Millis] = {}
        """When the newest body of a source was fetched."""
        self.named: dict[Url, Millis] = {}
        """When the newest page was fetched that was found at an address."""

    def find(self, path: Path, what: str, offset: int | None = None) -> None:
        """Note what couldn't be taken in."""
        self.findings.append(Finding(file=str(path), offset=offset, what=what))


class _Batch:
    """Rows on their way."""

    def __init__(self) -> None:
        self.captures: list[tuple[Capture, None]] = []
        self.hosts: dict[HostId, tuple[str, Millis]] = {}
        self.seen: set[Address] = set()
        self.redirects: list[tuple[Address, Address]] = []
        self.robots: list[RobotsCopy] = []

    async def write(self, store: Rebuilding) -> None:
        await store.add_captures(self.captures)
        await store.add_hosts((host_id, *rest) for host_id, rest in self.hosts.items())
        await store.add_seen(self.seen, self.redirects)
        await store.put_robots(self.robots)


class _Said(Value, frozen=True, kw_only=True):
    """A line with a text, of which only the hash is kept."""

    line: LineAt
    at: Millis
    text_hash: str


class SegmentReader:
    """Reads one segment. Make one, and `read` it once."""

    def __init__(self, found: Found, store: Rebuilding, ledger: Ledger) -> None:
        self._found = found
        self._store = store
        self._ledger = ledger
        self._oneshot = role(WorkerId(found.segment.split("-", 3)[3])) == "fetch"
        self._read: dict[int, Extracted] = {}
        self._said: list[_Said] = []
        self._deleted: list[Told] = []
        self._captures: dict[int, tuple[CaptureKey, SourceId | None]] = {}
        self._batch = _Batch()
        self._visit: list[Kept] = []
        self._committed = 0

    async def read(self) -> SegmentRow:
        """Enter its captures and lines; its own row, which is entered by the caller.

        Raises:
            ArchiveError: a file of it can't be read.
            StoreError: the store can't be written.
        """
        records_size = self._read_lines()
        await self._read_warc()
        await self._store.add_told(self._told())
        await self._store.add_told(self._deleted)
        return self._row(records_size)

    def _row(self, records_size: int) -> SegmentRow:
        found = self._found
        sealed = None if found.open else found.listed
        return SegmentRow(
            segment=found.segment,
            owner=_owner(found),
            state=_OPEN if found.open else _SEALED if sealed else _SEALING,
            committed=self._committed,
            records_committed=records_size,
            sha256=bytes.fromhex(sealed.sha256) if sealed else None,
            created_at=found.created_at,
            sealed_at=millis(sealed.sealed_at) if sealed and sealed.sealed_at else None,
            uri=found.home.as_uri() if found.home else None,
        )

    # --- the lines ---

    def _read_lines(self) -> int:
        """Note what was read, and how; the length up to the last whole line."""
        path, end, newest = self._found.records, 0, dict[str, Millis]()
        if not path.exists():
            if self._found.listed is not None and self._found.listed.parsed:
                self._ledger.find(path, "is missing; `warraq reparse` reads the pages again")
            return 0
        gaps: list[Gap] = []
        for line in lines(path):
            match line:
                case Gap():
                    gaps.append(line)
                case Gone():
                    end = line.end
                case _:
                    end = line.offset + line.length
                    self._take_line(line, newest)
        end = end if self._found.open else path.stat().st_size
        self._tell(gaps, path, end, "record")
        return end

    def _take_line(self, line: LineAt, newest: dict[str, Millis]) -> None:
        reading = line.reading
        self._ledger.lines += 1
        self._read[reading.capture.offset] = Extracted.GIVEN_UP if reading.given_up else Extracted.DONE
        if not reading.text:
            return
        at = newest[reading.id] = max(millis(reading.capture.fetched_at), newest.get(reading.id, 0))
        total = text_hash(Article(title=reading.title, text=reading.text, anchors=reading.anchors))
        self._said.append(_Said(line=replace(line, reading=replace(reading, text="", anchors=())), at=at, text_hash=total))

    def _told(self) -> Iterator[Told]:
        """The lines, each with the capture it was read from."""
        for said in self._said:
            reading = said.line.reading
            capture = self._captures.get(reading.capture.offset)
            if capture is None:
                self._ledger.find(self._found.records, "the capture of this record isn't in the archive", said.line.offset)
                continue
            key, source = capture
            yield Told(
                article_id=reading.id,
                at=said.at,
                segment=self._found.segment,
                offset=said.line.offset,
                length=said.line.length,
                text_hash=said.text_hash,
                host_id=key.host_id,
                h=key.h,
                fetched_at=key.fetched_at,
                url=reading.url,
                title=reading.title,
                published=reading.published,
                language=reading.language,
                source=source,
                words=reading.words,
                canonical=records.canonical_id(reading.id, reading.url, reading.canonical_url),
                fingerprint=fingerprint_in(reading.fingerprint),
            )

    # --- the WARC ---

    async def _read_warc(self) -> None:
        found, gaps = self._found, list[Gap]()
        for one in exchanges(found.path, found.segment):
            if isinstance(one, Gap):
                gaps.append(one)
            else:
                self._take_piece(one)
            if len(self._batch.captures) >= _BATCH:
                await self._flush()
        if not found.open:
            self._take_visit()
            self._committed = found.path.stat().st_size
        await self._flush()
        self._tell(_joined(gaps), found.path, self._committed, "whole record")

    def _tell(self, gaps: Iterable[Gap], path: Path, end: int, no: str) -> None:
        """What lies behind the end is cut, and nobody misses it."""
        for gap in gaps:
            if gap.offset < end:
                self._ledger.find(path, f"{gap.length} bytes are no {no}", gap.offset)

    def _take_piece(self, one: Begun | Gone | Kept) -> None:
        match one:
            case Begun(archive_id=archive_id):
                self._ledger.archive_id = archive_id or self._ledger.archive_id
            case Gone():
                self._take_visit()
                self._committed = one.end
            case Kept():
                self._visit.append(one)
                if one.outcome is not None:
                    self._take_visit()

    async def _flush(self) -> None:
        batch, self._batch = self._batch, _Batch()
        await batch.write(self._store)

    def _take_visit(self) -> None:
        """What stands together: an unsealed file counts up to its last whole visit."""
        for kept in self._visit:
            self._take(kept)
            self._committed = kept.end
        self._visit = []

    def _take(self, kept: Kept) -> None:
        capture, ledger = kept.capture, self._ledger
        ledger.exchanges += 1
        read = self._read.get(capture.offset)
        if read is not None:
            self._captures[capture.offset] = (capture.key, kept.context.source)
        state = recall.extracted(kept, read=read, sealed=not self._found.open, oneshot=self._oneshot)
        if state is None:
            ledger.undecided.append(kept)
        else:
            self._batch.captures.append((replace(capture, extracted=state), None))
        if recall.deletes(kept):
            self._deleted.append(_deletion(kept))
        self._note_times(kept)
        self._note_host(kept)

    def _note_times(self, kept: Kept) -> None:
        ledger, at, source = self._ledger, kept.capture.key.fetched_at, recall.source_of(kept)
        if source is not None and kept.outcome == "fetched":
            ledger.polled[source] = max(at, ledger.polled.get(source, 0))
        if kept.context.via is not None and kept.outcome is not None:
            ledger.named[kept.context.via] = max(at, ledger.named.get(kept.context.via, 0))

    def _note_host(self, kept: Kept) -> None:
        batch, key = self._batch, kept.capture.key
        _, last_at = batch.hosts.get(key.host_id, ("", 0))
        batch.hosts[key.host_id] = (kept.host, max(last_at, key.fetched_at))
        copy = recall.robots(kept)
        if copy is not None:
            batch.robots.append(copy)
        if self._oneshot:
            return  # a one-shot's jobs never were the daemon's
        batch.seen.update(recall.done(kept))
        redirect = recall.redirect(kept)
        if redirect is not None:
            batch.redirects.append(redirect)


def _joined(gaps: Iterable[Gap]) -> Iterator[Gap]:
    """Gaps that touch as one: a damaged record, and those that belong to it."""
    last: Gap | None = None
    for gap in sorted(gaps, key=lambda gap: gap.offset):
        if last is not None and last.offset + last.length == gap.offset:
            last = replace(last, length=last.length + gap.length)
            continue
        if last is not None:
            yield last
        last = gap
    if last is not None:
        yield last


def _owner(found: Found) -> WorkerId:
    """Who wrote it last, as far as is known."""
    listed = found.listed.owner if found.listed else None
    return WorkerId(listed or found.segment.split("-", 3)[3])


def _deletion(kept: Kept) -> Told:
    capture, key = kept.capture, kept.capture.key
    return Told(
        article_id=urls.article_id(kept.context.first_url or kept.job_url),
        at=key.fetched_at,
        segment=capture.segment,
        offset=0,
        length=0,
        text_hash=DELETED,
        host_id=key.host_id,
        h=key.h,
        fetched_at=key.fetched_at,
        url=capture.url,
        title=None,
        published=None,
        language=None,
        source=None,
        words=0,
        canonical=None,
        fingerprint=None,
    )
