"""The small server: /healthz, /readyz, /metrics."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from typing import Protocol

import msgspec
from aiohttp import web

from crawler.meters.figures import CONTENT_TYPE
from crawler.model import Value
from crawler.ports import LocalError
from crawler.web.callers import called


class State(Value, frozen=True, kw_only=True, omit_defaults=False):
    """Whether it is as it should be, and what is said of it."""

    ok: bool
    phase: str
    why: tuple[str, ...] = ()
    """What is wrong; empty where nothing is."""
    since_success: float | None = None
    """Seconds since an answer came that could be used; None: none came since the start."""


class Teller(Protocol):
    """Who knows how it is. Quick to ask: nothing here may hold up the loop."""

    def alive(self) -> State:
        """Whether the process does its work; where not, it should be started anew."""

    def ready(self) -> State:
        """Whether it asks for pages just now."""

    async def metrics(self) -> str:
        """All figures, in Prometheus' text format."""


_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serving(listen: str, names: Collection[str], teller: Teller) -> AsyncIterator[str]:
    """Answer at an address and port until the end of the block; gives the address where it does, its port known.

    Raises:
        LocalError: somebody else listens there, or it is no address of this machine.
    """
    runner = web.AppRunner(_application(names, teller), access_log=None, handle_signals=False, shutdown_timeout=1)
    await runner.setup()
    host, _, port = listen.rpartition(":")
    site = web.TCPSite(runner, host.strip("[]"), int(port), backlog=16)
    try:
        try:
            await site.start()
        except OSError as error:
            raise LocalError(f"{listen}: {error.strerror} - set web.listen to another port, or to null", again=True) from None
        yield f"http://{host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _application(names: Collection[str], teller: Teller) -> web.Application:
    async def alive(_request: web.Request) -> web.Response:
        return _told(teller.alive())

    async def ready(_request: web.Request) -> web.Response:
        return _told(teller.ready())

    async def metrics(_request: web.Request) -> web.Response:
        return web.Response(body=(await teller.metrics()).encode(), headers={"Content-Type": CONTENT_TYPE})

    @web.middleware
    async def guarded(request: web.Request, handler: _Handler) -> web.StreamResponse:
        if not called(request.headers.get("Host", ""), names):
            return web.Response(status=403, text="not known by this name; web.hosts names those that may be used\n")
        answer = await handler(request)
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer

    application = web.Application(middlewares=[guarded], client_max_size=0)
    application.add_routes([web.get("/healthz", alive), web.get("/readyz", ready), web.get("/metrics", metrics)])
    return application


def _told(state: State) -> web.Response:
    body = msgspec.json.encode(state) + b"\n"
    return web.Response(status=200 if state.ok else 503, body=body, content_type="application/json")
