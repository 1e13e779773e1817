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
    await note(tx, now)
    return by


async def begun(tx: Transaction, steady: Millis, now: Millis) -> Millis:
    """Where the store was last written later than now, the clock was set back while nobody ran: all moves as in `moved`.

    Without that a machine that was a year ahead for an hour would ask nobody for a year. By how much; 0: it wasn't.
    """
    known = await tx.rows(SQL["written"])
    written = int(known[0][0]) if known else now
    if written <= now + rules.MAY_PART:
        await note(tx, now)
        return 0
    return await moved(tx, Jump(was=written - steady, since=steady, offset=now - steady, at=steady), now)


async def note(tx: Transaction, now: Millis) -> None:
    """Remember that the store was written now."""
    await tx.rows(migrate.SQL["set_meta"], ("written", str(now)))


async def _move(tx: Transaction, by: Millis, ahead_of: Millis) -> None:
    await tx.rows(SQL["park"], (by, ahead_of))
    await tx.rows(SQL["follow"], (by, ahead_of))
    late = [rows.job(host, tuple(row)) for host, *row in await tx.rows(SQL["in_the_way"])]
    await enqueue.take(tx, [key._replace(due_at=key.due_at - _PARKED) for key in map(rules.job_key, late)])
    await tx.rows(SQL["unpark"])
    placed = await enqueue.put(tx, [job.row(job.due_at) for job in late])
    await enqueue.follow(tx, dict(zip(map(rules.job_key, late), placed.keys, strict=True)), late)
    await tx.rows(SQL["wake"])
