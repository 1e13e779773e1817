"""What an answer took is given back when it is over, and not when Python next looks for rings."""

import asyncio
import gc

import pytest

from crawler.fetching.tap import Tap
from tests.fetching.scripted import answer

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
