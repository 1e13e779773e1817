"""From an archive to its store: look, lock, read, put in place. A crash at any point leaves the old state."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from msgspec.structs import replace

from crawler import watchlist, wiring
from crawler.archive import manifest, workers
from crawler.archive.device import DISK
from crawler.archive.grown import Grown
from crawler.archive.inventory import Found, take_stock
from crawler.archive.names import Names
from crawler.archive.rebuilding import Kept
from crawler.archive.segment import Segment, take
from crawler.config import Config
from crawler.model import (
    SOURCE_KINDS,
    Capture,
    Extracted,
    Kind,
    Millis,
    Receipt,
    Seconds,
    SegmentId,
    SegmentState,
    SourceId,
    Value,
)
from crawler.model.takedowns import Takedown
from crawler.ports import ArchiveError
from crawler.rebuild import recall
from crawler.rebuild.segments import Finding, Ledger, SegmentReader
from crawler.store import placing
from crawler.store.rebuild import Counts, Rebuilding, SegmentRow
from crawler.store.sqlite import SqliteStore

Tell = Callable[[int, int], None]
"""Hears how many segments are done, of how many."""

_OPEN = 1


class Report(Value, frozen=True, kw_only=True):
    """What was made, of what, and what couldn't be taken in."""

    segments: int
    unsealed: int
    exchanges: int
    lines: int
    captures: int
    payloads: int
    articles: int
    versions: int
    seen: int
    waiting: int
    sources: int
    seconds: Seconds
    store: str
    moved_to: str | None
    """The old store, if there was one."""
    findings: tuple[Finding, ...]


async def rebuild(config: Config, *, force: bool, now: Millis, tell: Tell = lambda _done, _total: None) -> Report:
    """Make the store of a configuration again from its archive; `tell` hears how many segments are done, of how many.

    Sources are those of the configuration, and those that commands added, as the manifest tells; all are due.

    Raises:
        StoreError: there is a store already (`force` moves it aside), or it can't be written.
        ArchiveError: somebody works in the archive, there is nothing in it, or it can't be read.
    """
    started = time.monotonic()
    root, path = config.archive.dir, config.store.path or config.archive.dir / "warraq.db"
    refuse_if_alive(root)
    placing.refuse(path, over=force)
    stock = take_stock(root)
    if not stock.found:
        raise ArchiveError(f"{root}: no segments are in it; there is nothing to make a store of (is archive.dir right?)")
    ledger = Ledger()
    for name in stock.missing:
        ledger.find(root / name, "is in the manifest, but isn't there")
    with ExitStack() as locks:
        held = lock(root, stock.found, locks)
        new = locks.enter_context(placing.making(path, "rebuild"))
        orders, _ = manifest.takedowns(manifest.read(root))
        counts, rows = await take_in(new, stock.found, ledger, config, orders, tell=tell)
        added = await _enter_sources(new, config, now)
        refuse_if_alive(root)
        old = placing.put_in_place(new, path, over=force)
        cut(root, rows, held)
    return Report(
        segments=len(rows),
        unsealed=sum(row.state == _OPEN for row in rows),
        exchanges=ledger.exchanges,
        lines=ledger.lines,
        **counts._asdict(),
        sources=len(config.sources) + added,
        seconds=time.monotonic() - started,
        store=str(path),
        moved_to=str(old) if old else None,
        findings=tuple(ledger.findings),
    )


def refuse_if_alive(root: Path) -> None:
    """Nobody else may work in an archive whose store is replaced.

    Raises:
        ArchiveError: somebody does.
    """
    alive = workers.living(root)
    if alive:
        raise ArchiveError(f"{root}: {alive[0]} works in it; stop it first (`warraq run` ends on SIGTERM)")


def lock(root: Path, found: tuple[Found, ...], locks: ExitStack) -> dict[SegmentId, Grown]:
    """Take the unsealed segments for ourselves."""
    held: dict[SegmentId, Grown] = {}
    for one in found:
        if not one.open:
            continue
        grown = take(Names(root, one.segment), DISK, make=False)
        if grown is None:
            raise ArchiveError(f"{one.path}: somebody writes to it; stop them first")
        held[one.segment] = locks.enter_context(closing(grown))
    return held


async def take_in(
    new: Path,
    found: tuple[Found, ...],
    ledger: Ledger,
    config: Config,
    orders: Sequence[Takedown] = (),
    *,
    tell: Tell = lambda _done, _total: None,
) -> tuple[Counts, list[SegmentRow]]:
    """Read segments into a store that nobody works with, a new one or an older one; what they became in it.

    Raises:
        StoreError: it can't be written.
        ArchiveError: a segment can't be read, or the store is of another archive.
    """
    store = await Rebuilding.begin(new)
    try:
        known = await store.segments()
        rows: list[SegmentRow] = []
        for number, one in enumerate(found):
            tell(number, len(found))
            row = await SegmentReader(one, store, ledger).read()
            await store.add_segment(row)
            rows.append(row)
            if known and ledger.archive_id not in (None, store.archive_id):
                raise ArchiveError(f"{one.path}: belongs to another archive than the store ({ledger.archive_id})")
        await _decide(store, ledger, config)
        await store.block(orders)
        return await store.finish(None if known else ledger.archive_id), rows
    finally:
        await store.close()


async def _decide(store: Rebuilding, ledger: Ledger, config: Config) -> None:
    """Enter what may have been read or not.

    A source is polled again only when its last body was read, and a page that was found in a body says that it was. All else
    waits for its parser.
    """
    every = {source.source_id: source.every_ms for source in wiring.sources(config)}
    captures: list[tuple[Capture, Receipt | None]] = []
    for kept in ledger.undecided:
        if _was_read(kept, ledger):
            captures.append((replace(kept.capture, extracted=Extracted.DONE), None))
        else:
            captures.append(await _waiting(kept, every, store))
    await store.add_captures(captures)


def _was_read(kept: Kept, ledger: Ledger) -> bool:
    at, source = kept.capture.key.fetched_at, recall.source_of(kept)
    if source is not None and ledger.polled[source] > at:
        return True
    lists = kept.capture.kind in SOURCE_KINDS or kept.capture.kind is Kind.TARGET
    return lists and ledger.named.get(kept.job_url, 0) > at


async def _waiting(kept: Kept, every: dict[SourceId, Millis | None], store: Rebuilding) -> tuple[Capture, Receipt | None]:
    revisit = kept.capture.revisit_of
    original = await store.original(revisit) if revisit else None
    if revisit and original is None:
        return replace(kept.capture, extracted=Extracted.GIVEN_UP), None
    capture = replace(kept.capture, extracted=Extracted.WAITING)
    source = recall.source_of(kept)
    every_ms = every.get(source) if source else None
    return capture, recall.receipt(replace(kept, capture=capture), every_ms, original)


async def _enter_sources(new: Path, config: Config, now: Millis) -> int:
    """Those of the configuration, and those that commands added; how many the latter are."""
    store = await SqliteStore.open(new)
    try:
        await wiring.enter_sources(config, store, now)
    finally:
        await store.close()
    return await watchlist.restore(new, config.archive.dir, now)


def cut(root: Path, rows: list[SegmentRow], held: dict[SegmentId, Grown]) -> None:
    """Take the torn ends off unsealed segments, as each start would; they are kept beside."""
    for row in rows:
        if row.segment not in held:
            continue
        state = SegmentState(
            segment=row.segment,
            owner=row.owner,
            state="open",
            committed=row.committed,
            records_committed=row.records_committed,
            created_at=row.created_at,
        )
        Names(root, row.segment).records.touch()  # its lines may be lost with the store
        adopted = Segment.adopt(root, state, held[row.segment], DISK)
        if adopted is not None:
            adopted.close()
