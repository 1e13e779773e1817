"""A lease's way to the web, with a real store behind it."""

import pytest
from msgspec.structs import replace

from crawler import urls
from crawler.fetching.files import document
from crawler.fetching.turns import Turns
from crawler.model import Fetched, Kind, Offer, Strain, WorkerId
from crawler.politeness import BREAK
from crawler.ports import LeaseLost
from crawler.store.memory import MemoryStore
from tests.fetching.hands import START, HandClock, ListFetcher, broken, fetched, request

WORKER = WorkerId("run-1")
TTL = 180_000


class Scene:
    def __init__(self, *outcomes, documents=()):
        self.clock = HandClock()
        self.inner = ListFetcher(self.clock, *outcomes)
        self.store = MemoryStore()
        self.turns = Turns(
            self.inner,
            store=self.store,
            worker=WORKER,
            clock=self.clock,
            delay=2.0,
            crawl_delay_most=300,
            ttl_ms=TTL,
            total=60.0,
            knocks=2,
            documents=documents,
        )

    async def lease(self, url):
        host = urls.host(url)
        offer = Offer(host=host, host_id=urls.host_id(host), h=urls.url_hash(url), url=url, kind=Kind.PAGE, due_at=START)
        await self.store.enlist(WORKER, {}, START)
        await self.store.offer([offer], START)
        return (await self.store.lease(WORKER, hosts=1, urls=8, ttl=TTL, delay=2000, now=self.clock.now()))[0]


async def test_robots_pages_and_their_gaps_fit_together():
    scene = Scene(fetched(b"User-agent: *\nCrawl-delay: 90\n"), fetched())
    turn = scene.turns.turn(await scene.lease("http://paper.example/1"))
    for path in ("/1", "/2"):
        assert isinstance(await turn.fetch(request(f"http://paper.example{path}")), Fetched)
    # The lease of 180 s was renewed in between, or the last request couldn't have started.
    assert scene.inner.starts() == [1000, 1090, 1180]
    assert turn.take_copy().status == 200
    assert (turn.delay_ms(), turn.polite_at()) == (90_000, scene.clock.now() + 90_000)


async def test_a_host_that_was_taken_over_is_not_asked():
    scene = Scene(fetched())
    lease = await scene.lease("http://paper.example/1")
    turn = scene.turns.turn(lease)
    scene.clock.go(TTL / 1000)
    await scene.store.enlist(WorkerId("run-2"), {}, scene.clock.now())
    taken = await scene.store.lease(WorkerId("run-2"), hosts=1, urls=8, ttl=TTL, delay=2000, now=scene.clock.now())
    assert taken[0].host == lease.host
    with pytest.raises(LeaseLost):
        await turn.fetch(request("http://paper.example/1"))
    assert scene.inner.asked == []


async def test_a_clock_put_back_does_not_make_a_lease_longer():
    scene = Scene(fetched(b""), fetched())
    turn = scene.turns.turn(await scene.lease("http://paper.example/1"))
    scene.clock.go(170)
    scene.clock.wall -= 86_400_000
    await scene.store.lease(WorkerId("run-2"), hosts=1, urls=8, ttl=TTL, delay=2000, now=START + TTL)
    with pytest.raises(LeaseLost):
        await turn.fetch(request("http://paper.example/1"))


async def test_documents_are_fetched_without_robots_or_gaps():
    papers = [document(b"<p>one", "1"), document(b"<p>two", "2")]
    scene = Scene(fetched(), documents=papers)
    turn = scene.turns.turn(await scene.lease(papers[0].url))
    stamps = [(await turn.fetch(request(paper.url))).exchanges[0].fetched_at for paper in papers]
    assert stamps == [START, START + 1]
    assert (scene.inner.asked, turn.delay_ms()) == ([], 0)


async def test_a_host_that_only_fails_is_asked_once_after_its_long_rest():
    scene = Scene(broken("connect"))
    lease = replace(await scene.lease("http://paper.example/1"), strain=Strain(fails=BREAK))
    await scene.turns.turn(lease).fetch(request("http://paper.example/1"))
    assert len(scene.inner.asked) == 1
    lease = replace(lease, strain=Strain(fails=BREAK - 1))
    await scene.turns.turn(lease).fetch(request("http://paper.example/1"))
    assert len(scene.inner.asked) == 3


async def test_a_turn_goes_on_at_the_pace_its_host_was_slowed_to():
    scene = Scene(fetched(b""), fetched())
    lease = replace(await scene.lease("http://paper.example/1"), strain=Strain(slow_ms=9000))
    turn = scene.turns.turn(lease)
    for path in ("/1", "/2"):
        await turn.fetch(request(f"http://paper.example{path}"))
    assert scene.inner.starts() == [1000, 1009, 1018]
    assert (turn.delay_ms(), turn.strain().slow_ms, turn.strain().calm) == (9000, 9000, 3)
