"""Rows into the queue and out of it. Whoever does this holds the write lock, so every host is locked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from operator import itemgetter
from typing import Final

from crawler.model import NEVER, SOURCE_KINDS, HostId, Job, Millis, Offer, SourceId
from crawler.store import contexts, rows, rules, statements
from crawler.store.connection import Transaction, listed
from crawler.store.rules import Address, Placed, QueueKey

SQL: Final = statements.load("enqueue")


async def put(tx: Transaction, offers: Sequence[Offer]) -> Placed:
    """Queue offers, in their order: gated ones if never seen, others always; wake their hosts.

    A row that meets its own key is updated; one that meets a row of another source (or a source's row a page's) stands a
    millisecond behind it, for neither may vanish.
    """
    if not offers:
        return Placed((), 0)
    addresses = {(offer.host_id, offer.h) for offer in offers}
    await tx.each(SQL["add_hosts"], sorted({(offer.host_id, offer.host) for offer in offers}))
    blocked = set(await tx.rows(SQL["blocked"], (listed(sorted(addresses)),)))
    addresses -= blocked
    gated = {(offer.host_id, offer.h) for offer in offers if offer.gated} & addresses
    new = await _unseen(tx, gated) if gated else frozenset()
    await tx.each(SQL["see"], [(host_id >> 40, h) for host_id, h in sorted(addresses - gated)])
    return await _place(tx, offers, rules.admitted(offers, new, blocked, await _stale(tx, offers)))


async def _unseen(tx: Transaction, addresses: AbstractSet[Address]) -> AbstractSet[Address]:
    """Those of these that are seen now for the first time."""
    noted = set(await tx.rows(SQL["add_seen"], (listed(sorted(addresses)),)))
    return {(host_id, h) for host_id, h in addresses if (host_id >> 40, h) in noted}


async def _stale(tx: Transaction, offers: Sequence[Offer]) -> AbstractSet[int]:
    asked = [(index, offer.host_id, offer.h, offer.since) for index, offer in enumerate(offers) if offer.since]
    return {index for (index,) in await tx.rows(SQL["stale"], (listed(asked),))} if asked else frozenset()


async def _place(tx: Transaction, offers: Sequence[Offer], passing: Sequence[int]) -> Placed:
    wanted = {index: rules.offer_key(offers[index]) for index in passing}
    there = await _there(tx, offers, wanted)
    # all but always: to ask of each row whose it may be costs as much as to write it
    alone = not there and len(set(wanted.values())) == len(wanted)
    found, stood = (wanted, there.keys()) if alone else await _make_way(tx, offers, wanted, there)
    await _write(tx, {found[index]: offers[index] for index in sorted(found)}, stood)
    return Placed([found.get(index) for index in range(len(offers))], len(set(found.values()) - stood))


async def _make_way(
    tx: Transaction, offers: Sequence[Offer], waiting: Mapping[int, QueueKey], there: dict[QueueKey, SourceId | None]
) -> tuple[dict[int, QueueKey], AbstractSet[QueueKey]]:
    """Where each goes, and which of these keys have a row already; `there` is what stands where they first want to be."""
    found: dict[int, QueueKey] = {}
    owners: dict[QueueKey, SourceId | None] = {}
    stood: set[QueueKey] = set()
    while waiting:
        stood |= there.keys()
        owners = there | owners
        free = {index: key for index, key in waiting.items() if _is_free(owners, key, offers[index])}
        found |= free
        waiting = {index: key._replace(due_at=key.due_at + 1) for index, key in waiting.items() if index not in free}
        there = await _there(tx, offers, waiting)
    return found, stood


async def _there(tx: Transaction, offers: Sequence[Offer], wanted: Mapping[int, QueueKey]) -> dict[QueueKey, SourceId | None]:
    """What stands there; where the address of a gated offer is new nothing does."""
    return await standing(tx, [key for index, key in wanted.items() if not offers[index].gated or offers[index].since])


def _is_free(owners: dict[QueueKey, SourceId | None], key: QueueKey, offer: Offer) -> bool:
    """Whether the key is nobody else's; from then on it is this offer's."""
    owner = rules.source_of(offer.kind, offer.context)
    return owners.setdefault(key, owner) == owner


async def _write(tx: Transaction, placed: Mapping[QueueKey, Offer], stood: AbstractSet[QueueKey]) -> None:
    written = sorted(placed.items(), key=itemgetter(0))
    await tx.each(SQL["put"], [rows.queue_row(key, offer) for key, offer in written])
    await tx.each(SQL["wake"], _wakes(placed, placed.keys() - stood))


async def standing(tx: Transaction, keys: Sequence[QueueKey]) -> dict[QueueKey, SourceId | None]:
    """Which of these keys have a row, and whose it is."""
    if not keys:
        return {}
    found = [(QueueKey(*row[:3]), *row[3:]) for row in await tx.rows(SQL["standing"], (listed(keys),))]
    return {key: contexts.source(packed) if kind in SOURCE_KINDS else None for key, kind, packed in found}


def _wakes(placed: Iterable[QueueKey], added: Iterable[QueueKey]) -> list[tuple[Millis, int, HostId]]:
    """For `wake`: a host's earliest new time, and how many rows more it has."""
    more = Counter(key.host_id for key in added)
    first: dict[HostId, Millis] = {}
    for key in placed:
        first[key.host_id] = min(key.due_at, first.get(key.host_id, key.due_at))
    return [(due_at, more[host_id], host_id) for host_id, due_at in sorted(first.items())]


async def take(tx: Transaction, keys: Sequence[QueueKey]) -> frozenset[QueueKey]:
    """Remove rows; those that were there. `wake_at` may stay too early for it, never too late."""
    taken = await remove(tx, keys)
    fewer = Counter(key.host_id for key in taken)
    await tx.each(SQL["wake"], [(NEVER, -count, host_id) for host_id, count in sorted(fewer.items())])
    return taken


async def remove(tx: Transaction, keys: Sequence[QueueKey]) -> frozenset[QueueKey]:
    """As `take`, but the hosts' counts are left to the caller."""
    if not keys:
        return frozenset()
    there = await tx.hits(SQL["take"], keys)
    return frozenset(key for key, taken in zip(keys, there, strict=True) if taken)


async def settle_wake(tx: Transaction, hosts: Iterable[HostId]) -> None:
    """Correct the `wake_at` of hosts whose first row may be gone."""
    await tx.each(SQL["settle_wake"], [(host_id,) for host_id in sorted(hosts)])


async def put_off(tx: Transaction, suspects: Sequence[Job], due_at: Millis) -> None:
    """Suspects come again at another time; one lease short of being a suspect, so that they are tried then."""
    placed = await move(tx, suspects, due_at)
    await tx.each(SQL["set_leases"], [(rules.SUSPECT - 1, *key) for key in placed if key is not None])


async def move(tx: Transaction, jobs: Sequence[Job], due_at: Millis) -> Sequence[QueueKey | None]:
    """Those of these jobs that are still there come at another time, and their sources know it; where they stand then."""
    taken = await take(tx, [rules.job_key(job) for job in jobs])
    moved = [job for job in jobs if rules.job_key(job) in taken]
    placed = await put(tx, [job.row(due_at) for job in moved])
    await follow(tx, dict(zip(map(rules.job_key, moved), placed.keys, strict=True)), moved)
    return placed.keys


async def follow(tx: Transaction, moved: Mapping[QueueKey, QueueKey | None], jobs: Sequence[Job]) -> None:
    """Sources whose row was moved learn where it stands now."""
    owners = {source for job in jobs if (source := rules.source_of(job.kind, job.context)) is not None}
    standing = await source_rows(tx, owners)
    await point(tx, {source: moved[key] for source, key in standing.items() if key in moved})


async def source_rows(tx: Transaction, sources: Iterable[SourceId]) -> Mapping[SourceId, QueueKey]:
    """Where the queue rows of these sources stand, for those that have one."""
    wanted = sorted(sources)
    if not wanted:
        return {}
    return {source: QueueKey(*key) for source, *key in await tx.rows(SQL["source_rows"], (listed(wanted),))}


async def point(tx: Transaction, places: Mapping[SourceId, QueueKey | None]) -> None:
    """Note where the queue rows of sources stand; None: there is none any more."""
    await tx.each(SQL["point_source"], [(*(key or (None, None, None)), source) for source, key in sorted(places.items())])
