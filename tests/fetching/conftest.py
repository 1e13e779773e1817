"""A scripted server, and a fetcher with limits that end a test soon."""

from contextlib import AsyncExitStack

import pytest

from crawler.clock import SystemClock
from crawler.fetching.http import Limits, open_fetcher
from crawler.model import Kind, Request, Validators
from tests.fetching.scripted import ScriptedServer

QUICK = Limits(connect=2, idle=0.4, total=1.2, least_rate=1000, body_bytes=200_000, decoded_bytes=1_000_000, head_bytes=8192)


@pytest.fixture
async def server():
    async with ScriptedServer() as running:
        yield running


@pytest.fixture
async def ask(server):
    """Ask the server for a path; a script given with it becomes the path's."""
    async with AsyncExitStack() as stack:
        fetcher = await stack.enter_async_context(
            open_fetcher(QUICK, agent="Warraq/0 (+https://w.example)", clock=SystemClock(), allow=["127.0.0.0/8"])
        )

        async def fetch(path, *script, kind=Kind.PAGE, validators=None):
            if script:
                server.scripts[path] = list(script)
            return await fetcher.fetch(Request(url=server.base + path, kind=kind, validators=validators or Validators()))

        fetch.fetcher = fetcher
        yield fetch
