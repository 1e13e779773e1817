"""How much memory this process took while something ran."""

from __future__ import annotations

import asyncio
import gc
import os
from pathlib import Path
from typing import Self

_STATM = Path("/proc/self/statm")
_EVERY = 0.005


class Watch:
    """Looks at this process's memory again and again; afterwards `more_bytes` is the most beyond what it began with."""

    def __init__(self) -> None:
        self.more_bytes = 0

    async def __aenter__(self) -> Self:
        gc.collect()
        self._begun = _resident()
        self._looking = asyncio.ensure_future(self._look())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._looking.cancel()
        self._note()

    async def _look(self) -> None:
        while True:
            self._note()
            await asyncio.sleep(_EVERY)

    def _note(self) -> None:
        self.more_bytes = max(self.more_bytes, _resident() - self._begun)


def _resident() -> int:
    """Bytes; 0 where the system doesn't tell it this way."""
    return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if _STATM.exists() else 0
