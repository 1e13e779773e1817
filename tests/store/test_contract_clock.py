"""The wall clock is set, a day to and fro: nothing is stuck, nothing comes early, nobody is asked sooner."""

import pytest

from crawler.model import Freed, Jump
from crawler.store.sqlite import SqliteStore
from tests.store.samples import (
    ALL,
    DELAY,
    ME,
    OTHER,
    TTL,
    again,
    commit,
    lease,
    offer,
    only_job,
    settle,
    source,
    status,
    watch,
)

DAY = 86_400_000
NOW = 10 * DAY


def jump(by, at=1000):
    return Jump(was=NOW, offset=NOW + by, since=at - 500, at=at)


@pytest.fixture(params=[DAY, -DAY], ids=["forward", "back"])
def by(request):
    return request.param


async def test_a_job_is_due_after_as_long_as_before(store, by):
    await store.offer([offer(due=NOW + 500)], NOW)
    assert await store.clock_moved(jump(by), NOW + by) == by
    assert await store.next_ready() == NOW + by + 500
    assert await lease(store, now=NOW + by + 499) == []
    assert len(await lease(store, now=NOW + by + 500)) == 1


async def test_a_job_that_was_due_is_due(store, by):
    await store.offer([offer(due=NOW - 500)], NOW)
    await store.clock_moved(jump(by), NOW + by)
    assert len(await lease(store, now=NOW + by)) == 1


async def test_a_source_knows_when_it_is_polled(store, by):
    feed = source()
    await watch(store, feed, now=NOW + 500)
    await store.clock_moved(jump(by), NOW + by)
    assert (await status(store)).due_at == NOW + by + 500
    (got,) = await lease(store, now=NOW + by + 500)
    assert got.jobs[0].poll is not None


async def test_a_host_rests_as_long_as_it_would_have(store, by):
    await store.offer([offer(), offer("https://a.example/2")], NOW)
    (got,) = await lease(store, now=NOW, urls=1)
    await commit(store, settle(got, got.jobs[0], polite_at=NOW + DELAY))
    await store.clock_moved(jump(by), NOW + by)
    assert await lease(store, now=NOW + by + DELAY - 1) == []
    assert len(await lease(store, now=NOW + by + DELAY)) == 1


async def test_a_leased_host_is_nobody_elses_after_a_jump(store, by):
    await store.offer([offer()], NOW)
    await lease(store, now=NOW)
    await store.clock_moved(jump(by), NOW + by)
    assert await lease(store, OTHER, now=NOW + by + TTL - 1) == []


async def test_what_was_handed_out_is_acknowledged_after_a_jump(store, by):
    await store.offer([offer(due=NOW - 5)], NOW)
    got, job = await only_job(store, now=NOW)
    await store.clock_moved(jump(by), NOW + by)
    assert await commit(store, settle(got, job, again=again(job, NOW + by + 7))) == frozenset()
    assert await store.pending(NOW + 2 * DAY, ALL) == 1
    assert await store.next_ready() == NOW + by + 7


async def test_what_is_given_back_after_a_jump_is_due(store, by):
    feed = source()
    await watch(store, feed, now=NOW - 5)
    (got,) = await lease(store, now=NOW)
    await store.clock_moved(jump(by), NOW + by)
    await store.release(ME, [Freed(host_id=got.host_id, epoch=got.epoch, polite_at=NOW + by)], NOW + by)
    (got,) = await lease(store, now=NOW + by)
    assert got.jobs[0].poll is not None


async def test_a_leased_hosts_other_jobs_are_moved(store, by):
    await store.offer([offer(due=NOW - 9), offer("https://a.example/2", NOW - 5)], NOW)
    (got,) = await lease(store, now=NOW, urls=1)
    await store.clock_moved(jump(by), NOW + by)
    await commit(store, settle(got, got.jobs[0], polite_at=NOW + by))
    assert len(await lease(store, now=NOW + by)) == 1


async def test_two_rows_of_one_address_that_meet_stand_behind_each_other(store):
    feed = source("https://a.example/x")
    await watch(store, feed, now=NOW + DAY)
    await store.offer([offer("https://a.example/x", NOW, gated=False)], NOW)
    await store.clock_moved(jump(DAY), NOW + DAY - 5)
    assert await store.pending(NOW + 3 * DAY, ALL) == 2
    await store.offer([offer("https://a.example/x", NOW, gated=False)], NOW)
    await store.clock_moved(Jump(was=NOW + DAY, offset=NOW, since=2000, at=3000), NOW - 5)
    assert await store.pending(NOW + 3 * DAY, ALL) == 3


async def test_two_processes_that_see_one_jump_move_once(store, by):
    await store.offer([offer(due=NOW + 500)], NOW)
    assert await store.clock_moved(jump(by, at=1000), NOW + by) == by
    assert await store.clock_moved(jump(by, at=1400), NOW + by) == 0
    assert await store.next_ready() == NOW + by + 500


async def test_who_saw_two_jumps_as_one_moves_what_is_left(store):
    await store.offer([offer(due=NOW + 500)], NOW)
    await store.clock_moved(jump(DAY), NOW + DAY)
    late = Jump(was=NOW, offset=NOW + 3 * DAY, since=900, at=1100)
    assert await store.clock_moved(late, NOW + 3 * DAY) == 2 * DAY
    assert await store.next_ready() == NOW + 3 * DAY + 500


async def test_a_correction_of_long_ago_is_no_other_process(store):
    await store.offer([offer(due=NOW + 500)], NOW)
    assert await store.clock_moved(jump(DAY, at=1000), NOW + DAY) == DAY
    assert await store.clock_moved(jump(DAY, at=9000), NOW + 2 * DAY) == DAY
    assert await store.next_ready() == NOW + 2 * DAY + 500


async def test_a_clock_that_was_set_back_while_nobody_ran_keeps_nobody_waiting(tmp_path):
    store = await SqliteStore.open(tmp_path / "warraq.db")
    try:
        ahead = NOW + 400 * DAY
        assert await store.begun(1000, ahead) == 0
        await store.offer([offer(due=ahead + 500), offer("https://b.example/", ahead - 500)], ahead)
        await store.enlist(ME, {}, ahead)
        await store.beat(ME, ahead + 100)
        assert await store.begun(2000, NOW) == NOW - ahead - 100
        assert [got.host for got in await lease(store, now=NOW)] == ["b.example"]
        assert await store.begun(3000, NOW) == 0
        assert await lease(store, now=NOW + 399) == []
        assert [got.host for got in await lease(store, now=NOW + 400)] == ["a.example"]
    finally:
        await store.close()


async def test_a_clock_that_goes_on_moves_nothing(tmp_path):
    store = await SqliteStore.open(tmp_path / "warraq.db")
    try:
        await store.offer([offer(due=NOW + DAY)], NOW)
        assert [await store.begun(at, NOW + by) for at, by in enumerate((0, -4_000, 500, 400 * DAY))] == [0] * 4
        assert await store.next_ready() == NOW + DAY
    finally:
        await store.close()
