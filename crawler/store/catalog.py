"""Reading: single statements, each a transaction of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from crawler.model import CaptureKey, Failure, HostId, Millis, Original, PayloadKey, Receipt, RobotsCopy, SegmentId
from crawler.ports import ArticleStatus
from crawler.store import aliases, connection, rows, rules, source_rows, statements
from crawler.store.connection import Row, Transaction

SQL: Final = statements.load("catalog")

_BEFORE_ALL: Final = (-(2**63), -(2**63), -(2**63))


async def originals(tx: Transaction, payloads: Sequence[PayloadKey]) -> Mapping[PayloadKey, Original]:
    """As `Catalog.originals`."""
    if not payloads:
        return {}
    sql = SQL["originals"].format(", ".join(["(?, ?)"] * len(payloads)))
    wanted = [column for key in payloads for column in (key.host_id, rows.digest_out(key.digest))]
    found: dict[PayloadKey, Original] = {}
    for original in map(rows.original, await tx.rows(sql, wanted)):
        found[PayloadKey(host_id=original.key.host_id, digest=original.digest or "")] = original
    return found


async def last_capture(tx: Transaction, host_id: HostId, h: int) -> Original | None:
    """As `Catalog.last_capture`; of answers in 2xx only, for a 304 speaks of no error's body."""
    found = await tx.rows(SQL["last_capture"], (host_id, h, rows.digest_out(rules.EMPTY)))
    return rows.original(found[0]) if found else None


async def outbox(tx: Transaction, segment: SegmentId, after: CaptureKey | None, limit: int) -> Sequence[Receipt]:
    """As `Catalog.outbox`."""
    behind = _BEFORE_ALL if after is None else (after.host_id, after.h, after.fetched_at)
    return [rows.receipt(row) for row in await tx.rows(SQL["outbox"], (segment, *behind, limit))]


async def robots(tx: Transaction, origin: str) -> RobotsCopy | None:
    """As `Catalog.robots`."""
    found = await tx.rows(SQL["robots"], (origin,))
    return rows.robots(found[0]) if found else None


async def articles(tx: Transaction, since_seq: int) -> Sequence[ArticleStatus]:
    """As `Catalog.articles`: each article once, by the event of its newest version."""
    listed = await tx.rows(SQL["articles"], (since_seq,))
    names = {name for _, *ids in listed for name in ids}
    kin = await tx.rows(SQL["kin"], (connection.listed(sorted(names)),)) if names else []
    return aliases.told_once([(seq, article_id) for seq, article_id, _ in listed], map(rows.kin, kin))


async def failures(tx: Transaction, since: Millis) -> Sequence[Failure]:
    """As `Catalog.failures`."""
    return [rows.failure(row) for row in await tx.rows(SQL["failures"], (since,))]


async def forget(tx: Transaction, before: Millis, most: int, entries: int) -> int:
    """As `Catalog.forget`."""
    old = sum([len(await tx.rows(SQL[name], (before, most))) for name in ("forget_failures", "forget_robots")])
    return old + sum([await _thin(tx, row, most, entries) for row in await tx.rows(SQL["many_entries"], (entries,))])


async def _thin(tx: Transaction, row: Row, most: int, least: int) -> int:
    source_id, number, packed = row
    over = int(number) - rules.entries_kept(least, source_rows.rhythm_in(packed))
    return len(await tx.rows(SQL["thin_entries"], (source_id, min(most, over)))) if over > 0 else 0
