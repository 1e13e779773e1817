"""The tempo all sources share: how much waiting makes a poll worth it, found anew as more is known of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from crawler import polling, schedule
from crawler.model import Millis, Poll, Seconds
from crawler.ports import Store
from crawler.schedule import Pace, Tempo

POLLS_A_DAY: Final = 24.0
_PLAIN: Final = Tempo()
_SOON: Final[Seconds] = 60
_HOUR: Final[Seconds] = 3600


class Pacemaker:
    """Holds the shared tempo. `steer` it at the start and whenever there is time: it looks at the sources hourly.

    At first more often: after a minute, two, four …, for the first documents of new sources tell the most.
    """

    def __init__(self, tempo: Tempo = _PLAIN, polls_a_day: float = POLLS_A_DAY) -> None:
        """`polls_a_day` is what a source may cost its publisher on average; of the tempo `theta` is what is found."""
        self.tempo = tempo
        self._polls_a_day = polls_a_day
        self._next: Millis = 0
        self._wait: Seconds = _SOON

    async def steer(self, store: Store, now: Millis) -> None:
        """Find theta anew if it is time. 10,000 sources take some 0.2 s, the most of it beside the loop."""
        if now < self._next <= now + round(_HOUR * 1000):
            return
        self._next = now + round(self._wait * 1000)
        self._wait = min(2 * self._wait, _HOUR)
        polls = await store.watched()
        theta = await asyncio.to_thread(_theta, polls, self.tempo, self._polls_a_day)
        if theta:
            self.tempo = replace(self.tempo, theta=theta)


def _theta(polls: Sequence[Poll], shared: Tempo, polls_a_day: float) -> float:
    return schedule.shared_theta([_pace(poll, shared) for poll in polls], polls_a_day)


def _pace(poll: Poll, shared: Tempo) -> Pace:
    return schedule.pace(poll.rhythm, polling.tempo(poll, shared))
