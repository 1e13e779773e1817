"""When a crawl makes final what is full."""

import asyncio

from crawler.archive.disk import DiskArchive
from crawler.engine import Crawl, Settings
from crawler.store.memory import MemoryStore
from tests.daemon.silence import START, WORKER, LeapingLoop, LoopClock, Press, Unsynced
from tests.store.samples import poll_offer, source
from tests.tools import tools, turns


async def crawl(root, until: float) -> MemoryStore:
    """Four papers with a story every five seconds, in segments that are soon full."""
    clock, store = LoopClock(), MemoryStore()
    press = Press(clock, every=5, silent=lambda _: False)
    made = tools(
        WORKER,
        clock,
        store,
        archive=DiskArchive(root, archive_id="x", info={"software": "Warraq/test"}, rotate_bytes=10_000, device=Unsynced()),
        parser=press,
        turn=turns(press, WORKER, clock, store, delay=0, knocks=1).turn,
    )
    feeds = [source(f"https://paper{n}.example/feed", every_ms=5_000) for n in range(4)]
    await store.enlist(WORKER, {}, START)
    await store.sync_sources(feeds, list(map(poll_offer, feeds)), START)
    engine = Crawl(made, Settings(delay=0))
    running = asyncio.create_task(engine.run())
    await asyncio.sleep(until)
    unsealed = await store.unsealed()
    engine.stop()
    await running
    await made.archive.close()
    return unsealed


def test_a_segment_that_is_full_is_sealed_within_a_quarter_of_a_minute(tmp_path):
    with asyncio.Runner(loop_factory=LeapingLoop) as runner:
        unsealed = runner.run(crawl(tmp_path, 50))
    waiting = [START + 50_000 - segment.created_at for segment in unsealed]
    assert list(tmp_path.rglob("*.cdxj")), "some were full long before"
    assert max(waiting) < 20_000, waiting
