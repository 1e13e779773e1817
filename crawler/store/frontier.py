"""Who may be asked now, by whom, until when: the lease of hosts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from crawler.model import NEVER, Freed, HostId, Job, Kind, Lease, Millis, Poll, WorkerId
from crawler.store import enqueue, rows, rules, source_rows, statements
from crawler.store.connection import Row, Transaction, listed
from crawler.store.rules import Handed, QueueKey

SQL: Final = statements.load("frontier")

_Due = tuple[Lease, Sequence[Job]]
"""A host and what is due there."""


async def lease(
    tx: Transaction, worker: WorkerId, *, hosts: int, urls: int, ttl: Millis, delay: Millis, now: Millis
) -> tuple[Sequence[Lease], Sequence[Job]]:
    """As `Frontier.lease`, and the suspects. A host that was woken for nothing isn't taken; its `wake_at` is put right."""
    due = _by_host(await tx.rows(SQL["ready"], (now, hosts, urls)), until=now + ttl)
    several = [one for one in due if not _is_plain(one[1], urls)]
    handed = await _handed(tx, several, urls=urls, ttl=ttl, delay=delay, now=now) if several else {}
    picked = {host_id: one.jobs for host_id, one in handed.items()}
    taken = [(host, theirs) for host, jobs in due if (theirs := picked.get(host.host_id, jobs))]
    await _mark(tx, worker, [host for host, _ in taken], picked, now)
    polls = await _polls(tx, [job for _, jobs in taken for job in jobs])
    leases = [replace(host, jobs=_jobs(jobs, polls)) for host, jobs in taken]
    return leases, rules.in_a_day([job for one in handed.values() for job in one.suspects], now)


async def _handed(
    tx: Transaction, due: Sequence[_Due], *, urls: int, ttl: Millis, delay: Millis, now: Millis
) -> Mapping[HostId, Handed]:
    """What hosts get of several jobs, or of none."""
    due = [(host, await _pages_first(tx, jobs, urls, now) if _draws(jobs) else jobs) for host, jobs in due]
    late = await _polls_due(tx, due, urls, now)
    handed: dict[HostId, Handed] = {}
    for host, jobs in due:
        most = rules.jobs_a_lease(urls, gap=max(host.delay_ms, delay), ttl=ttl)
        turns = rules.polls_first(jobs, late.get(host.host_id, ()), most, host.epoch)
        handed[host.host_id] = rules.handed_out(turns, most)
    await _put_off_suspects(tx, handed.values(), now)
    await enqueue.settle_wake(tx, [host_id for host_id, one in handed.items() if not one.jobs])
    return handed


async def _mark(
    tx: Transaction, worker: WorkerId, taken: Sequence[Lease], picked: Mapping[HostId, Sequence[Job]], now: Millis
) -> None:
    """Enter leases: in one statement, and all that is due at hosts where nothing was picked in another, in half the time."""
    if taken:
        await tx.each(SQL["lease"], [(taken[0].until, worker, listed([host.host_id for host in taken]))])
        await tx.each(SQL["count_due"], [(listed([host.host_id for host in taken if host.host_id not in picked]), now)])
    # Bare tuples: a named one costs more than all else that is done for a job here.
    await tx.each(SQL["count_lease"], [(job.host_id, job.due_at, job.h) for jobs in picked.values() for job in jobs])


def _by_host(found: Sequence[Row], *, until: Millis) -> Sequence[_Due]:
    """The hosts of `ready`, each with its jobs, the oldest first."""
    hosts: dict[HostId, tuple[Lease, list[Job]]] = {}
    for row in found:
        host_id = row[rows.LEASE_COLUMNS - 1]
        known = hosts.get(host_id)
        if known is None:
            known = hosts[host_id] = (rows.lease(row[: rows.LEASE_COLUMNS], until=until), [])
        if row[rows.LEASE_COLUMNS] is not None:
            known[1].append(rows.job(row[0], row[rows.LEASE_COLUMNS - 1 :]))
    return [one if len(one[1]) < 2 else (one[0], sorted(one[1], key=rules.job_key)) for one in hosts.values()]


def _is_plain(due: Sequence[Job], urls: int) -> bool:
    """Whether there is nothing to choose: one job is all that is due, as at most hosts that are ready."""
    return len(due) == 1 < urls and due[0].leases < rules.SUSPECT and due[0].kind is not Kind.ASSET


def _draws(due: Sequence[Job]) -> bool:
    """Whether there are assets among them."""
    return Kind.ASSET in [job.kind for job in due]


async def _pages_first(tx: Transaction, due: Sequence[Job], urls: int, now: Millis) -> Sequence[Job]:
    """A host's first due jobs, assets behind all others: thousands of pictures that are late keep no page waiting.

    What is late of them is walked over (0.3 us each).
    """
    assets = [job for job in due if job.kind is Kind.ASSET]
    found = await tx.rows(SQL["due_besides"], (assets[0].host_id, now, int(Kind.ASSET), urls))
    return [*(rows.job(assets[0].host, tuple(row)) for row in found), *assets][:urls]


async def _polls_due(tx: Transaction, due: Sequence[_Due], urls: int, now: Millis) -> Mapping[HostId, Sequence[Job]]:
    """The first due polls of hosts that have more to do: behind a thousand pages a feed would be asked half an hour late."""
    found: dict[HostId, list[Job]] = {}
    crowded = {host.host_id: host.host for host, jobs in due if len(jobs) > 1}
    if crowded:
        for row in await tx.rows(SQL["polls_due"], (listed(sorted(crowded)), now, urls)):
            found.setdefault(row[0], []).append(rows.job(crowded[row[0]], tuple(row)))
    return found


async def _put_off_suspects(tx: Transaction, handed: Iterable[Handed], now: Millis) -> None:
    suspects = [job for one in handed for job in one.suspects]
    if suspects:
        await enqueue.put_off(tx, suspects, now + rules.DAY)


async def _polls(tx: Transaction, jobs: Sequence[Job]) -> Mapping[QueueKey, Poll]:
    """What to know of sources, by the key of the row that is theirs (a row may name a source and be none of its polls)."""
    named = {source for job in jobs if (source := rules.source_of(job.kind, job.context)) is not None}
    if not named:
        return {}
    found = await tx.rows(SQL["polls_of"], (listed(sorted(named)),))
    return {QueueKey(*row[:3]): source_rows.poll(row[3:]) for row in found}


def _jobs(jobs: Sequence[Job], polls: Mapping[QueueKey, Poll]) -> tuple[Job, ...]:
    if not polls:
        return tuple([replace(job, leases=job.leases + 1) for job in jobs])
    return tuple([replace(job, leases=job.leases + 1, poll=polls.get(rules.job_key(job))) for job in jobs])


async def lease_host(
    tx: Transaction, worker: WorkerId, host: str, host_id: HostId, *, ttl: Millis, now: Millis
) -> Lease | None:
    """As `Frontier.lease_host`."""
    await tx.each(enqueue.SQL["add_hosts"], [(host_id, host)])
    taken = await tx.rows(SQL["take_host"], (now + ttl, worker, host_id, now))
    return rows.lease(taken[0], until=now + ttl) if taken else None


async def renew(tx: Transaction, worker: WorkerId, host_id: HostId, epoch: int, *, ttl: Millis, now: Millis) -> bool:
    """As `Frontier.renew`."""
    return bool(await tx.rows(SQL["renew"], (now + ttl, host_id, epoch, worker)))


async def held(tx: Transaction, worker: WorkerId, hosts: Iterable[HostId]) -> Mapping[HostId, int]:
    """The epochs of those of these hosts that are this worker's now."""
    found = await tx.rows(SQL["holders"], (listed(sorted(set(hosts))),))
    return {host_id: epoch for host_id, epoch, owner in found if owner == worker}


async def release(tx: Transaction, worker: WorkerId, leases: Sequence[Freed], now: Millis) -> None:
    """As `Frontier.release`. What was handed out was due then, whatever the clock says since."""
    epochs = await held(tx, worker, [freed.host_id for freed in leases])
    ours = [freed for freed in leases if epochs.get(freed.host_id) == freed.epoch]
    late = await tx.rows(SQL["handed_out"], (listed([freed.host_id for freed in ours]), now))
    await enqueue.move(tx, [rows.job(host, tuple(row)) for host, *row in late], now)
    await tx.each(SQL["forget_leases"], [(freed.host_id,) for freed in ours])
    await tx.each(SQL["free"], [(freed.polite_at, freed.host_id) for freed in ours])
    await enqueue.settle_wake(tx, {freed.host_id for freed in ours})


async def reclaim(tx: Transaction, dead: WorkerId, *, delay: Millis, now: Millis) -> int:
    """As `Frontier.reclaim`."""
    hosts = {host_id for (host_id,) in await tx.rows(SQL["hosts_of"], (dead,))}
    await tx.rows(SQL["reclaim"], (now, delay, dead))
    await enqueue.settle_wake(tx, hosts)
    await tx.rows(SQL["dismiss"], (dead,))
    return len(hosts)


async def next_ready(tx: Transaction) -> Millis | None:
    """As `Frontier.next_ready`."""
    found = await tx.rows(SQL["next_ready"])
    return found[0][0] if found and found[0][0] < NEVER else None


async def pending(tx: Transaction, until: Millis, kinds: frozenset[Kind], ready: Millis) -> int:
    """As `Frontier.pending`."""
    (count,) = (await tx.rows(SQL["pending"], (until, listed(sorted(kinds)), ready)))[0]
    return int(count)


async def workers(tx: Transaction) -> Sequence[WorkerId]:
    """As `Frontier.workers`, by name."""
    return [WorkerId(name) for (name,) in await tx.rows(SQL["workers"])]
