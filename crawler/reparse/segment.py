"""The records of one sealed segment, read anew: a function of its bytes, computed by the parsers' children.

Nothing is asked of the store and nothing of it changes. What a feed says of an entry is told once a segment, unless it changed.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator, Sequence
from contextlib import aclosing
from typing import NamedTuple

from msgspec.structs import replace

from crawler import decide
from crawler.archive import lookup
from crawler.archive.inventory import Found
from crawler.archive.rebuilding import Kept, exchanges
from crawler.model import (
    CaptureKey,
    Discovery,
    Extracted,
    Kind,
    Original,
    ParseTask,
    Receipt,
    Record,
    Span,
    UrlHash,
    Value,
    WorkerId,
)
from crawler.ports import Parser
from crawler.rebuild import recall
from crawler.sealing import role
from crawler.terms import Policy, Terms

_TERMS = Terms(policy=Policy(oneshot=True), now=0)
"""Of a decision only the records are taken, and those depend on no terms."""


class Shelf(Value, frozen=True, kw_only=True):
    """All sealed segments: a payload may lie in another one than its revisit."""

    sealed: tuple[Found, ...]

    def path(self, segment: str) -> str:
        """The WARC of one of them."""
        return next(str(found.path) for found in self.sealed if found.segment == segment)


class _Running(NamedTuple):
    """A batch that is being read."""

    batch: Sequence[Receipt]
    answers: asyncio.Task[Sequence[Discovery]]


class Reader:
    """Reads segments anew, `width` batches of `batch` captures at a time."""

    def __init__(self, parser: Parser, shelf: Shelf, *, batch: int, width: int) -> None:
        self._parser = parser
        self._shelf = shelf
        self._batch = batch
        self._width = width
        self.lost = 0
        """Captures whose payload lies in no sealed segment."""

    async def records(self, found: Found) -> AsyncGenerator[Record, None]:
        """The records of a segment, in the order of its captures.

        Raises:
            ArchiveError: a file can't be read.
            ParserError: the children can't be started.
        """
        known: dict[tuple[UrlHash, str], str] = {}
        running: deque[_Running] = deque()
        try:
            for batch in self._batches(found):
                tasks = [self._task(one, found) for one in batch]
                running.append(_Running(batch, asyncio.create_task(self._parse(tasks))))
                # To look through the WARC takes the loop's time: let answers in, and no more than `width` of them wait.
                await asyncio.sleep(0)
                if len(running) > self._width:
                    async for record in _decided(running, known):
                        yield record
            while running:
                async for record in _decided(running, known):
                    yield record
        finally:
            await _end(running)

    async def _parse(self, tasks: Sequence[ParseTask]) -> Sequence[Discovery]:
        found: dict[int, Discovery] = {}
        async with aclosing(self._parser.parse(tasks)) as parts:
            async for part in parts:
                found.update(part)
        return [found[index] for index in range(len(tasks))]

    def _batches(self, found: Found) -> Iterator[Sequence[Receipt]]:
        batch: list[Receipt] = []
        for receipt in self._receipts(found):
            batch.append(receipt)
            if len(batch) == self._batch:
                yield batch
                batch = []
        if batch:
            yield batch

    def _receipts(self, found: Found) -> Iterator[Receipt]:
        """The captures that were read when they came, or should have been."""
        oneshot = role(WorkerId(found.segment.split("-", 3)[3])) == "fetch"
        own: dict[CaptureKey, Original] = {}
        for kept in exchanges(found.path, found.segment):
            if not isinstance(kept, Kept):
                continue
            capture = kept.capture
            if capture.revisit_of is None and capture.digest is not None:
                own[capture.key] = Original(
                    key=capture.key,
                    url=capture.url,
                    segment=capture.segment,
                    offset=capture.offset,
                    length=capture.length,
                )
            if recall.extracted(kept, read=None, sealed=True, oneshot=oneshot) is not Extracted.DONE:
                continue
            original = self._original(kept, own)
            if capture.revisit_of is not None and original is None:
                self.lost += 1
                continue
            yield recall.receipt(kept, 0, original)

    def _original(self, kept: Kept, own: dict[CaptureKey, Original]) -> Original | None:
        key = kept.capture.revisit_of
        if key is None or key in own or kept.refers_to is None:
            return own.get(key) if key else None
        spot = lookup.find(self._shelf.sealed, kept.refers_to, key.fetched_at)
        if spot is None:
            return None
        return Original(key=key, url=kept.refers_to, segment=spot.segment, offset=spot.offset, length=spot.length)

    def _task(self, receipt: Receipt, found: Found) -> ParseTask:
        place = receipt.body or receipt.capture
        path = str(found.path) if place.segment == found.segment else self._shelf.path(place.segment)
        return ParseTask(
            span=Span(path=path, offset=place.offset, length=place.length),
            url=receipt.capture.url,
            kind=receipt.job.kind,
            truncated=receipt.truncated,
        )


async def _decided(running: deque[_Running], known: dict[tuple[UrlHash, str], str]) -> AsyncIterator[Record]:
    """The records of the oldest batch; it stays among those running until it is answered."""
    answers = await running[0].answers
    batch = running.popleft().batch
    for receipt, found in zip(batch, answers, strict=True):
        for record in decide.decide(receipt, _news(receipt, found, known), _TERMS).records:
            yield record


async def _end(running: Iterable[_Running]) -> None:
    """Leave no batch behind: where the loop ends while a child is being started, asyncio waits for ever for its pipes."""
    tasks = [one.answers for one in running]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _news(receipt: Receipt, found: Discovery, known: dict[tuple[UrlHash, str], str]) -> Discovery:
    """A feed without the entries that this segment told before. What of it is of its source's past isn't known any more."""
    if receipt.job.kind is Kind.PAGE or not found.entries:
        return found
    h = receipt.job.h
    news = tuple(replace(entry, backfill=False) for entry in found.entries if known.get((h, entry.key)) != entry.said)
    known.update(((h, entry.key), entry.said) for entry in news)
    return replace(found, entries=news)
