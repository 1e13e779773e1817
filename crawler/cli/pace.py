"""How far a long command is: done, rate, and how long the rest takes; on a terminal's stderr, nowhere else."""

from __future__ import annotations

import time
from typing import Final

from crawler.cli.progress import Progress
from crawler.model import Seconds

_EVERY: Final[Seconds] = 0.2
"""What changes more often can't be read."""


class Pace(Progress):
    """A line that moves by steps: `steps` begins it, `step` goes on."""

    def __init__(self, what: str, *, quiet: bool = False) -> None:
        super().__init__("…", quiet=quiet)
        self._what = what
        self._total = self.done = 0
        self._begun = self._shown = time.monotonic()

    def steps(self, total: int) -> None:
        """Say how many there are."""
        self._total += total

    def step(self) -> None:
        """One more is done."""
        self.at(self.done + 1, self._total)

    def at(self, done: int, total: int) -> None:
        """So many are done, of so many."""
        self.done, self._total = done, total
        now = time.monotonic()
        if now - self._shown >= _EVERY:
            self._shown = now
            self.show(told(self._what, self.done, self._total, now - self._begun))

    def seconds(self) -> Seconds:
        """How long it took so far."""
        return time.monotonic() - self._begun


def told(what: str, done: int, total: int, seconds: float) -> str:
    """`1,200 of 5,000 articles · 400 a second · 9 s left`."""
    rate = done / seconds if seconds > 0 else 0.0
    left = f" · {_span((total - done) / rate)} left" if rate > 0 and total >= done else ""
    return f"{done:,} of {total:,} {what} · {rate:,.{0 if rate >= 10 else 1}f} a second{left}"


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
