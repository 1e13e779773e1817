"""Through all sealed segments: their records made anew, beside the old ones, and compared with them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import aclosing
from hashlib import blake2b
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec
from msgspec.structs import replace

from crawler import wiring
from crawler.archive import files, marks
from crawler.archive.files import told
from crawler.archive.inventory import Found, take_stock
from crawler.config import Config
from crawler.model import Millis, Record, Value
from crawler.ports import ArchiveError
from crawler.records import rfc3339
from crawler.reparse.segment import Reader, Shelf

Change = Literal["unchanged", "changed", "newly readable", "no longer readable", "new", "gone"]

_WINDOW = 2
"""Batches under way for each child: one that is read, one that waits."""
_record = msgspec.json.Decoder(Record).decode
_Key = tuple[int, str | None, str]


class _Before(NamedTuple):
    """What a record said when it was read last."""

    digest: bytes
    readable: bool
    past: bool
    """Of its source's past."""


class Done(Value, frozen=True, kw_only=True):
    """One segment, read anew."""

    segment: str
    file: str
    records: int
    lost: int
    changes: dict[Change, int]
    """Against the newest records there were."""


async def reparse(
    config: Config,
    *,
    since: Millis | None,
    tell: Callable[[Done], None],
    begun: Callable[[int, int], None] = lambda _done, _total: None,
) -> int:
    """Read sealed segments anew, oldest first, and tell of each; how many there were.

    `since`: only those with an answer of that time or later. `begun` hears before each how many are done, of how many. The
    store isn't touched: its catalog goes on pointing to the records it was made of.

    Raises:
        ArchiveError: a file can't be read or written.
        ParserError: the children can't be started.
    """
    sealed = tuple(found for found in take_stock(config.archive.dir).found if not found.open and found.listed)
    # A loop that fetches nothing needs no core of its own.
    workers = wiring.children(config) + (config.parse.workers == "auto")
    parser = wiring.parsers(config, workers)
    reader = Reader(parser, Shelf(sealed=sealed), batch=config.parse.batch, width=_WINDOW * workers)
    chosen = [found for found in sealed if since is None or _last(found) >= rfc3339(since)]
    try:
        for number, found in enumerate(chosen):
            begun(number, len(chosen))
            tell(await _segment(found, reader))
    finally:
        await parser.close()
    return len(chosen)


def _last(found: Found) -> str:
    return (found.listed.last if found.listed else None) or ""


async def _segment(found: Found, reader: Reader) -> Done:
    before = _newest(found.records)
    old = dict(_known(before))
    changes: Counter[Change] = Counter()
    lost = reader.lost
    async with aclosing(reader.records(found)) as records:
        path, count = await _write(found, _with_past(records, old), lambda record: changes.update([_change(old, record)]))
    if old:
        changes["gone"] += len(old)
    return Done(
        segment=found.segment,
        file=str(path),
        records=count,
        lost=reader.lost - lost,
        changes={change: n for change, n in changes.items() if n},
    )


async def _write(found: Found, records: AsyncIterator[Record], see: Callable[[Record], None]) -> tuple[Path, int]:
    """Put the new file in its place when all is in it; a crash leaves nothing but a `.tmp` that the next time replaces."""
    aside = found.records.with_name(f"{found.segment}.r{_next(found.records)}.jsonl.tmp")
    count = 0
    try:
        with aside.open("wb") as file:
            async for record in records:
                file.write(marks.marked(msgspec.json.encode(record)))
                see(record)
                count += 1
            file.flush()
            os.fsync(file.fileno())
        path = aside.with_suffix("")
        os.link(aside, path)
        aside.unlink()
        files.sync_folder(path.parent)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise ArchiveError(f"{aside}: cannot write: {error.strerror or error}; nothing was changed") from error
    return path, count


def _next(records: Path) -> int:
    number = 1
    while records.with_name(f"{records.stem}.r{number}.jsonl").exists():
        number += 1
    return number


def _newest(records: Path) -> Path:
    """The newest records of a segment: those read anew last, else the first."""
    number = _next(records) - 1
    return records.with_name(f"{records.stem}.r{number}.jsonl") if number else records


async def _with_past(records: AsyncIterator[Record], old: Mapping[_Key, _Before]) -> AsyncIterator[Record]:
    """What was there already when its source was first read is said by nothing but the record that was made then."""
    async for record in records:
        before = old.get(_key(record))
        yield replace(record, backfill=True) if before and before.past else record


def _known(path: Path) -> Iterator[tuple[_Key, _Before]]:
    """What a file of records says, a digest each; lines that can't be read aren't known."""
    if not path.exists():
        return
    with told(path, "read it"), path.open("rb") as file:
        for line in file:
            try:
                record = _record(line)
            except msgspec.DecodeError:
                continue
            yield _key(record), _Before(_said(record), bool(record.text), record.backfill is True)


def _key(record: Record) -> _Key:
    return record.capture.offset, record.capture.item, record.id


def _said(record: Record) -> bytes:
    """A digest of all that a record says of its page; who read it doesn't count."""
    return blake2b(msgspec.json.encode(replace(record, extractor="")), digest_size=16).digest()


def _change(old: dict[_Key, _Before], record: Record) -> Change:
    before = old.pop(_key(record), None)
    if before is None:
        return "new"
    if before.readable != bool(record.text):
        return "newly readable" if record.text else "no longer readable"
    return "unchanged" if before.digest == _said(record) else "changed"
