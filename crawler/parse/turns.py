"""One large page at a time over all children of a pool: each of them may take up what all other pages together don't.

A lock on a file without a name, which ends with the process that holds it. Where the system has no such file nobody waits.
"""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress
from typing import Final

from crawler.model import Seconds

NONE: Final = -1
"""In place of a descriptor: there are no turns."""

MOST_WAIT: Final[Seconds] = 6
"""Longer nobody waits: a page may cost 2 s of CPU, and a pool that hears nothing loses patience after 10."""

_LOOK: Final[Seconds] = 0.01


def make() -> int:
    """A descriptor for all children of a pool, to be closed; `NONE` where there can't be one."""
    if not hasattr(os, "memfd_create"):
        return NONE
    try:
        return os.memfd_create("warraq-turns")
    except OSError:
        return NONE


class Turn:
    """A child's: `take` it before something large, `leave` it behind."""

    def __init__(self, shared: int) -> None:
        self._lock = NONE
        with suppress(OSError):
            # opened anew: a descriptor that is inherited would share its lock with all who inherited it
            self._lock = os.open(f"/proc/self/fd/{shared}", os.O_RDWR) if shared != NONE else NONE
        self.taken = False
        """It is ours."""

    def take(self, most: Seconds = MOST_WAIT) -> None:
        """Wait until no other child has it, or as long as told. Twice does no harm."""
        until = time.monotonic() + most
        while not self.taken and self._lock != NONE:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self.taken = True
            except OSError:
                if time.monotonic() >= until:
                    return
                time.sleep(_LOOK)

    def leave(self) -> None:
        """Give it back. Twice does no harm."""
        if self.taken:
            self.taken = False
            fcntl.flock(self._lock, fcntl.LOCK_UN)
