"""Messages to commands: a line of JSON on stdin; exit 0 takes it. No shell, a time limit, and nothing of it stays behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from pathlib import Path

from crawler.model import Seconds
from crawler.outlet.message import Message, Refusal


class Command:
    """Starts a program for each message, in a folder; what it says on stderr comes out on ours."""

    def __init__(self, words: Sequence[str], *, folder: Path, timeout: Seconds) -> None:
        self._words = tuple(words)
        self._folder = folder
        self._timeout = timeout

    async def tell(self, message: Message) -> Refusal | None:
        """As `Taker.tell`."""
        try:
            process = await asyncio.create_subprocess_exec(
                *self._words, stdin=PIPE, stdout=DEVNULL, cwd=self._folder, start_new_session=True
            )
        except (OSError, ValueError) as error:
            return Refusal(why=f"{self._words[0]}: {error.strerror if isinstance(error, OSError) else error}")
        try:
            async with asyncio.timeout(self._timeout):
                await _given(process, message.body + b"\n")
                ended = await process.wait()
        except TimeoutError:
            return Refusal(why=f"{self._words[0]}: not done within {self._timeout:g} s, and killed")
        finally:
            await _ended(process)
        return None if ended == 0 else Refusal(why=f"{self._words[0]}: ended with {_how(ended)}")


async def _given(process: Process, data: bytes) -> None:
    """Give it all; a program that doesn't read is as good as one that does."""
    assert process.stdin is not None  # noqa: S101 - it was asked for
    try:
        process.stdin.write(data)
        await process.stdin.drain()
        process.stdin.close()
        await process.stdin.wait_closed()
    except (BrokenPipeError, ConnectionResetError):
        return


async def _ended(process: Process) -> None:
    """One that goes on is killed, with all it started: it has a session, and so a group, of its own."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):  # it has just ended
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def _how(ended: int) -> str:
    return f"signal {-ended}" if ended < 0 else str(ended)
