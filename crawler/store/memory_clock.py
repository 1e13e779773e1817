"""The wall clock was set, for the store in memory."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from crawler.model import NEVER, Job, Jump, Millis
from crawler.store import rules
from crawler.store.memory_tables import HostRow, Tables
from crawler.store.rules import QueueKey


def moved(tables: Tables, jump: Jump, now: Millis) -> Millis:
    """As `Frontier.clock_moved`."""
    by = rules.correction(jump, tables.meta.get("clock"))
    tables.meta["clock"] = rules.corrected(jump)
    if by:
        _move(tables, by, rules.ahead_of(by, now))
        for host_id, row in tables.hosts.items():
            if _rests(row, by, now):
                tables.hosts[host_id] = replace(row, polite_at=row.polite_at + by)
    return by


def _rests(row: HostRow, by: Millis, now: Millis) -> bool:
    return row.polite_at > rules.ahead_of(by, now) and (row.owner is None or (by > 0 and row.polite_at <= now))


def _move(tables: Tables, by: Millis, ahead_of: Millis) -> None:
    moving = [job for rows in tables.queue.values() for job in rows.values() if _moves(tables, job, ahead_of)]
    owners = {row.queued: source for source, row in tables.sources.items() if row.queued}
    tables.take(map(rules.job_key, moving))
    for job, key in _placed(tables, sorted(moving, key=rules.job_key), by):
        source = owners.get(rules.job_key(job))
        if source is not None:
            tables.point({source: key})
    tables.settle_wake([host_id for host_id, row in tables.hosts.items() if row.wake_at < NEVER])


def _moves(tables: Tables, job: Job, ahead_of: Millis) -> bool:
    handed_out = job.leases > 0 and tables.hosts[job.host_id].owner is not None
    return job.due_at > ahead_of and not handed_out


def _placed(tables: Tables, moving: Sequence[Job], by: Millis) -> Sequence[tuple[Job, QueueKey | None]]:
    """Where each stands now. One whose new place is taken is put in like any other offer, when all others have theirs."""
    placed: list[tuple[Job, QueueKey | None]] = []
    late: list[Job] = []
    for job in moving:
        there = replace(job, due_at=job.due_at + by)
        if (key := rules.job_key(there)) in tables.queue[job.host_id]:
            late.append(job)
        else:
            tables.queue[job.host_id][key] = there
            placed.append((job, key))
    keys = tables.put([job.row(job.due_at + by) for job in late]).keys
    return [*placed, *zip(late, keys, strict=True)]
