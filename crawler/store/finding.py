"""Sources that were found in others, and what their words about their pages proved worth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from crawler.model import Decision, SourceId
from crawler.store import sources, statements
from crawler.store.connection import Transaction, listed

SQL: Final = statements.load("finding")


async def enter(tx: Transaction, decisions: Sequence[Decision]) -> None:
    """Watch what was found; what is watched already stays as it is."""
    found = {source.source_id: (source, offer) for one in decisions for source, offer in one.found}
    if found:
        known = {source for (source,) in await tx.rows(SQL["known"], (listed(sorted(found)),))}
        new = [pair for source, pair in found.items() if source not in known]
        if new:
            await sources.enter(tx, new)


async def judge(tx: Transaction, right: Iterable[SourceId], wrong: Iterable[SourceId]) -> None:
    """Note that sources told the truth about a page, each once a page, or didn't."""
    await tx.each(SQL["judge"], [(1, 0, source) for source in right] + [(0, 1, source) for source in wrong])
