"""Keeping: visits to the archive, in groups, each acknowledged by one sync of the disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Final

from msgspec.structs import replace

from crawler.engine.settings import Settings, Told
from crawler.engine.work import Signal, Work
from crawler.model import Freed, Millis, Receipt, Visit
from crawler.pipeline import Hand, Kept, Tools, keep
from crawler.ports import ArchiveError
from crawler.room import FREE_BYTES

_VISIT_BYTES: Final = 16 << 10
"""What a visit takes besides its answers. Without it 16,000 small ones find room where disk or parser are behind: 200 MB."""


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
        self._hands: asyncio.Queue[tuple[Hand, Millis] | Signal] = asyncio.Queue()
        self._others = False

    async def take(self, visit: Visit) -> None:
        """Take a visit; waits while there is no room for its bytes."""
        size, offset = _size(visit), self._tools.time.offset()
        if size - _VISIT_BYTES > FREE_BYTES:
            # It had room while it arrived. Whoever waits for that would else get it, and this lie in memory beside it.
            self._tools.room.hold(size)
        else:
            await self._tools.room.take(size)
        self._work.begin()
        self._hands.put_nowait((visit, offset))

    def free(self, freed: Freed) -> None:
        """Give a host back, behind its visits."""
        self._work.begin()
        self._hands.put_nowait((freed, self._tools.time.offset()))

    def expect(self, *, others: bool) -> None:
        """Say whether somebody is under way who may bring more; else a group waits for nobody."""
        self._others = others
        if not others:
            self._hands.put_nowait(Signal.FLUSH)

    def end(self) -> None:
        """Nothing will come any more."""
        self._hands.put_nowait(Signal.END)

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

    async def _group(self) -> tuple[list[tuple[Hand, Millis]], bool]:
        """A group, full or `group_wait` old or the last for now; and whether nothing will follow."""
        hands: list[tuple[Hand, Millis]] = []
        try:
            async with asyncio.timeout(None) as patience:
                ended = await self._fill(hands, patience)
        except TimeoutError:
            return hands, False
        return hands, ended

    async def _fill(self, hands: list[tuple[Hand, Millis]], patience: asyncio.Timeout) -> bool:
        """Until the group is full or nobody is left to add to it. True: nothing will follow. The first starts the clock."""
        while len(hands) < self._settings.group_size:
            hand = await self._hands.get()
            if hand is Signal.END:
                return True
            if isinstance(hand, Signal):
                if hands and not self._others and self._hands.empty():
                    return False
                continue
            if not hands:
                patience.reschedule(asyncio.get_running_loop().time() + self._settings.group_wait)
            hands.append(hand)
        return False

    async def _keep(self, hands: list[tuple[Hand, Millis]]) -> Kept:
        # What waited here says when its host may be asked by the clock as it was then.
        time = self._tools.time
        async with time.writing() as now:
            return await keep([_rebased(hand, time.moved_since(then)) for hand, then in hands], self._tools, now)

    def _off_our_hands(self, hands: list[tuple[Hand, Millis]]) -> None:
        self._tools.room.give(sum(_size(hand) for hand, _ in hands if not isinstance(hand, Freed)))
        self._work.done(len(hands))


def _rebased(hand: Hand, by: Millis) -> Hand:
    """A hand whose times are by a clock that was set by so much since. A polite_at of 0 says nothing."""
    return replace(hand, polite_at=hand.polite_at + by) if by and hand.polite_at else hand


def _size(visit: Visit) -> int:
    return _VISIT_BYTES + sum(len(exchange.response) for exchange in visit.evidence)
