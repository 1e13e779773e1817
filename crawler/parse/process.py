"""One child process, seen from the pool."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
from asyncio import StreamReader
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

import msgspec

from crawler.model import Discovery, ParseTask, Seconds, Value
from crawler.parse import frames
from crawler.parse.frames import Batch
from crawler.parse.turns import NONE
from crawler.ports import LocalError
from crawler.starting import environment

_START: Final[Seconds] = 60
_FAREWELL: Final[Seconds] = 2
_LAST_WORDS: Final = 4096
_BUFFER: Final = 1 << 20
_TOO_LONG: Final = "ran out of time"
_NO_MEMORY: Final = "ran out of memory"
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_TICK: Final[Seconds] = 1 / os.sysconf("SC_CLK_TCK")
_FAILURES: Final = (TimeoutError, asyncio.IncompleteReadError, ConnectionError, ValueError, msgspec.DecodeError)
_PASSING: Final = (errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE)


class ParserError(LocalError):
    """A child can't be started: our own installation is at fault, or the machine has no room for it; not a page."""


class Fate(Value, frozen=True, kw_only=True):
    """How a child ended."""

    words: str
    certain: bool = False
    """It was the page's doing: no other could have used up the time it was granted."""


class Reply(Value, frozen=True, kw_only=True):
    """What came of a batch: answers in order, as far as it got."""

    answers: tuple[Discovery, ...]
    at: int | None = None
    """The task that was under way when no more came; those between it and the answers are done, but not told."""
    ahead: int = 0
    """Answers still to come up to that of `at`."""
    fate: Fate | None = None
    last: bool = False
    """Nothing of the batch lies behind `at`."""

    @property
    def busy(self) -> bool:
        """The child lives and goes on with `at`: ask for the `rest`, or end it."""
        return self.at is not None and self.fate is None


class Pulse(Value, frozen=True, kw_only=True):
    """Whether a process does something, as the kernel tells it."""

    told: bool = False
    ready: bool = False
    """It would go on, if it got a core, or its memory from the disk."""
    cpu: Seconds = 0

    def waits_since(self, before: Pulse | None, span: Seconds) -> bool:
        """Whether it hasn't had a core for so long yet, or is first looked at now. Where nothing is told: no."""
        return self.told and (before is None or (self.ready and self.cpu - before.cpu < span - _TICK))


def _pulse(pid: int) -> Pulse:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return Pulse()
    return Pulse(told=True, ready=fields[0] in "RD", cpu=(int(fields[11]) + int(fields[12])) * _TICK)


class Child:
    """A running child. Make one with `start`; one batch at a time; after a failure it is of no use any more."""

    def __init__(self, process: Process, marks: int) -> None:
        if process.stdin is None or process.stdout is None or process.stderr is None:
            raise AssertionError("it was started with three pipes")
        self._process = process
        self._stdin = process.stdin
        self._stdout = process.stdout
        self._marks = marks
        self._begun = 0
        self._heard = bytearray()
        self._frames: deque[bytes] = deque()
        self._last_words = b""
        self._listening = asyncio.create_task(self._listen(process.stderr))

    @classmethod
    async def start(cls, command: Sequence[str], turns: int, at_hand: int = NONE) -> Self:
        """Start a child and wait until it is ready.

        `command` gets three descriptors behind its words: `turns`, its marks, what is `at_hand`.

        Raises:
            ParserError: it can't be started, or ended before it was ready.
        """
        try:
            marks, theirs = os.pipe()
        except OSError as error:
            raise _refused(command, error) from error
        try:
            process = await _process(command, turns, theirs, at_hand)
        except OSError as error:
            os.close(marks)
            raise _refused(command, error) from error
        finally:
            os.close(theirs)
        os.set_blocking(marks, False)
        child = cls(process, marks)
        await child._hear_ready()
        return child

    async def ask(self, tasks: Sequence[ParseTask], soon: Seconds, patience: Seconds) -> Reply:
        """Have a batch read, until it is done, the child ends, or a page has kept it silent for longer than `soon`.

        The CPU of a page the child watches itself; where it begins none for `patience` seconds it is ended.
        """
        answers: list[Discovery] = []
        try:
            await self._send(tasks, patience)
            await self._hear(answers, len(tasks), soon, patience)
        except _FAILURES as error:
            return Reply(answers=tuple(answers), at=self._under_way(len(answers)), fate=await self._fate(error))
        at = self._under_way(len(answers))
        ahead = 0 if at is None else at + 1 - len(answers)
        return Reply(answers=tuple(answers), at=at, ahead=ahead, last=at is None or at + 1 == len(tasks))

    async def rest(self, reply: Reply, patience: Seconds) -> Discovery | Fate:
        """Wait for the page that a `busy` reply left, at most `patience` seconds for each answer on the way to it."""
        found: Discovery | None = None
        try:
            for _ in range(reply.ahead):
                async with asyncio.timeout(patience):
                    found = frames.unpack_found(await self._frame())
        except _FAILURES as error:
            return await self._fate(error)
        return found or Fate(words="gave no answer")

    async def _send(self, tasks: Sequence[ParseTask], patience: Seconds) -> None:
        self._begun = 0
        async with asyncio.timeout(patience):
            self._stdin.write(frames.pack_batch(Batch(tasks=tuple(tasks))))
            await self._stdin.drain()

    async def _hear(self, answers: list[Discovery], number: int, soon: Seconds, patience: Seconds) -> None:
        """Take answers, until all are there or a page takes long: by its child's doing, not for want of a core."""
        wait, until = soon / 2, asyncio.get_running_loop().time() + patience
        pulse: Pulse | None = None
        while len(answers) < number:
            told = len(answers)
            try:
                await self._hear_more(answers, number, wait)
            except TimeoutError:
                if self._under_way(len(answers)) is None:
                    if wait == patience:
                        raise
                    wait = patience  # it has begun nothing: the machine is busy, or memory is being paged in
                    continue
                pulse = pulse if told == len(answers) else None
                now = _pulse(self._process.pid)
                if not now.waits_since(pulse, wait) or asyncio.get_running_loop().time() > until:
                    return
                pulse = pulse or now

    async def _hear_more(self, answers: list[Discovery], number: int, wait: Seconds) -> None:
        """Take answers until all are there, or none comes for so long: TimeoutError."""
        async with asyncio.timeout(wait) as deadline:
            while len(answers) < number:
                if not self._frames:
                    deadline.reschedule(asyncio.get_running_loop().time() + wait)
                answers.append(frames.unpack_found(await self._frame()))

    def _under_way(self, answered: int) -> int | None:
        """Which task of the batch was begun last, if it isn't answered."""
        if self._marks >= 0:
            with suppress(BlockingIOError):  # no new ones
                self._begun += len(os.read(self._marks, _BUFFER))
        return self._begun - 1 if self._begun > answered else None

    async def end(self) -> None:
        """Kill it, if it lives, and see it off. Twice does no harm."""
        if self._marks >= 0:
            marks, self._marks = self._marks, -1
            os.close(marks)
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
            words = await self._obituary()
            # Who is killed while he starts was in the way of somebody who needed the memory.
            again = self._process.returncode == -signal.SIGKILL or words == _NO_MEMORY
            raise ParserError(f"the parser can't be started: it {words}", again=again) from None
        except TimeoutError:
            await self.end()
            raise ParserError(f"the parser can't be started: not ready after {_START:g} s") from None
        except asyncio.CancelledError:
            await self.end()
            raise

    async def _frame(self) -> bytes:
        """The next frame's content; who is cancelled while he waits has lost nothing of it."""
        while not self._frames:
            said = await self._stdout.read(_BUFFER)
            if not said:
                raise asyncio.IncompleteReadError(bytes(self._heard), None)
            self._heard += said
            self._take_apart()
        return self._frames.popleft()

    def _take_apart(self) -> None:
        """Into frames, as many as are whole: of a batch most come at once, and each is worth no wait of its own."""
        begin = 0
        while len(self._heard) >= (content := begin + frames.HEAD):
            end = content + frames.length(self._heard[begin:content])
            if len(self._heard) < end:
                break
            self._frames.append(bytes(self._heard[content:end]))
            begin = end
        del self._heard[:begin]

    async def _fate(self, error: Exception) -> Fate:
        """See it off, and say why."""
        match error:
            case TimeoutError():
                await self.end()
                return Fate(words=_TOO_LONG)
            case asyncio.IncompleteReadError() | ConnectionError():
                words = await self._obituary()
                return Fate(words=words, certain=words == _TOO_LONG)
            case _:
                await self.end()
                return Fate(words="gave an answer nobody can read")

    def bytes(self) -> int:
        """How much memory it takes; 0 where that isn't told."""
        try:
            pages = Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]
        except OSError:
            return 0
        return int(pages) * _PAGE

    async def _obituary(self) -> str:
        """How it ended; one that only closed its pipe gets a moment to do so."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), _FAREWELL)
        await self.end()
        code = self._process.returncode or 0
        if code == -signal.SIGPROF:
            return _TOO_LONG
        if code == frames.OUT_OF_MEMORY:
            return _NO_MEMORY
        if code < 0:
            return f"crashed (signal {-code})"
        lines = self._last_words.decode("utf-8", "replace").strip().splitlines()
        return f"crashed ({lines[-1][:300]})" if lines else f"ended (exit {code})"

    async def _listen(self, stderr: StreamReader) -> None:
        """Keep the end of what it says on stderr, and its pipe from filling up."""
        while said := await stderr.read(_LAST_WORDS):
            self._last_words = (self._last_words + said)[-_LAST_WORDS:]


async def _process(command: Sequence[str], *descriptors: int) -> Process:
    # A session of its own: Ctrl-C at the terminal is the pool's to hear.
    return await asyncio.create_subprocess_exec(
        *command,
        *map(str, descriptors),
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        env=environment(),
        start_new_session=True,
        limit=_BUFFER,
        pass_fds=[descriptor for descriptor in descriptors if descriptor != NONE],
    )


def _refused(command: Sequence[str], error: OSError) -> ParserError:
    again = error.errno in _PASSING
    return ParserError(f"{command[0]}: the parser can't be started: {error.strerror}", again=again)
