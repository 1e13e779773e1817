"""Whoever leases sleeps until there may be somebody to ask, and not a moment longer; in time that leaps."""

import asyncio
from itertools import pairwise

from crawler.archive.disk import DiskArchive
from crawler.engine import Crawl, Settings
from crawler.store.memory import MemoryStore
from tests.daemon.silence import START, TAKES, WORKER, LeapingLoop, LoopClock, Press, Unsynced
from tests.store.samples import poll_offer, source
from tests.tools import tools, turns


class CountingStore(MemoryStore):
    """Knows how often it was asked for hosts."""

    leases = 0

    async def lease(self, *args, **kwargs):
        self.leases += 1
        return await super().lease(*args, **kwargs)


class Printed(Press):
    """Papers of ten stories each and no more, none as quick as the other."""

    async def fetch(self, request):
        await asyncio.sleep(int(request.url.split(".")[0].removeprefix("https://paper")) / 100)
        return await super().fetch(request)

    def written(self, at: float) -> int:
        return 10


async def crawl(root, papers: int, settings: Settings) -> tuple[Press, CountingStore]:
    """Each paper's feed once, and the ten stories it names."""
    clock, store = LoopClock(), CountingStore()
    press = Printed(clock, every=1, silent=lambda _: False)
    made = tools(
        WORKER,
        clock,
        store,
        archive=DiskArchive(root, archive_id="x", info={"software": "Warraq/test"}, device=Unsynced()),
        parser=press,
        turn=turns(press, WORKER, clock, store, delay=0, knocks=1).turn,
    )
    feeds = [source(f"https://paper{n}.example/feed", every_ms=3_600_000) for n in range(papers)]
    await store.enlist(WORKER, {}, START)
    await store.sync_sources(feeds, list(map(poll_offer, feeds)), START)
    await Crawl(made, settings).run()
    return press, store


def crawled(root, papers: int, **settings) -> tuple[Press, CountingStore]:
    with asyncio.Runner(loop_factory=LeapingLoop) as runner:
        return runner.run(crawl(root, papers, Settings(goal="once", delay=0, **settings)))


def test_what_a_feed_names_is_asked_for_as_soon_as_it_is_read(tmp_path):
    press, _ = crawled(tmp_path, 1)
    starts = [at for at, _, _ in press.starts]
    assert len(starts) == 12, "robots.txt, the feed and its stories"
    assert max(after - before for before, after in pairwise(starts)) < TAKES + 0.05


def test_a_place_that_is_free_is_taken_at_once_where_all_were_taken(tmp_path):
    press, _ = crawled(tmp_path, 3, hosts=1)
    starts = [at for at, _, _ in press.starts]
    assert len(starts) == 36
    assert max(after - before for before, after in pairwise(starts)) < TAKES + 0.05


def test_hosts_are_looked_for_when_one_may_be_ready_not_whenever_something_ends(tmp_path):
    press, store = crawled(tmp_path, 20)
    assert len(press.starts) == 240
    assert store.leases < 45
