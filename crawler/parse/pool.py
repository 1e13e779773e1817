"""The pool of parser children: `crawler.ports.Parser`."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from functools import partial
from typing import Final

from msgspec.structs import replace

from crawler.at_hand import NONE, AtHand
from crawler.model import Discovery, ParseTask, Seconds
from crawler.parse import turns
from crawler.parse.process import Child, Fate, ParserError, Reply
from crawler.patience import Patience
from crawler.starting import MODULE

# Time as it passes may be this many times the CPU a page is granted: the machine may be busy with other things.
_PATIENCE: Final = 5

SOON: Final[Seconds] = 0.25
"""After so much silence a child is left alone with its page: news pages take 15 ms, and their like shall not wait for it."""

LATE: Final = 1
"""So many children may be busy with such pages, besides the workers: each may grow to what it is granted."""

_MOST_IDLE_BYTES: Final = 56 << 20
"""A child that has grown beyond is not used again: what a parser frees, the allocator seldom gives back."""


def _stopped_at(reply: Reply, *, of: int, used: bool) -> int | None:
    """The page that keeps all behind it waiting, or ended its child; None where there is none, or it may be the next child's.

    A child that read others before, and ended before it told of the next, may have ended of what it read.
    """
    if len(reply.answers) == of:
        return None
    return 0 if reply.at is None and not used and not reply.answers else reply.at


class ParserPool:
    """Up to `workers` children, each started when first needed; a batch goes to one that is free, and others wait.

    A page may cost `page_seconds` of CPU, or five times that by the clock. A page that takes long keeps its child, and the
    rest of its batch goes to another one: so it costs nobody else more than `SOON`. Which ran out of CPU is given up. Where a
    child ends otherwise, the page it was at is tried once more, alone and first by a fresh child: so none is given up for what
    pages before it have done, or for a child that was killed from outside. `decoded_bytes` is the most of one page's content.
    `command` starts a child; it is called with memory, seconds, limit and three descriptors as words. `patience` waits with us
    where the machine has no room for another process; `started` hears of each child. What is `at_hand` isn't read from the
    archive.
    """

    def __init__(
        self,
        *,
        workers: int = 1,
        page_seconds: Seconds = 2.0,
        memory_bytes: int = 96 << 20,
        decoded_bytes: int = 64 << 20,
        command: Sequence[str] = (*MODULE, "crawler.parse.child"),
        patience: Patience | None = None,
        started: Callable[[], None] = lambda: None,
        at_hand: AtHand | None = None,
    ) -> None:
        self._workers = workers
        self._seconds = page_seconds
        self._command = (*command, str(memory_bytes), str(page_seconds), str(decoded_bytes))
        self._patience = patience or Patience(lasts=False)
        self._started = started
        self._at_hand = at_hand
        self._slots = asyncio.Semaphore(workers)
        self._lane = asyncio.Semaphore(LATE)
        self._idle: list[Child] = []
        self._busy: set[Child] = set()
        self._coming = 0  # children on their way: each is one that another can't be kept beside
        self._turns: int | None = None
        self._closed = False

    async def parse(self, tasks: Sequence[ParseTask]) -> AsyncGenerator[Mapping[int, Discovery], None]:
        """As `Parser.parse`.

        Raises:
            ParserError: no child can be started, or the pool is closed.
        """
        late: set[asyncio.Task[Mapping[int, Discovery]]] = set()
        try:
            swift = await self._swiftly([self._lent(task) for task in tasks], late)
            self._take_back([tasks[index] for index in swift])
            yield swift
            # What was handed over is let go here: all of a batch would else lie about until the last page of it is read.
            del swift
            while late:
                yield await _next_of(late)
        finally:
            for waiting in late:
                waiting.cancel()
            await asyncio.gather(*late, return_exceptions=True)
            self._take_back(tasks)

    async def close(self) -> None:
        """As `Parser.close`; batches under way end with a `ParserError`."""
        self._closed = True
        children = [*self._idle, *self._busy]
        self._idle.clear()
        for child in children:
            await child.end()
        if self._turns not in (None, turns.NONE):
            os.close(self._turns)
        self._turns = None

    def _lent(self, task: ParseTask) -> ParseTask:
        lent = self._at_hand.lend(task.span) if self._at_hand is not None else None
        return task if lent is None else replace(task, lent=lent)

    def _take_back(self, tasks: Sequence[ParseTask]) -> None:
        """They are answered, or never will be: whoever may still read one beside that isn't heard any more."""
        if self._at_hand is not None:
            for task in tasks:
                self._at_hand.take_back(task.span)

    async def _swiftly(
        self, tasks: Sequence[ParseTask], late: set[asyncio.Task[Mapping[int, Discovery]]]
    ) -> Mapping[int, Discovery]:
        """Read what holds up nobody; what does becomes one of `late`. Each round answers a page, leaves one or ends a child."""
        answers: dict[int, Discovery] = {}
        async with self._slots:
            left = list(range(len(tasks)))
            while left:
                used = bool(self._idle)
                child = self._idle.pop() if used else await self._fresh()
                reply = await self._ask(child, [tasks[index] for index in left])
                answers.update(zip(left, reply.answers, strict=False))
                page = _stopped_at(reply, of=len(left), used=used)
                if page is not None:
                    begun = asyncio.Event()
                    waiting = self._late(left[page], tasks[left[page]], child, replace(reply, answers=()), begun)
                    late.add(asyncio.create_task(waiting))
                    await begun.wait()
                left = [index for n, index in enumerate(left) if n >= len(reply.answers) and n != page]
        return answers

    async def _late(
        self, index: int, task: ParseTask, child: Child, reply: Reply, begun: asyncio.Event
    ) -> Mapping[int, Discovery]:
        """Wait for a page that takes long, or try one again that ended its child; `begun`: it holds up nobody any more.

        Where others take long already its child is ended, and it begins anew behind them: so there are never more children.
        """
        found: Discovery | Fate | None = reply.fate
        try:
            if self._lane.locked():
                await self._let_go(child, sound=False)
                begun.set()
            async with self._lane:
                begun.set()
                if found is None and child in self._busy:
                    found = await self._rest(child, reply)
                elif found is None:
                    found = await self._alone(task)
                if isinstance(found, Fate) and not found.certain:
                    found = await self._alone(task)
        finally:
            if child in self._busy:
                await self._let_go(child, sound=False)
        if isinstance(found, Fate):
            found = Discovery(found="nothing", note=self._note(found), given_up=True)
        return {index: found}

    async def _rest(self, child: Child, reply: Reply) -> Discovery | Fate:
        found = await child.rest(reply, self._seconds * _PATIENCE)
        # what else it was asked another has read meanwhile
        await self._let_go(child, sound=reply.last and not isinstance(found, Fate) and not self._spare())
        return found

    async def _alone(self, task: ParseTask) -> Discovery | Fate:
        """The first page that a fresh child sees."""
        child = await self._fresh()
        reply = await self._ask(child, [task], alone=True)
        if reply.answers:
            return reply.answers[0]
        return reply.fate or await self._rest(child, reply)

    def _spare(self) -> bool:
        """Whether the workers have their children beside one that is done with its page; it counts as busy still."""
        return len(self._idle) + len(self._busy) + self._coming > self._workers

    async def _ask(self, child: Child, tasks: Sequence[ParseTask], *, alone: bool = False) -> Reply:
        self._busy.add(child)
        reply: Reply | None = None
        try:
            reply = await child.ask(tasks, SOON, self._seconds * _PATIENCE)
        finally:
            # Also when we are cancelled: the answers still to come would be taken for those of the next batch.
            if reply is None or not reply.busy:
                await self._let_go(child, sound=reply is not None and reply.fate is None and not (alone and self._spare()))
        return reply

    async def _fresh(self) -> Child:
        self._coming += 1
        try:
            child = await self._patience.through(partial(self._start), of="process")
        finally:
            self._coming -= 1
        self._busy.add(child)
        return child

    async def _start(self) -> Child:
        if self._closed:
            raise ParserError("the pool of parsers is closed")
        if self._turns is None:
            self._turns = turns.make()
        child = await Child.start(self._command, self._turns, self._at_hand.descriptor if self._at_hand is not None else NONE)
        self._started()
        return child

    async def _let_go(self, child: Child, *, sound: bool) -> None:
        self._busy.discard(child)
        if sound and not self._closed and len(self._idle) < self._workers and child.bytes() < _MOST_IDLE_BYTES:
            self._idle.append(child)
        else:
            await child.end()

    def _note(self, fate: Fate) -> str:
        return f"the parser {fate.words}" + (f" ({self._seconds:g} s)" if fate.words == "ran out of time" else "")


async def _next_of(late: set[asyncio.Task[Mapping[int, Discovery]]]) -> Mapping[int, Discovery]:
    """What the first to be done has found; it is taken out of them."""
    done, _ = await asyncio.wait(late, return_when=asyncio.FIRST_COMPLETED)
    first = done.pop()
    late.discard(first)
    return first.result()
