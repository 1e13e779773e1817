"""The river. The one place where the order of the steps is written down.

``visit`` asks a leased host for its jobs, ``keep`` makes their bytes safe and acknowledges them (commit 1), ``read`` has them
parsed and publishes what was found (commit 2). Bytes are kept before anything is said about them; a crash anywhere costs a
second visit or a second reading, never a record without its evidence.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import aclosing
from functools import partial
from typing import Protocol

from msgspec import field
from msgspec.structs import replace

from crawler import barring, decide, polling, settle
from crawler.model import (
    Decision,
    Discovery,
    Freed,
    HostId,
    Job,
    Lease,
    Millis,
    Original,
    Outcome,
    ParseTask,
    PayloadKey,
    Receipt,
    Record,
    Request,
    RobotsCopy,
    SegmentId,
    Settlement,
    Strain,
    Unasked,
    Unchanged,
    UrlHash,
    Value,
    Visit,
    WorkerId,
)
from crawler.network import Network
from crawler.pacemaker import Pacemaker
from crawler.particulars import Particulars
from crawler.patience import Patience
from crawler.ports import Archive, ArchiveError, Clock, HalfMadeError, LeaseLost, Parser, Store, Written
from crawler.room import Room
from crawler.scoping import scoped
from crawler.terms import Policy, Terms
from crawler.timekeeping import Timekeeper
from crawler.traps import Bounds, Sieve


class Turn(Protocol):
    """One lease's way to the web: robots, pace and the second knock are in it."""

    async def fetch(self, request: Request) -> Outcome:
        """As `Fetcher.fetch`."""

    def take_copy(self) -> RobotsCopy | None:
        """The robots.txt fetched since the last call, to be remembered."""

    def rights(self) -> dict[str, str]:
        """What robots.txt said on reuse at the last request."""

    def polite_at(self) -> Millis:
        """When the next request may start."""

    def delay_ms(self) -> Millis:
        """The gap that is kept."""

    def strain(self) -> Strain:
        """How the host bears it, as of the last request."""


class Tools(Value, frozen=True, kw_only=True):
    """What the steps need of the world."""

    worker: WorkerId
    clock: Clock
    store: Store
    archive: Archive
    parser: Parser
    turn: Callable[[Lease, Callable[[], bool]], Turn]
    """For a lease, and what says that no new request may start."""
    chance: Callable[[], float]
    name_segment: Callable[[Millis], SegmentId]
    reclaim: Callable[[], Awaitable[None]]
    """Free the hosts of workers that died."""
    publishing: asyncio.Lock
    """Held while records are appended and committed, so that `rec_committed` only grows."""
    policy: Policy
    sieve: Sieve = field(default_factory=lambda: Sieve(Bounds()))
    """What addresses are taken up."""
    pacemaker: Pacemaker = field(default_factory=Pacemaker)
    """How often sources are asked."""
    particulars: Particulars = field(default_factory=Particulars)
    """What is said of single sources."""
    patience: Patience
    """What becomes of a crawl whose own disk refuses."""
    room: Room
    """For responses in memory that aren't on the disk yet."""
    network: Network
    """Whether anybody answers."""

    time: Timekeeper
    """Whom to ask for a time that is written to the store."""

    def terms(self, now: Millis) -> Terms:
        """The terms of a decision made now."""
        return Terms(policy=self.policy, now=now, chance=self.chance(), tempo=self.pacemaker.tempo)


class Kept(Value, frozen=True, kw_only=True):
    """Commit 1 of a group: done."""

    settled: tuple[tuple[Visit, Settlement], ...] = ()
    fenced: tuple[Visit, ...] = ()
    """Of hosts that somebody else took over: nothing of them was written, and their jobs are still queued."""

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        """What waits for a parser now."""
        return tuple(settlement.receipt for _, settlement in self.settled if settlement.receipt is not None)


class Read(Value, frozen=True, kw_only=True):
    """Commit 2 of one capture: done."""

    receipt: Receipt
    found: Discovery
    decision: Decision


_Leased = tuple[HostId, int]
"""A host and the epoch of its lease."""

Hand = Visit | Freed
"""What a visitor hands on to be kept, in order."""


# --- visit -------------------------------------------------------------------------------------------------------------


class Desk(Protocol):
    """Where a visitor hands in what it brings, and asks whether to go on."""

    async def keep(self, visit: Visit) -> None:
        """Take a visit, to be kept; waits while too much waits already."""

    def free(self, freed: Freed) -> None:
        """Give the host back, behind all that was handed in for it. Never waits."""

    def stopping(self) -> bool:
        """No new request."""

    def postponed(self, job: Job) -> Millis | None:
        """When to put a job back to instead of asking; None: ask."""


async def visit(lease: Lease, tools: Tools, desk: Desk) -> None:
    """Ask a host for its jobs, one after the other, and hand each visit on; then the host is given back.

    Raises:
        LeaseLost: the host was taken over; its jobs are another's, and nothing is given back.
    """
    for job in lease.jobs:
        tools.particulars.learn(job)
    turn = tools.turn(lease, desk.stopping)
    try:
        pause = await _ask_all(lease, turn, tools, desk)
    except LeaseLost:
        raise
    except BaseException:
        desk.free(Freed(host_id=lease.host_id, epoch=lease.epoch, polite_at=turn.polite_at()))
        raise
    if pause is not None:
        polite_at = max(turn.polite_at(), tools.clock.now() + pause)
        desk.free(Freed(host_id=lease.host_id, epoch=lease.epoch, polite_at=polite_at))


async def _ask_all(lease: Lease, turn: Turn, tools: Tools, desk: Desk) -> Millis | None:
    """How long the host shall rest; None: the last visit has freed it already."""
    fails = lease.strain.fails
    for job in lease.jobs:
        if desk.stopping():
            return 0
        verdict = await _ask_one(job, lease, turn, tools, desk, fails=fails)
        if job is lease.jobs[-1]:
            return None
        if verdict.stop or tools.network.down:
            return round(verdict.pause * 1000)
        fails = verdict.fails
    return 0


async def _ask_one(job: Job, lease: Lease, turn: Turn, tools: Tools, desk: Desk, *, fails: int) -> settle.HostVerdict:
    """A step of its own, so that the answer is let go with it: the next one may be a minute away."""
    due_at = desk.postponed(job)
    outcome = await _ask(job, turn, tools.clock.now()) if due_at is None else Unasked(due_at=due_at)
    outcome = tools.network.judged(lease.host, outcome)
    strain = lease.strain if tools.network.down else turn.strain()
    verdict = settle.host_verdict(outcome, fails, tools.policy)
    pause = round(verdict.pause * 1000)
    await desk.keep(
        Visit(
            job=job,
            epoch=lease.epoch,
            outcome=outcome,
            evidence=settle.evidence(job, outcome, tools.policy),
            robots=turn.take_copy(),
            rights=turn.rights(),
            polite_at=max(turn.polite_at(), tools.clock.now() + pause if pause else 0),
            delay_ms=turn.delay_ms(),
            strain=replace(strain, fails=verdict.fails),
            slowed=strain.slow_ms != lease.strain.slow_ms,
            last=job is lease.jobs[-1],
        )
    )
    return verdict


async def _ask(job: Job, turn: Turn, now: Millis) -> Outcome:
    request = Request(url=job.url, kind=job.kind, validators=polling.validators(job, now), source=job.context.source)
    return polling.recognise(job, await turn.fetch(request))


# --- keep: commit 1 ----------------------------------------------------------------------------------------------------


async def keep(hands: Sequence[Hand], tools: Tools, now: Millis) -> Kept:
    """Make a group safe and acknowledge it. Visits of hosts that were taken over are left out, and told.

    Raises:
        ArchiveError: the disk refused; nothing of the group is acknowledged, and it may be tried again.
    """
    lost: frozenset[_Leased] = frozenset()
    while True:
        visits = _visits(hands, besides=lost)
        written = await _write(visits, tools)
        terms = tools.terms(now)
        settled = [settle.settle(visit, receipts, terms) for visit, receipts in zip(visits, written.receipts, strict=True)]
        segment = written.segment or None
        fenced = await tools.store.commit_captures(tools.worker, segment, written.size, settled, now)
        if not fenced:
            break
        await tools.archive.drop()
        lost |= _ended(visits, fenced)
    tools.archive.keep()
    await _release(hands, tools, now)
    return Kept(
        settled=tuple(zip(visits, settled, strict=True)),
        fenced=tuple(visit for visit in _visits(hands) if _leased(visit) in lost),
    )


def _visits(hands: Sequence[Hand], besides: frozenset[_Leased] = frozenset()) -> list[Visit]:
    return [hand for hand in hands if isinstance(hand, Visit) and _leased(hand) not in besides]


def _leased(visit: Visit) -> _Leased:
    return visit.job.host_id, visit.epoch


def _ended(visits: Sequence[Visit], fenced: AbstractSet[HostId]) -> frozenset[_Leased]:
    """The oldest lease of each of these hosts: one that ran out, and became ours again, is told with both."""
    hosts = {visit.job.host_id: visit.epoch for visit in sorted(visits, key=lambda visit: -visit.epoch)}
    return frozenset((host_id, epoch) for host_id, epoch in hosts.items() if host_id in fenced)


async def _release(hands: Sequence[Hand], tools: Tools, now: Millis) -> None:
    freed = [hand for hand in hands if isinstance(hand, Freed)]
    if freed:
        await tools.store.release(tools.worker, freed, now)


async def _write(visits: Sequence[Visit], tools: Tools) -> Written:
    exchanges = [(visit.job.host_id, exchange) for visit in visits for exchange in visit.evidence]
    if not exchanges:
        return Written(segment=SegmentId(""), size=0, receipts=tuple(() for _ in visits))
    await _open_segment(tools)
    originals = await tools.store.originals(
        [
            PayloadKey(host_id=host_id, digest=exchange.payload_digest)
            for host_id, exchange in exchanges
            if exchange.payload_digest
        ]
    )
    return await tools.archive.write(visits, originals, await _previous(visits, tools))


async def _open_segment(tools: Tools) -> None:
    now = tools.clock.now()
    if tools.archive.current() is not None and not tools.archive.full(now):
        return
    segment = tools.name_segment(now)
    await tools.store.open_segment(segment, tools.worker, now)
    try:
        await tools.archive.create(segment, tools.worker, now)
    except HalfMadeError:
        raise  # the row stays: nobody looks for files of a void segment
    except ArchiveError:
        await tools.store.seal(segment, "void", None, now)  # the next try has a name of its own
        raise


async def _previous(visits: Sequence[Visit], tools: Tools) -> Mapping[tuple[HostId, UrlHash], Original]:
    """What the 304s among them refer to."""
    found: dict[tuple[HostId, UrlHash], Original] = {}
    for visit in visits:
        if visit.evidence and isinstance(visit.outcome, Unchanged):
            key = (visit.job.host_id, visit.job.h)
            original = await tools.store.last_capture(*key)
            if original is not None:
                found[key] = original
    return found


# --- read: commit 2 ----------------------------------------------------------------------------------------------------


async def read(receipts: Sequence[Receipt], tools: Tools) -> AsyncGenerator[tuple[Read, ...], None]:
    """Have captures read, write their records next to them and publish what was found, in parts, as they are done.

    Batches may be read side by side; they are published one after the other, in the order of their lines.
    """
    tasks = [await _task(receipt, tools) for receipt in receipts]
    async with aclosing(tools.parser.parse(tasks)) as parts:
        async for part in parts:
            yield await _decided([(receipts[index], found) for index, found in part.items()], tools)
            del part  # a feed of 8,000 entries takes 9 MB, and the next page may take seconds


async def _decided(found: Sequence[tuple[Receipt, Discovery]], tools: Tools) -> tuple[Read, ...]:
    if not found:
        return ()
    async with tools.publishing, tools.time.writing() as now:
        terms = tools.terms(now)
        made = [_decision(receipt, what, terms, tools) for receipt, what in found]
        gone = await tools.store.barred(*barring.named(made))
        decisions = [barring.permitted(decision, gone) for decision in made]
        await _publish(decisions, tools, now)
    return tuple(
        Read(receipt=receipt, found=what, decision=decision) for (receipt, what), decision in zip(found, decisions, strict=True)
    )


def _decision(receipt: Receipt, found: Discovery, terms: Terms, tools: Tools) -> Decision:
    decision = decide.decide(receipt, found, terms)
    said = tools.particulars.of(receipt.job.context.source)
    if said is not None:
        decision = scoped(decision, receipt, found, said, terms.now)
    if found.found in ("feed", "sitemap", "section"):
        return tools.sieve.sieve(decision, found.found, terms.now)
    return decision


async def _task(receipt: Receipt, tools: Tools) -> ParseTask:
    poll, said = receipt.job.poll, tools.particulars.of(receipt.job.context.source)
    known = await tools.store.known_entries(poll.source_id) if poll is not None else {}
    return ParseTask(
        span=tools.archive.span(receipt),
        url=receipt.capture.url,
        kind=receipt.job.kind,
        known=dict(known),
        truncated=receipt.truncated,
        sections=poll is not None and poll.details.site and poll.details.scope.depth > 0,
        assets=(said.details.assets if said else None) or tools.policy.assets,
    )


async def _publish(decisions: Sequence[Decision], tools: Tools, now: Millis) -> None:
    lines: dict[SegmentId, list[Record]] = {}
    numbered = [_number(decision, lines.setdefault(decision.segment, [])) for decision in decisions]
    committed: dict[SegmentId, int] = {}
    spans: dict[SegmentId, Sequence[tuple[int, int]]] = {}
    for segment, records in lines.items():
        if records:
            written = await tools.patience.through(partial(tools.archive.write_records, segment, records))
            committed[segment], spans[segment] = written.size, written.spans
    await tools.store.commit_records(tools.worker, committed, numbered, spans, now)


def _number(decision: Decision, lines: list[Record]) -> Decision:
    """The decision with its rows pointing into `lines`, which grows by its records."""
    start = len(lines)
    lines.extend(decision.records)
    if not decision.articles or not start:
        return decision
    return replace(decision, articles=tuple(replace(row, record=row.record + start) for row in decision.articles))
