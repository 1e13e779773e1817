"""A worker's tools, put together from real parts: what isn't named is as plain as can be."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import resource
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Final

from crawler.archive.names import segment_id
from crawler.fetching.turns import Turns
from crawler.network import Network
from crawler.patience import Patience
from crawler.pipeline import Tools
from crawler.room import Room
from crawler.settle import Policy
from crawler.timekeeping import Timekeeper


async def _nothing() -> None:
    pass


def tools(worker, clock, store, **parts) -> Tools:
    """At least `archive`, `parser` and `turn` must be named. A network that is gone is not waited for, nor is a disk."""
    serial = count(1)
    plain = {
        "chance": lambda: 0.5,
        "name_segment": lambda now: segment_id(now, next(serial), worker),
        "reclaim": _nothing,
        "publishing": asyncio.Lock(),
        "policy": Policy(),
        "patience": Patience(lasts=False),
        "room": Room(),
        "network": Network(clock, lasts=False),
        "time": Timekeeper(clock, store.clock_moved),
    }
    return Tools(worker=worker, clock=clock, store=store, **{**plain, **parts})


def turns(web, worker, clock, store, *, delay, knocks) -> Turns:
    """As the daemon paces itself, in front of this web."""
    return Turns(
        web,
        store=store,
        worker=worker,
        clock=clock,
        delay=delay,
        crawl_delay_most=300,
        ttl_ms=180_000,
        total=60,
        knocks=knocks,
    )


_OVERRIDES: Final = 0b110  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH


@contextlib.contextmanager
def modes_hold() -> Iterator[None]:
    """Nobody, root neither, may write in this thread and those it begins what its mode forbids (capabilities(7))."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    before = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; and the same of the upper half
    assert libc.capget(header, before) == 0
    without = (ctypes.c_uint32 * 6)(before[0] & ~_OVERRIDES, *before[1:])
    assert libc.capset(header, without) == 0
    try:
        yield
    finally:
        assert libc.capset(header, before) == 0


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """A folder as on a disk that can't be written to."""
    entries = [folder, *folder.rglob("*")]
    modes = [entry.stat().st_mode for entry in entries]
    for entry, mode in zip(entries, modes, strict=True):
        entry.chmod(mode & ~0o222)
    try:
        with modes_hold():
            yield
    finally:
        for entry, mode in zip(entries, modes, strict=True):
            entry.chmod(mode)


@contextlib.contextmanager
def no_file_grows_beyond(size: int) -> Iterator[None]:
    """As on a disk that gets full, at a place of a test's choice (EFBIG)."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
