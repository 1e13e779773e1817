"""The time, the web and the reading of what it sent."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Protocol

from crawler.model import Discovery, Millis, Outcome, ParseTask, Request, Seconds


class Clock(Protocol):
    """Time, from one place, so that a month can be tested in a second."""

    def now(self) -> Millis:
        """Wall-clock ms since 1970 UTC: for records and for what is stored."""

    def monotonic(self) -> Seconds:
        """Seconds that never jump: for delays and deadlines within a process."""

    async def sleep(self, seconds: Seconds) -> None:
        """Wait; at once if `seconds` <= 0 (other tasks still get a turn)."""


class Fetcher(Protocol):
    """One request, or a few where the implementation wraps another: politeness, a second knock, robots."""

    async def fetch(self, request: Request) -> Outcome:
        """Ask once. Never raises for what a server or a network may do: that is the Outcome.

        The outcome's `exchanges` are all that went over the wire, in order, the answer last.

        Raises:
            LeaseLost: a wrapper found that the host isn't ours any more; nothing was sent.
        """


class Parser(Protocol):
    """Reads captures in children that can be killed."""

    def parse(self, tasks: Sequence[ParseTask]) -> AsyncGenerator[Mapping[int, Discovery], None]:
        """Read a batch. Answers come in parts, by the index of their tasks: who takes long holds up no other.

        First all that are read swiftly, perhaps none; then each other when it is done.
        Bad input, a crash or a time-out is a Discovery with `note`. Close it where it isn't read to its end.
        """

    async def close(self) -> None:
        """End the children."""
