"""One host, one worker, until the lease ends."""

import pytest

from crawler.model import Freed, Kind, Strain
from tests.store.samples import (
    ALL,
    DELAY,
    ME,
    OTHER,
    TTL,
    again,
    commit,
    host_id,
    lease,
    offer,
    only_job,
    poll_offer,
    settle,
    source,
    status,
    watch,
)


def pages(count, host="a.example", due=0):
    return [offer(f"https://{host}/{n}", due) for n in range(count)]


async def free(store, got, polite_at=0, worker=ME):
    await store.release(worker, [Freed(host_id=got.host_id, epoch=got.epoch, polite_at=polite_at)], 0)


async def test_a_leased_host_is_nobody_elses_until_the_lease_ends(store):
    await store.offer(pages(3), 0)
    (got,) = await lease(store)
    assert await lease(store, OTHER, now=TTL - 1) == []
    (taken,) = await lease(store, OTHER, now=TTL)
    assert (taken.epoch, taken.jobs[0].h) == (got.epoch + 1, got.jobs[0].h)


async def test_a_lease_says_all_a_worker_must_know(store):
    await store.offer(pages(1), 0)
    (got,) = await lease(store, now=5)
    assert (got.host, got.host_id, got.epoch, got.until) == ("a.example", host_id(), 1, 5 + TTL)
    assert (got.delay_ms, got.last_at, got.strain) == (0, 0, Strain())


async def test_the_host_that_is_ready_longest_comes_first(store):
    await store.offer([offer("https://a.example/", 30), offer("https://b.example/", 10), offer("https://c.example/", 20)], 0)
    assert [got.host for got in await lease(store, now=40, hosts=2)] == ["b.example", "c.example"]


async def test_the_oldest_jobs_come_first_and_no_more_than_asked_for(store):
    await store.offer([offer(f"https://a.example/{due}", due) for due in (30, 10, 20, 99)], 0)
    (got,) = await lease(store, now=50, urls=2)
    assert [job.due_at for job in got.jobs] == [10, 20]


async def test_what_pages_are_drawn_with_waits_for_pages_that_came_later(store):
    late = [offer(f"https://a.example/{n}.jpg", n, kind=Kind.ASSET) for n in range(5)]
    await store.offer([*late, offer("https://a.example/page", 40), offer("https://a.example/feed", 30)], 0)
    (got,) = await lease(store, now=35, urls=3)
    assert [job.url.rpartition("/")[2] for job in got.jobs] == ["feed", "0.jpg", "1.jpg"], "no page is due yet"
    await store.release(ME, [Freed(host_id=got.host_id, epoch=got.epoch, polite_at=0)], 35)
    (got,) = await lease(store, now=50, urls=3)
    assert [job.url.rpartition("/")[2] for job in got.jobs] == ["feed", "page", "0.jpg"]


async def crowd(store, feeds=1):
    """Twenty pages that are late, and feeds that came due behind them."""
    await store.offer([offer(f"https://a.example/{n}", n) for n in range(20)], 0)
    sources = [source(f"https://a.example/feed{n}") for n in range(feeds)]
    await store.sync_sources(sources, [poll_offer(one, 30 + n) for n, one in enumerate(sources)], 0)


async def test_a_source_that_is_due_does_not_wait_behind_its_hosts_pages(store):
    await crowd(store)
    (got,) = await lease(store, now=29, urls=4)
    assert [job.kind for job in got.jobs] == [Kind.PAGE] * 4, "it isn't due yet"
    await store.release(ME, [Freed(host_id=got.host_id, epoch=got.epoch, polite_at=0)], 29)
    (got,) = await lease(store, now=30, urls=4)
    assert [job.url.rpartition("/")[2] for job in got.jobs] == ["feed0", "0", "1", "2"]
    assert got.jobs[0].poll.source_id == source("https://a.example/feed0").source_id


async def test_sources_take_half_of_a_lease_at_most(store):
    await crowd(store, feeds=6)
    (got,) = await lease(store, now=99, urls=4)
    assert [job.url.rpartition("/")[2] for job in got.jobs] == ["feed0", "feed1", "0", "1"]


async def test_where_a_lease_has_room_for_one_job_sources_and_pages_take_turns(store):
    await crowd(store, feeds=3)
    kinds = []
    for _ in range(4):
        (got,) = await lease(store, now=99, delay=TTL)
        kinds.append([job.kind for job in got.jobs])
        await commit(store, settle(got, got.jobs[0], polite_at=0))
    assert kinds == [[Kind.FEED], [Kind.PAGE], [Kind.FEED], [Kind.PAGE]]


async def test_a_job_that_is_not_due_stays(store):
    await store.offer([offer(due=10)], 0)
    assert await lease(store, now=9) == []
    assert len(await lease(store, now=10)) == 1


@pytest.mark.parametrize(("delay", "jobs"), [(TTL // 4, 1), (TTL // 4 - 1, 5)])
async def test_a_gap_of_a_quarter_of_the_lease_leaves_room_for_one_job(store, delay, jobs):
    await store.offer(pages(5), 0)
    (got,) = await lease(store, delay=delay)
    assert len(got.jobs) == jobs


async def test_the_hosts_own_gap_counts_as_well(store):
    await store.offer(pages(5), 0)
    (got,) = await lease(store, urls=1)
    await commit(store, settle(got, got.jobs[0], delay_ms=TTL))
    (got,) = await lease(store, now=DELAY)
    assert (len(got.jobs), got.delay_ms) == (1, TTL)


async def test_only_jobs_that_are_handed_out_are_counted(store):
    await store.offer([offer(f"https://a.example/{due}", due) for due in (0, 1, TTL + 2)], 0)
    assert [job.leases for job in (await lease(store, now=0))[0].jobs] == [1], "one was due of three"
    assert [job.leases for job in (await lease(store, now=TTL, urls=1))[0].jobs] == [2], "one was asked for of two"
    (got,) = await lease(store, now=2 * TTL)
    assert [(job.due_at, job.leases) for job in got.jobs] == [(0, 3), (1, 1), (TTL + 2, 1)]


async def test_leases_are_counted_until_one_is_given_back(store):
    await store.offer(pages(1), 0)
    for times in (1, 2):
        (got,) = await lease(store, now=times * TTL)
        assert got.jobs[0].leases == times
    await free(store, got)
    (got,) = await lease(store, now=3 * TTL)
    assert got.jobs[0].leases == 1


async def lease_often(store, times, now=0):
    """Leases that end without an outcome."""
    for _ in range(times):
        now += TTL
        await lease(store, now=now, urls=1)
    return now + TTL


async def test_a_job_leased_three_times_in_vain_is_leased_alone(store):
    await store.offer(pages(1), 0)
    now = await lease_often(store, 3)
    await store.offer([offer("https://a.example/later", due=5)], 0)
    (got,) = await lease(store, now=now)
    assert [job.leases for job in got.jobs] == [4]


async def test_a_troubled_job_is_not_leased_behind_others(store):
    await store.offer([offer("https://a.example/troubled", due=5)], 0)
    now = await lease_often(store, 3)
    await store.offer([offer("https://a.example/healthy", due=1)], 0)
    (got,) = await lease(store, now=now)
    assert [job.url for job in got.jobs] == ["https://a.example/healthy"]


async def test_a_job_leased_ten_times_in_vain_is_tried_once_a_day(store):
    await store.offer([offer("https://a.example/suspect"), offer("https://b.example/", 10**9)], 0)
    now = await lease_often(store, 10)
    assert await lease(store, now=now) == []
    assert await store.next_ready() == now + 86_400_000
    (got,) = await lease(store, now=now + 86_400_000, hosts=1)
    assert [job.url for job in got.jobs] == ["https://a.example/suspect"]
    assert await lease(store, now=now + 86_400_000 + TTL, hosts=1) == []
    assert await store.pending(10**12, ALL) == 2


async def test_whoever_leases_is_told_of_suspects_and_when_they_come(store):
    await store.offer([offer("https://a.example/suspect"), offer("https://b.example/", 10**9)], 0)
    now, told = await lease_often(store, 10), []
    assert await lease(store, now=now, put_off=told.extend) == []
    assert [(job.url, job.leases, job.due_at) for job in told] == [("https://a.example/suspect", 10, now + 86_400_000)]


async def test_a_suspect_does_not_hold_up_its_host(store):
    await store.offer([offer("https://a.example/suspect")], 0)
    now = await lease_often(store, 10)
    await store.offer([offer("https://a.example/2", due=9)], 0)
    (got,) = await lease(store, now=now)
    assert [job.url for job in got.jobs] == ["https://a.example/2"]


async def test_a_source_that_became_a_suspect_knows_its_new_row(store):
    feed = source()
    await watch(store, feed)
    now = await lease_often(store, 10)
    assert await lease(store, now=now) == []
    assert (await status(store)).due_at == now + 86_400_000
    (got,) = await lease(store, now=now + 86_400_000)
    assert got.jobs[0].poll is not None


async def test_a_host_woken_for_nothing_is_not_leased_and_sleeps_on(store):
    await store.offer([offer(), offer("https://a.example/2", due=500)], 0)
    got, job = await only_job(store)
    await commit(store, settle(got, job, last=False))
    assert await lease(store, now=TTL) != []
    (got,) = await lease(store, now=2 * TTL)
    await commit(store, settle(got, got.jobs[0], last=False))
    assert await lease(store, now=3 * TTL) == []
    assert await store.next_ready() is None


async def test_one_host_can_be_leased_by_name_without_its_jobs(store):
    got = await store.lease_host(ME, "new.example", host_id("new.example"), ttl=TTL, now=3)
    assert (got.host, got.epoch, got.until, got.jobs) == ("new.example", 1, 3 + TTL, ())
    assert await store.lease_host(OTHER, "new.example", host_id("new.example"), ttl=TTL, now=4) is None
    assert (await store.lease_host(OTHER, "new.example", host_id("new.example"), ttl=TTL, now=3 + TTL)).epoch == 2


async def test_a_host_that_may_not_be_asked_yet_is_not_leased_by_name(store):
    got = await store.lease_host(ME, "a.example", host_id(), ttl=TTL, now=0)
    await free(store, got, polite_at=70)
    assert await store.lease_host(ME, "a.example", host_id(), ttl=TTL, now=69) is None
    assert await store.lease_host(ME, "a.example", host_id(), ttl=TTL, now=70) is not None


async def test_a_host_leased_by_name_is_not_leased_for_its_jobs(store):
    await store.lease_host(ME, "a.example", host_id(), ttl=TTL, now=0)
    await store.offer(pages(1), 0)
    assert await lease(store, OTHER, now=1) == []


async def test_a_renewed_lease_ends_later(store):
    await store.offer(pages(1), 0)
    (got,) = await lease(store)
    assert await store.renew(ME, got.host_id, got.epoch, ttl=TTL, now=100)
    assert await lease(store, OTHER, now=TTL) == []
    assert len(await lease(store, OTHER, now=TTL + 100)) == 1
    assert not await store.renew(ME, got.host_id, got.epoch, ttl=TTL, now=200)


async def test_a_released_host_is_ready_when_its_gap_is_over(store):
    await store.offer(pages(2), 0)
    (got,) = await lease(store)
    await free(store, got, polite_at=77)
    assert await lease(store, now=76) == []
    assert len((await lease(store, now=77))[0].jobs) == 2


async def test_a_lease_that_is_not_ours_cannot_be_released(store):
    await store.offer(pages(1), 0)
    (got,) = await lease(store)
    await free(store, got, worker=OTHER)
    await store.release(ME, [Freed(host_id=got.host_id, epoch=got.epoch + 1, polite_at=0)], 0)
    assert await lease(store, now=1) == []


async def test_a_dead_workers_hosts_are_free_after_their_gap(store):
    await store.enlist(ME, {"pid": "1"}, 0)
    await store.enlist(OTHER, {}, 0)
    await store.offer([*pages(1), *pages(1, "b.example")], 0)
    (got,) = await lease(store, hosts=1)
    await lease(store, OTHER, hosts=1)
    assert await store.reclaim(ME, delay=500, now=1000) == 1
    assert await store.workers() == [OTHER]
    assert await lease(store, OTHER, now=1499) == []
    (taken,) = await lease(store, OTHER, now=1500)
    assert (taken.host, taken.epoch) == (got.host, got.epoch + 2)


async def test_a_dead_workers_host_keeps_its_own_longer_gap(store):
    await store.offer(pages(2), 0)
    (got,) = await lease(store, urls=1)
    await commit(store, settle(got, got.jobs[0], delay_ms=900, polite_at=0))
    await lease(store, now=10)
    await store.reclaim(ME, delay=500, now=1000)
    assert await store.next_ready() == 1900


async def test_reclaiming_never_makes_a_host_wait_longer(store):
    await store.offer(pages(1), 0)
    await lease(store, ttl=50)
    await store.reclaim(ME, delay=DELAY, now=10)
    assert await store.next_ready() == 50


async def test_what_a_reclaimed_worker_still_sends_is_fenced(store):
    await store.offer(pages(1), 0)
    got, job = await only_job(store)
    await store.reclaim(ME, delay=0, now=1)
    assert await commit(store, settle(got, job)) == {got.host_id}
    assert await store.pending(1, ALL) == 1


async def test_workers_are_entered_and_struck_off(store):
    assert await store.workers() == []
    await store.enlist(OTHER, {"host": "x"}, 1)
    await store.enlist(ME, {}, 1)
    await store.beat(ME, 5)
    assert await store.workers() == [ME, OTHER]
    assert await store.reclaim(OTHER, delay=0, now=9) == 0
    assert await store.workers() == [ME]


async def test_a_lease_of_a_source_brings_what_is_known_of_it(store):
    feed = source(every_ms=12_345)
    await watch(store, feed)
    _, job = await only_job(store)
    assert (job.poll.source_id, job.poll.url, job.poll.every_ms) == (feed.source_id, feed.url, 12_345)
    assert (job.poll.body_digest, job.poll.validators.etag, job.poll.rhythm.failures) == (None, None, 0)


async def test_a_row_that_only_names_a_source_is_no_poll_of_it(store):
    feed = source()
    await watch(store, feed, now=50)
    await store.offer([poll_offer(feed, 0, url="https://a.example/child")], 0)
    _, job = await only_job(store)
    assert job.poll is None


async def test_a_job_put_back_unasked_keeps_its_host_leased(store):
    await store.offer(pages(2), 0)
    (got,) = await lease(store)
    first, second = got.jobs
    await commit(store, settle(got, first, again=again(first, 10**6), last=False, polite_at=0, delay_ms=None, strain=None))
    assert await lease(store, OTHER, now=1) == []
    await commit(store, settle(got, second))
    assert await store.next_ready() == 10**6


async def test_jobs_of_a_host_that_rests_are_pending_only_when_it_is_ready_and_those_of_a_leased_one_always(store):
    await store.offer(pages(2), 0)
    (got,) = await lease(store)
    assert await store.pending(1, ALL) == 2
    await free(store, got, polite_at=500)
    assert await store.pending(499, ALL) == 0
    assert await store.pending(500, ALL) == 2
    assert await store.pending(1, ALL, ready=500) == 2
    assert await store.pending(-1, ALL, ready=500) == 0
