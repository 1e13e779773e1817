"""The newsroom's servers: three papers on loopback ports of their own, one of which misbehaves, and a log of who asked what."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from hashlib import blake2b
from types import TracebackType
from typing import Final, NamedTuple, Self

from aiohttp import web
from msgspec.structs import replace

from crawler.demo.papers import PAPERS, Paper, Served, served
from crawler.demo.stories import Story, load
from crawler.model import Kind, Seconds, Url, Value
from crawler.urls import parse

RETRY_AFTER: Final = 1
"""Seconds, of the one 429."""

_FIRST_EDITION: Final = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
_SHUTDOWN: Final[Seconds] = 0.5


class Listed(NamedTuple):
    """A source to give to the crawler."""

    kind: Kind
    url: Url
    name: str


class Truth(NamedTuple):
    """An article as a perfect crawler gets it."""

    url: Url
    title: str
    published: str | None
    paragraphs: tuple[str, ...]


class Access(Value, frozen=True, kw_only=True):
    """One request that was answered."""

    at: Seconds
    """Monotonic, when the head of the request was there."""
    done: Seconds
    """When the answer was ready to be sent."""
    host: str
    """The politeness key it belongs to: `127.0.0.1:port`."""
    path: str
    status: int
    headers: tuple[tuple[str, str], ...]
    """Of the request, in its order."""


class Newsroom:
    """Three papers on loopback: `mina` (Arabic, RSS), `courier` (English; Atom, sitemap, section), `wire` (misbehaves).

    `async with Newsroom() as room` starts them on free ports and stops them. The first round has all stories but one; with
    `next_round` that one appears, and another is edited, page and feed entry. Every document has an ETag and Last-Modified
    and is answered with 304 to whom it is known.
    """

    def __init__(self) -> None:
        self.log: list[Access] = []
        """All requests since the start, in the order of their answers."""
        self.round = 1
        self._stories = load()
        self._papers: dict[str, Paper] = {}
        self._served: dict[str, dict[str, Served]] = {}
        self._changed: dict[tuple[str, str], datetime] = {}
        self._asked: Counter[str] = Counter()
        self._runners: list[web.ServerRunner] = []

    async def __aenter__(self) -> Self:
        for paper in PAPERS:
            await self._start(paper)
        self._publish()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.gather(*(runner.cleanup() for runner in self._runners))

    async def next_round(self) -> None:
        """Bring out the next edition: a new story appears, one is edited. Further rounds change nothing more."""
        self.round += 1
        self._publish()

    @property
    def sources(self) -> list[Listed]:
        """What the crawler is told to watch."""
        mina, courier, wire = (self._papers[paper.key] for paper in PAPERS)
        return [
            Listed(Kind.FEED, parse(mina.base + mina.feed_path), mina.name),
            Listed(Kind.FEED, parse(courier.base + courier.feed_path), courier.name),
            Listed(Kind.SITEMAP, parse(courier.base + "/sitemap.xml"), f"{courier.name}: sitemap"),
            Listed(Kind.SECTION, parse(courier.base + "/section/City/"), f"{courier.name}: City"),
            Listed(Kind.FEED, parse(wire.base + wire.feed_path), wire.name),
        ]

    @property
    def articles(self) -> list[Truth]:
        """What is to be found in this round; the story that robots.txt forbids is not."""
        return [
            Truth(self._url(story), story.title, story.published, story.paragraphs(self.round))
            for story in self._visible()
            if story.trouble != "private"
        ]

    @property
    def forbidden(self) -> list[Url]:
        """Pages that are linked, and that robots.txt asks to leave alone."""
        return [self._url(story) for story in self._visible() if story.trouble == "private"]

    async def _start(self, paper: Paper) -> None:
        runner = web.ServerRunner(web.Server(partial(self._answer, paper.key), access_log=None), shutdown_timeout=_SHUTDOWN)
        self._runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self._papers[paper.key] = replace(paper, base=f"http://127.0.0.1:{runner.addresses[0][1]}")

    def _publish(self) -> None:
        edition = _FIRST_EDITION + timedelta(hours=self.round - 1)
        for key, paper in self._papers.items():
            own = [story for story in self._visible() if story.paper == key]
            before, now = self._served.get(key, {}), served(paper, own, self.round)
            for path, document in now.items():
                if before.get(path) != document:
                    self._changed[key, path] = edition
            self._served[key] = now

    def _visible(self) -> list[Story]:
        return [story for story in self._stories if story.appears <= self.round]

    def _url(self, story: Story) -> Url:
        return parse(self._papers[story.paper].base + story.path)

    async def _answer(self, key: str, request: web.BaseRequest) -> web.StreamResponse:
        started = asyncio.get_running_loop().time()
        path = request.rel_url.raw_path
        response = self._trouble(key, path) or self._document(key, path, request)
        self.log.append(
            Access(
                at=started,
                done=asyncio.get_running_loop().time(),
                host=self._papers[key].base.removeprefix("http://"),
                path=path,
                status=response.status,
                headers=tuple(request.headers.items()),
            )
        )
        return response

    def _trouble(self, key: str, path: str) -> web.Response | None:
        """What goes wrong with the first request for a story, and for one always: it has moved."""
        story = next((story for story in self._visible() if story.paper == key and path in (story.path, story.link)), None)
        if story is None or not story.trouble:
            return None
        self._asked[path] += 1
        if story.trouble == "moved" and path == story.link:
            return web.Response(status=301, headers={"Location": story.path})
        return _stumble(story.trouble) if self._asked[path] == 1 else None

    def _document(self, key: str, path: str, request: web.BaseRequest) -> web.Response:
        document = self._served[key].get(path)
        if document is None:
            return web.Response(status=404, text="There is no such page.\n")
        etag = f'"{blake2b(document.body, digest_size=8).hexdigest()}"'
        changed = format_datetime(self._changed[key, path], usegmt=True)
        headers = {"ETag": etag, "Last-Modified": changed, "Content-Type": document.content_type}
        if _is_known(request, etag, changed):
            return web.Response(status=304, headers={"ETag": etag, "Last-Modified": changed})
        response = web.Response(body=document.body, headers=headers)
        if key == "courier":
            response.enable_compression()
        return response


def _stumble(trouble: str) -> web.Response | None:
    if trouble == "later":
        return web.Response(status=429, text="Not so fast.\n", headers={"Retry-After": str(RETRY_AFTER)})
    return web.Response(status=500, text="Stumbled.\n") if trouble == "stumbles" else None


def _is_known(request: web.BaseRequest, etag: str, changed: str) -> bool:
    """RFC 9110, section 13.2.2: If-None-Match decides where it is given, else If-Modified-Since."""
    tags = request.headers.get("If-None-Match")
    if tags is not None:
        return etag in (tag.strip().removeprefix("W/") for tag in tags.split(","))
    return request.headers.get("If-Modified-Since") == changed
