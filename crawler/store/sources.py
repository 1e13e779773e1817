"""Sources: which there are, and when they are asked again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from crawler.model import Millis, Offer, Poll, Said, Source, SourceId
from crawler.ports import SourceStatus
from crawler.store import enqueue, rows, rules, source_rows, statements, watching
from crawler.store.connection import Transaction
from crawler.store.rules import QueueKey
from crawler.store.watching import Known

SQL: Final = statements.load("sources")


async def sync_sources(tx: Transaction, sources: Sequence[Source], offers: Sequence[Offer]) -> None:
    """As `Catalog.sync_sources`."""
    wanted = {source.source_id for source in sources}
    known = await stored(tx)
    gone = {name for name, one in known.items() if name not in wanted and one.source.origin == "config"}
    await _pause(tx, [one for name, one in known.items() if name in gone or one.source.parent in gone])
    await enter(tx, list(zip(sources, offers, strict=True)))


async def enter(tx: Transaction, added: Sequence[tuple[Source, Offer]]) -> None:
    """Enter sources or change what is said of them, each with the row it gets where it has none."""
    known = await stored(tx)
    wanted = {source.source_id: (source, offer) for source, offer in added}
    await tx.each(SQL["put_source"], [source_rows.source_row(source) for source, _ in wanted.values()])
    synced = {source: watching.synced(*pair, known.get(source)) for source, pair in wanted.items()}
    queued = [(source, offer) for source, offer in synced.items() if offer is not None]
    placed = await enqueue.put(tx, [offer for _, offer in queued])
    await enqueue.point(tx, {source: key for (source, _), key in zip(queued, placed.keys, strict=True)})


async def stored(tx: Transaction) -> Mapping[SourceId, Known]:
    """All sources there are."""
    found: dict[SourceId, Known] = {}
    for *columns, state, host_id, due_at, h, waiting, held in await tx.rows(SQL["stored"]):
        source = source_rows.source(tuple(columns))
        key = None if host_id is None else QueueKey(host_id, due_at, h)
        found[source.source_id] = Known(source, state, key, waiting is not None, bool(held))
    return found


async def _pause(tx: Transaction, missing: Sequence[Known]) -> None:
    gone = [known for known in missing if known.state != "paused"]
    rows_there = [known.queued for known in gone if known.queued]
    await enqueue.take(tx, rows_there)
    await enqueue.settle_wake(tx, {key.host_id for key in rows_there})
    await enqueue.point(tx, {known.source.source_id: None for known in gone})
    await tx.each(SQL["pause"], [(known.source.source_id,) for known in gone])


async def poll_all(tx: Transaction, now: Millis) -> int:
    """As `Catalog.poll_all`. A row that is due stays, leased or not."""
    late = [rows.job(host, tuple(row)) for host, *row in await tx.rows(SQL["active_rows"], (now,))]
    await enqueue.take(tx, [rules.job_key(job) for job in late])
    placed = await enqueue.put(tx, [job.row(now) for job in late])
    await enqueue.follow(tx, dict(zip(map(rules.job_key, late), placed.keys, strict=True)), late)
    await tx.rows(SQL["ask"])
    (count,) = (await tx.rows(SQL["queued"]))[0]
    return int(count)


async def sources(tx: Transaction) -> Sequence[SourceStatus]:
    """As `Catalog.sources`."""
    counts: dict[str, dict[str, int]] = {}
    for source_id, outcome, count in await tx.rows(SQL["poll_counts"]):
        counts.setdefault(source_id, {})[outcome] = count
    return [source_rows.source_status(row, counts.get(row[0], {})) for row in await tx.rows(SQL["sources"])]


async def watched(tx: Transaction) -> Sequence[Poll]:
    """As `Catalog.watched`."""
    return [source_rows.poll(row) for row in await tx.rows(SQL["watched"])]


async def said(tx: Transaction) -> Mapping[SourceId, Said]:
    """As `Catalog.said`."""
    return {
        source: Said(url=url, details=source_rows.details_in(details)) for source, url, details in await tx.rows(SQL["said"])
    }


async def known_entries(tx: Transaction, source: SourceId) -> Mapping[str, str]:
    """As `Catalog.known_entries`."""
    return dict(await tx.rows(SQL["known_entries"], (source,)))
