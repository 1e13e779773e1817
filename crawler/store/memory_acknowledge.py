"""Commit 1 in memory. What may be refused is refused before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from crawler.model import (
    Capture,
    PayloadKey,
    PollRow,
    Receipt,
    RobotsCopy,
    SegmentId,
    Settlement,
    SourceId,
    Strain,
    Trust,
    WorkerId,
)
from crawler.ports import StoreError
from crawler.store import rules, watching
from crawler.store.memory_tables import NewsRow, Tables
from crawler.store.rules import Version


def commit_captures(
    tables: Tables, worker: WorkerId, segment: SegmentId | None, committed: int, settlements: Sequence[Settlement]
) -> None:
    """As `Frontier.commit_captures`, once nobody is fenced."""
    _refuse_known(tables, settlements)
    if segment is not None:
        advance(tables, segment, worker, committed=committed)
    for one in settlements:
        _keep(tables, one)
        _delete_article(tables, one)
    _turn_rows(tables, settlements)
    for one in settlements:
        _settle_host(tables, one)


def advance(
    tables: Tables, segment: SegmentId, worker: WorkerId, *, committed: int | None = None, records: int | None = None
) -> None:
    """Acknowledge more of a segment.

    Raises:
        StoreError: it isn't this worker's, isn't open (for records: is sealed), or would shrink.
    """
    row = tables.segments.get(segment)
    if row is None or row.owner != worker or row.state > (2 if committed is None else 1):
        raise StoreError(rules.SEGMENT_FOREIGN.format(segment, worker))
    size, lines = row.committed if committed is None else committed, row.records_committed if records is None else records
    if size < row.committed or lines < row.records_committed:
        raise StoreError(rules.SEGMENT_FOREIGN.format(segment, worker))
    tables.segments[segment] = replace(row, committed=size, records_committed=lines)


def _refuse_known(tables: Tables, settlements: Sequence[Settlement]) -> None:
    keys = [capture.key for one in settlements for capture in one.captures]
    if len(set(keys)) < len(keys) or any(key in tables.captures for key in keys):
        raise StoreError("a capture of this key stands already")


def _keep(tables: Tables, one: Settlement) -> None:
    for capture in rules.kept_captures(one):
        _keep_capture(tables, capture, rules.receipt_of(one, capture))
    if one.robots is not None:
        _keep_robots(tables, one.robots)
    if one.disproved is not None:
        judge(tables, (), [one.disproved])
    if one.failure is not None:
        tables.failures[one.failure.host_id, one.failure.h, one.failure.at] = one.failure
    if one.poll is not None and one.poll.source_id in tables.sources:
        _keep_poll(tables, one.poll)


def _keep_capture(tables: Tables, capture: Capture, receipt: Receipt | None) -> None:
    tables.captures[capture.key] = capture
    if receipt is not None:
        tables.receipts[capture.key] = receipt
    if rules.holds_payload(capture):
        payload = PayloadKey(host_id=capture.key.host_id, digest=capture.digest or "")
        tables.payloads.setdefault(payload, capture.key)


def version(known: NewsRow | None) -> Version | None:
    """The newest version of an article."""
    if known is None:
        return None
    return Version(known.version, rules.DELETED if known.deleted else known.row.text_hash, known.newest_at)


def _delete_article(tables: Tables, one: Settlement) -> None:
    known = tables.articles.get(one.deleted) if one.deleted is not None and one.captures else None
    if known is None:
        return
    at = one.captures[-1].key.fetched_at
    n = rules.next_version(rules.DELETED, at, version(known))
    if n is not None:
        tables.articles[known.row.article_id] = replace(known, version=n, newest_at=at, deleted=True)
        tables.events.append((known.row.article_id, n))


def judge(tables: Tables, right: Iterable[SourceId], wrong: Iterable[SourceId]) -> None:
    """Note that sources told the truth about a page, or didn't."""
    said = [(source, Trust(right=1)) for source in right] + [(source, Trust(wrong=1)) for source in wrong]
    for source, more in said:
        row = tables.sources.get(source)
        if row is not None:
            trust = Trust(right=row.trust.right + more.right, wrong=row.trust.wrong + more.wrong)
            tables.sources[source] = replace(row, trust=trust)


def _keep_robots(tables: Tables, copy: RobotsCopy) -> None:
    known = tables.robots.get(copy.origin)
    if known is None or copy.fetched_at >= known.fetched_at:
        tables.robots[copy.origin] = copy


def _keep_poll(tables: Tables, poll: PollRow) -> None:
    ring = tables.polls.setdefault(poll.source_id, {})
    ring[poll.at] = poll
    for at in sorted(ring)[: -rules.POLLS_KEPT]:
        del ring[at]
    row = tables.sources[poll.source_id]
    known = poll.rhythm or row.rhythm
    tables.sources[poll.source_id] = replace(
        row,
        state="paused" if row.state == "paused" else rules.state_after(poll) or row.state,
        failures=poll.rhythm.failures if poll.rhythm else row.failures,
        last_at=poll.at,
        last_outcome=poll.outcome,
        rhythm=known,
        validators=poll.validators or row.validators,
        moved=poll.moved or row.moved,
    )


def _turn_rows(tables: Tables, settlements: Sequence[Settlement]) -> None:
    named = {source for one in settlements for source in watching.candidates(one)}
    owners = {row.queued: source for source in named if (row := tables.sources.get(source)) and row.queued}
    standing = {key: tables.owner(key) for key in map(rules.leased_key, settlements)}
    taken = tables.take(watching.still_there(settlements, standing))
    turned = watching.turned(settlements, taken, owners)
    placed = tables.put([offer for _, offer in turned.back])
    tables.point(watching.places(owners, taken, turned, placed.keys))
    for source, key in turned.waiting:
        tables.sources[source] = replace(tables.sources[source], waiting=key)


def _strain(row: Strain, one: Settlement) -> Strain:
    if one.strain is None:
        return row
    return one.strain if one.slowed else replace(one.strain, slow_ms=row.slow_ms)


def _settle_host(tables: Tables, one: Settlement) -> None:
    row = tables.hosts[one.host_id]
    newest = max((capture.key.fetched_at for capture in one.captures), default=0)
    row = replace(
        row,
        delay_ms=row.delay_ms if one.delay_ms is None else one.delay_ms,
        strain=_strain(row.strain, one),
        last_at=max(row.last_at, newest),
    )
    tables.hosts[one.host_id] = replace(row, owner=None, polite_at=one.polite_at) if one.last else row
    if one.last:
        tables.settle_wake([one.host_id])
