"""Telling one outlet of every event of the catalog: at least once each, in order as long as they take them.

One that is refused is tried again, ever later, and what is behind it waits: mostly nobody is there. Where the one behind it is
taken, it is the message that is at fault: it is set aside and tried by itself, and holds nobody up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import structlog

from crawler.archive.recorded import RecordReader
from crawler.couriers.messages import about
from crawler.couriers.outlets import Outlet
from crawler.model import Millis, News, Seconds, Value
from crawler.outlet import Message, Refusal
from crawler.ports import ArchiveError, Clock
from crawler.store.outlet import Aside, OutletStore, Went

log = structlog.get_logger()

_BATCH: Final = 20
"""Messages between two notes of how far we are: a kill makes at most so many come twice."""
_SIFTED: Final = 200
"""The same where most are not for them: each note is a commit, which the crawl waits for."""
_PAUSE: Final[Seconds] = 1.0
"""Between two looks for something new, so that a busy crawl is told of in batches."""
_TRIES: Final = 5
"""In a row, before the message itself may be to blame."""
_MOST: Final[Seconds] = 300.0
"""Between two tries, where nobody is there."""
_ASIDE: Final[Seconds] = 60.0
_ASIDE_MOST: Final[Seconds] = 6 * 3600.0
"""The same for one that was set aside: from the former on, four times as long each time."""


class Desk(Value, frozen=True, kw_only=True):
    """What couriers work with."""

    store: OutletStore
    root: Path
    """The archive's folder."""
    clock: Clock
    chance: Callable[[], float]
    """Between 0 and 1, so that not all come at once."""


class Courier:
    """Tells one outlet. `enter` it in the store before."""

    def __init__(self, outlet: Outlet, desk: Desk) -> None:
        self._outlet = outlet
        self._desk = desk
        self._seq = self._fails = 0
        self._until: Seconds = 0

    async def run(self) -> None:
        """Tell what comes, for ever.

        Raises:
            StoreError: the store can't be read or written.
        """
        await self.begin()
        while True:
            await self._desk.clock.sleep(await self.round())

    async def begin(self) -> None:
        """Go on where it ended."""
        standing = await self._desk.store.standing(self._outlet.outlet_id)
        self._seq, self._fails = standing.seq, standing.fails

    async def round(self) -> Seconds:
        """Tell what is due now, a batch at most; how long to rest then."""
        await self._again()
        wait = self._until - self._desk.clock.monotonic()
        if wait > 0:
            return min(wait, _PAUSE * 10)
        most = _BATCH if self._outlet.keyword is None else _SIFTED
        found = await self._desk.store.after(self._seq, most)
        if not found:
            return _PAUSE
        with RecordReader(self._desk.root) as records:
            refused = await self._in_order(found, records)
        return _PAUSE if refused or len(found) < most else 0

    async def more(self) -> bool:
        """Tell what is due now, a batch at most; whether there may be more, and they take it."""
        before = self._seq
        await self.round()
        return self._seq > before and self._fails == 0

    async def _in_order(self, found: Sequence[News], records: RecordReader) -> Refusal | None:
        delivered = 0
        for number, one in enumerate(found):
            await asyncio.sleep(0)  # to look for a keyword takes a millisecond a text, and the crawl is in the same loop
            told = await self._tell(one, records)
            if isinstance(told, Refusal):
                return await self._refused(found[number:], told, delivered, records)
            delivered += told
            self._seq, self._fails = one.seq, 0
        await self._note(delivered, None)
        return None

    async def _refused(self, left: Sequence[News], refusal: Refusal, delivered: int, records: RecordReader) -> Refusal | None:
        """Rest; or go on behind the first of what is left, where another one is taken."""
        self._fails += 1
        log.warning("outlet_refused", outlet=self._outlet.name, why=refusal.why, seq=left[0].seq, tries=self._fails)
        await self._note(delivered, refusal.why)
        if self._fails >= _TRIES and await self._another_is_taken(left[1:], records):
            await self._set_aside(left[0].seq, self._fails, refusal)
            self._seq, self._fails = left[0].seq, 0
            await self._note(0, None)
            return None
        pause = min(_MOST, 2.0 ** (min(self._fails, 16) - 1)) * (0.5 + self._desk.chance() / 2)
        self._until = self._desk.clock.monotonic() + max(pause, refusal.wait)
        return refusal

    async def _another_is_taken(self, others: Sequence[News], records: RecordReader) -> bool:
        """The first of the others that they are to be told of; it is told again in its turn, which does no harm."""
        for one in others:
            told = await self._tell(one, records)
            if isinstance(told, Refusal) or told:
                return told is True
        return False

    async def _again(self) -> None:
        """Try what was set aside and is due again."""
        now = self._desk.clock.now()
        due = await self._desk.store.due(self._outlet.outlet_id, now, now + round(_ASIDE_MOST * 1000), _BATCH)
        with RecordReader(self._desk.root) as records:
            for aside in due:
                await self._once_more(aside, records)

    async def _once_more(self, aside: Aside, records: RecordReader) -> None:
        told = await self._tell(aside.news, records)
        if isinstance(told, Refusal):
            await self._set_aside(aside.news.seq, aside.tries + 1, told)
        else:
            await self._desk.store.delivered(self._outlet.outlet_id, [aside.news.seq])

    async def _set_aside(self, seq: int, tries: int, refusal: Refusal) -> None:
        pause = max(refusal.wait, min(_ASIDE_MOST, _ASIDE * 4.0 ** max(0, min(tries, 16) - _TRIES)))
        due_at: Millis = self._desk.clock.now() + round(pause * 1000)
        log.warning("outlet_set_aside", outlet=self._outlet.name, seq=seq, tries=tries, again_in=pause, why=refusal.why)
        await self._desk.store.set_aside(self._outlet.outlet_id, seq, tries, due_at, refusal.why)

    async def _tell(self, news: News, records: RecordReader) -> Refusal | bool:
        """Whether there was something to tell, and it was taken."""
        try:
            body = await about(news, self._outlet, records, self._desk.store)
        except ArchiveError as error:
            return Refusal(why=str(error))
        if body is None:
            return False
        name = f"{self._outlet.outlet_id}-{news.seq}"
        refusal = await self._outlet.taker.tell(Message(name=name, at=self._desk.clock.now(), body=body))
        return refusal or True

    async def _note(self, delivered: int, error: str | None) -> None:
        went = Went(seq=self._seq, delivered=delivered, fails=self._fails, error=error)
        await self._desk.store.went(self._outlet.outlet_id, went, self._desk.clock.now())
