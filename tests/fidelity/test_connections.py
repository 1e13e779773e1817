"""What comes behind an answer is never taken for the next one on the same connection."""

from __future__ import annotations

import asyncio
import gzip

import pytest

from crawler.clock import SystemClock
from crawler.fetching.http import Limits, open_fetcher
from crawler.model import Fetched, Kind, Request, Url
from tests.fidelity.cases import HOLD, OK, Step, chunks, sized
from tests.fidelity.server import ExactServer, trusted

FORGED = sized(b"forged")
_GZIP = gzip.compress(bytes(20_000_000), 1)  # takes twenty steps of the loop
PACKED = OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(_GZIP) + _GZIP
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunks(b"one", 2)

BEHIND: dict[str, tuple[Step, ...]] = {
    "nothing": (sized(b"one"), HOLD),
    "an answer at once": (sized(b"one") + FORGED, HOLD),
    "an answer at once, chunked": (CHUNKED + FORGED, HOLD),
    "an answer with the body's end": (sized(b"one")[:-2], 0.05, sized(b"one")[-2:] + FORGED, HOLD),
    "an answer with the last chunk": (CHUNKED[:-7], 0.05, CHUNKED[-7:] + FORGED, HOLD),
    "an answer while a body is tried out": (PACKED, 0.005, FORGED, HOLD),
    "a piece of one with the last chunk": (CHUNKED[:-7], 0.05, CHUNKED[-7:] + FORGED[:20], HOLD),
    "an answer a little later": (sized(b"one"), 0.05, FORGED, HOLD),
    "a piece of one": (sized(b"one") + FORGED[:20], HOLD),
    "a piece of one, later": (sized(b"one"), 0.05, FORGED[:20], HOLD),
    "blank lines": (sized(b"one") + b"\r\n\r\n", HOLD),
    "a body where there is none": (b"HTTP/1.1 204 No Content\r\nContent-Length: 63\r\n\r\n" + FORGED, HOLD),
}


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("name", BEHIND)
async def test_the_next_answer_is_the_one_to_the_next_request(scheme, name):
    scripts = {"/1": BEHIND[name], "/2": (sized(b"two"),)}
    limits = Limits(connect=5, idle=2, total=9)
    async with (
        ExactServer(scripts) as server,
        open_fetcher(limits, agent="W/0", clock=SystemClock(), allow=["127.0.0.0/8"], tls=trusted()) as fetcher,
    ):
        first = await fetcher.fetch(Request(url=Url(server.bases[scheme] + "/1"), kind=Kind.PAGE))
        for _ in range(4):  # what comes later has come, and was read, also where the loop was held up once
            await asyncio.sleep(0.04)
        second = await fetcher.fetch(Request(url=Url(server.bases[scheme] + "/2"), kind=Kind.PAGE))
    assert first.exchanges[0].response.startswith(OK[:9])
    assert isinstance(second, Fetched)
    assert second.exchanges[0].response == sized(b"two")
