"""What a server sees of one request (statements B of the feed rules), and the clock and disk behind it (A1, C8, C10)."""

import re
from contextlib import asynccontextmanager
from itertools import pairwise

import pytest

from crawler.clock import SystemClock
from crawler.fetching.http import open_fetcher
from crawler.fetching.limits import Limits
from crawler.model import Broken, Kind, Refused, Request, Url, Validators
from crawler.store.sqlite import SqliteStore
from tests.fetching.hands import fetched, request
from tests.fetching.scripted import ScriptedServer, Stay, answer
from tests.fetching.test_turns import Scene
from tests.sources.polled import DAY, FEED, HOUR, Polled, feed, said

PLAIN = answer("Connection: close", body=b"x")
AGENT = "Warraq/1.0 (+https://paper.example/about)"


@asynccontextmanager
async def asked(*answers, path="/feed", validators=None):
    """The raw requests a server got."""
    async with ScriptedServer() as server:
        server.scripts = {path: dict(enumerate([[one] for one in answers], 1))}
        limits = Limits()
        async with open_fetcher(limits, agent=AGENT, allow=("127.0.0.0/8",), clock=SystemClock()) as fetcher:
            for _ in answers:
                await fetcher.fetch(
                    Request(url=Url(f"{server.base}{path}"), kind=Kind.FEED, validators=validators or Validators())
                )
        yield [raw.decode("latin-1") for _, raw, _ in server.requests]


async def test_b1_no_cookie_no_referer_and_the_address_as_it_is():
    cookie = answer("Connection: close", "Set-Cookie: seen=1; Path=/", "Content-Type: application/rss+xml", body=b"<rss/>")
    async with asked(cookie, cookie, path="/feed?b=2&a=1") as raw:
        assert len(raw) == 2
        assert all(one.startswith("GET /feed?b=2&a=1 HTTP/1.1\r\n") for one in raw)
        assert not any(re.search(r"^(cookie|referer|dnt):", one, re.IGNORECASE | re.MULTILINE) for one in raw)


async def test_b2_who_we_are_and_where_we_can_be_reached_stands_in_every_request():
    async with asked(PLAIN, PLAIN) as raw:
        assert [re.search(r"^User-Agent: (.*)\r$", one, re.MULTILINE)[1] for one in raw] == [AGENT, AGENT]


async def test_b3_only_codings_that_we_can_read_are_asked_for():
    async with asked(PLAIN) as (raw,):
        codings = re.search(r"^Accept-Encoding: (.*)\r$", raw, re.MULTILINE)[1]
        assert set(codings.split(", ")) == {"gzip", "deflate", "br"}


async def test_b4_the_types_of_feeds_are_asked_for_and_anything_else_taken():
    async with asked(PLAIN) as (raw,):
        accepted = re.search(r"^Accept: (.*)\r$", raw, re.MULTILINE)[1]
        assert all(kind in accepted for kind in ("application/rss+xml", "application/atom+xml", "application/feed+json"))
        assert re.search(r"\*/\*;q=0\.\d", accepted)


async def test_a6_every_poll_asks_for_the_same_codings_so_that_an_etag_of_one_can_match():
    async with asked(PLAIN, PLAIN, validators=Validators(etag='W/"a;gzip"')) as raw:
        assert len({re.search(r"^Accept-Encoding: (.*)\r$", one, re.MULTILINE)[1] for one in raw}) == 1
        assert all('If-None-Match: W/"a;gzip"\r\n' in one for one in raw)


@pytest.mark.parametrize("waits", [HOUR, 10 * DAY])
async def test_c8_a_restart_asks_nothing_early_and_knows_its_validators(tmp_path, waits):
    def web(request, now):
        return said(304) if request.validators.etag else feed("a", etag='"1"')

    first = Polled(web, store=await SqliteStore.open(tmp_path / "warraq.db"))
    await first.watch(every_ms=6 * HOUR * 1000)
    await first.poll()
    due = (await first.status()).due_at
    await first.store.close()
    second = Polled(web, store=await SqliteStore.open(tmp_path / "warraq.db"))
    second.now = first.now + waits * 1000
    await second.watch(every_ms=6 * HOUR * 1000)
    assert (await second.status()).due_at == due, "watching again moves nothing"
    await second.poll()
    ((at, request),) = second.asked
    assert (at >= due, request.validators.etag, request.url) == (True, '"1"', FEED)
    await second.store.close()


async def test_c10_after_a_long_sleep_each_source_is_asked_once_not_for_every_poll_it_missed():
    house = Polled(lambda request, now: feed("a", etag='"1"') if not request.validators.etag else said(304))
    await house.watch(every_ms=HOUR * 1000)
    await house.poll()
    house.now += 10 * DAY * 1000
    await house.until(10 * DAY + HOUR / 2)
    assert len(house.asked) == 2


async def test_b5_a_host_is_never_asked_twice_within_its_gap():
    scene = Scene(fetched(b""), fetched())
    turn = scene.turns.turn(await scene.lease("http://paper.example/1"))
    for number in range(3):
        await turn.fetch(request(f"http://paper.example/{number}"))
    starts = scene.inner.starts()
    assert len(starts) == 4, "robots.txt counts, too"
    assert all(later - earlier >= 2 for earlier, later in pairwise(starts))


async def test_b6_a_feed_that_hangs_is_let_go():
    async with ScriptedServer() as server:
        server.scripts = {"/feed": [b"HTTP/1.1 200 OK\r\n", Stay]}
        limits = Limits(idle=0.1, total=0.2)
        async with open_fetcher(limits, agent=AGENT, allow=("127.0.0.0/8",), clock=SystemClock()) as fetcher:
            outcome = await fetcher.fetch(Request(url=Url(f"{server.base}/feed"), kind=Kind.FEED))
    assert (type(outcome), outcome.reason) == (Broken, "timeout")


async def test_b7_what_robots_txt_forbids_is_not_asked_for():
    scene = Scene(fetched(b"User-agent: *\nDisallow: /feed\n"), fetched())
    outcome = await scene.turns.turn(await scene.lease("http://paper.example/feed")).fetch(request("http://paper.example/feed"))
    assert (type(outcome), outcome.reason) == (Refused, "robots")
    assert len(scene.inner.starts()) == 1
