"""How many bytes of answers may be in memory at once, on their way from the wire to the disk."""

from __future__ import annotations

import asyncio
from typing import Final

FREE_BYTES: Final = 1 << 20
"""Of a body, for which no room is asked while it arrives: with a page of usual size nobody waits."""
LEAST_FREE_BYTES: Final = 256 << 10
"""The same where many large ones arrive at once: a hundred of nearly 1 MB are 100 MB."""
_MOST_FREE: Final = 4 << 20
"""From so many bytes in bodies without room on: 64 pages of usual size."""


class Room:
    """Whoever has something large takes room for it before, and gives it back behind; nobody waits for more than there is.

    One that is larger than all of it is let in when nobody else is there.
    """

    def __init__(self, most: int = 16 << 20) -> None:
        self._most = most
        self._used = 0
        self._free = 0
        self._given = asyncio.Event()

    async def take(self, size: int) -> None:
        """Wait until there is room, and take it."""
        while self._used and self._used + size > self._most:
            await self._given.wait()
        self._used += size

    def hold(self, size: int) -> None:
        """Take it without waiting: for what had room until this moment, under another name."""
        self._used += size

    def count(self, size: int) -> None:
        """So much more (or less) has arrived of bodies that have no room."""
        self._free += size

    @property
    def free_bytes(self) -> int:
        """How much of a body may arrive, just now, without room."""
        return FREE_BYTES if self._free <= _MOST_FREE else LEAST_FREE_BYTES

    def give(self, size: int) -> None:
        """Give it back."""
        self._used -= size
        waiting, self._given = self._given, asyncio.Event()
        waiting.set()
