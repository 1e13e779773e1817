"""Commit 2: what was read is published once; the older never overwrites the newer."""

import pytest
from msgspec.structs import replace

from crawler.model import NEVER, Extracted, Failure, Kind, Rhythm, SegmentId, SourceId, Strain
from crawler.ports import StoreError
from tests.store.samples import (
    ALL,
    DELAY,
    ME,
    OTHER,
    SEGMENT,
    again,
    archived,
    article,
    decision,
    entry,
    feed_read,
    lease,
    offer,
    only_job,
    publish,
    source,
    status,
    watch,
)


async def page(store, at=1, url="https://a.example/1"):
    """A page that waits for its parser."""
    await store.offer([offer(url, gated=False)], 0)
    got, job = await only_job(store, now=at * DELAY)
    return await archived(store, got, job, at, polite_at=0)


async def feed_body(store, at=1, **more):
    """The body of a feed that waits for its parser."""
    got, job = await only_job(store, now=at * 10**6)
    return await archived(store, got, job, at, polite_at=0, **more)


async def test_an_article_is_listed_with_where_its_record_lies(store):
    one = await page(store)
    row = article(one, published="2026-11-22", source=SourceId("s"))
    await publish(store, decision(one, articles=(row,)), size=70, spans=((0, 10), (10, 60)))
    (listed,) = await store.articles()
    assert (listed.seq, listed.article_id, listed.version, listed.url, listed.title) == (1, "A", 1, row.url, row.title)
    assert (listed.published, listed.language, listed.words) == ("2026-11-22", "ar", 3)
    assert (listed.segment, listed.offset, listed.length) == (SEGMENT, 0, 10)
    assert (await store.unsealed())[0].records_committed == 70


async def test_a_row_points_to_its_own_line(store):
    one = await page(store)
    rows = (replace(article(one), record=1), replace(article(one, article_id="B"), record=0))
    await publish(store, decision(one, articles=rows), spans=((0, 10), (10, 60)))
    assert [(listed.article_id, listed.offset, listed.length) for listed in await store.articles()] == [
        ("A", 10, 60),
        ("B", 0, 10),
    ]


async def test_what_was_read_leaves_the_outbox(store):
    one = await page(store)
    await publish(store, decision(one))
    assert await store.outbox(SEGMENT, None, 9) == []
    assert (await store.unsealed())[0].waiting == 0


async def test_publishing_twice_changes_nothing_more(store):
    one = await page(store)
    failed = Failure(
        host_id=1, h=1, at=5, url=one.capture.url, kind=Kind.PAGE, reason="unreadable", detail="", tries=1
    )  # fmt: skip
    said = decision(one, articles=(article(one),), offers=(offer("https://b.example/"),), failure=failed)
    await publish(store, said)
    await publish(store, replace(said, articles=(article(one, text_hash="t2"),), extracted=Extracted.GIVEN_UP))
    await publish(store, said, said)
    assert [(listed.seq, listed.version) for listed in await store.articles()] == [(1, 1)]
    assert await store.pending(NEVER, ALL) == 1
    assert await store.failures() == [failed]


async def test_what_was_never_captured_is_not_published(store):
    one = await page(store)
    strange = replace(one, capture=replace(one.capture, key=replace(one.capture.key, fetched_at=77)))
    await publish(store, decision(strange, articles=(article(strange),), offers=(offer("https://b.example/"),)))
    assert await store.articles() == []
    assert await store.pending(NEVER, ALL) == 0


async def test_links_are_offered_as_any_other(store):
    one = await page(store)
    found = (offer("https://a.example/1"), offer("https://a.example/2"), offer("https://a.example/2"))
    await publish(store, decision(one, offers=found))
    assert [job.url for got in await lease(store, now=10**6) for job in got.jobs] == ["https://a.example/2"]


async def test_another_text_is_another_version_and_the_same_text_is_none(store):
    first, same, other = await page(store, 1), await page(store, 2), await page(store, 3)
    await publish(store, decision(first, articles=(article(first),)))
    await publish(store, decision(same, articles=(article(same, title="other"),)))
    assert [(listed.seq, listed.version, listed.title) for listed in await store.articles()] == [(1, 1, "عنوان")]
    await publish(store, decision(other, articles=(article(other, text_hash="t2", title="new"),)), spans=((20, 5),))
    (listed,) = await store.articles()
    assert (listed.seq, listed.version, listed.title, listed.offset) == (2, 2, "new", 20)


async def test_versions_of_one_batch_follow_each_other(store):
    first, other = await page(store, 1), await page(store, 2)
    await publish(
        store, decision(first, articles=(article(first),)), decision(other, articles=(article(other, text_hash="t2"),))
    )
    assert [(listed.seq, listed.version) for listed in await store.articles()] == [(2, 2)]


async def test_an_older_page_never_takes_the_place_of_a_newer_one(store):
    older, newer = await page(store, 1), await page(store, 2)
    await publish(store, decision(newer, articles=(article(newer, text_hash="t2"),)))
    await publish(store, decision(older, articles=(article(older, title="old"),)))
    assert [(listed.version, listed.title) for listed in await store.articles()] == [(1, "عنوان")]


async def test_only_what_is_new_since_then_is_listed(store):
    one = await page(store)
    rows = tuple(article(one, article_id=name) for name in "ABC")
    await publish(store, decision(one, articles=rows))
    assert [listed.article_id for listed in await store.articles(1)] == ["B", "C"]
    assert await store.articles(3) == []
    assert await store.articles(99) == []


async def test_records_go_only_to_our_own_segment(store):
    one = await page(store)
    await store.take_segment(SEGMENT, OTHER)
    with pytest.raises(StoreError, match=SEGMENT):
        await publish(store, decision(one, articles=(article(one),)))
    assert await store.articles() == []
    assert len(await store.outbox(SEGMENT, None, 9)) == 1


async def test_records_never_shrink_and_sealed_segments_take_none(store):
    one = await page(store)
    await publish(store, size=0)
    await store.commit_records(ME, {SEGMENT: 50}, [], {}, 1)
    with pytest.raises(StoreError, match=SEGMENT):
        await store.commit_records(ME, {SEGMENT: 49}, [], {}, 1)
    await publish(store, decision(one), size=50)
    await store.seal(SEGMENT, "sealed", b"x", 1)
    with pytest.raises(StoreError, match=SEGMENT):
        await store.commit_records(ME, {SEGMENT: 51}, [], {}, 1)
    with pytest.raises(StoreError, match="unknown"):
        await store.commit_records(ME, {SegmentId("unknown"): 0}, [], {}, 1)


async def test_entries_are_known_once_they_were_read(store):
    feed = source()
    await watch(store, feed)
    one = await feed_body(store)
    assert await store.known_entries(feed.source_id) == {}
    await publish(store, feed_read(one, entries=(entry("مقال", "x"), entry("2", "y"))))
    assert await store.known_entries(feed.source_id) == {"مقال": "x", "2": "y"}
    two = await feed_body(store, 2)
    await publish(store, feed_read(two, entries=(entry("2", "z", changed=True), entry("3", "w"))))
    assert await store.known_entries(feed.source_id) == {"مقال": "x", "2": "z", "3": "w"}
    assert await store.known_entries(SourceId("other")) == {}


async def test_a_sources_validators_come_with_its_next_poll(store):
    await watch(store, source())
    await publish(store, feed_read(await feed_body(store), due=50, etag='"1"'))
    (got,) = await lease(store, now=10**7)
    poll = got.jobs[0].poll
    assert (poll.validators.etag, poll.body_digest) == ('"1"', "sha1:" + "A" * 32)


async def test_a_source_comes_back_only_when_its_body_was_read(store):
    feed = source()
    await watch(store, feed)
    one = await feed_body(store)
    assert await store.pending(NEVER, ALL) == 0
    assert await store.next_ready() is None
    await publish(store, feed_read(one, due=777))
    assert await store.pending(NEVER, ALL) == 1
    assert (await store.sources())[0].due_at == 777


async def test_a_challenge_read_in_a_body_is_shown_at_its_source_and_counted_with_the_ones_before(store):
    await watch(store, source())
    one = await feed_body(store)
    said = feed_read(one, due=10**6)
    await publish(store, replace(said, source=replace(said.source, trouble="blocked", rhythm=Rhythm(failures=3))))
    known = await status(store)
    assert (known.state, known.outcome, known.failures) == ("blocked", "blocked", 3)
    assert await store.poll_all(10**6) == 1
    two = await feed_body(store, at=2)
    assert (two.job.poll.rhythm.failures, (await status(store)).state) == (3, "blocked")


async def test_a_host_that_showed_strain_in_what_was_read_gets_a_longer_gap_with_its_next_lease(store):
    one = await page(store)
    await publish(store, decision(one, strained=True))
    await store.offer([offer("https://a.example/2")], 0)
    got, _ = await only_job(store, now=9 * DELAY)
    assert got.strain == Strain(slow_ms=4620)


async def test_an_older_body_changes_nothing_of_what_a_newer_one_said(store):
    """A visit whose row was moved meanwhile is read after the visit that came later."""
    feed = source()
    await watch(store, feed)
    (first,) = await lease(store)
    stray = replace(first.jobs[0], due_at=-1)
    older = await archived(store, first, stray, 1, polite_at=0)
    newer = await feed_body(store, 2)
    await publish(store, feed_read(newer, due=10**7, etag='"new"', entries=(entry("1", "new"),)))
    await publish(store, feed_read(older, due=5, etag='"old"', entries=(entry("1", "old"), entry("2", "only here"))))
    assert await store.known_entries(feed.source_id) == {"1": "new", "2": "only here"}
    (got,) = await lease(store, now=10**8)
    assert [(job.due_at, job.poll.validators.etag) for job in got.jobs] == [(10**7, '"new"')]


async def test_a_body_the_source_does_not_wait_for_puts_no_second_row_in(store):
    feed = source()
    await watch(store, feed)
    (got,) = await lease(store)
    stray = await archived(store, got, replace(got.jobs[0], due_at=-1), 1, polite_at=0)
    await publish(store, feed_read(stray, due=5, etag='"1"'))
    assert await store.pending(NEVER, ALL) == 1
    (got,) = await lease(store, now=10**6)
    assert [(job.due_at, job.poll.validators.etag) for job in got.jobs] == [(0, '"1"')]


async def test_a_source_that_waits_for_one_body_is_not_put_back_by_another(store):
    feed = source()
    await watch(store, feed)
    (got,) = await lease(store)
    stray = await archived(store, got, replace(got.jobs[0], due_at=-1), 1, polite_at=0)
    waited_for = await feed_body(store, 2)
    await publish(store, feed_read(stray, due=5))
    assert await store.pending(NEVER, ALL) == 0
    await publish(store, feed_read(waited_for, due=7))
    assert (await store.sources())[0].due_at == 7


async def test_a_retry_offered_by_commit_one_is_not_disturbed_by_commit_two(store):
    await store.offer([offer()], 0)
    got, job = await only_job(store)
    one = await archived(store, got, job, again=again(job, 9))
    await publish(store, decision(one))
    assert await store.pending(NEVER, ALL) == 1
