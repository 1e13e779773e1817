"""The fetcher that asks the network: aiohttp, tapped and guarded, one GET at a time."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from crawler import urls
from crawler.fetching import tap
from crawler.fetching.asking import Headers, Lines
from crawler.fetching.call import Call
from crawler.fetching.entrances import PLAIN, Entrances, NoSecretError, Way, proxy_of
from crawler.fetching.guard import Guard
from crawler.fetching.limits import Limits
from crawler.fetching.names import NameResolver
from crawler.fetching.resolving import GuardedResolver
from crawler.fetching.socks import SocksConnector
from crawler.model import Kind, Outcome, Refused, Request, Url
from crawler.ports import Clock
from crawler.room import Room

__all__ = ["HttpFetcher", "Limits", "open_fetcher"]

_FEED: Final = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
)
_PAGE: Final = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8"
_ACCEPT: Final[Mapping[Kind, str]] = {
    Kind.FEED: _FEED,
    Kind.PAGE: _PAGE,
    Kind.SECTION: _PAGE,
    Kind.SITEMAP: "application/xml, text/xml, */*;q=0.1",
    Kind.ROBOTS: "text/plain, */*;q=0.1",
    Kind.ASSET: "image/avif, image/webp, image/*, text/css, font/woff2, */*;q=0.8",
    Kind.TARGET: "text/html, application/xhtml+xml, application/atom+xml, application/rss+xml, */*;q=0.8",
}
# Never zstd: replay tools can't show it.
_CODINGS: Final = "gzip, deflate, br"
_SOCKS_PORT: Final = 1080

Proxied = Callable[[Way], Awaitable[Lines]]


class HttpFetcher:
    """A `Fetcher`: one request, at once, over the network. Holds no rule of when or whether."""

    def __init__(
        self,
        lines: Lines,
        *,
        guard: Guard,
        limits: Limits,
        agent: str,
        clock: Clock,
        insecure: Sequence[str] = (),
        room: Room | None = None,
        entrances: Entrances | None = None,
        proxied: Proxied | None = None,
    ) -> None:
        """`insecure` are hosts, with a port if only that one is meant, whose certificates aren't looked at.

        `room` is for all answers that aren't on the disk yet. `entrances` knows how single sources are asked, `proxied` gives
        the connections through a proxy.
        """
        self._entrances = entrances
        self._proxied = proxied
        self._room = room or Room()
        self._insecure = frozenset(insecure)
        self._lines = lines
        self._guard = guard
        self._limits = limits
        self._agent = agent
        self._clock = clock
        self._usual = {kind: self._said(kind, PLAIN) for kind in _ACCEPT}

    async def fetch(self, request: Request) -> Outcome:
        """As `Fetcher.fetch`; exchanges are stamped with the time at which this was called."""
        refusal = self._guard.url_refusal(request.url)
        if refusal is not None:
            return Refused(reason="address", detail=refusal)
        try:
            way = self._entrances.way(request) if self._entrances is not None else PLAIN
        except NoSecretError as error:
            return Refused(reason="forbidden", detail=str(error))
        lines = self._lines if way.proxy is None or self._proxied is None else await self._proxied(way)
        call = Call(request, self._limits, self._clock, self._room, verified=not self._is_insecure(request.url), way=way)
        try:
            await call.run(lines, self._headers(request, way))
            return call.outcome()
        finally:
            call.leave()

    def _is_insecure(self, url: Url) -> bool:
        return bool(self._insecure) and not self._insecure.isdisjoint((urls.host(url), urls.hostname(url)))

    def _headers(self, request: Request, way: Way) -> Headers:
        """Whoever has visited a page before says what it was then."""
        said = self._usual[request.kind] if way is PLAIN else self._said(request.kind, way)
        known = request.validators
        if known.etag is not None:
            said = (*said, ("If-None-Match", known.etag))
        if known.last_modified is not None:
            said = (*said, ("If-Modified-Since", known.last_modified))
        return said

    def _said(self, kind: Kind, way: Way) -> Headers:
        usual = (("User-Agent", way.agent or self._agent), ("Accept", _ACCEPT[kind]), ("Accept-Encoding", _CODINGS))
        own = {name.lower() for name, _ in way.headers}
        return (*(said for said in usual if said[0].lower() not in own), *way.headers)


@asynccontextmanager
async def open_fetcher(
    limits: Limits,
    *,
    agent: str,
    clock: Clock,
    allow: Sequence[str] = (),
    insecure: Sequence[str] = (),
    resolver: AbstractResolver | None = None,
    tls: ssl.SSLContext | None = None,
    room: Room | None = None,
    entrances: Entrances | None = None,
) -> AsyncIterator[HttpFetcher]:
    """A fetcher with connections of its own, closed at the end.

    `allow` are entries of `fetch.allow_private` (see `guard.permission`), `insecure` of `fetch.insecure_hosts`; `resolver` is
    asked in place of the system's, `tls` says whom to trust in its place; `entrances` knows how single sources are asked.

    Raises:
        ValueError: an entry of `allow` is no address or network.
    """
    guard = Guard(allow)
    connector = aiohttp.TCPConnector(
        # No limit here: aiohttp's time-outs count the wait for a connection, and who may ask is decided before.
        limit=0,
        resolver=GuardedResolver(resolver or NameResolver(patience=limits.dns), guard),
        socket_factory=guard.socket,
        ssl=tls or True,
        ttl_dns_cache=300,
    )
    async with AsyncExitStack() as stack:
        lines = await stack.enter_async_context(_tapped(connector, limits))
        proxied = Proxies(limits, tls, stack).lines
        yield HttpFetcher(
            lines,
            guard=guard,
            limits=limits,
            agent=agent,
            clock=clock,
            insecure=insecure,
            room=room,
            entrances=entrances,
            proxied=proxied,
        )


class Proxies:
    """The connections of each proxy, made when it is first needed and closed at the end."""

    def __init__(self, limits: Limits, tls: ssl.SSLContext | None, stack: AsyncExitStack) -> None:
        self._limits = limits
        self._tls = tls
        self._stack = stack
        self._lines: dict[str | None, Lines] = {}

    async def lines(self, way: Way) -> Lines:
        """The connections of a way. All HTTP proxies share theirs: aiohttp keeps them apart."""
        place = way.proxy if way.proxy and way.proxy.startswith("socks") else None
        if place not in self._lines:
            connector = self._connector(way) if place is not None else self._plain()
            self._lines[place] = await self._stack.enter_async_context(_tapped(connector, self._limits))
        return self._lines[place]

    def _plain(self) -> aiohttp.TCPConnector:
        # No guard: it connects to the proxies alone, and where these are the configuration says.
        return aiohttp.TCPConnector(limit=0, resolver=NameResolver(patience=self._limits.dns), ssl=self._tls or True)

    def _connector(self, way: Way) -> SocksConnector:
        place, auth = proxy_of(way)
        where = URL(place or "")
        return SocksConnector(proxy_host=where.host or "", proxy_port=where.port or _SOCKS_PORT, auth=auth, tls=self._tls)


def _tapped(connector: aiohttp.TCPConnector, limits: Limits) -> Lines:
    tap.install(connector, most=limits.wire_bytes, most_head=limits.head_bytes)
    return Lines(connector, limits)
