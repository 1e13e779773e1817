"""Commit 1: visits are acknowledged, all of a group or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from crawler.model import Capture, Failure, HostId, Millis, PollRow, Receipt, SegmentId, Settlement, WorkerId
from crawler.store import enqueue, finding, frontier, rows, rules, segments, source_rows, statements, watching
from crawler.store.connection import Transaction, listed
from crawler.store.rules import QueueKey, Version

SQL: Final = statements.load("acknowledge")


async def commit_captures(
    tx: Transaction, worker: WorkerId, segment: SegmentId | None, committed: int, settlements: Sequence[Settlement]
) -> frozenset[HostId]:
    """As `Frontier.commit_captures`."""
    epochs = await frontier.held(tx, worker, [settlement.host_id for settlement in settlements])
    fenced = frozenset(one.host_id for one in settlements if epochs.get(one.host_id) != one.epoch)
    if fenced:
        return fenced
    if segment is not None:
        await segments.advance(tx, segment, worker, committed)
    await _keep_captures(tx, settlements)
    await _keep_notes(tx, settlements)
    await _delete_articles(tx, settlements)
    taken = await _turn_rows(tx, settlements)
    await _settle_hosts(tx, settlements, taken)
    return frozenset()


async def _keep_captures(tx: Transaction, settlements: Sequence[Settlement]) -> None:
    kept = [(capture, rules.receipt_of(one, capture)) for one in settlements for capture in rules.kept_captures(one)]
    await add_captures(tx, kept)


async def add_captures(tx: Transaction, captures: Sequence[tuple[Capture, Receipt | None]]) -> None:
    """Enter captures and their payloads; one that waits for a parser comes with its receipt."""
    await tx.each(SQL["add_capture"], [rows.capture_row(capture) for capture, _ in captures])
    await tx.each(SQL["add_waiting"], [rows.waiting_row(receipt) for _, receipt in captures if receipt])
    payloads = [capture for capture, _ in captures if rules.holds_payload(capture)]
    await tx.each(
        SQL["add_payload"],
        [(one.key.host_id, rows.digest_out(one.digest), one.key.h, one.key.fetched_at) for one in payloads],
    )


async def _keep_notes(tx: Transaction, settlements: Sequence[Settlement]) -> None:
    await tx.each(SQL["put_robots"], [rows.robots_row(one.robots) for one in settlements if one.robots])
    await add_failures(tx, [one.failure for one in settlements if one.failure])
    await _add_polls(tx, [one.poll for one in settlements if one.poll])
    await finding.judge(tx, (), [one.disproved for one in settlements if one.disproved])


async def add_failures(tx: Transaction, failures: Iterable[Failure]) -> None:
    """Note jobs that ended without what they were for."""
    await tx.each(SQL["add_failure"], [rows.failure_row(failure) for failure in failures])


async def _add_polls(tx: Transaction, polls: Sequence[PollRow]) -> None:
    history = [(poll.source_id, poll.at, poll.status, poll.outcome, poll.failed, poll.detail) for poll in polls]
    await tx.each(SQL["add_poll"], history)
    await tx.each(SQL["trim_polls"], [(source, rules.POLLS_KEPT) for source in sorted({poll.source_id for poll in polls})])
    await tx.each(
        SQL["note_poll"],
        [(poll.source_id, poll.at, poll.outcome, rules.state_after(poll), *source_rows.poll_columns(poll)) for poll in polls],
    )


async def _delete_articles(tx: Transaction, settlements: Sequence[Settlement]) -> None:
    """What is gone by its publisher's word gets a version without a text; what we hold of it stays."""
    gone = _gone(settlements)
    if not gone:
        return
    known = {name: Version(*rest) for name, *rest in await tx.rows(SQL["known_articles"], (listed(sorted(gone)),))}
    deleted = [
        (name, n, capture.key.fetched_at, capture.segment)
        for name, capture in gone.items()
        if (n := rules.next_version(rules.DELETED, capture.key.fetched_at, known.get(name))) is not None
    ]
    await tx.each(SQL["delete_article"], [(n, rules.DELETED, name) for name, n, _, _ in deleted])
    await tx.each(SQL["add_deletion"], [(name, n, rules.DELETED, at, segment) for name, n, at, segment in deleted])
    await tx.each(SQL["add_event"], [("deleted", name, n, at) for name, n, at, _ in deleted])


def _gone(settlements: Sequence[Settlement]) -> dict[str, Capture]:
    """Each such article, and the answer that said so."""
    return {one.deleted: one.captures[-1] for one in settlements if one.deleted is not None and one.captures}


async def _turn_rows(tx: Transaction, settlements: Sequence[Settlement]) -> frozenset[QueueKey]:
    """The leased rows go; what comes in their place is put in only where they were still there. Gives those."""
    about = [(one, named) for one in settlements if (named := watching.candidates(one))]
    standing = await enqueue.standing(tx, [rules.leased_key(one) for one, _ in about])
    named = {source for _, sources in about for source in sources}
    owners = {key: source for source, key in (await enqueue.source_rows(tx, named)).items()}
    taken = await enqueue.remove(tx, watching.still_there(settlements, standing))
    turned = watching.turned(settlements, taken, owners)
    placed = await enqueue.put(tx, [offer for _, offer in turned.back])
    await enqueue.point(tx, watching.places(owners, taken, turned, placed.keys))
    await tx.each(SQL["wait_source"], [(key.host_id, key.h, key.fetched_at, source) for source, key in turned.waiting])
    return taken


async def _settle_hosts(tx: Transaction, settlements: Sequence[Settlement], taken: AbstractSet[QueueKey]) -> None:
    await tx.each(
        SQL["settle_host"],
        [
            (
                *(one.delay_ms, *rows.strain_columns(one.strain), one.strain.slow_ms if one.strain and one.slowed else None),
                *(_newest(one), rules.leased_key(one) in taken, one.last, one.polite_at, one.host_id),
            )
            for one in settlements
        ],
    )


def _newest(settlement: Settlement) -> Millis:
    return max([capture.key.fetched_at for capture in settlement.captures], default=0)
