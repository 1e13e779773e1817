"""Putting back what was given up, or what was fetched long ago: past `seen`, in the place of the row there may be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from crawler.model import SOURCE_KINDS, Offer, Url
from crawler.store import enqueue, statements
from crawler.store.connection import Transaction, listed
from crawler.store.rules import QueueKey

SQL: Final = statements.load("again")


async def put_back(tx: Transaction, offers: Sequence[Offer]) -> tuple[Url, ...]:
    """Queue these: what failed of them is forgotten, what waits for later gives way. What was taken down is passed over.

    Returns what was passed over.
    """
    addresses = listed(sorted({(offer.host_id, offer.h) for offer in offers}))
    waiting = await tx.rows(SQL["waiting"], (addresses, listed(sorted(SOURCE_KINDS))))
    await enqueue.take(tx, [QueueKey(*row) for row in waiting])
    await tx.rows(SQL["forget_failures"], (addresses,))
    placed = await enqueue.put(tx, offers)
    await enqueue.settle_wake(tx, {offer.host_id for offer in offers})
    return tuple(offer.url for offer, key in zip(offers, placed.keys, strict=True) if key is None)
