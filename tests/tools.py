"""A worker's tools, put together from real parts: what isn't named is as plain as can be."""

from __future__ import annotations

import asyncio
from itertools import count

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
