"""A source has exactly one of: a queue row, a capture that waits for its parser, or a state that isn't polled."""

from msgspec.structs import replace

from crawler.model import NEVER, Details, Entrance, Kind, Rhythm, Said, Scope
from tests.store.samples import (
    ALL,
    DELAY,
    again,
    archived,
    commit,
    feed_read,
    lease,
    offer,
    only_job,
    poll_offer,
    polled,
    publish,
    settle,
    source,
    status,
    watch,
)

LATER = 10**9


async def fetched(store, now=0, at=1):
    """The one source's body, waiting for its parser."""
    got, job = await only_job(store, now=now)
    return await archived(store, got, job, at, polite_at=0)


async def test_a_new_source_is_queued_once(store):
    feed = source()
    await watch(store, feed)
    await watch(store, feed, now=50)
    assert await store.pending(NEVER, ALL) == 1
    one = await status(store)
    assert (one.source, one.state, one.due_at, one.last_at, one.outcome, one.failures, one.polls) == (
        feed, "active", 0, None, None, 0, {},
    )  # fmt: skip


async def test_a_watched_address_is_seen(store):
    feed = source()
    await watch(store, feed)
    assert await store.offer([offer(feed.url)], 0) == 0


async def test_an_address_seen_before_can_be_watched(store):
    feed = source()
    await store.offer([offer(feed.url, 99)], 0)
    await watch(store, feed)
    assert await store.pending(NEVER, frozenset({Kind.FEED})) == 1


async def test_sources_are_listed_by_name_and_address(store):
    named = [source(f"https://{host}.example/", name=name) for host, name in (("a", "ب"), ("c", "أ"), ("b", "أ"))]
    await watch(store, *named)
    assert [one.source.url for one in await store.sources()] == [
        "https://b.example/",
        "https://c.example/",
        "https://a.example/",
    ]


async def test_what_the_config_says_anew_is_changed_and_the_row_stays(store):
    feed = source()
    await watch(store, feed)
    await watch(store, replace(feed, every_ms=5, name="n", tags=("عربي", "x")), now=70)
    one = await status(store)
    assert (one.source.every_ms, one.source.name, one.source.tags, one.due_at) == (5, "n", ("عربي", "x"), 0)


async def test_another_kind_changes_the_row_in_its_place(store):
    feed = source()
    await watch(store, feed)
    await watch(store, replace(feed, kind=Kind.SECTION), now=70)
    _, job = await only_job(store)
    assert (job.kind, job.due_at, job.poll.source_id) == (Kind.SECTION, 0, feed.source_id)


async def test_a_source_taken_out_of_the_config_is_not_polled_and_not_forgotten(store):
    feed, other = source(), source("https://b.example/feed")
    await watch(store, feed, other)
    await watch(store, other)
    one = await status(store, feed)
    assert (one.state, one.due_at) == ("paused", None)
    assert [got.host for got in await lease(store)] == ["b.example"]


async def test_a_source_that_comes_back_is_polled_again(store):
    feed = source()
    await watch(store, feed)
    await watch(store)
    await watch(store, feed, now=80)
    one = await status(store)
    assert (one.state, one.due_at) == ("active", 80)


async def test_sources_that_are_not_the_configs_are_left_alone(store):
    mine = source(origin="command")
    await watch(store, mine)
    await watch(store)
    assert (await status(store)).state == "active"


async def test_a_source_whose_body_waits_is_not_queued_by_the_config(store):
    feed = source()
    await watch(store, feed)
    await fetched(store)
    await watch(store, feed, now=5)
    assert await store.pending(NEVER, ALL) == 0
    assert (await status(store)).due_at is None


async def test_pausing_while_a_visit_is_under_way_keeps_its_capture_and_puts_nothing_back(store):
    feed = source()
    await watch(store, feed)
    got, job = await only_job(store)
    await watch(store)
    one = await archived(store, got, job, again=again(job, 60))
    assert await store.pending(NEVER, ALL) == 0
    await publish(store, feed_read(one, etag='"1"'))
    assert await store.pending(NEVER, ALL) == 0
    assert (await status(store)).state == "paused"


async def test_a_page_that_took_the_key_of_a_paused_source_is_not_taken_for_it(store):
    feed = source()
    await watch(store, feed)
    got, job = await only_job(store)
    await watch(store)
    await store.offer([offer(feed.url, job.due_at, gated=False)], 0)
    await commit(store, settle(got, job, again=again(job, 60), poll=polled(feed)))
    assert await store.pending(NEVER, frozenset({Kind.FEED})) == 0
    assert await store.pending(NEVER, frozenset({Kind.PAGE})) == 1


async def test_pausing_while_a_body_waits_makes_commit_two_put_nothing_back(store):
    feed = source()
    await watch(store, feed)
    one = await fetched(store)
    await watch(store)
    await publish(store, feed_read(one))
    assert await store.pending(NEVER, ALL) == 0
    await watch(store, feed, now=90)
    assert (await status(store)).due_at == 90


async def test_resuming_while_a_body_waits_leaves_it_to_commit_two(store):
    feed = source()
    await watch(store, feed)
    one = await fetched(store)
    await watch(store)
    await watch(store, feed)
    assert await store.pending(NEVER, ALL) == 0
    await publish(store, feed_read(one, due=66))
    assert (await status(store)).due_at == 66


async def test_an_unchanged_source_is_put_back_and_known_by_its_new_row(store):
    feed = source()
    await watch(store, feed)
    got, job = await only_job(store)
    await commit(store, settle(got, job, again=again(job, 5000)))
    assert (await status(store)).due_at == 5000
    _, job = await only_job(store, now=5000)
    assert job.poll is not None


async def test_a_source_follows_a_redirect_and_stays_itself(store):
    feed = source()
    await watch(store, feed)
    got, job = await only_job(store)
    await commit(store, settle(got, job, hop=poll_offer(feed, 10, url="https://b.example/new")))
    assert (await status(store)).due_at == 10
    got, job = await only_job(store, now=10)
    assert (job.url, job.poll.source_id, job.poll.url) == ("https://b.example/new", feed.source_id, feed.url)
    await commit(store, settle(got, job, again=poll_offer(feed, 99)))
    _, job = await only_job(store, now=DELAY)
    assert (job.url, job.poll.source_id) == (feed.url, feed.source_id)


async def test_a_capture_behind_a_redirect_is_waited_for_as_well(store):
    feed = source()
    await watch(store, feed)
    got, job = await only_job(store)
    await commit(store, settle(got, job, hop=poll_offer(feed, 10, url="https://b.example/new")))
    one = await fetched(store, now=10)
    assert (await status(store)).due_at is None
    await publish(store, feed_read(replace(one, job=replace(one.job, host="a.example")), due=44))
    assert (await status(store)).due_at == 44


async def test_polls_are_counted_and_failures_stand_in_a_row(store):
    feed = source()
    await watch(store, feed)
    for at, outcome, failed in ((1, "unchanged", False), (2, "timeout", True), (3, "timeout", True)):
        got, job = await only_job(store, now=at * LATER)
        poll = polled(feed, at * LATER, outcome, failed=failed, rhythm=Rhythm(failures=at - 1))
        await commit(store, settle(got, job, poll=poll, again=again(job, at * LATER)))
    one = await status(store)
    assert (one.outcome, one.failures, one.last_at) == ("timeout", 2, 3 * LATER)
    assert one.polls == {"timeout": 2, "unchanged": 1}
    _, job = await only_job(store, now=9 * LATER)
    assert job.poll.rhythm.failures == 2


async def test_an_answer_ends_a_row_of_failures(store):
    feed = source()
    await watch(store, feed)
    for at, failed in ((1, True), (2, False)):
        got, job = await only_job(store, now=at * LATER)
        await commit(
            store,
            settle(
                got,
                job,
                poll=polled(feed, at, failed=failed, rhythm=Rhythm(failures=int(failed))),
                again=again(job, at * LATER),
            ),
        )
    assert (await status(store)).failures == 0


async def test_a_source_that_is_gone_is_shown_so_until_it_answers(store):
    feed = source()
    await watch(store, feed)
    states = []
    for at, outcome in enumerate(("gone", "timeout", "unchanged"), 1):
        got, job = await only_job(store, now=at * LATER)
        poll = polled(feed, at, outcome, gone=outcome == "gone", failed=outcome != "unchanged")
        await commit(store, settle(got, job, poll=poll, again=again(job, at * LATER)))
        states.append((await status(store)).state)
    assert states == ["gone", "gone", "active"]


async def test_a_source_that_is_blocked_is_shown_so_until_it_answers(store):
    feed = source()
    await watch(store, feed)
    states = []
    for at, outcome in enumerate(("blocked", "timeout", "unchanged"), 1):
        got, job = await only_job(store, now=at * LATER)
        poll = polled(feed, at, outcome, blocked=outcome == "blocked", failed=outcome != "unchanged")
        await commit(store, settle(got, job, poll=poll, again=again(job, at * LATER)))
        states.append((await status(store)).state)
        assert await store.poll_all(at * LATER) == 1
    assert states == ["blocked", "blocked", "active"]


async def test_a_source_that_is_gone_is_still_polled_but_not_by_poll_all(store):
    feed = source()
    await watch(store, feed)
    got, job = await only_job(store)
    await commit(store, settle(got, job, poll=polled(feed, gone=True, failed=True), again=again(job, LATER)))
    assert await store.poll_all(50) == 0
    assert (await status(store)).due_at == LATER


async def test_the_history_of_polls_is_a_ring(store):
    feed = source()
    await watch(store, feed)
    got, job = await only_job(store)
    for at in range(250):
        poll = polled(feed, at, "old" if at < 50 else "new")
        await commit(store, settle(got, job, poll=poll, last=False))
    assert (await status(store)).polls == {"new": 200}


async def test_poll_all_makes_sources_due_and_leaves_pages_alone(store):
    await watch(store, source(), source("https://b.example/feed"), now=LATER)
    await store.offer([offer("https://c.example/", LATER)], 0)
    assert await store.poll_all(30) == 2
    assert [one.due_at for one in await store.sources()] == [30, 30]
    assert await store.pending(30, ALL) == 2
    assert await store.next_ready() == 30


async def test_poll_all_twice_queues_nothing_twice(store):
    await watch(store, source(), now=LATER)
    assert (await store.poll_all(30), await store.poll_all(40)) == (1, 1)
    assert await store.pending(NEVER, ALL) == 1
    assert (await status(store)).due_at == 30


async def test_poll_all_leaves_two_sources_at_one_address_a_row_each(store):
    one, other = source("https://a.example/feed"), source("https://b.example/feed")
    await watch(store, one, other)
    leases = {got.host: got for got in await lease(store)}
    got = leases["a.example"]
    await commit(store, settle(got, got.jobs[0], hop=poll_offer(one, LATER, url=other.url)))
    got = leases["b.example"]
    await commit(store, settle(got, got.jobs[0], again=poll_offer(other, LATER + 9)))
    assert await store.poll_all(DELAY) == 2
    assert sorted(found.due_at for found in await store.sources()) == [DELAY, DELAY + 1]
    (got,) = await lease(store, now=DELAY + 1)
    assert {job.poll.source_id for job in got.jobs} == {one.source_id, other.source_id}


async def test_poll_all_keeps_what_a_row_knows(store):
    feed = source()
    await watch(store, feed)
    got, job = await only_job(store)
    await commit(store, settle(got, job, again=replace(again(job, LATER), tries=4)))
    await store.poll_all(DELAY)
    _, job = await only_job(store, now=DELAY)
    assert (job.tries, job.poll.source_id) == (4, feed.source_id)


async def test_a_poll_wanted_while_a_body_waits_comes_when_it_was_read(store):
    feed = source()
    await watch(store, feed)
    one = await fetched(store)
    assert await store.poll_all(30) == 0
    assert await store.pending(NEVER, ALL) == 0
    await publish(store, feed_read(one, due=LATER), now=40)
    assert (await status(store)).due_at == 40
    two = await fetched(store, now=LATER, at=2)
    await publish(store, feed_read(two, due=2 * LATER), now=LATER)
    assert (await status(store)).due_at == 2 * LATER


async def test_paused_sources_are_not_polled_by_poll_all(store):
    await watch(store, source())
    await watch(store)
    assert await store.poll_all(30) == 0
    assert await store.pending(NEVER, ALL) == 0


async def test_nothing_is_invented_about_a_source_nobody_entered(store):
    await store.offer([poll_offer(source(), 0)], 0)
    got, job = await only_job(store)
    assert job.poll is None
    await commit(store, settle(got, job, poll=polled(source()), again=again(job, 60)))
    assert await store.sources() == []
    assert await store.pending(NEVER, ALL) == 1


async def test_what_only_some_sources_have_is_kept_and_comes_with_the_lease(store):
    entrance = Entrance(cookies=(("s", "${S}"),))
    details = Details(site=True, scope=Scope(depth=1, include=("/ar/",)), entrance=entrance, delay=5.0)
    plain, one = source("https://b.example/feed"), source(details=details)
    await watch(store, plain, one)
    assert await store.said() == {one.source_id: Said(url=one.url, details=details)}
    await watch(store, one)
    assert (await status(store)).source.details == details
    _, job = await only_job(store)
    assert job.poll.details == details
