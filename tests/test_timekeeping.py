"""The wall clock is set by a day under a running crawl: nothing early, nobody hurried, nothing stuck, said once."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from itertools import pairwise

import pytest
import structlog

from crawler import urls
from crawler.archive.disk import DiskArchive
from crawler.engine import Crawl, Settings
from crawler.model import Context, Kind, Offer, Unchanged, Url, WorkerId
from crawler.store.memory import MemoryStore
from crawler.store.sqlite import SqliteStore
from crawler.timekeeping import Timekeeper
from tests.archive.lives import InHouseParser, answer
from tests.fetching.hands import START, HandClock
from tests.store.samples import poll_offer, source
from tests.tools import tools, turns

DAY = 86_400
GAP, EVERY = 2.0, 60
WORKER = WorkerId("run-1")
FEEDS = [source(f"https://{host}.example/feed", every_ms=EVERY * 1000) for host in "bc"]
PAGES = [Url(f"https://a.example/{n}") for n in range(50)]


class Ticking(HandClock):
    """Goes on only by hand, also for who sleeps."""

    async def sleep(self, seconds):
        until = self.steady + seconds
        while self.steady < until:
            await asyncio.sleep(0)


class Asked:
    """A web whose feeds never change."""

    def __init__(self, clock):
        self.clock = clock
        self.starts = []

    async def fetch(self, request):
        self.starts.append((self.clock.monotonic() - 1000, request.url))
        said = answer(request.url, Kind.PAGE)
        return Unchanged(exchanges=said.exchanges) if request.kind is Kind.FEED else said

    def of(self, url):
        return [at for at, asked in self.starts if asked == url]

    def of_host(self, host):
        return [at for at, asked in self.starts if urls.host(asked) == host]


@asynccontextmanager
async def crawling(root, store, clock, web):
    """A crawl of the pages and the feeds; it is stopped at the end."""
    await store.enlist(WORKER, {}, START)
    await store.sync_sources(FEEDS, [poll_offer(feed, START) for feed in FEEDS], START)
    await store.offer([page(url) for url in PAGES], START)
    crawl = Crawl(at_hand(root, store, clock, web), Settings(delay=round(GAP * 1000), group_wait=0.001))
    running = asyncio.create_task(crawl.run())
    try:
        yield crawl
    finally:
        crawl.stop()
        while not running.done():
            await tick(clock, crawl)
        await running


def page(url):
    host = urls.host(url)
    known = {"host_id": urls.host_id(host), "h": urls.url_hash(url), "context": Context()}
    return Offer(host=host, url=url, kind=Kind.PAGE, due_at=START, **known)


def at_hand(root, store, clock, web):
    return tools(
        WORKER,
        clock,
        store,
        archive=DiskArchive(root, archive_id="x", info={"software": "Warraq/test"}),
        parser=InHouseParser(),
        turn=turns(web, WORKER, clock, store, delay=GAP, knocks=1).turn,
    )


async def tick(clock, crawl):
    """A quarter of a second goes by; not while SQLite writes, which takes real time on a machine that is busy."""
    await asyncio.sleep(0.001)
    while isinstance(crawl._tools.store, SqliteStore) and crawl._tools.store._db._lock.locked():
        await asyncio.sleep(0.001)
    clock.go(0.25)
    crawl._wake.set()


async def until(clock, crawl, seconds):
    while clock.steady < 1000 + seconds:
        await tick(clock, crawl)


@pytest.fixture(params=["memory", "sqlite"])
async def store(request, tmp_path):
    opened = MemoryStore() if request.param == "memory" else await SqliteStore.open(tmp_path / "warraq.db")
    yield opened
    await opened.close()


@pytest.mark.parametrize("by", [DAY, -DAY], ids=["forward", "back"])
async def test_a_clock_set_by_a_day_changes_nothing_for_anybody(tmp_path, store, by):
    clock = Ticking()
    web = Asked(clock)
    with structlog.testing.capture_logs() as said:
        async with crawling(tmp_path, store, clock, web) as crawl:
            await until(clock, crawl, 50)
            asked = len(web.of_host("a.example"))
            assert 5 < asked < len(PAGES), "it is set in the midst of them"
            clock.wall += by * 1000
            await until(clock, crawl, 250)
    for host in ("a.example", "b.example", "c.example"):
        assert all(later - earlier >= GAP for earlier, later in pairwise(web.of_host(host))), "nobody is hurried"
    for feed in FEEDS:
        polls = web.of(feed.url)
        assert len(polls) >= 3, "none is stuck"
        assert all(later - earlier >= EVERY - 0.01 for earlier, later in pairwise(polls)), "none comes early"
    assert sorted(url for _, url in web.starts if url in PAGES) == sorted(PAGES), "each once, none is stuck"
    assert [entry["seconds"] for entry in said if entry["event"] == "clock_moved"] == [by]


async def write(keeper):
    async with keeper.writing():
        await asyncio.sleep(0)


async def test_nothing_is_moved_under_who_writes():
    clock, steps = HandClock(), []

    async def move(_jump, _now):
        steps.append("moved")
        return 0

    keeper = Timekeeper(clock, move)
    async with keeper.writing():
        clock.wall -= DAY * 1000
        second = asyncio.create_task(write(keeper))
        for _ in range(5):
            await asyncio.sleep(0)
        steps.append("written")
    await second
    assert steps == ["written", "moved"]


async def test_a_clock_that_is_slewed_moves_nothing(store):
    clock = HandClock()
    moved = []

    async def move(jump, _now):
        moved.append(jump)
        return 0

    keeper = Timekeeper(clock, move)
    clock.wall += 4_999
    async with keeper.writing() as now:
        assert now == START + 4_999
    assert moved == []
    clock.wall += 2
    await asyncio.gather(write(keeper), write(keeper))
    assert [jump.offset - jump.was for jump in moved] == [5_001], "small steps add up, and are followed once"
    assert keeper.moved_since(keeper.offset() + 1) == 0
