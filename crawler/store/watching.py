"""What happens to a source when it is watched, visited and read: where its row goes, and what is known of it. Pure.

A source has exactly one of: a queue row, a capture that waits for its parser, or a state that isn't polled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from msgspec.structs import replace

from crawler.model import (
    SOURCE_KINDS,
    CaptureKey,
    Decision,
    Entry,
    Millis,
    Offer,
    Settlement,
    Source,
    SourceId,
    SourceUpdate,
)
from crawler.store.rules import QueueKey, leased_key, put_back, source_of


class Standing(NamedTuple):
    """How a source stands when a capture of it was read."""

    state: str
    asked: bool
    captured_at: Millis
    waiting: CaptureKey | None
    queued: bool


class Known(NamedTuple):
    """A source as it is stored."""

    source: Source
    state: str
    queued: QueueKey | None
    waiting: bool
    """A capture of it waits for its parser."""
    held: bool = False
    """It was paused by hand: the config doesn't wake it."""


class Turned(NamedTuple):
    """What comes in the place of leased rows that were still there."""

    back: Sequence[tuple[QueueKey, Offer]]
    """With the leased row each comes for."""
    waiting: Sequence[tuple[SourceId, CaptureKey]]
    """Sources whose next row is put in when this capture was read."""


class Turn(NamedTuple):
    """What the reading of a capture does to its source."""

    source_id: SourceId
    read_at: Millis
    entries: Sequence[Entry]
    fresh: bool
    """Nothing newer was read before. Else its entries may not change what is known."""
    after: Standing | None = None
    update: SourceUpdate | None = None
    waited: bool = False
    next: Offer | None = None


def candidates(settlement: Settlement) -> set[SourceId]:
    """The sources a settlement may be about; which it is, the leased row says."""
    found = {source_of(offer.kind, offer.context) for offer in put_back(settlement)}
    if settlement.receipt is not None:
        found.add(source_of(settlement.receipt.job.kind, settlement.receipt.job.context))
    if settlement.poll is not None:
        found.add(settlement.poll.source_id)
    return {source for source in found if source is not None}


def still_there(settlements: Sequence[Settlement], standing: Mapping[QueueKey, SourceId | None]) -> Sequence[QueueKey]:
    """The leased rows to remove: a source's only where its key is still the source's, and no page's by now.

    `standing` says whose rows the keys of settlements with `candidates` are.
    """
    found: list[QueueKey] = []
    for one in settlements:
        key, named = leased_key(one), candidates(one)
        if not named or standing.get(key) in named:
            found.append(key)
    return found


def turned(settlements: Sequence[Settlement], taken: AbstractSet[QueueKey], owners: Mapping[QueueKey, SourceId]) -> Turned:
    """What follows for the queue; `owners` names the sources whose rows were leased."""
    gone = [(key, one) for one in settlements if (key := leased_key(one)) in taken]
    return Turned(
        back=[(key, offer) for key, one in gone for offer in put_back(one)],
        waiting=[(owners[key], one.receipt.capture.key) for key, one in gone if one.receipt and key in owners],
    )


def places(
    owners: Mapping[QueueKey, SourceId], taken: AbstractSet[QueueKey], back: Turned, keys: Sequence[QueueKey | None]
) -> dict[SourceId, QueueKey | None]:
    """Where the rows of sources stand, after what came back was queued under `keys`."""
    found: dict[SourceId, QueueKey | None] = {owners[key]: None for key in taken & owners.keys()}
    for (leased, offer), key in zip(back.back, keys, strict=True):
        if leased in owners and offer.kind in SOURCE_KINDS:
            found[owners[leased]] = key
    return found


def turn(decision: Decision, was: Standing | None, now: Millis) -> Turn:
    """What follows for the source of a decision; `was` is None for a source the store doesn't have.

    Its row is put back by the one capture it waited for, however old; what is known of it changes by newer ones only.
    """
    source_id, read_at, update = decision.source_id or SourceId(""), decision.key.fetched_at, decision.source
    if was is None or update is None:
        return Turn(source_id, read_at, decision.entries, fresh=True)
    fresh, waited = update.captured_at >= was.captured_at, was.waiting == decision.key
    back = waited and was.state != "paused" and not was.queued
    after = was._replace(captured_at=max(was.captured_at, update.captured_at))
    return Turn(
        source_id,
        read_at,
        decision.entries,
        fresh=fresh,
        after=after._replace(waiting=None, asked=False, queued=was.queued or back) if waited else after,
        update=update if fresh else None,
        waited=waited,
        next=_back(update.next, was, now) if back else None,
    )


def _back(row: Offer, was: Standing, now: Millis) -> Offer:
    """As its reading says; at once where somebody asked for it meanwhile."""
    return replace(row, due_at=now if was.asked else row.due_at, gated=False)


def synced(source: Source, offer: Offer, known: Known | None) -> Offer | None:
    """The row a source of the config gets; None: what it has stays.

    A row at the source's own address is updated in its place where kind or address changed.
    """
    if known is not None and known.held:
        return None
    if known is None or (known.queued is None and not known.waiting):
        return replace(offer, gated=False)
    at_home = known.queued is not None and (known.queued.host_id, known.queued.h) == (offer.host_id, offer.h)
    if known.queued is None or not at_home or (source.kind, source.url) == (known.source.kind, known.source.url):
        return None
    return replace(offer, due_at=known.queued.due_at, gated=False)
