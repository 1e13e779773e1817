"""New articles taken into the index of the search while a crawl runs, so that the first search needn't."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

import structlog

from crawler.model import Seconds
from crawler.ports import Clock, StoreError
from crawler.search.terms import forget_words
from crawler.searching import take_in
from crawler.store.search import open_index

log = structlog.get_logger()

_SOME: Final = 20
"""Articles at a time: some 20 ms in which nobody else writes the store."""
_LEAST: Final[Seconds] = 2.0
_SHARE: Final = 40
"""It rests for so many times what it took: at most a fortieth of a processor, however fast articles come."""
_LONG: Final[Seconds] = 3600.0  # a store that can't be indexed isn't mended in minutes, and a search says what is wrong


async def keep_indexed(store: Path, root: Path, clock: Clock) -> None:
    """Take in what is new, a little at a time in a thread, until cancelled. Where that fails a search will do it."""
    rest = _LEAST
    while True:
        await clock.sleep(rest)
        begun = clock.monotonic()
        try:
            await asyncio.to_thread(_some, store, root)
            rest = max(_LEAST, _SHARE * (clock.monotonic() - begun))
        except StoreError as error:
            rest = _LONG
            log.info("not_indexed", error=str(error), again_in=rest)


def _some(store: Path, root: Path) -> None:
    with open_index(store) as index:
        take_in(index, root, _SOME)
    # Known to the next few articles they'd save half of a millisecond each, and be the most that grows in a long life.
    forget_words()
