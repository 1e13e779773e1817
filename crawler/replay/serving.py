"""Two small servers: one shows what is known of captures, the other, another origin, the captures themselves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Middleware

from crawler import urls
from crawler.model import Millis, Url
from crawler.ports import LocalError
from crawler.replay import content, pages
from crawler.replay.evidence import Evidence, Room
from crawler.store.shelf import Headline, open_shelf
from crawler.web.callers import called

HOST: Final = "127.0.0.1"
_NEWEST: Final = 200
_MOST_QUERY: Final = 16_384  # longer addresses are never fetched (`urls.MOST_CHARS`)
_MOST_NAME: Final = 100  # `urn:sha256:` and 64 digits
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serving(root: Path, store: Path, port: int) -> AsyncIterator[str]:
    """Show an archive on this machine until the end of the block; gives the address to open.

    Raises:
        LocalError: somebody else listens at that port.
    """
    room = Room(root, store)
    async with AsyncExitStack() as stack:
        desk = _Desk(room, store)
        shell = await _listen(stack, desk.shell(), port)
        own = await _listen(stack, desk.content(), 0)
        desk.shell_at, desk.content_at = shell, own
        yield shell


async def _listen(stack: AsyncExitStack, application: web.Application, port: int) -> str:
    runner = web.AppRunner(application, access_log=None, handle_signals=False, shutdown_timeout=1)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    try:
        await web.TCPSite(runner, HOST, port, backlog=16).start()
    except OSError as error:
        raise LocalError(f"{HOST}:{port}: {error.strerror}; choose another --port") from None
    return f"http://{HOST}:{runner.addresses[0][1]}"


class _Desk:
    """Answers for both."""

    def __init__(self, room: Room, store: Path) -> None:
        self._room = room
        self._store = store
        self.shell_at = self.content_at = ""
        """Their origins, once they listen."""

    def shell(self) -> web.Application:
        """What is known of captures."""
        application = web.Application(middlewares=[self._guarded(self._shell_policy)], client_max_size=0)
        application.add_routes(
            [
                web.get("/", self._front),
                web.get("/view", self._view),
                web.get("/captures", self._captures),
                web.get("/raw", self._raw),
            ]
        )
        return application

    def content(self) -> web.Application:
        """The captures themselves."""
        application = web.Application(
            middlewares=[self._guarded(lambda: content.policy(self.content_at, self.shell_at))], client_max_size=0
        )
        application.add_routes([web.get("/content", self._content)])
        return application

    def _shell_policy(self) -> Mapping[str, str]:
        rules = ("default-src 'none'", "style-src 'unsafe-inline'", "form-action 'self'", "base-uri 'none'")
        framed = (f"frame-src {self.content_at}", "frame-ancestors 'none'")
        return {
            "Content-Security-Policy": "; ".join((*rules, *framed)),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
        }

    def _guarded(self, headers: Callable[[], Mapping[str, str]]) -> Middleware:
        @web.middleware
        async def guarded(request: web.Request, handler: _Handler) -> web.StreamResponse:
            # Nobody gets in under another name (DNS rebinding), and nothing goes out without its policy.
            answer: web.StreamResponse
            if not called(request.headers.get("Host", ""), ()):
                answer = web.Response(status=403, text="not known by this name\n")
            else:
                try:
                    answer = await handler(request)
                except LocalError as error:
                    answer = _page(pages.message(str(error)), 503)
                except web.HTTPException as error:
                    answer = web.Response(status=error.status, text=f"{error.reason}\n")
            answer.headers.update(headers())
            return answer

        return guarded

    async def _front(self, _request: web.Request) -> web.Response:
        return _page(pages.front(await asyncio.to_thread(self._newest)))

    def _newest(self) -> list[Headline]:
        with open_shelf(self._store) as shelf:
            return shelf.newest(_NEWEST)

    async def _view(self, request: web.Request) -> web.Response:
        found = await self._found(request)
        if found is None:
            return _page(pages.message("Nothing of this address is in the archive."), 404)
        frame = self.content_at + content.place(found.capture.url, found.capture.key.fetched_at)
        return _page(pages.view(found.capture, frame, found.sha256, found.faults))

    async def _captures(self, request: web.Request) -> web.Response:
        url = _url(request)
        if url is None:
            return _page(pages.message("This is no address: it begins with http:// or https://"), 400)
        return _page(pages.captures(url, await asyncio.to_thread(self._room.captures, url)))

    async def _raw(self, request: web.Request) -> web.Response:
        found = await self._found(request)
        if found is None:
            return _page(pages.message("Nothing of this address is in the archive."), 404)
        return _page(pages.raw(found.capture, found.members))

    async def _content(self, request: web.Request) -> web.Response:
        found = await self._found(request)
        if found is None:
            return web.Response(status=404, text="nothing of this address is in the archive\n")
        show = partial(content.shown, found, self._room, linked="linked" in request.query)
        shown = await asyncio.to_thread(show)
        return web.Response(body=shown.body, headers={"Content-Type": shown.content_type})

    async def _found(self, request: web.Request) -> Evidence | None:
        url, at = _url(request), _at(request)
        return await asyncio.to_thread(self._room.find, url, at) if url is not None else None


def _url(request: web.Request) -> Url | None:
    text = request.query.get("url", "")
    if text.startswith("urn:sha256:") and len(text) < _MOST_NAME:
        return Url(text)
    try:
        return urls.parse(text) if len(text) <= _MOST_QUERY else None
    except urls.UrlError:
        return None


def _at(request: web.Request) -> Millis:
    text = request.query.get("at", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 17 else 0


def _page(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html", charset="utf-8")
