"""The pool of parser children: `crawler.ports.Parser`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from typing import Final

from crawler.model import Discovery, ParseTask, Seconds
from crawler.parse.frames import Batch
from crawler.parse.process import Child, ParserError

# Time as it passes may be this many times the CPU a page is granted: the machine may be busy with other things.
_PATIENCE: Final = 5


class ParserPool:
    """Up to `workers` children, each started when first needed; a batch goes to one that is free, and others wait.

    A page may cost `page_seconds` of CPU, or five times that by the clock. Where a child overruns or crashes, a fresh one goes
    on from the last answer, carefully; a page is given up, with a note that says why, when it is the first that a fresh child
    sees: so never for what pages before it have done. All others of its batch are read. `decoded_bytes` is the most of one
    page's content. `command` starts a child; it is called with memory, seconds and limit as words.
    """

    def __init__(
        self,
        *,
        workers: int = 1,
        page_seconds: Seconds = 2.0,
        memory_bytes: int = 1 << 30,
        decoded_bytes: int = 64 << 20,
        command: Sequence[str] = (sys.executable, "-P", "-m", "crawler.parse.child"),
    ) -> None:
        self._seconds = page_seconds
        self._command = (*command, str(memory_bytes), str(page_seconds), str(decoded_bytes))
        self._slots = asyncio.Semaphore(workers)
        self._idle: list[Child] = []
        self._busy: set[Child] = set()
        self._closed = False

    async def parse(self, tasks: Sequence[ParseTask]) -> Sequence[Discovery]:
        """As `Parser.parse`.

        Raises:
            ParserError: no child can be started, or the pool is closed.
        """
        answers: list[Discovery] = []
        careful = False
        async with self._slots:
            while len(answers) < len(tasks):
                found, fate = await self._ask(Batch(tasks=tuple(tasks[len(answers) :]), careful=careful))
                answers += found
                alone = careful and not found
                if fate is not None and alone:
                    answers.append(Discovery(found="nothing", note=self._note(fate), given_up=True))
                careful = fate is not None and not alone
        return answers

    async def close(self) -> None:
        """As `Parser.close`; batches under way end with a `ParserError`."""
        self._closed = True
        children = [*self._idle, *self._busy]
        self._idle.clear()
        for child in children:
            await child.end()

    async def _ask(self, batch: Batch) -> tuple[list[Discovery], str | None]:
        if self._closed:
            raise ParserError("the pool of parsers is closed")
        child = await Child.start(self._command) if batch.careful or not self._idle else self._idle.pop()
        self._busy.add(child)
        sound = False
        try:
            answers, fate = await child.ask(batch, self._seconds * _PATIENCE)
            sound = fate is None
        finally:
            self._busy.discard(child)
            # Also when we are cancelled: the answers still to come would be taken for those of the next batch.
            if sound:
                self._idle.append(child)
            else:
                await child.end()
        return answers, fate

    def _note(self, fate: str) -> str:
        return f"the parser {fate}" + (f" ({self._seconds:g} s)" if fate == "ran out of time" else "")
