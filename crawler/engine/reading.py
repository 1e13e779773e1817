"""Reading: captures to records, in batches, so that a page that takes long doesn't hold up the others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from typing import Final

import structlog

from crawler.engine.settings import Settings, Told
from crawler.engine.work import Signal, Work
from crawler.model import CaptureKey, Millis, Receipt
from crawler.pipeline import Read, Tools, read

log = structlog.get_logger()

_MOST_LONG: Final = 16
"""Batches that a reader may have begun: the next is, once of one all is read but the pages that take long.

Begun sooner they'd wait for the same children: where these were behind, and behind they stayed, 2,000 pages did, in 4 MB.
"""

_SOON: Final[Millis] = 1_000
"""Whoever leases looks so often anyway."""

_SOURCES: Final = 4
"""In a batch: with each go all the entries that are known of it, up to 5,000 of 300 bytes. 64 such sources are 100 MB."""

_FIRST: Final = asyncio.FIRST_COMPLETED


class Reader:
    """Has captures read and published. `run` it as often at a time as there are readers."""

    def __init__(self, tools: Tools, settings: Settings, work: Work, tell: Callable[[Told], None]) -> None:
        self._tools = tools
        self._settings = settings
        self._work = work
        self._tell = tell
        self._left_behind: set[CaptureKey] = set()
        self.receipts: asyncio.Queue[Receipt | Signal] = asyncio.Queue(settings.batch * settings.readers * 2)

    async def take_left_behind(self, receipt: Receipt) -> None:
        """Take a capture that an earlier crawl left unread; waits while too many wait."""
        self._work.begin()
        self._left_behind.add(receipt.capture.key)
        await self.receipts.put(receipt)

    async def run(self, services: asyncio.TaskGroup) -> None:
        """Read until nothing will come any more; batches are tasks of `services`."""
        ended = False
        going: set[asyncio.Task[None]] = set()
        while not ended:
            batch, ended = await self._batch()
            if batch:
                going.add(services.create_task(self._read(batch, swift := asyncio.Event())))
                await swift.wait()  # for ever where it fails: its group ends us, and takes no new task
                _, going = await asyncio.wait(going, timeout=None if len(going) > _MOST_LONG else 0, return_when=_FIRST)
        if going:
            await asyncio.wait(going)

    async def _read(self, batch: list[Receipt], swift: asyncio.Event) -> None:
        async with aclosing(read(batch, self._tools)) as parts:
            async for part in parts:
                self._tell_of_all(part)
                del part  # what was found lies in memory no longer than that
                swift.set()
        swift.set()  # also where there was nothing to tell

    def _tell_of_all(self, part: tuple[Read, ...]) -> None:
        for done in part:
            self._tell_of(done)
        self._work.done(len(part), due=self._brings_work(part))

    def _brings_work(self, part: tuple[Read, ...]) -> bool:
        """Of what articles bring, all is for later: to look for hosts that are ready costs as much as to fetch a page."""
        soon = self._tools.clock.now() + _SOON
        return any(
            done.decision.source is not None or any(offer.due_at <= soon for offer in done.decision.offers) for done in part
        )

    def _tell_of(self, done: Read) -> None:
        """Whoever looks on asked for what was fetched now, not for what an earlier crawl left unread."""
        if done.decision.key in self._left_behind:
            self._left_behind.discard(done.decision.key)
            return
        for passed in done.decision.passed_over:
            log.info("passed_over", source=done.receipt.capture.url, count=passed.count, why=passed.why, example=passed.example)
        self._tell(done)

    async def _batch(self) -> tuple[list[Receipt], bool]:
        """One receipt at least, and what else lies there; and whether nothing will follow."""
        batch: list[Receipt] = []
        size = 0
        receipt = await self.receipts.get()
        while not isinstance(receipt, Signal):
            batch.append(receipt)
            size += 1 if receipt.job.poll is None else max(1, self._settings.batch // _SOURCES)
            if size >= self._settings.batch or self.receipts.empty():
                return batch, False
            receipt = self.receipts.get_nowait()
        return batch, True
