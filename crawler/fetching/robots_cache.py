"""robots.txt before everything else: a fresh copy for each origin, kept in memory and in the store (RFC 9309)."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final

from msgspec.structs import replace

from crawler import politeness, urls
from crawler.fetching.paced import Pace
from crawler.messages import read_response
from crawler.model import (
    Broken,
    Exchange,
    Fetched,
    Kind,
    Millis,
    Outcome,
    Redirected,
    Refused,
    Request,
    RobotsCopy,
    Seconds,
    SourceId,
    Unasked,
    Url,
    Value,
)
from crawler.ports import Clock, Fetcher
from crawler.robots import MOST_BYTES, PATH, Rules, reachable, verdict

FRESH: Final[Millis] = 24 * 3_600_000
"""How long a copy holds (RFC 9309, section 2.4)."""

AGAIN: Final[Millis] = 3_600_000
"""When to ask again if robots.txt can't be reached and we go on with an older copy, or if it is another host's."""

SOON: Final[Millis] = 600_000
"""When to ask again if it can't be reached and nothing may be asked for until it is."""

BUSY: Final[Millis] = 5_000
"""When to try again if robots.txt lies on a host that somebody else is asking."""

Abroad = Callable[[Request], Awaitable[Outcome | None]]
"""Ask another host than the leased one, under a lease of its own. None: it may not be asked now."""

_MOST_REDIRECTS: Final = 5
_MOST_MEMORY: Final = 32 << 20
_MOST_WIRE: Final = 2 * MOST_BYTES
_OFF_LOOP: Final = 32 << 10
_LEAF_BYTES: Final = 2048


class Leaf(Value, frozen=True, kw_only=True):
    """A copy, read."""

    copy: RobotsCopy
    rules: Rules


class Book:
    """The copies at hand: the store's, and those lately used already read. One for all leases."""

    def __init__(self, kept: Callable[[str], Awaitable[RobotsCopy | None]]) -> None:
        """`kept` looks up the store's copy of an origin."""
        self._kept = kept
        self._leaves: OrderedDict[str, Leaf] = OrderedDict()
        self._bytes = 0

    async def find(self, origin: str) -> Leaf | None:
        """What is known of an origin, fresh or not."""
        leaf = self._leaves.get(origin)
        if leaf is not None:
            self._leaves.move_to_end(origin)
            return leaf
        copy = await self._kept(origin)
        return await self.put(copy) if copy is not None else None

    async def put(self, copy: RobotsCopy) -> Leaf:
        """Read a copy and remember it; the least used make room."""
        rules = await asyncio.to_thread(verdict, copy) if len(copy.body) > _OFF_LOOP else verdict(copy)
        leaf = Leaf(copy=copy, rules=rules)
        self._drop(copy.origin)
        self._leaves[copy.origin] = leaf
        self._bytes += _weight(leaf)
        while self._bytes > _MOST_MEMORY:
            self._drop(next(iter(self._leaves)))
        return leaf

    def _drop(self, origin: str) -> None:
        leaf = self._leaves.pop(origin, None)
        if leaf is not None:
            self._bytes -= _weight(leaf)


def _weight(leaf: Leaf) -> int:
    return _LEAF_BYTES + len(leaf.copy.body)


class _Heard(Value, frozen=True, kw_only=True):
    """What asking for a robots.txt came to, redirects followed."""

    exchanges: tuple[Exchange, ...]
    status: int
    """0: unreachable."""
    body: bytes = b""
    good_for: Millis = FRESH
    silent: Broken | Refused | Unasked | None = None
    """There is no answer, or none was asked for. The page would fare alike; it isn't remembered."""
    retry_after: Seconds = 0


class RobotsFetcher:
    """A `Fetcher` that asks only for what robots.txt allows. One a lease; the pace learns the Crawl-delay.

    robots.txt itself goes through `inner`, in its turn like any request. Redirects are followed to other hosts, too (RFC 9309,
    section 2.3.1.2): what is found there holds for the origin that was asked. The copy kept for that host counts if it is
    fresh; else it is asked through `abroad`, and while it may not be, our job waits.
    """

    def __init__(
        self, inner: Fetcher, book: Book, pace: Pace, clock: Clock, *, abroad: Abroad, crawl_delay_most: Seconds
    ) -> None:
        self._inner = inner
        self._abroad = abroad
        self._book = book
        self._pace = pace
        self._clock = clock
        self._crawl_delay_most = crawl_delay_most
        self._fresh: RobotsCopy | None = None
        self._rights: dict[str, str] = {}

    def take_copy(self) -> RobotsCopy | None:
        """The copy that was fetched since the last call, for the store; None: none was."""
        copy, self._fresh = self._fresh, None
        return copy

    def rights(self) -> dict[str, str]:
        """What the robots.txt that spoke for the last request says on reuse (`Rules.rights`)."""
        return self._rights

    async def fetch(self, request: Request) -> Outcome:
        """As `Fetcher.fetch`; exchanges of robots.txt, where it had to be asked for, come before the answer's."""
        self._rights = {}
        if urls.scheme(request.url) == "urn":
            return await self._inner.fetch(request)
        origin = urls.origin(request.url)
        leaf = await self._book.find(origin)
        if leaf is not None and self._clock.now() < leaf.copy.until:
            return await self._judged(leaf, request)
        heard = await self._ask(Url(origin + PATH), request.source)
        answered = leaf is not None and reachable(leaf.copy.status)
        if heard.silent is not None and not answered:
            return replace(heard.silent, exchanges=heard.exchanges)
        copy = self._kept(leaf.copy) if leaf and answered and not reachable(heard.status) else self._new(origin, heard)
        self._fresh = copy
        outcome = await self._judged(await self._book.put(copy), request)
        return replace(outcome, exchanges=heard.exchanges + outcome.exchanges)

    async def _judged(self, leaf: Leaf, request: Request) -> Outcome:
        self._pace.widen(politeness.gap(0, leaf.rules.crawl_delay, most=self._crawl_delay_most))
        self._rights = leaf.rules.rights
        if leaf.rules.allows(request.url):
            return await self._inner.fetch(request)
        copy = leaf.copy
        if reachable(copy.status):
            return Refused(reason="robots", detail=f"{copy.origin}{PATH} disallows it")
        why = f"status {copy.status}" if copy.status else "nothing answers where it leads"
        wait = max(0, copy.until - self._clock.now()) / 1000
        return Refused(reason="robots_unreachable", detail=f"{copy.origin}{PATH} can't be read: {why}", retry_after=wait)

    def _kept(self, old: RobotsCopy) -> RobotsCopy:
        """While robots.txt is unreachable, an older copy that was an answer stays in force."""
        return replace(old, until=self._clock.now() + AGAIN)

    def _new(self, origin: str, heard: _Heard) -> RobotsCopy:
        now = self._clock.now()
        wait = heard.good_for if reachable(heard.status) else max(SOON, min(FRESH, round(heard.retry_after * 1000)))
        return RobotsCopy(
            origin=origin,
            host_id=urls.host_id(urls.host(origin)),
            status=heard.status,
            body=heard.body,
            fetched_at=now,
            until=now + wait,
        )

    async def _ask(self, url: Url, source: SourceId | None) -> _Heard:
        exchanges: tuple[Exchange, ...] = ()
        home = urls.host(url)
        for _ in range(_MOST_REDIRECTS + 1):
            away = urls.host(url) != home
            if away and (copy := await self._known(url)):
                return _Heard(exchanges=exchanges, status=copy.status, body=copy.body, good_for=AGAIN)
            request = Request(url=url, kind=Kind.ROBOTS, source=source)
            outcome = await self._abroad(request) if away else await self._inner.fetch(request)
            if outcome is None:
                silent = Unasked(due_at=self._clock.now() + BUSY)
                return _Heard(exchanges=exchanges, status=0, silent=silent)
            exchanges += outcome.exchanges
            if not isinstance(outcome, Redirected):
                heard = await _heard(outcome, exchanges)
                # Of another host's silence nothing follows for the page but that robots.txt is unreachable.
                return replace(heard, silent=None) if away and not isinstance(outcome, Unasked) else heard
            url = outcome.target
        # More redirects than RFC 9309 has us follow: as if there were no file.
        return _Heard(exchanges=exchanges, status=exchanges[-1].status)

    async def _known(self, url: Url) -> RobotsCopy | None:
        """The copy of another host, if that is its robots.txt and fresh."""
        leaf = await self._book.find(urls.origin(url)) if urls.path(url) == PATH else None
        return leaf.copy if leaf and reachable(leaf.copy.status) and self._clock.now() < leaf.copy.until else None


async def _heard(outcome: Outcome, exchanges: tuple[Exchange, ...]) -> _Heard:
    match outcome:
        case Unasked() | Refused(reason="address"):
            return _Heard(exchanges=exchanges, status=0, silent=outcome)
        case Broken(reason=reason) if reason != "server":
            broken = replace(outcome, detail=f"robots.txt: {outcome.detail}")
            return _Heard(exchanges=exchanges, status=0, silent=broken)
        case Refused(reason="blocked") if not 400 <= exchanges[-1].status < 429:
            # A challenge in its place says nothing of what is allowed; a plain refusal does (section 2.3.1.3).
            blocked = replace(outcome, detail=f"robots.txt: {outcome.detail}")
            return _Heard(exchanges=exchanges, status=0, silent=blocked)
        case Refused(retry_after=wait):
            return _Heard(exchanges=exchanges, status=exchanges[-1].status, retry_after=wait or 0)
        case Fetched():
            return _Heard(exchanges=exchanges, status=exchanges[-1].status, body=await _body(exchanges[-1]))
        case _:
            return _Heard(exchanges=exchanges, status=exchanges[-1].status)


async def _body(exchange: Exchange) -> bytes:
    block = exchange.response[:_MOST_WIRE]
    if len(block) > _OFF_LOOP:
        return (await asyncio.to_thread(read_response, block, MOST_BYTES)).body
    return read_response(block, MOST_BYTES).body
