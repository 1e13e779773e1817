"""What of a site can be watched: its feeds, sitemaps and sections, looked for as gently as it is crawled.

Robots.txt and the hosts' gaps hold, together with a daemon that asks the same hosts. Nothing is archived.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Final, Literal, Protocol, assert_never

from crawler import robots, urls
from crawler.messages import read_response
from crawler.model import (
    Broken,
    Fetched,
    Freed,
    HostId,
    Kind,
    Lease,
    Millis,
    Outcome,
    Redirected,
    Refused,
    Request,
    Seconds,
    Unasked,
    Unchanged,
    Url,
    Value,
)
from crawler.pipeline import Tools, Turn
from crawler.ports import LeaseLost
from crawler.preflight import MOST_BYTES
from crawler.sources.discovery import named_sitemaps, usual_places
from crawler.sources.glance import Glance, Watchable, glance

How = Literal["page", "link", "header", "robots", "usual place", "menu"]
"""Where an address was found; `page`: it is the one that was named."""

MOST_ASKED: Final = 40
"""Addresses of one site; at a gap of 2 s that is a minute and a half."""
_HOPS: Final = 5  # as many as RFC 9309 (section 2.3.1.2) has us follow for robots.txt
_BUSY: Final[Seconds] = 0.25  # until a host that another process holds is looked at again
_KINDS: Final = {"feed": Kind.FEED, "sitemap": Kind.SITEMAP}


class Tried(Value, frozen=True, kw_only=True, omit_defaults=False):
    """An address, and what it turned out to be."""

    url: Url
    how: How
    kind: Watchable | None
    """None: nothing to watch."""
    title: str | None = None
    items: int = 0
    newest: Millis | None = None
    said: str | None = None
    """Why it is nothing, or what is wrong with it."""
    reason: str | None = None
    """Why no answer came that can be used, as in `crawler.setbacks`; `busy`: another process asks its host."""


class Scout(Protocol):
    """Asks for one address after the other."""

    async def ask(self, url: Url, kind: Kind) -> tuple[Url, Outcome]:
        """What came, and of which address: redirects are followed."""

    async def sitemaps(self, url: Url) -> tuple[str, ...]:
        """What the robots.txt of an address names, as far as it is known from asking."""

    def now(self) -> Millis:
        """The time."""


class HostScout:
    """A scout that holds the hosts it asks until it is done. Make one with `open_scout`."""

    def __init__(self, tools: Tools, ttl: Millis, waits: Seconds) -> None:
        self._tools = tools
        self._ttl = ttl
        self._waits = waits
        self._held: dict[HostId, tuple[Lease, Turn]] = {}
        self._robots: dict[str, tuple[str, ...]] = {}

    async def ask(self, url: Url, kind: Kind) -> tuple[Url, Outcome]:
        """As `Scout.ask`."""
        outcome: Outcome = Refused(reason="hops", detail=f"more than {_HOPS} redirects")
        for _ in range(_HOPS + 1):
            outcome = await self._once(url, kind)
            if not isinstance(outcome, Redirected):
                return url, outcome
            url = outcome.target
        return url, Refused(reason="hops", detail=f"more than {_HOPS} redirects")

    async def sitemaps(self, url: Url) -> tuple[str, ...]:
        """As `Scout.sitemaps`."""
        origin = urls.origin(url)
        if origin not in self._robots:
            copy = await self._tools.store.robots(origin)
            self._robots[origin] = robots.verdict(copy).sitemaps if copy else ()
        return self._robots[origin]

    def now(self) -> Millis:
        """As `Scout.now`."""
        return self._tools.clock.now()

    async def _once(self, url: Url, kind: Kind) -> Outcome:
        turn = await self._turn(urls.host(url))
        if turn is None:
            return Unasked(ours=f"another process holds {urls.host(url)}")
        try:
            outcome = await turn.fetch(Request(url=url, kind=kind))
        except LeaseLost:
            return Unasked(ours=f"another process took {urls.host(url)} over")
        copy = turn.take_copy()
        if copy is not None:
            self._robots[copy.origin] = robots.verdict(copy).sitemaps
        return outcome

    async def _turn(self, host: str) -> Turn | None:
        host_id = urls.host_id(host)
        held = self._held.get(host_id)
        if held is not None:
            return held[1]
        clock, until = self._tools.clock, self._tools.clock.monotonic() + self._waits
        while True:
            lease = await self._tools.store.lease_host(self._tools.worker, host, host_id, ttl=self._ttl, now=clock.now())
            if lease is not None:
                turn = self._tools.turn(lease, lambda: False)
                self._held[host_id] = (lease, turn)
                return turn
            if clock.monotonic() >= until:
                return None
            await clock.sleep(_BUSY)

    async def close(self) -> None:
        """Give the hosts back."""
        freed = [
            Freed(host_id=host_id, epoch=lease.epoch, polite_at=turn.polite_at())
            for host_id, (lease, turn) in self._held.items()
        ]
        self._held = {}
        await self._tools.store.release(self._tools.worker, freed, self._tools.clock.now())


@asynccontextmanager
async def open_scout(tools: Tools, *, ttl: Millis, waits: Seconds) -> AsyncIterator[HostScout]:
    """A scout; `ttl` is the length of a lease in ms, `waits` how long it waits for a host that somebody else holds."""
    scout = HostScout(tools, ttl, waits)
    try:
        yield scout
    finally:
        await scout.close()


async def discover(site: Url, scout: Scout, tell: Callable[[Tried], None], *, thorough: bool = False) -> list[Tried]:
    """All that was tried, in its order; `tell` is given each at once.

    First the address itself; then what its head, its answer's header and robots.txt name; where nothing of that is a feed or a
    sitemap (or `thorough`), the usual places. Sections its menu leads to stand last and aren't asked for.
    """
    tried: list[Tried] = []

    def told(one: Tried) -> Tried:
        tried.append(one)
        tell(one)
        return one

    url, outcome = await scout.ask(site, Kind.TARGET)
    first = await _seen(url, outcome, scout)
    told(_tried(url, "page", outcome, first))
    if first is None or first.kind in ("feed", "sitemap"):
        return tried
    known = {urls.dedupe_key(site), urls.dedupe_key(url)}
    named = _named(first, named_sitemaps(await scout.sitemaps(url), url=url))
    await _ask_all(named, known, scout, told)
    if thorough or not any(one.kind in ("feed", "sitemap") for one in tried):
        await _ask_all([(place, "usual place") for place in usual_places(url)], known, scout, told)
    for section in first.sections:
        if urls.dedupe_key(section) not in known:
            told(Tried(url=section, how="menu", kind="section"))
    return tried


def _named(page: Glance, sitemaps: Iterable[Url]) -> list[tuple[Url, How]]:
    found: list[tuple[Url, How]] = [(feed, "link") for feed in page.feeds]
    found += [(feed, "header") for feed in page.header_feeds]
    return [*found, *((sitemap, "robots") for sitemap in sitemaps)]


async def _ask_all(places: Iterable[tuple[Url, How]], known: set[str], scout: Scout, told: Callable[[Tried], object]) -> None:
    for place, how in places:
        if urls.dedupe_key(place) in known or len(known) > MOST_ASKED:
            continue
        known.add(urls.dedupe_key(place))
        url, outcome = await scout.ask(place, Kind.SITEMAP if how == "robots" else Kind.FEED)
        known.add(urls.dedupe_key(url))
        seen = await _seen(url, outcome, scout)
        one = _tried(url, how, outcome, seen)
        # What isn't a feed there is any page of the site: only its front page was named to be looked at.
        told(one if one.kind != "section" else Tried(url=url, how=how, kind=None, said="an HTML page"))


async def _seen(url: Url, outcome: Outcome, scout: Scout) -> Glance | None:
    """What came, looked at off the loop: a page may take a second."""
    if not isinstance(outcome, Fetched):
        return None
    block, now = outcome.exchanges[-1].response, scout.now()
    return await asyncio.to_thread(lambda: glance(read_response(block, MOST_BYTES), url=url, now=now))


def _tried(url: Url, how: How, outcome: Outcome, seen: Glance | None) -> Tried:
    if seen is not None:
        return Tried(url=url, how=how, kind=seen.kind, title=seen.title, items=seen.items, newest=seen.newest, said=seen.said)
    match outcome:
        case Refused() | Broken():
            return Tried(url=url, how=how, kind=None, said=outcome.detail, reason=outcome.reason)
        case Unasked():
            return Tried(url=url, how=how, kind=None, said=outcome.ours or "it wasn't asked", reason="busy")
        case Unchanged() | Redirected() | Fetched():
            return Tried(url=url, how=how, kind=None, said="an answer without content")
        case _:
            assert_never(outcome)
