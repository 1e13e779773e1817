"""Whether there is room on our disks: asked before anybody is asked for something that would have to be kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import structlog

from crawler.model import Seconds, Value
from crawler.ports import Clock

log = structlog.get_logger()

_EVERY: Final[Seconds] = 1.0
"""Between two looks: at 100 MB a second a margin of 1 GB lasts for ten of them."""

_SHARE: Final = 20
"""Of a disk on which the margin would be more than a twentieth, a twentieth is the margin."""


class Disk(Value, frozen=True, kw_only=True):
    """A disk, in bytes."""

    place: Path
    free: int
    """For us; what is kept for root isn't in it."""
    least: int

    @property
    def low(self) -> bool:
        """Less than the margin is free."""
        return self.free < self.least


def disk(place: Path, least: int) -> Disk:
    """How much is free where a folder lies. One that isn't there, or can't be looked at, has room: whoever writes will hear."""
    try:
        said = os.statvfs(place)
    except OSError:
        return Disk(place=place, free=0, least=0)
    return Disk(place=place, free=said.f_bavail * said.f_frsize, least=min(least, said.f_blocks * said.f_frsize // _SHARE))


class Watermark:
    """Holds a crawl while the room on its disks is low, and says so when that begins and ends."""

    def __init__(self, places: Sequence[Path], least: int, clock: Clock, look: Callable[[Path, int], Disk] = disk) -> None:
        self._places = places
        self._least = least
        self._clock = clock
        self._disk = look
        self._looked_at: Seconds | None = None
        self.low: Disk | None = None
        """The first disk without room, at the last look."""
        self.when_low: Callable[[], None] = lambda: None
        """Hears of it when it begins."""

    def open(self) -> bool:
        """Whether there is room; looks at the disks once a second at most."""
        now = self._clock.monotonic()
        if self._looked_at is None or now - self._looked_at >= _EVERY:
            self._looked_at = now
            self._look()
        return self.low is None

    def _look(self) -> None:
        low = next((one for one in (self._disk(place, self._least) for place in self._places) if one.low), None)
        if low is not None and self.low is None:
            hint = "make room, or lower archive.free_least; nothing new is asked for meanwhile"
            log.error("disk_low", place=str(low.place), free_mb=low.free >> 20, least_mb=low.least >> 20, hint=hint)
            self.when_low()
        if low is None and self.low is not None:
            log.info("disk_has_room", place=str(self.low.place))
        self.low = low
