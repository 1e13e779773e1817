"""One child process, seen from the pool."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

import msgspec

from crawler.model import Discovery, Seconds
from crawler.parse import frames
from crawler.parse.frames import Batch
from crawler.ports import LocalError

_START: Final[Seconds] = 60
_FAREWELL: Final[Seconds] = 2
_LAST_WORDS: Final = 4096
_BUFFER: Final = 1 << 20
# What Python needs to start as the pool did; nothing else of our environment is the child's business.
_ENVIRONMENT: Final = (
    "PATH",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "TMPDIR",
    "VIRTUAL_ENV",
)


class ParserError(LocalError):
    """A child can't be started: our own installation is at fault, not a page."""


class Child:
    """A running child. Make one with `start`; one batch at a time; after a failure it is of no use any more."""

    def __init__(self, process: Process, stdin: StreamWriter, stdout: StreamReader, stderr: StreamReader) -> None:
        self._process = process
        self._stdin = stdin
        self._stdout = stdout
        self._last_words = b""
        self._listening = asyncio.create_task(self._listen(stderr))

    @classmethod
    async def start(cls, command: Sequence[str]) -> Self:
        """Start a child and wait until it is ready.

        Raises:
            ParserError: it can't be started, or ended before it was ready.
        """
        try:
            # A session of its own: Ctrl-C at the terminal is the pool's to hear.
            process = await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=_environment(), start_new_session=True, limit=_BUFFER
            )
        except OSError as error:
            raise ParserError(f"{command[0]}: the parser can't be started: {error.strerror}") from error
        if process.stdin is None or process.stdout is None or process.stderr is None:
            raise ParserError(f"{command[0]}: the parser can't be started: no pipes to it")
        child = cls(process, process.stdin, process.stdout, process.stderr)
        await child._hear_ready()
        return child

    async def ask(self, batch: Batch, patience: Seconds) -> tuple[list[Discovery], str | None]:
        """Have a batch read: answers in order, as far as it got, and what became of it then (None: all were answered).

        Between two answers `patience` seconds may pass; the CPU of a page the child watches itself.
        """
        answers: list[Discovery] = []
        try:
            async with asyncio.timeout(patience) as deadline:
                self._stdin.write(frames.pack_batch(batch))
                await self._stdin.drain()
                for _ in batch.tasks:
                    deadline.reschedule(asyncio.get_running_loop().time() + patience)
                    answers.append(frames.unpack_found(await self._frame()))
        except TimeoutError:
            await self.end()
            return answers, "ran out of time"
        except (asyncio.IncompleteReadError, ConnectionError):
            return answers, await self._obituary()
        except (ValueError, msgspec.DecodeError):
            await self.end()
            return answers, "gave an answer nobody can read"
        return answers, None

    async def end(self) -> None:
        """Kill it, if it lives, and see it off. Twice does no harm."""
        if self._process.returncode is None:
            # Not Process.kill: it looks for the exit code first and takes it away from who waits for it (cpython gh-87744).
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)
        await self._process.wait()
        await self._listening

    async def _hear_ready(self) -> None:
        try:
            async with asyncio.timeout(_START):
                await self._frame()
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            raise ParserError(f"the parser can't be started: it {await self._obituary()}") from None
        except TimeoutError:
            await self.end()
            raise ParserError(f"the parser can't be started: not ready after {_START:g} s") from None
        except asyncio.CancelledError:
            await self.end()
            raise

    async def _frame(self) -> bytes:
        head = await self._stdout.readexactly(frames.HEAD)
        return await self._stdout.readexactly(frames.length(head))

    async def _obituary(self) -> str:
        """How it ended; one that only closed its pipe gets a moment to do so."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), _FAREWELL)
        await self.end()
        code = self._process.returncode or 0
        if code == -signal.SIGPROF:
            return "ran out of time"
        if code == frames.OUT_OF_MEMORY:
            return "ran out of memory"
        if code < 0:
            return f"crashed (signal {-code})"
        lines = self._last_words.decode("utf-8", "replace").strip().splitlines()
        return f"crashed ({lines[-1][:300]})" if lines else f"ended (exit {code})"

    async def _listen(self, stderr: StreamReader) -> None:
        """Keep the end of what it says on stderr, and its pipe from filling up."""
        while said := await stderr.read(_LAST_WORDS):
            self._last_words = (self._last_words + said)[-_LAST_WORDS:]


def _environment() -> dict[str, str]:
    """Ours as far as it is needed, and our way to find modules."""
    kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(place or str(Path.cwd()) for place in sys.path)}
