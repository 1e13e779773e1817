"""What isn't needed any more is forgotten, and nothing else."""

import pytest

from crawler.model import Failure, RobotsCopy
from tests.store.samples import commit, host_id, offer, only_job, settle


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
    assert await three.forget(20, 1000) == 2
    assert [one.at for one in await three.failures()] == [20, 30]
    assert await three.robots("https://10.example") is None
    assert await three.robots("https://20.example") == copy(20)
    assert await three.forget(20, 1000) == 0


async def test_it_is_forgotten_in_small_steps_the_oldest_failures_first(three):
    assert await three.forget(100, 1) == 2
    assert [one.at for one in await three.failures()] == [20, 30]
    assert await three.forget(100, 1) + await three.forget(100, 1) == 4
    assert await three.failures() == []


async def test_a_page_that_was_forgotten_isnt_asked_for_again(three):
    await three.forget(100, 1000)
    assert await three.offer([offer("https://a.example/10", 200)], 200) == 0
