"""What the services of a crawl have in common."""

from __future__ import annotations

import asyncio
from enum import Enum


class Signal(Enum):
    """What stands in a queue between services, besides work."""

    END = "nothing will come any more"


class Work:
    """Counts what was fetched and isn't done with; whoever leases is woken when something of it is."""

    def __init__(self) -> None:
        self._under_way = 0
        self.wake = asyncio.Event()

    @property
    def idle(self) -> bool:
        """Nothing is on its way from the wire to the catalog."""
        return not self._under_way

    def begin(self) -> None:
        """One more."""
        self._under_way += 1

    def done(self, number: int, *, due: bool = True) -> None:
        """So many are done with; `due`: somebody may be asked for it, or once more, within the second."""
        self._under_way -= number
        if due or self.idle:
            self.wake.set()
