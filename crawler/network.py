"""Whether anybody answers: where nobody does, our own network or machine is at fault, and not so many hosts at once."""

from __future__ import annotations

from typing import Final

import structlog

from crawler.model import Broken, Outcome, Seconds, Unasked
from crawler.ports import Clock

log = structlog.get_logger()

HOSTS: Final = 3
"""So many hosts in a row without any answer in between: then it isn't theirs."""
_LONG: Final[Seconds] = 60
"""A silence after which much is due at once."""
_FIRST: Final = 4
"""So many hosts are asked at once when it is over, and one more each second: of 1,000 overdue feeds 20 at first, not 300."""


class Network:
    """Listens to all outcomes. While nobody answers, failures are nobody's: jobs are put back, no host is blamed.

    One host is asked meanwhile, after `least` seconds, then after twice as many, `most` at most; the first answer ends it.
    Without `lasts` nothing is changed: whoever waits for a one-shot wants to know.
    """

    def __init__(self, clock: Clock, *, lasts: bool, least: Seconds = 1, most: Seconds = 60) -> None:
        self._clock = clock
        self._lasts = lasts
        self._least = least
        self._most = most
        self._silent: set[str] = set()
        self._since: Seconds | None = None
        self._back: Seconds | None = None
        self._pause = least
        self._next: Seconds = 0

    @property
    def down(self) -> bool:
        """Nobody answers: only probes are sent."""
        return self._since is not None

    def at_once(self, most: int) -> int:
        """How many hosts may be asked at once: `most`, but for the first minute after a long silence."""
        if self._back is None:
            return most
        return min(most, _FIRST + int(self._clock.monotonic() - self._back))

    def judged(self, host: str, outcome: Outcome) -> Outcome:
        """An outcome as it counts; a failure while nobody answers is `Unasked`."""
        if outcome.exchanges:
            self._answered()
            return outcome
        why = _silence(outcome)
        if not self._lasts or why is None:
            return outcome
        self._silent.add(host)
        if not self.down and (len(self._silent) >= HOSTS or isinstance(outcome, Unasked)):
            self._go_down(why)
        return Unasked() if self.down else outcome

    def may_probe(self) -> bool:
        """Whether it is time to ask one host; the next time comes later."""
        if self._clock.monotonic() < self._next:
            return False
        self._pause = min(self._most, 2 * self._pause)
        self._next = self._clock.monotonic() + self._pause
        return True

    def _go_down(self, why: str) -> None:
        self._since = self._clock.monotonic()
        self._pause = self._least
        self._next = self._since + self._pause
        log.warning("nobody_is_asked", why=why, hosts=len(self._silent), again_in=self._pause)

    def _answered(self) -> None:
        self._silent.clear()
        if self._since is not None:
            now = self._clock.monotonic()
            log.info("asking_again", after=round(now - self._since, 1))
            self._back = now if now - self._since >= _LONG else None
            self._since = None


def _silence(outcome: Outcome) -> str | None:
    """Why nobody answered; None: somebody did, or nobody was asked."""
    match outcome:
        case Unasked(ours=why) if why:
            return why
        case Broken(reason="dns" | "connect" | "timeout", detail=detail):
            return detail
        case _:
            return None
