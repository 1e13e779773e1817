"""Commit 2: what was read becomes known, once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from crawler import politeness
from crawler.model import ArticleRow, CaptureKey, Decision, HostId, Millis, Offer, SegmentId, SourceId, SourceUpdate, WorkerId
from crawler.store import acknowledge, enqueue, finding, rows, rules, segments, source_rows, statements, watching
from crawler.store.connection import Column, Row, Transaction, listed
from crawler.store.rules import Version
from crawler.store.watching import Standing, Turn

SQL: Final = statements.load("publish")

Spans = Mapping[SegmentId, Sequence[tuple[int, int]]]


async def commit_records(
    tx: Transaction,
    worker: WorkerId,
    committed: Mapping[SegmentId, int],
    decisions: Sequence[Decision],
    spans: Spans,
    *,
    now: Millis,
) -> None:
    """As `Frontier.commit_records`."""
    for segment, size in sorted(committed.items()):
        await segments.advance_records(tx, segment, worker, size)
    live = await _take_unread(tx, decisions)
    await _publish_articles(tx, live, spans, now)
    await _turn_sources(tx, live, now)
    await _mark_removed(tx, live)
    await finding.enter(tx, live)
    await enqueue.put(tx, [offer for one in live for offer in one.offers])
    await acknowledge.add_failures(tx, [one.failure for one in live if one.failure])
    await _slow_hosts(tx, {one.key.host_id for one in live if one.strained})


async def _slow_hosts(tx: Transaction, hosts: set[HostId]) -> None:
    found = await tx.rows(SQL["strained"], (listed(sorted(hosts)),)) if hosts else ()
    slowed = [(host_id, politeness.slowed_from(gap / 1000, rows.known_strain(*known))) for host_id, gap, *known in found]
    await tx.each(SQL["slow_host"], [(strain.slow_ms, strain.calm, host_id) for host_id, strain in slowed])


async def _take_unread(tx: Transaction, decisions: Sequence[Decision]) -> Sequence[Decision]:
    """Those whose capture waits still, the first of each; they leave the outbox."""
    first: dict[tuple[Column, ...], Decision] = {}
    for one in decisions:
        first.setdefault((one.key.host_id, one.key.h, one.key.fetched_at), one)
    waiting = {row[3:]: row for row in await tx.rows(SQL["waiting"], (listed(list(first)),))}
    await tx.each(SQL["end_waiting"], [row[1:] for row in waiting.values()])
    await tx.each(SQL["read_capture"], [(int(first[key].extracted), row[0]) for key, row in waiting.items()])
    return [one for key, one in first.items() if key in waiting]


async def _publish_articles(tx: Transaction, live: Sequence[Decision], spans: Spans, now: Millis) -> None:
    told = [(one.segment, row) for one in live for row in one.articles]
    if not told:
        return
    news = list(_news(told, await known(tx, {row.article_id for _, row in told}), spans))
    await tx.each(SQL["put_article"], [_article(n, row, place) for n, row, place in news])
    await tx.each(
        SQL["add_version"], [(row.article_id, n, row.text_hash, row.key.fetched_at, *place) for n, row, place in news]
    )
    await tx.each(SQL["add_event"], [("article" if n == 1 else "version", row.article_id, n, now) for n, row, _ in news])
    right, wrong = rules.judged(live, {row.article_id: n for n, row, _ in news})
    await finding.judge(tx, right, wrong)


def _news(
    told: Sequence[tuple[SegmentId, ArticleRow]], known: dict[str, Version], spans: Spans
) -> Iterator[tuple[int, ArticleRow, tuple[Column, ...]]]:
    """What is a new version, with its number and where its line lies."""
    for segment, row in told:
        n = rules.version_of(row, known.get(row.article_id))
        if n is not None:
            known[row.article_id] = Version(n, row.text_hash, row.key.fetched_at)
            yield n, row, (segment, *spans[segment][row.record])


async def known(tx: Transaction, articles: set[str]) -> dict[str, Version]:
    """The newest versions of those of these articles that have one."""
    found = await tx.rows(SQL["known_articles"], (listed(sorted(articles)),))
    return {article_id: Version(*rest) for article_id, *rest in found}


def _article(n: int, row: ArticleRow, place: tuple[Column, ...]) -> tuple[Column, ...]:
    read = (row.article_id, n, row.text_hash, row.key.host_id, row.key.h, row.key.fetched_at)
    said = (row.url, row.title, row.published, row.language, row.source, row.words)
    return (*read, *said, *place, row.canonical, rows.fingerprint_in(row.fingerprint))


async def _turn_sources(tx: Transaction, live: Sequence[Decision], now: Millis) -> None:
    """Entries and validators of what was read; and the source comes back into the queue if it waited for this."""
    standing = await _standing(tx, {one.source_id for one in live if one.source_id})
    turns = list(_turns(live, standing, now))
    await _put_entries(tx, turns)
    await tx.each(SQL["update_source"], [_update(turn.update) for turn in turns if turn.update])
    await tx.each(SQL["end_waiting_source"], [(turn.source_id,) for turn in turns if turn.waited])
    await _put_back(tx, [(turn.source_id, turn.next) for turn in turns if turn.next])


async def _put_back(tx: Transaction, back: Sequence[tuple[SourceId, Offer]]) -> None:
    placed = await enqueue.put(tx, [offer for _, offer in back])
    await enqueue.point(tx, {source: key for (source, _), key in zip(back, placed.keys, strict=True)})


def _turns(live: Sequence[Decision], standing: dict[SourceId, Standing], now: Millis) -> Iterator[Turn]:
    """In order, each on what the ones before it left."""
    for one in live:
        if one.source_id is not None:
            turn = watching.turn(one, standing.get(one.source_id), now)
            if turn.after is not None:
                standing[one.source_id] = turn.after
            yield turn


async def _standing(tx: Transaction, sources: set[SourceId]) -> dict[SourceId, Standing]:
    if not sources:
        return {}
    return {row[0]: _stands(row) for row in await tx.rows(SQL["sources"], (listed(sorted(sources)),))}


def _stands(row: Row) -> Standing:
    _, state, asked, captured_at, queued, host_id, h, fetched_at = row
    waiting = None if host_id is None else CaptureKey(host_id=host_id, h=h, fetched_at=fetched_at)
    return Standing(state=state, asked=bool(asked), captured_at=captured_at, waiting=waiting, queued=queued is not None)


async def _put_entries(tx: Transaction, turns: Sequence[Turn]) -> None:
    for name, fresh in (("put_entry", True), ("add_entry", False)):
        await tx.each(
            SQL[name],
            [
                (turn.source_id, entry.key, entry.item_hash, entry.link, turn.read_at, turn.read_at)
                for turn in turns
                if turn.fresh is fresh
                for entry in turn.entries
            ],
        )


async def _mark_removed(tx: Transaction, live: Sequence[Decision]) -> None:
    await tx.each(
        SQL["remove_entry"], [(one.key.fetched_at, one.source_id, key) for one in live if one.source_id for key in one.removed]
    )


def _update(update: SourceUpdate) -> tuple[Column, ...]:
    said = (update.validators.etag, update.validators.last_modified, update.body_digest)
    news = (update.captured_at, update.title, update.new, update.changed, update.trouble)
    return (*said, *news, update.rhythm.failures, source_rows.rhythm_out(update.rhythm), update.moved, update.source_id)
