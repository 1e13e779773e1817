"""Reading the tables in memory, and the sources in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from crawler import urls
from crawler.model import (
    Capture,
    CaptureKey,
    Details,
    HostId,
    Millis,
    Offer,
    Original,
    PayloadKey,
    Poll,
    Receipt,
    Said,
    SegmentId,
    SegmentState,
    Source,
    SourceId,
)
from crawler.ports import ArticleStatus, SourceStatus
from crawler.store import aliases, rules, watching
from crawler.store.aliases import Kin
from crawler.store.memory_tables import NewsRow, SourceRow, Tables
from crawler.store.watching import Known

_ASKED: Final = ("active", "blocked", "not_a_feed")


def unsealed(tables: Tables) -> Sequence[SegmentState]:
    """As `Frontier.unsealed`."""
    waiting = Counter(receipt.capture.segment for receipt in tables.receipts.values())
    live = [(segment, row) for segment, row in tables.segments.items() if row.state < 3]
    return [
        SegmentState(
            segment=segment,
            owner=row.owner,
            state=rules.SEGMENT_STATES[row.state - 1],
            committed=row.committed,
            records_committed=row.records_committed,
            created_at=row.created_at,
            waiting=waiting[segment],
        )
        for segment, row in sorted(live, key=lambda item: (item[1].created_at, item[0]))
    ]


def originals(tables: Tables, payloads: Sequence[PayloadKey]) -> Mapping[PayloadKey, Original]:
    """As `Catalog.originals`."""
    return {key: Original.of(tables.captures[tables.payloads[key]]) for key in payloads if key in tables.payloads}


def last_capture(tables: Tables, host_id: HostId, h: int) -> Original | None:
    """As `Catalog.last_capture`."""
    own = [one for key, one in tables.captures.items() if (key.host_id, key.h) == (host_id, h) and rules.shown_by_304(one)]
    held = (tables.captures.get(one.revisit_of or one.key) for one in sorted(own, key=lambda one: one.key, reverse=True))
    return next((Original.of(capture) for capture in held if capture is not None), None)


def outbox(tables: Tables, segment: SegmentId, after: CaptureKey | None, limit: int) -> Sequence[Receipt]:
    """As `Catalog.outbox`."""
    behind = _place(tables.captures[after]) if after in tables.captures else None
    waiting = [one for one in tables.receipts.values() if one.capture.segment == segment]
    waiting.sort(key=lambda one: _place(one.capture))
    return [one for one in waiting if behind is None or _place(one.capture) > behind][:limit]


def _place(capture: Capture) -> tuple[int, CaptureKey]:
    return capture.offset, capture.key


def sync_sources(tables: Tables, sources: Sequence[Source], offers: Sequence[Offer]) -> None:
    """As `Catalog.sync_sources`."""
    wanted = {source.source_id: (source, offer) for source, offer in zip(sources, offers, strict=True)}
    gone = {name for name, row in tables.sources.items() if name not in wanted and row.source.origin == "config"}
    for name, row in list(tables.sources.items()):
        if row.state != "paused" and (name in gone or row.source.parent in gone):
            _pause(tables, row)
    for source, offer in wanted.values():
        _watch(tables, source, offer)


def enter(tables: Tables, found: Sequence[tuple[Source, Offer]]) -> None:
    """Watch what was found in a source; what is watched already stays as it is."""
    for source, offer in found:
        known = tables.sources.get(source.source_id)
        if known is None or known.state == "paused":
            _watch(tables, source, offer)


def _watch(tables: Tables, source: Source, offer: Offer) -> None:
    known = tables.sources.get(source.source_id)
    queue = watching.synced(source, offer, _known(known) if known else None)
    row = replace(known, source=source) if known else SourceRow(source=source)
    tables.sources[source.source_id] = replace(row, state="active") if row.state == "paused" else row
    if queue is not None:
        tables.point({source.source_id: tables.put([queue]).keys[0]})


def _known(row: SourceRow) -> Known:
    return Known(row.source, row.state, row.queued, row.waiting is not None)


def _pause(tables: Tables, row: SourceRow) -> None:
    if row.queued is not None:
        tables.take([row.queued])
        tables.settle_wake([row.queued.host_id])
    tables.sources[row.source.source_id] = replace(row, state="paused", asked=False, queued=None)


def poll_all(tables: Tables, now: Millis) -> int:
    """As `Catalog.poll_all`."""
    active = [row for row in tables.sources.values() if row.state in _ASKED]
    for row in active:
        if row.waiting is not None:
            tables.sources[row.source.source_id] = replace(row, asked=True)
    late = sorted(row.queued for row in active if row.queued and row.queued.due_at > now)
    tables.requeue([tables.queue[key.host_id][key] for key in late], now)
    return sum(row.queued is not None for row in active)


def sources(tables: Tables) -> Sequence[SourceStatus]:
    """As `Catalog.sources`."""
    return [
        SourceStatus(
            source=row.source,
            state=row.state,
            last_at=row.last_at,
            outcome=row.last_outcome,
            failures=row.failures,
            due_at=row.queued.due_at if row.queued else None,
            polls=dict(Counter(poll.outcome for poll in tables.polls.get(source_id, {}).values())),
            rhythm=row.rhythm,
            moved=row.moved,
        )
        for source_id, row in sorted(tables.sources.items(), key=lambda item: (item[1].source.name, item[1].source.url))
    ]


def poll_of(tables: Tables, row: SourceRow) -> Poll:
    """What a lease must know of a source."""
    source = row.source
    root = tables.sources.get(source.parent or source.source_id, row)
    return Poll(
        source_id=source.source_id,
        url=row.moved or source.url,
        host_id=urls.host_id(urls.host(row.moved)) if row.moved else source.host_id,
        h=urls.url_hash(row.moved) if row.moved else source.h,
        every_ms=source.every_ms,
        cron=source.cron,
        weight=source.weight,
        parent=source.parent,
        validators=row.validators,
        body_digest=row.body_digest,
        rhythm=row.rhythm,
        trust=root.trust,
        details=source.details,
    )


def said(tables: Tables) -> Mapping[SourceId, Said]:
    """As `Catalog.said`."""
    spoken = ((source_id, row) for source_id, row in tables.sources.items() if row.source.details != Details())
    return {source_id: Said(url=row.moved or row.source.url, details=row.source.details) for source_id, row in spoken}


def watched(tables: Tables) -> Sequence[Poll]:
    """As `Catalog.watched`."""
    free = [row for row in tables.sources.values() if row.state in _ASKED and not row.source.every_ms and not row.source.cron]
    return [poll_of(tables, row) for row in free]


def _newest_text(row: NewsRow) -> int:
    return row.version - row.deleted


def articles(tables: Tables, since_seq: int) -> Sequence[ArticleStatus]:
    """As `Catalog.articles`."""
    numbered = enumerate(tables.events[since_seq:], start=since_seq + 1)
    newest = [(seq, article_id) for seq, (article_id, n) in numbered if _newest_text(tables.articles[article_id]) == n]
    return aliases.told_once(newest, map(_kin, tables.articles.values()))


def _kin(news: NewsRow) -> Kin:
    row = news.row
    return Kin(_article(news), row.canonical or row.article_id, news.first_at, row.key.fetched_at)


def _article(news: NewsRow) -> ArticleStatus:
    row = news.row
    return ArticleStatus(
        seq=0,
        article_id=row.article_id,
        version=news.version,
        url=row.url,
        title=row.title,
        published=row.published,
        language=row.language,
        words=row.words,
        segment=news.segment,
        offset=news.offset,
        length=news.length,
    )


def forget(tables: Tables, before: Millis, most: int, entries: int) -> int:
    """As `Catalog.forget`."""
    failures = sorted((key for key in tables.failures if key[2] < before), key=lambda key: key[2])[:most]
    robots = [origin for origin, copy in tables.robots.items() if copy.fetched_at < before][:most]
    for key in failures:
        del tables.failures[key]
    for origin in robots:
        del tables.robots[origin]
    return len(failures) + len(robots) + sum(_thin(tables, source, most, entries) for source in tables.entries)


def _thin(tables: Tables, source: SourceId, most: int, least: int) -> int:
    known = tables.entries[source]
    over = len(known) - rules.entries_kept(least, tables.sources[source].rhythm)
    oldest = sorted(known, key=lambda key: (known[key][1], key))[: min(most, max(0, over))]
    for key in oldest:
        del known[key]
    return len(oldest)
