"""How a crawl goes, in figures; and what it tells."""

from __future__ import annotations

from typing import Literal

from crawler.model import Kind, Millis, Seconds, Value
from crawler.pipeline import Kept, Read

PAGE_KINDS = frozenset({Kind.PAGE, Kind.TARGET})
PASSING_KINDS = PAGE_KINDS | {Kind.ASSET}
"""What is asked for until it came: a crawl that ends waits for it."""

Told = Kept | Read
"""What a crawl tells its onlooker: each commit."""


class Settings(Value, frozen=True, kw_only=True):
    """How much at once. Times in seconds, `ttl` and `delay` in ms."""

    goal: Literal["forever", "once", "drained"] = "forever"
    """`once`: each source asked once, then all pages due within a minute. `drained`: until the queue is empty."""
    hosts: int = 64
    urls_a_lease: int = 8
    ttl: Millis = 180_000
    delay: Millis = 2_000
    group_size: int = 64
    group_wait: Seconds = 0.2
    batch: int = 64
    readers: int = 2
    grace: Seconds = 20
    """For requests in flight when told to stop."""
    once_within: Seconds = 60
    tidy_every: Seconds = 60
    reclaim_delay: Millis = 2_000
    keep: Seconds = 366 * 86_400
    """What is older and isn't needed is forgotten (`Catalog.forget`)."""
    pages_a_day: int | None = None
    """Of one host (`traps.Budget`), and as many assets; None: as many as there are."""
