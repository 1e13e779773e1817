"""Being a child: tasks come on stdin, answers go to stdout, and it can be killed at any moment. Started by exec, never by fork.

It ends when its stdin does. A page may cost it `seconds` of CPU: then the kernel ends it, also where no code of ours gets a
turn any more, and also when nobody is left to kill it.
"""

from __future__ import annotations

import fcntl
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO, Final

from crawler.model import Discovery, ParseTask, Value
from crawler.parse import frames
from crawler.parse.frames import Batch

_HELD_BACK: Final = 0.1
_BUFFER: Final = 1 << 20


class Bounds(Value, frozen=True, kw_only=True):
    """What a child may use up: the words of its command line, in this order."""

    memory_bytes: int
    seconds: float
    limit: int
    """Bytes of decoded content."""
    turns: int
    """What all children share (`turns.make`)."""
    marks: int
    """Where a byte is written for each page begun: the pool sees by it which one takes long, or was the end of us."""
    at_hand: int
    """Where answers lie that were kept just now (`crawler.at_hand`)."""

    @classmethod
    def from_words(cls, words: list[str]) -> Bounds:
        """Read the command line."""
        memory, seconds, *numbers = words
        limit, turns, marks, at_hand = map(int, numbers)
        return cls(memory_bytes=int(memory), seconds=float(seconds), limit=limit, turns=turns, marks=marks, at_hand=at_hand)


def serve(answer: Callable[[ParseTask], Discovery], bounds: Bounds) -> None:
    """Answer batches until stdin ends. A defect in a reader ends the process: the pool finds out on which page."""
    answers = _own_stdout()
    _restrain(bounds.memory_bytes)
    answers.write(frames.READY)
    answers.flush()
    while (batch := _next(sys.stdin.buffer)) is not None:
        sent_at = time.monotonic()
        for task in batch.tasks:
            os.write(bounds.marks, b".")
            signal.setitimer(signal.ITIMER_PROF, bounds.seconds)
            answers.write(_answered(answer, task))
            signal.setitimer(signal.ITIMER_PROF, 0)
            if time.monotonic() - sent_at > _HELD_BACK:
                answers.flush()
                sent_at = time.monotonic()
        answers.flush()


def _answered(answer: Callable[[ParseTask], Discovery], task: ParseTask) -> bytes:
    try:
        return frames.pack_found(answer(task))
    except MemoryError:
        os._exit(frames.OUT_OF_MEMORY)


def _own_stdout() -> BinaryIO:
    """Our way to the pool; what a library prints goes to stderr, not between two answers."""
    ours = os.dup(1)
    os.dup2(2, 1)
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):  # as much as one may have: with 64 KB the pool is woken for every fifth page
            fcntl.fcntl(ours, fcntl.F_SETPIPE_SZ, _BUFFER)
    return os.fdopen(ours, "wb", buffering=_BUFFER)


def _restrain(memory_bytes: int) -> None:
    """Little memory, no core dump, no file written. macOS doesn't know the first."""
    if sys.platform == "linux":
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = memory_bytes if hard == resource.RLIM_INFINITY else min(memory_bytes, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _next(stdin: BinaryIO) -> Batch | None:
    head = stdin.read(frames.HEAD)
    if len(head) < frames.HEAD:
        return None
    content = stdin.read(size := frames.length(head))
    return frames.unpack_batch(content) if len(content) == size else None
