"""What is offered: once by its address, always if asked for, never without waking its host."""

from msgspec.structs import replace

from crawler.model import NEVER, Context, Kind
from tests.store.samples import ALL, commit, host_id, lease, offer, only_job, poll_offer, settle, source, status, watch


async def test_an_address_is_queued_once_however_often_it_is_offered(store):
    assert await store.offer([offer(), offer()], 0) == 1
    assert await store.offer([offer(due=99)], 0) == 0
    assert await store.pending(NEVER, ALL) == 1


async def test_two_spellings_of_a_page_are_one(store):
    assert await store.offer([offer("https://a.example/1?utm_source=x"), offer("https://a.example/1")], 0) == 1


async def test_a_page_that_was_visited_is_not_queued_again(store):
    await store.offer([offer()], 0)
    got, job = await only_job(store)
    await commit(store, settle(got, job))
    assert await store.offer([offer(due=5)], 5) == 0


async def test_an_offer_that_is_not_gated_passes_what_was_seen(store):
    await store.offer([offer()], 0)
    assert await store.offer([offer(due=7, gated=False)], 0) == 1
    assert await store.pending(NEVER, ALL) == 2


async def test_an_offer_that_is_not_gated_is_seen_from_then_on(store):
    await store.offer([offer(gated=False)], 0)
    assert await store.offer([offer(due=7)], 0) == 0


async def test_in_one_call_the_first_of_two_counts(store):
    assert await store.offer([offer(due=3, gated=False), offer(due=5)], 0) == 1
    assert await store.pending(3, ALL) == 1


async def test_a_row_that_meets_its_own_key_is_updated(store):
    await store.offer([offer(tries=1)], 0)
    assert await store.offer([offer(tries=2, kind=Kind.TARGET, context=Context(hops=1), gated=False)], 0) == 0
    _, job = await only_job(store)
    assert (job.tries, job.kind, job.context.hops, job.leases) == (2, Kind.TARGET, 1, 1)


async def test_a_row_that_meets_its_own_key_forgets_its_leases(store):
    await store.offer([offer()], 0)
    await lease(store)
    await store.offer([offer(gated=False)], 0)
    (got,) = await lease(store, now=10**6)
    assert got.jobs[0].leases == 1


async def test_a_page_never_takes_the_place_of_a_source(store):
    feed = source()
    await watch(store, feed)
    assert await store.offer([offer(feed.url, 0, gated=False)], 0) == 1
    (got,) = await lease(store, now=9)
    assert [(job.kind, job.due_at) for job in got.jobs] == [(Kind.FEED, 0), (Kind.PAGE, 1)]


async def test_a_feed_that_hops_to_another_feed_leaves_it_its_row(store):
    one, other = source("https://a.example/feed"), source("https://b.example/feed")
    await watch(store, one, other)
    leases = {got.host: got for got in await lease(store)}
    got = leases["a.example"]
    await commit(store, settle(got, got.jobs[0], hop=poll_offer(one, 0, url=other.url)))
    assert (await status(store, other)).due_at == 0
    assert (await status(store, one)).due_at == 1
    assert await store.pending(NEVER, ALL) == 2


async def test_any_address_comes_back_as_it_was_given(store):
    given = {
        "https://a.example/",
        "https://a.example/?q=1",
        "http://a.example/plain",
        "https://a.example:8443/port",
        "https://xn--mgba3gch31f.example/%D8%AE%D8%A8%D8%B1?b=2&a=1",
        "urn:sha256:0011",
    }
    await store.offer([offer(url) for url in given], 0)
    assert {job.url for got in await lease(store) for job in got.jobs} == given


async def test_the_way_an_address_came_travels_with_it(store):
    context = Context(via="https://a.example/feed", guid="ⅻ-٣", pub_date="الأحد", title="خبر", hops=2, revisit=True)
    await store.offer([offer(context=context, depth=3)], 0)
    _, job = await only_job(store)
    assert (job.context, job.depth) == (context, 3)


async def test_hashes_have_all_64_bits(store):
    low, high = -(2**63), 2**63 - 1
    assert await store.offer([replace(offer(), h=low), replace(offer(), h=high)], 0) == 2
    (got,) = await lease(store)
    assert [job.h for job in got.jobs] == [low, high]


async def test_the_next_ready_host_is_the_one_with_the_earliest_job(store):
    assert await store.next_ready() is None
    await store.offer([offer(due=50), offer("https://b.example/", due=20)], 0)
    assert await store.next_ready() == 20


async def test_an_earlier_job_wakes_a_host_that_slept(store):
    await store.offer([offer(due=500)], 0)
    await store.offer([offer("https://a.example/2", due=100)], 0)
    assert await store.next_ready() == 100


async def test_an_offer_to_a_leased_host_wakes_it_after_the_lease(store):
    await store.offer([offer()], 0)
    got, job = await only_job(store)
    await store.offer([offer("https://a.example/2", due=1)], 1)
    await commit(store, settle(got, job, polite_at=2000))
    assert await store.next_ready() == 2000


async def test_pending_counts_kinds_and_times_and_leased_jobs_too(store):
    await store.offer([offer(), offer("https://a.example/2", due=9), offer("https://b.example/f", kind=Kind.FEED)], 0)
    await lease(store)
    assert await store.pending(0, frozenset({Kind.PAGE})) == 1
    assert await store.pending(9, frozenset({Kind.PAGE})) == 2
    assert await store.pending(9, ALL) == 3
    assert await store.pending(9, frozenset()) == 0


async def test_nothing_offered_is_nothing_done(store):
    assert await store.offer([], 0) == 0
    assert await lease(store) == []
    assert await store.pending(NEVER, ALL) == 0
    assert await store.renew("run-1", host_id(), 1, ttl=1, now=0) is False
