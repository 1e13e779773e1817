"""New articles taken into the index of the search while a crawl runs, so that the first search needn't."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import structlog

from crawler import searching
from crawler.model import Seconds
from crawler.ports import Clock, StoreError
from crawler.search.terms import forget_words
from crawler.store.search import OnIndex, Unread

log = structlog.get_logger()

_SOME: Final = 20
"""Articles at a time: some 10 ms in which nobody else has the store."""
_LEAST: Final[Seconds] = 2.0
_SHARE: Final = 40
"""It rests for so many times what it took: at most a fortieth of a processor, however fast articles come."""
_LONG: Final[Seconds] = 3600.0  # a store that can't be indexed isn't mended in minutes, and a search says what is wrong


async def keep_indexed(on_index: OnIndex, root: Path, clock: Clock) -> None:
    """Take in what is new, a little at a time, until cancelled. Where that fails a search will do it.

    With a connection of its own it would have the store's forget, every two seconds, all it has read: that was a tenth of a
    daemon's memory, come and gone.
    """
    rest = _LEAST
    while True:
        await clock.sleep(rest)
        begun = clock.monotonic()
        try:
            await _take_in(on_index, root)
            rest = max(_LEAST, _SHARE * (clock.monotonic() - begun))
        except StoreError as error:
            rest = _LONG
            log.info("not_indexed", error=str(error), again_in=rest)


async def _take_in(on_index: OnIndex, root: Path) -> None:
    after, some = await on_index(lambda index: searching.unread(index, _SOME))
    if some:
        found = await asyncio.to_thread(_documents, some, root)
        await on_index(lambda index: searching.add(index, found, after, some))


def _documents(some: Sequence[Unread], root: Path) -> searching.Readings:
    found = searching.documents(some, root)
    # Known to the next few articles they'd save half of a millisecond each, and be the most that grows in a long life.
    forget_words()
    return found
