"""An article that its publisher took away, in both engines: a version without a text, which ends when it comes back."""

from tests.store.samples import (
    DELAY,
    ME,
    SEGMENT,
    archived,
    article,
    capture,
    commit,
    decision,
    offer,
    only_job,
    publish,
    settle,
)


async def read(store, at, *, text_hash="t1"):
    await store.offer([offer(gated=False)], 0)
    got, job = await only_job(store, now=at * DELAY)
    one = await archived(store, got, job, at, polite_at=0)
    await publish(store, decision(one, articles=(article(one, text_hash=text_hash),)), spans=((at, 10),))


async def gone(store, at, name="A"):
    await store.offer([offer(gated=False)], 0)
    got, job = await only_job(store, now=at * DELAY)
    if not await store.unsealed():
        await store.open_segment(SEGMENT, ME, 0)
    answer = capture(job, at, status=410, digest=None)
    assert not await commit(
        store, settle(got, job, captures=(answer,), deleted=name, polite_at=0), segment=SEGMENT, committed=1000 * at
    )


async def listed(store):
    return [(one.version, one.offset) for one in await store.articles()]


async def test_a_deletion_is_a_version_and_the_article_is_listed_with_the_text_it_had(store):
    await read(store, 1)
    await gone(store, 2)
    assert await listed(store) == [(2, 1)]


async def test_what_is_gone_twice_is_deleted_once(store):
    await read(store, 1)
    await gone(store, 2)
    await gone(store, 3)
    assert await listed(store) == [(2, 1)]


async def test_what_nobody_knows_is_not_deleted(store):
    await gone(store, 1)
    assert await listed(store) == []
    await read(store, 2)
    assert await listed(store) == [(1, 2)]


async def test_the_same_text_after_a_deletion_is_a_version(store):
    await read(store, 1)
    await gone(store, 2)
    await read(store, 3)
    assert await listed(store) == [(3, 3)]
    await read(store, 4)
    assert await listed(store) == [(3, 3)]


async def test_an_older_page_that_is_read_late_does_not_bring_a_deleted_article_back(store):
    await store.offer([offer(gated=False)], 0)
    got, job = await only_job(store, now=DELAY)
    late = await archived(store, got, job, 5, polite_at=0)
    await read(store, 6)
    await gone(store, 9)
    await publish(store, decision(late, articles=(article(late, text_hash="t0"),)))
    assert await listed(store) == [(2, 6)]
