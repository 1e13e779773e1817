"""What a store keeps of a source's polls, of its moves, of what was found in it and what its words were worth."""

from msgspec.structs import replace

from crawler import urls
from crawler.model import Hints, Kind, Move, Rhythm, Trust, Url, Validators
from tests.store.samples import (
    DELAY,
    again,
    archived,
    article,
    commit,
    decision,
    feed_read,
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

LATER = 10**6
KNOWN = Rhythm(entries=2.5, watched=9.5, at=7, shown=30, failures=2, hints=Hints(least=60, skip_hours=(1, 2)), told=8)
NEW = Url("https://b.example/new")


async def test_what_a_poll_taught_is_known_at_the_next_one(store):
    feed = source()
    await watch(store, feed)
    got, job = await only_job(store)
    assert job.poll.rhythm == Rhythm()
    known = replace(KNOWN, move=Move(url=NEW, since=5))
    await commit(store, settle(got, job, poll=polled(feed, rhythm=known), again=again(job, LATER)))
    _, job = await only_job(store, now=LATER)
    assert job.poll.rhythm == known
    assert ((await status(store)).rhythm, (await status(store)).failures) == (known, 2)


async def test_a_poll_that_says_nothing_leaves_what_is_known(store):
    feed = source()
    await watch(store, feed)
    for at, known in ((1, KNOWN), (2, None)):
        got, job = await only_job(store, now=at * LATER)
        poll = polled(feed, at, "redirected" if known is None else "unchanged", rhythm=known)
        await commit(store, settle(got, job, poll=poll, again=again(job, at * LATER)))
    assert ((await status(store)).rhythm, (await status(store)).failures) == (KNOWN, 2)


async def test_what_a_body_taught_is_known_at_the_next_poll(store):
    feed = source()
    await watch(store, feed)
    got, job = await only_job(store)
    one = await archived(store, got, job)
    said = feed_read(one, due=LATER)
    await publish(store, replace(said, source=replace(said.source, rhythm=KNOWN)))
    _, job = await only_job(store, now=LATER)
    assert job.poll.rhythm == KNOWN


async def test_a_304_may_bring_a_new_validator(store):
    feed = source()
    await watch(store, feed)
    got, job = await only_job(store)
    one = await archived(store, got, job)
    await publish(store, feed_read(one, due=LATER, etag='"1"'))
    got, job = await only_job(store, now=LATER)
    brought = Validators(etag='"2"', last_modified="m")
    await commit(store, settle(got, job, poll=polled(feed, validators=brought), again=again(job, 2 * LATER)))
    got, job = await only_job(store, now=2 * LATER)
    assert (job.poll.validators, job.poll.body_digest) == (brought, one.capture.digest)
    await commit(store, settle(got, job, poll=polled(feed, 2), again=again(job, 3 * LATER)))
    _, job = await only_job(store, now=3 * LATER)
    assert job.poll.validators == brought


async def test_a_source_that_moved_is_asked_there_and_the_config_does_not_move_it_back(store):
    feed = source()
    await watch(store, feed)
    got, job = await only_job(store)
    await commit(store, settle(got, job, poll=polled(feed, moved=NEW), again=poll_offer(feed, LATER, url=NEW)))
    await watch(store, feed)
    assert ((await status(store)).moved, (await status(store)).source.url) == (NEW, feed.url)
    _, job = await only_job(store, now=LATER)
    host_id = urls.host_id("b.example")
    assert (job.url, job.poll.url, job.poll.host_id, job.poll.h) == (NEW, NEW, host_id, urls.url_hash(NEW))
    assert job.poll.source_id == feed.source_id


async def test_sources_with_an_interval_or_a_cron_string_are_not_steered(store):
    free = source("https://a.example/feed", every_ms=None, weight=4.0)
    fixed, named = source("https://b.example/feed"), source("https://c.example/feed", every_ms=None, cron="0 6 * * *")
    await watch(store, free, fixed, named)
    (one,) = await store.watched()
    assert (one.source_id, one.every_ms, one.weight, one.url) == (free.source_id, None, 4.0, free.url)
    found = {one.source.url: one.source for one in await store.sources()}
    assert found[named.url].cron == "0 6 * * *"


async def found_in(store, parent, child):
    """Commit 2 of a body in which a source is named."""
    got, job = await only_job(store)
    one = await archived(store, got, job)
    await publish(store, replace(feed_read(one, due=LATER), found=((child, poll_offer(child, 50)),)))


async def test_a_source_found_in_another_is_queued_once_and_stays_as_it_is(store):
    parent = source(kind=Kind.SITEMAP)
    child = source("https://a.example/posts.xml", kind=Kind.SITEMAP, origin="index", parent=parent.source_id, every_ms=None)
    await watch(store, parent)
    await found_in(store, parent, child)
    assert (await status(store, child)).due_at == 50
    got, job = await only_job(store, now=DELAY)
    assert (job.poll.source_id, job.poll.parent) == (child.source_id, parent.source_id)
    await commit(store, settle(got, job, poll=polled(child, rhythm=KNOWN), again=again(job, 9 * LATER)))
    got, job = await only_job(store, now=LATER)
    one = await archived(store, got, job, at=9)
    await publish(store, replace(feed_read(one, due=2 * LATER), found=((child, poll_offer(child, 70)),)))
    assert ((await status(store, child)).rhythm, (await status(store, child)).due_at) == (KNOWN, 9 * LATER)


async def test_what_was_found_in_a_source_goes_with_it_and_comes_back_when_it_is_found_again(store):
    parent = source(kind=Kind.SITEMAP)
    child = source("https://a.example/posts.xml", kind=Kind.SITEMAP, origin="index", parent=parent.source_id, every_ms=None)
    await watch(store, parent)
    await found_in(store, parent, child)
    await watch(store)
    assert {one.state for one in await store.sources()} == {"paused"}
    assert await store.next_ready() is None
    await watch(store, parent, now=2 * DELAY)
    got, job = await only_job(store, now=2 * DELAY)
    one = await archived(store, got, job, at=5)
    await publish(store, replace(feed_read(one, due=LATER), found=((child, poll_offer(child, 60)),)))
    assert ((await status(store, child)).state, (await status(store, child)).due_at) == ("active", 60)


async def page_read(store, at, text_hash, judges, now):
    got, job = await only_job(store, now=now)
    one = await archived(store, got, job, at)
    await publish(store, decision(one, articles=(article(one, text_hash=text_hash),), judges=judges))


async def test_a_source_that_called_a_page_changed_is_judged_by_what_came(store):
    named = source(every_ms=None)
    await watch(store, named, now=10**9)
    for at, text_hash in ((1, "t1"), (2, "t2"), (3, "t2")):
        await store.offer([offer(due=at * DELAY, gated=False)], 0)
        await page_read(store, at, text_hash, named.source_id, at * DELAY)
    _, job = await only_job(store, now=10**9)
    assert job.poll.trust == Trust(right=1, wrong=1), "the first reading had nothing to compare with"


async def test_a_page_that_is_the_same_byte_for_byte_disproves_it(store):
    named = source(every_ms=None)
    await watch(store, named, now=10**9)
    await store.offer([offer()], 0)
    got, job = await only_job(store)
    await commit(store, settle(got, job, disproved=named.source_id))
    _, job = await only_job(store, now=10**9)
    assert job.poll.trust == Trust(wrong=1)


async def test_a_page_is_taken_again_where_it_changed_after_our_newest_capture(store):
    await store.offer([offer()], 0)
    got, job = await only_job(store)
    await archived(store, got, job, at=100)
    assert await store.offer([offer(since=100)], 0) == 0
    assert await store.offer([offer()], 0) == 0
    assert await store.offer([offer(since=101)], 0) == 1
    assert await store.offer([offer("https://a.example/2", since=101)], 0) == 1, "a new one in any case"
    assert await store.offer([offer("https://a.example/2", DELAY, since=999)], 0) == 0, "one that is still to come isn't old"
    new = "https://a.example/3"
    assert await store.offer([offer(new), offer(new, DELAY, since=999)], 0) == 1, "and only once"
