"""One deadline for many waits that are all as long: one timer, not one for each page, of whose time it took 3 %.

Timers that are set and cancelled again also lie in the loop for as long as they would have run: a minute's worth of pages.
"""

from __future__ import annotations

import asyncio
from types import TracebackType

from crawler.model import Seconds


class Deadlines:
    """`with deadlines.one():` ends what a task does inside after so many seconds, as `asyncio.timeout` does."""

    def __init__(self, seconds: Seconds) -> None:
        self._seconds = seconds
        self._running: dict[Deadline, None] = {}
        self._timer: asyncio.TimerHandle | None = None

    def one(self) -> Deadline:
        """For the task that enters it, from then on."""
        return Deadline(self)

    def begin(self, deadline: Deadline) -> Seconds:
        """Watch over one; returns when it ends, by the loop's clock."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._seconds
        self._running[deadline] = None
        if self._timer is None:
            self._timer = loop.call_at(until, self._ring)
        return until

    def end(self, deadline: Deadline) -> None:
        """It is over, in time or not."""
        self._running.pop(deadline, None)

    def _ring(self) -> None:
        """They end in the order in which they began: whoever is late stands first."""
        self._timer = None
        loop = asyncio.get_running_loop()
        while self._running:
            first = next(iter(self._running))
            if first.until > loop.time():
                self._timer = loop.call_at(first.until, self._ring)
                return
            self.end(first)
            first.expire()


class Deadline:
    """One of them.

    Raises:
        TimeoutError: it is over, and what was done inside wasn't.
    """

    def __init__(self, all_: Deadlines) -> None:
        self._all = all_
        self._task: asyncio.Task[object] | None = None
        self._cancelling = 0
        self._expired = False
        self.until: Seconds = 0.0

    def __enter__(self) -> None:
        task = self._task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a deadline is for a task")
        self._cancelling = task.cancelling()
        self.until = self._all.begin(self)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._all.end(self)
        # Who was cancelled by others too stays cancelled (as `asyncio.timeout` has it).
        if self._expired and self._task and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise TimeoutError from error

    def expire(self) -> None:
        """The time is up."""
        self._expired = True
        if self._task is not None:
            self._task.cancel()
