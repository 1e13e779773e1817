"""Keeping: visits to the archive, in groups, each acknowledged by one sync of the disk."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Final, NamedTuple

from msgspec.structs import replace

from crawler.allocator import give_back
from crawler.engine.settings import Settings, Told
from crawler.engine.work import Signal, Work
from crawler.model import Freed, Millis, Receipt, Visit
from crawler.pipeline import Hand, Kept, Tools, keep
from crawler.ports import ArchiveError
from crawler.room import FREE_BYTES, Room

_VISIT_BYTES: Final = 16 << 10
"""What a visit takes besides its answers. Without it 16,000 small ones find room where disk or parser are behind: 200 MB."""
_SMALL_BYTES: Final = 8 << 20
"""Of visits that aren't large. Room of their own: a large answer may take a minute to arrive, and all there is."""


class _Handed(NamedTuple):
    """What was handed in."""

    hand: Hand
    offset: Millis
    """Of the wall clock, then."""
    size: int
    """The room it takes:"""
    room: Room


class Keeper:
    """Takes what visitors bring, and passes on what waits for a parser."""

    def __init__(
        self, tools: Tools, settings: Settings, work: Work, tell: Callable[[Told], None], read: asyncio.Queue[Receipt | Signal]
    ) -> None:
        self._tools = tools
        self._settings = settings
        self._work = work
        self._tell = tell
        self._read = read
        self._hands: deque[_Handed] = deque()
        self._small = Room(_SMALL_BYTES)
        self._wake = asyncio.Event()
        self._others = False
        self._ended = False

    async def take(self, visit: Visit) -> None:
        """Take a visit; waits while there is no room for its bytes."""
        size, offset, room = _size(visit), self._tools.time.offset(), self._small
        if size - _VISIT_BYTES > FREE_BYTES:
            # It had room while it arrived. Whoever waits for that would else get it, and this lie in memory beside it.
            room = self._tools.room
            room.hold(size)
        else:
            await room.take(size)
        self._put(_Handed(visit, offset, size, room))

    def free(self, freed: Freed) -> None:
        """Give a host back, behind its visits."""
        self._put(_Handed(freed, self._tools.time.offset(), 0, self._small))

    def _put(self, handed: _Handed) -> None:
        """Who keeps is woken by the first of a group and by the last: to do so for each took a page 1 % of its time."""
        self._work.begin()
        self._hands.append(handed)
        if len(self._hands) in (1, self._settings.group_size):
            self._wake.set()

    def expect(self, *, others: bool) -> None:
        """Say whether somebody is under way who may bring more; else a group waits for nobody."""
        self._others = others
        if not others:
            self._wake.set()

    def end(self) -> None:
        """Nothing will come any more."""
        self._ended = True
        self._wake.set()

    async def run(self) -> None:
        """Keep until told to end, and pass the end on, once for each reader.

        Raises:
            LocalError: the disk refused, and nobody waits for it.
        """
        ended = False
        while not ended:
            ended = await self._keep_some()
        for _ in range(self._settings.readers):
            await self._read.put(Signal.END)

    async def _keep_some(self) -> bool:
        """Keep a group, and let go of its bytes with it. True: nothing will follow."""
        hands, ended = await self._group()
        if hands:
            # Whatever the archive says: nothing of the group is acknowledged, and it goes to a new segment if it must.
            kept = await self._tools.patience.through(partial(self._keep, hands), ArchiveError)
            for receipt in kept.receipts:
                self._work.begin()
                await self._read.put(receipt)
            self._off_our_hands(hands)
            self._tell(kept)
        return ended

    async def _group(self) -> tuple[list[_Handed], bool]:
        """A group, full or `group_wait` old or the last for now; and whether nothing will follow."""
        await self._until(lambda: bool(self._hands))
        with suppress(TimeoutError):
            async with asyncio.timeout(self._settings.group_wait):
                await self._until(lambda: len(self._hands) >= self._settings.group_size or not self._others)
        most = min(len(self._hands), self._settings.group_size)
        hands = [self._hands.popleft() for _ in range(most)]
        return hands, self._ended and not self._hands

    async def _until(self, enough: Callable[[], bool]) -> None:
        while not (self._ended or enough()):
            self._wake.clear()
            await self._wake.wait()

    async def _keep(self, hands: list[_Handed]) -> Kept:
        # What waited here says when its host may be asked by the clock as it was then.
        time = self._tools.time
        async with time.writing() as now:
            moved = {then: time.moved_since(then) for then in {handed.offset for handed in hands}}
            return await keep([_rebased(handed.hand, moved[handed.offset]) for handed in hands], self._tools, now)

    def _off_our_hands(self, hands: list[_Handed]) -> None:
        self._small.give(sum(handed.size for handed in hands if handed.room is self._small))
        if large := sum(handed.size for handed in hands if handed.room is not self._small):
            self._tools.room.give(large)
            give_back()  # what arrives beside large answers leaves holes: 10 MB after a round among 600 hostile hosts
        self._work.done(len(hands))


def _rebased(hand: Hand, by: Millis) -> Hand:
    """A hand whose times are by a clock that was set by so much since. A polite_at of 0 says nothing."""
    return replace(hand, polite_at=hand.polite_at + by) if by and hand.polite_at else hand


def _size(visit: Visit) -> int:
    return _VISIT_BYTES + sum(len(exchange.response) for exchange in visit.evidence)
