"""The wall clock was set: what is due and when hosts may be asked moves with it."""

from __future__ import annotations

from typing import Final

from crawler.model import Jump, Millis
from crawler.store import enqueue, migrate, rows, rules, statements
from crawler.store.connection import Transaction

SQL: Final = statements.load("clock")
_PARKED: Final[Millis] = 4_000_000_000_000_000_000  # rows on their way stand that much earlier, where no other is


async def moved(tx: Transaction, jump: Jump, now: Millis) -> Millis:
    """As `Frontier.clock_moved`."""
    known = await tx.rows(SQL["known"])
    by = rules.correction(jump, known[0][0] if known else None)
    if by:
        await _move(tx, by, rules.ahead_of(by, now))
        await tx.rows(SQL["rest"], (by, rules.ahead_of(by, now), now))
    await tx.rows(migrate.SQL["set_meta"], ("clock", rules.corrected(jump)))
    return by


async def _move(tx: Transaction, by: Millis, ahead_of: Millis) -> None:
    await tx.rows(SQL["park"], (by, ahead_of))
    await tx.rows(SQL["follow"], (by, ahead_of))
    late = [rows.job(host, tuple(row)) for host, *row in await tx.rows(SQL["in_the_way"])]
    await enqueue.take(tx, [key._replace(due_at=key.due_at - _PARKED) for key in map(rules.job_key, late)])
    await tx.rows(SQL["unpark"])
    placed = await enqueue.put(tx, [job.row(job.due_at) for job in late])
    await enqueue.follow(tx, dict(zip(map(rules.job_key, late), placed.keys, strict=True)), late)
    await tx.rows(SQL["wake"])
