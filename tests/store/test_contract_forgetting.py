"""What isn't needed any more is forgotten, and nothing else."""

import pytest
from msgspec.structs import replace

from crawler.model import Failure, Rhythm, RobotsCopy
from tests.store.samples import archived, commit, entry, feed_read, host_id, offer, only_job, publish, settle, source, watch


def copy(at):
    return RobotsCopy(origin=f"https://{at}.example", host_id=host_id(), status=200, body=b"", fetched_at=at, until=at + 1)


async def give_up(store, at):
    """A page that is given up at this time, with a copy of a robots.txt of the same time."""
    await store.offer([offer(f"https://a.example/{at}", at)], at)
    lease, job = await only_job(store, now=at)
    told = Failure(host_id=job.host_id, h=job.h, at=at, url=job.url, kind=job.kind, reason="gone", detail="", tries=1)
    await commit(store, settle(lease, job, failure=told, robots=copy(at), last=True, polite_at=at), now=at)


@pytest.fixture
async def three(store):
    for at in (10, 20, 30):
        await give_up(store, at)
    return store


async def test_failures_and_robots_from_before_are_forgotten_and_later_ones_stay(three):
    assert await three.forget(20, 1000, entries=9) == 2
    assert [one.at for one in await three.failures()] == [20, 30]
    assert await three.robots("https://10.example") is None
    assert await three.robots("https://20.example") == copy(20)
    assert await three.forget(20, 1000, entries=9) == 0


async def test_it_is_forgotten_in_small_steps_the_oldest_failures_first(three):
    assert await three.forget(100, 1, entries=9) == 2
    assert [one.at for one in await three.failures()] == [20, 30]
    assert await three.forget(100, 1, entries=9) + await three.forget(100, 1, entries=9) == 4
    assert await three.failures() == []


async def test_a_page_that_was_forgotten_isnt_asked_for_again(three):
    await three.forget(100, 1000, entries=9)
    assert await three.offer([offer("https://a.example/10", 200)], 200) == 0


async def told(store, at, *keys, shown):
    """The document of the one source, with these entries."""
    got, job = await only_job(store, now=at)
    read = feed_read(await archived(store, got, job, at, polite_at=0), due=at + 1, entries=[entry(key) for key in keys])
    await publish(store, replace(read, source=replace(read.source, rhythm=Rhythm(shown=shown))), now=at)


async def test_the_newest_entries_of_a_source_are_known_and_the_oldest_forgotten(store):
    await watch(store, source())
    for at in range(1, 7):
        await told(store, at, f"{at}-a", f"{at}-b", shown=1)
    assert await store.forget(0, 3, entries=5) == 3, "in small steps"
    while await store.forget(0, 3, entries=5):
        pass
    assert sorted(await store.known_entries(source().source_id)) == ["4-b", "5-a", "5-b", "6-a", "6-b"]


async def test_none_is_forgotten_that_may_still_stand_in_the_document(store):
    await watch(store, source())
    for at in range(1, 7):
        await told(store, at, f"{at}-a", f"{at}-b", shown=3)
    assert await store.forget(0, 1000, entries=1) == 0, "four times what it shows"
