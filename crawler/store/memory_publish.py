"""Commit 2 in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from crawler import politeness
from crawler.model import (
    ArticleRow,
    Capture,
    CaptureKey,
    Decision,
    Extracted,
    HostId,
    Millis,
    SegmentId,
    SourceUpdate,
    WorkerId,
)
from crawler.store import memory_acknowledge, memory_catalog, rules, watching
from crawler.store.memory_tables import NewsRow, SourceRow, Tables
from crawler.store.watching import Standing, Turn

Spans = Mapping[SegmentId, Sequence[tuple[int, int]]]


def commit_records(
    tables: Tables,
    worker: WorkerId,
    committed: Mapping[SegmentId, int],
    decisions: Sequence[Decision],
    spans: Spans,
    *,
    now: Millis,
) -> None:
    """As `Frontier.commit_records`."""
    for segment, size in sorted(committed.items()):
        memory_acknowledge.advance(tables, segment, worker, records=size)
    live = _unread(tables.captures, decisions)
    for one in live:
        _mark_read(tables, one)
    news = _published(tables, live, spans)
    memory_acknowledge.judge(tables, *rules.judged(live, news))
    for one in live:
        _turn_source(tables, one, now)
    memory_catalog.enter(tables, [pair for one in live for pair in one.found])
    tables.put([offer for one in live for offer in one.offers])
    _slow_down(tables, {one.key.host_id for one in live if one.strained})


def _mark_read(tables: Tables, one: Decision) -> None:
    tables.captures[one.key] = replace(tables.captures[one.key], extracted=one.extracted)
    tables.receipts.pop(one.key, None)
    if one.failure is not None:
        tables.failures[one.failure.host_id, one.failure.h, one.failure.at] = one.failure


def _slow_down(tables: Tables, strained: Iterable[HostId]) -> None:
    """Once a host, however many of its pages said so."""
    for host_id in strained:
        host = tables.hosts[host_id]
        tables.hosts[host_id] = replace(host, strain=politeness.slowed_from(host.delay_ms / 1000, host.strain))


def _unread(captures: Mapping[CaptureKey, Capture], decisions: Sequence[Decision]) -> list[Decision]:
    first: dict[CaptureKey, Decision] = {}
    for one in decisions:
        known = captures.get(one.key)
        if known is not None and known.extracted is Extracted.WAITING:
            first.setdefault(one.key, one)
    return list(first.values())


def _published(tables: Tables, live: Sequence[Decision], spans: Spans) -> Mapping[str, int]:
    """The new version of each article that says something else than before."""
    news: dict[str, int] = {}
    for one in live:
        for row in one.articles:
            n = _publish(tables, row, one.segment, spans)
            if n is not None:
                news[row.article_id] = n
    return news


def _publish(tables: Tables, row: ArticleRow, segment: SegmentId, spans: Spans) -> int | None:
    """The new version; None where it says the same again."""
    known = tables.articles.get(row.article_id)
    n = rules.version_of(row, memory_acknowledge.version(known))
    if n is not None:
        offset, length = spans[segment][row.record]
        first_at = known.first_at if known else row.key.fetched_at
        news = NewsRow(
            row=row, version=n, segment=segment, offset=offset, length=length, first_at=first_at, newest_at=row.key.fetched_at
        )
        tables.articles[row.article_id] = news
        tables.events.append((row.article_id, n))
    return n


def _turn_source(tables: Tables, one: Decision, now: Millis) -> None:
    if one.source_id is None:
        return
    row = tables.sources.get(one.source_id)
    turn = watching.turn(one, _stands(row) if row else None, now)
    _put_entries(tables, turn)
    if row is None:
        return
    row = row if turn.update is None else _updated(row, turn.update)
    tables.sources[one.source_id] = replace(row, waiting=None, asked=False) if turn.waited else row
    if turn.next is not None:
        (key,) = tables.put([turn.next]).keys
        tables.point({one.source_id: key})


def _updated(row: SourceRow, update: SourceUpdate) -> SourceRow:
    return replace(
        row,
        validators=update.validators,
        body_digest=update.body_digest,
        captured_at=update.captured_at,
        state=row.state if row.state == "paused" else update.trouble or row.state,
        last_outcome=update.trouble or row.last_outcome,
        failures=update.rhythm.failures,
        rhythm=update.rhythm,
        moved=update.moved or row.moved,
    )


def _stands(row: SourceRow) -> Standing:
    return Standing(row.state, row.asked, row.captured_at, row.waiting, row.queued is not None)


def _put_entries(tables: Tables, turn: Turn) -> None:
    known = tables.entries.setdefault(turn.source_id, {})
    for entry in turn.entries:
        item_hash, changed_at = known.get(entry.key, (None, 0))
        may_change = turn.fresh and turn.read_at >= changed_at
        if item_hash is None or (may_change and item_hash != entry.item_hash):
            known[entry.key] = (entry.item_hash, turn.read_at)
