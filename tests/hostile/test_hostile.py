"""What odd and bad servers do, crawled as `warraq fetch` does it: odd pages are stored, bad ones never, cut ones say so."""

from __future__ import annotations

import asyncio

import pytest

from crawler.clock import SystemClock
from crawler.fetching.http import Limits, open_fetcher
from crawler.model import Fetched, Kind, Request, Url
from tests.hostile.behaviours import MARK, Behaviour, answer, good, html
from tests.hostile.crawl import LIMITS, crawl, crawled, fetch, wrong
from tests.hostile.memory import Watch
from tests.hostile.server import HostileServer
from tests.hostile.tables import DOCUMENTS, TABLES, TLS

ALL = {**TABLES, **DOCUMENTS}


def test_there_are_many_behaviours_and_each_has_its_own_name():
    names = [behaviour.name for table in (*ALL.values(), TLS) for behaviour in table]
    assert len(names) == len(set(names))
    assert len(names) > 550


@pytest.mark.parametrize("group", ALL)
async def test_what_is_good_is_stored_and_what_is_bad_is_not(group, tmp_path):
    assert wrong(ALL[group], await crawl(ALL[group], tmp_path)) == {}


async def test_tls_is_verified_and_its_end_is_heeded():
    assert wrong(TLS, await fetch(TLS)) == {}


async def test_no_certificate_is_looked_at_only_where_the_configuration_names_the_host():
    table = [one for one in TLS if one.tls not in (None, "good")]
    named, others = await fetch(table, insecure=["127.0.0.1"]), await fetch(table, insecure=["127.0.0.1:1", "other.example"])
    assert {one.right for one in named.values()} == {"stored"}
    assert {one.reason for one in others.values()} == {"tls"}


async def test_the_archive_is_told_that_nobody_looked_at_the_certificate():
    expired = next(one for one in TLS if one.tls == "expired")
    async with HostileServer([expired]) as server:
        for named in ([], ["127.0.0.1"]):
            async with open_fetcher(LIMITS, agent="W/0", clock=SystemClock(), allow=["127.0.0.0/8"], insecure=named) as fetcher:
                outcome = await fetcher.fetch(Request(url=Url(server.url(expired)), kind=Kind.PAGE))
            assert [exchange.unverified for exchange in outcome.exchanges] == [True for _ in named]


@pytest.mark.parametrize("bomb", [one for one in TABLES["sizes and bombs"] if one.bounded], ids=lambda bomb: bomb.name)
async def test_a_bomb_costs_little_memory_under_the_limits_of_every_day(bomb):
    async with Watch() as watch:
        got = await fetch([bomb], Limits(idle=2, total=20))
    assert wrong([bomb], got) == {}
    assert watch.more_bytes <= 100 << 20


class TestManyAtOnce:
    async def test_forty_requests_at_once_to_a_slow_server_are_no_time_outs(self):
        # aiohttp's total time-out counts the wait for a connection of its pool: 32 of 40 timed out where the pool had 8.
        slow = good("slow", 0.4, answer()[:500], 0.3, answer()[500:])
        async with (
            HostileServer([slow]) as server,
            open_fetcher(LIMITS, agent="Warraq/0", clock=SystemClock(), allow=["127.0.0.0/8"]) as fetcher,
        ):
            wanted = [Request(url=Url(f"{server.url(slow)}{number}"), kind=Kind.PAGE) for number in range(40)]
            outcomes = await asyncio.gather(*(fetcher.fetch(request) for request in wanted))
        assert [type(outcome) for outcome in outcomes] == [Fetched] * 40

    async def test_forty_pages_queued_on_one_slow_host_are_no_time_outs(self, tmp_path):
        # The queue takes longer than any one request may.
        paths = {
            f"/{number}": (0.06, answer(body=html(f"{number}. {MARK} " + "and so on, " * 30).encode())) for number in range(40)
        }
        slow = Behaviour(name="slow", right="stored", steps=(), more=paths)
        async with HostileServer([slow]) as server:
            records, misses = await crawled([f"{server.url(slow)}{number}" for number in range(40)], tmp_path)
        assert (len(records), misses) == (40, [])


async def test_what_a_server_sets_is_never_sent_back(tmp_path):
    cookie = "Set-Cookie: id=1; Path=/"
    setting = good("setting", answer(cookie), more={"/2": (answer(cookie),), "/robots.txt": (answer(cookie, body=b"# none"),)})
    async with HostileServer([setting]) as server:
        await crawled([server.url(setting), server.url(setting) + "2"], tmp_path)
        asked = server.asked["setting"]
    assert len(asked) == 3
    assert not any(name in raw.lower() for raw in asked for name in (b"\r\ncookie:", b"\r\nauthorization:", b"\r\nreferer:"))
