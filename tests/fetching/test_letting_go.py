"""What an answer took is given back when it is over, and not when Python next looks for rings."""

import asyncio
import gc

import pytest
from aiohttp import StreamReader
from aiohttp.http import HttpResponseParser

from crawler.fetching.tap import Tap
from crawler.model import Url
from tests.fetching.scripted import Again, answer

ENDS = {
    "cut": b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\ncut",
    "cut in a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
    "beyond the limit": answer(body=b"x" * 400_000),
    "closed behind a whole answer": answer("Connection: close", body=b"whole"),
    "no answer": b"",
}


@pytest.fixture
def no_collector():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("end", ENDS)
async def test_a_connection_that_is_over_is_in_no_ring(ask, server, no_collector, end):
    for knock in range(3):
        await ask(f"/{knock}", ENDS[end])
    await asyncio.sleep(0.01)  # a transport says that it is closed in the loop's next step
    left = gc.get_objects()
    assert [one for one in left if isinstance(one, Tap)] == []
    ours = [one for one in left if isinstance(one, asyncio.Transport) and one.get_extra_info("peername")[1] == server.port]
    assert ours == []


async def test_a_connection_that_is_kept_holds_nothing_of_its_last_answer(ask, server):
    gc.collect()
    for knock in range(2):
        await ask(f"/{knock}", answer(body=b"whole"), Again)
    (tap,) = [one for one in gc.get_objects() if isinstance(one, Tap) and one.is_connected()]
    assert [one for one in gc.get_referents(vars(tap)) if isinstance(one, StreamReader | HttpResponseParser)] == []


async def test_who_leaves_a_connection_late_takes_nothing_from_the_next(ask, server):
    server.scripts["/"] = {1: [answer(body=b"one"), Again], 2: [answer(body=b"two"), Again]}
    lines, url = ask.fetcher._lines, Url(server.base + "/")
    first = await lines.open(url, verified=True)
    first.send(url, ())
    assert await (await first.reply()).content.read() == b"one"
    second = await lines.open(url, verified=True)
    assert second._protocol is first._protocol
    second.send(url, ())
    first.leave()
    assert await (await second.reply()).content.read() == b"two"
    second.leave()
