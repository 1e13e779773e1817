"""A daemon in this process, over a scripted web: read again, restarted, ended, and nothing lost by any of it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest
import structlog
from msgspec.structs import replace

from crawler.archive.disk import DiskArchive
from crawler.clock import SystemClock
from crawler.config import ConfigError
from crawler.config.find import read
from crawler.daemon import GaveUp, Restarts, Round, Watch
from crawler.engine import Settings
from crawler.meters.crawl import CrawlMeter
from crawler.model import Kind, Strain, WorkerId
from crawler.notify import Notifier
from crawler.patience import Patience
from crawler.pipeline import Kept
from crawler.ports import StoreError
from crawler.store.sqlite import SqliteStore
from tests.archive.lives import InHouseParser, answer
from tests.store.samples import offer
from tests.tools import tools

FEEDS = "sources: [{feed: 'https://a.example/feed'}]\n"


class Turn:
    """Answers when the web is open."""

    def __init__(self, house):
        self._house = house

    async def fetch(self, request):
        self._house.asked.append(request.url)
        await self._house.web_open.wait()
        return answer(request.url, Kind.PAGE, SystemClock().now())

    def rights(self):
        return {}

    def take_copy(self):
        return None

    def polite_at(self):
        return 0

    def delay_ms(self):
        return 0

    def strain(self):
        return Strain()


class House:
    """What a daemon is given, and what is seen of it."""

    def __init__(self, root):
        self.root = root
        self.asked, self.kept, self.synced, self.adopted = [], [], [], []
        self.opened = 0
        self.fails = 0
        """So many crawls fail at the first commit they tell."""
        self.web_open = asyncio.Event()
        self.web_open.set()
        self.said = f"archive: {{dir: {root}, free_least: 0B}}\nweb: {{listen: null}}\n{FEEDS}"
        clock = SystemClock()
        self.watch = Watch(
            self.read(),
            self.read,
            self.open,
            tell=self.hear,
            adopt=self.adopted.append,
            meter=CrawlMeter(clock),
            notifier=Notifier({}),
            clock=clock,
            restarts=Restarts(clock, least=0),
        )

    def read(self):
        return read(self.said.encode(), "config.yaml")

    def hear(self, told):
        if isinstance(told, Kept):
            if self.fails:
                self.fails -= 1
                raise ValueError("a bug of ours")
            self.kept += [visit.job.url for visit, _ in told.settled]

    @asynccontextmanager
    async def open(self, config):
        self.opened += 1
        store = await SqliteStore.open(self.root / "warraq.db")
        worker = WorkerId(f"run-{self.opened}")
        await store.enlist(worker, {}, 0)
        archive = DiskArchive(self.root, archive_id=store.archive_id, info={"software": "Warraq/test"})
        try:
            yield Round(
                tools=self.tools(store, archive, worker),
                settings=Settings(delay=0, group_wait=0.001),
                sync=self.sync,
                beside=asyncio.Event().wait,
            )
        finally:
            await archive.close()
            await store.reclaim(worker, delay=0, now=SystemClock().now())
            await store.close()

    async def sync(self, config):
        self.synced.append([source.url for source in config.sources])

    def tools(self, store, archive, worker):
        return tools(
            worker,
            SystemClock(),
            store,
            archive=archive,
            parser=InHouseParser(),
            turn=lambda _lease, _stopping: Turn(self),
            patience=Patience(lasts=True, least=0.01),
        )

    async def offer(self, *urls):
        store = await SqliteStore.open(self.root / "warraq.db")
        await store.offer([offer(url) for url in urls], 0)
        await store.close()


async def until(met):
    async with asyncio.timeout(10):
        while not met():
            await asyncio.sleep(0.005)


@asynccontextmanager
async def watching(root):
    """A daemon that runs; what it said is in `log`. It is told to end at the end."""
    with structlog.testing.capture_logs() as log:
        house = House(root)
        house.log = log
        running = asyncio.create_task(house.watch._services())
        house.running = running
        await until(lambda: house.watch.bulletin.ready().ok or running.done())
        try:
            yield house
        finally:
            house.watch.stop()
            if not running.done():
                await asyncio.wait({running}, timeout=10)
            if not running.cancelled() and running.exception() is None:
                await running


def events(house, name):
    return [line for line in house.log if line["event"] == name]


async def test_a_file_that_cannot_be_used_changes_nothing_and_says_what_is_wrong(tmp_path):
    async with watching(tmp_path) as house:
        house.said = "sources: [{feed: nowhere}]\nfetch: {hops: lots}\n"
        house.watch.reload()
        await until(lambda: events(house, "config_refused"))
        await house.offer("https://a.example/1")
        await until(lambda: house.kept)
    (refused,) = events(house, "config_refused")
    assert len(refused["problems"]) == 2
    assert refused["problems"][0].startswith("config.yaml:1:")
    assert (house.opened, house.adopted, house.synced) == (1, [], [["https://a.example/feed"]])


async def test_where_it_lies_cannot_change_while_it_runs(tmp_path):
    async with watching(tmp_path) as house:
        house.said = house.said.replace(str(tmp_path), "/elsewhere")
        house.watch.reload()
        await until(lambda: events(house, "config_refused"))
    assert "archive.dir can't change while it runs" in events(house, "config_refused")[0]["problems"][0]
    assert house.opened == 1


async def test_sources_are_added_and_paused_beside_the_running_crawl(tmp_path):
    async with watching(tmp_path) as house:
        house.said = house.said.replace("https://a.example/feed", "https://b.example/feed")
        house.watch.reload()
        await until(lambda: len(house.synced) == 2)
    (told,) = events(house, "config_read")
    assert (told["added"], told["paused"]) == (["https://b.example/feed"], ["https://a.example/feed"])
    assert house.synced[-1] == ["https://b.example/feed"]
    assert house.opened == 1, "the crawl went on"


async def test_a_setting_is_taken_over_by_a_new_crawl_and_no_request_is_lost_or_sent_twice(tmp_path):
    async with watching(tmp_path) as house:
        house.web_open.clear()
        await house.offer("https://a.example/1", "https://b.example/1")
        await until(lambda: len(house.asked) == 2)
        house.said += "politeness: {delay: 1s}\n"
        house.watch.reload()
        await until(lambda: events(house, "config_read"))
        await asyncio.sleep(0.05)
        assert house.opened == 1, "it waits for what is in flight"
        assert not house.watch.bulletin.alive().why
        house.web_open.set()
        await until(lambda: house.opened == 2)
        await house.offer("https://a.example/2")
        await until(lambda: len(house.kept) == 3)
    assert sorted(house.asked) == ["https://a.example/1", "https://a.example/2", "https://b.example/1"]
    assert sorted(house.kept) == sorted(house.asked)
    assert events(house, "config_read")[0]["settings"] == ["politeness.delay"]
    assert house.adopted[-1].politeness.delay == 1


async def test_who_is_told_to_end_while_it_takes_over_does_not_wait_for_the_long_grace(tmp_path):
    async with watching(tmp_path) as house:
        house.web_open.clear()
        await house.offer("https://a.example/1")
        await until(lambda: house.asked)
        house.said += "politeness: {delay: 1s}\n"
        house.watch.reload()
        await until(lambda: events(house, "config_read"))
        crawl = house.watch._crawl
        crawl._settings = replace(crawl._settings, grace=0.01)
        house.watch.stop()
        await asyncio.wait_for(house.running, 5)
    assert house.opened == 1


async def test_a_crawl_that_fails_is_started_again_and_goes_on(tmp_path):
    async with watching(tmp_path) as house:
        house.fails = 2
        for number in (2, 3):
            await house.offer(f"https://a.example/{number}")
            await until(lambda: house.opened == number)  # noqa: B023 - awaited here
        await house.offer("https://a.example/last")
        await until(lambda: "https://a.example/last" in house.kept)
    assert [line["error"] for line in events(house, "service_failed")] == ["ValueError: a bug of ours"] * 2
    assert len(house.asked) == len(set(house.asked)), "what was acknowledged is not asked for again"


async def test_a_crawl_that_fails_again_and_again_ends_the_process(tmp_path):
    async with watching(tmp_path) as house:
        house.fails = 100
        for number in range(10):
            await house.offer(f"https://{number}.example/")
            await until(lambda: house.running.done() or house.opened > number + 1)  # noqa: B023 - awaited here
            if house.running.done():
                break
        with pytest.raises(ExceptionGroup) as ended:
            await house.running
    assert ended.group_contains(GaveUp, match="a bug of ours")
    assert house.opened == 6


async def test_what_cannot_even_begin_ends_at_once_with_its_own_words(tmp_path):
    (tmp_path / "warraq.db").write_bytes(b"no database at all" * 100)
    with structlog.testing.capture_logs():
        house = House(tmp_path)
        with pytest.raises(ExceptionGroup) as ended:
            await house.watch._services()
    assert ended.group_contains(StoreError, match="not a database")
    assert house.opened == 1


async def test_a_secret_that_is_missing_refuses_the_file_as_any_other_mistake(tmp_path):
    async with watching(tmp_path) as house:

        def missing():
            raise ConfigError("config.yaml:3:1: sources[0].password: $PAPER isn't set")

        house.watch._load = missing
        house.watch.reload()
        await until(lambda: events(house, "config_refused"))
    assert house.adopted == []
