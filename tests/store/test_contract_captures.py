"""Commit 1: all of a group or nothing; what was leased goes, what follows comes."""

import pytest
from msgspec.structs import replace

from crawler.model import (
    NEVER,
    CaptureKey,
    Context,
    Extracted,
    Failure,
    Kind,
    Original,
    PayloadKey,
    RobotsCopy,
    SegmentId,
    Strain,
    Validators,
)
from crawler.ports import StoreError
from tests.store.samples import (
    ALL,
    DELAY,
    ME,
    OTHER,
    SEGMENT,
    SHA1,
    TTL,
    again,
    archived,
    capture,
    commit,
    kept,
    lease,
    offer,
    only_job,
    receipt,
    settle,
)

EMPTY = "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"

STRAINED = Strain(fails=3, latency_ms=700, slow_ms=4400, calm=2)


@pytest.fixture
async def visited(store):
    """A lease with one job, and an open segment."""
    await store.offer([offer()], 0)
    await store.open_segment(SEGMENT, ME, 0)
    return await only_job(store)


async def outbox(store):
    return list(await store.outbox(SEGMENT, None, 99))


async def original(store, job, digest):
    key = PayloadKey(host_id=job.host_id, digest=digest)
    return (await store.originals([key])).get(key)


async def test_what_is_acknowledged_waits_in_the_outbox_as_it_was_given(store, visited):
    given = kept(*visited, digest=None, validators=Validators(etag='W/"é"'))
    origin = Original(key=given.captures[0].key, url=given.captures[0].url, segment=SEGMENT, offset=3, length=4)
    given = replace(given, receipt=replace(given.receipt, truncated=True, body=origin))
    await commit(store, given, segment=SEGMENT, committed=1000)
    assert await outbox(store) == [given.receipt]
    (state,) = await store.unsealed()
    assert (state.committed, state.waiting) == (1000, 1)


async def test_a_settled_job_is_gone_and_its_host_is_free_after_the_gap(store, visited):
    got, job = visited
    await store.offer([offer("https://a.example/2")], 0)
    await commit(store, kept(got, job, polite_at=700), segment=SEGMENT)
    assert await store.pending(NEVER, ALL) == 1
    assert await lease(store, OTHER, now=699) == []
    (taken,) = await lease(store, OTHER, now=700)
    assert taken.epoch == got.epoch + 1


async def test_a_host_stays_leased_until_its_last_visit(store):
    await store.offer([offer("https://a.example/1"), offer("https://a.example/2")], 0)
    (got,) = await lease(store)
    await commit(store, settle(got, got.jobs[0], last=False, polite_at=1))
    assert await lease(store, OTHER, now=TTL - 1) == []
    await commit(store, settle(got, got.jobs[1]))
    assert await store.next_ready() is None


async def test_what_a_visit_taught_about_a_host_comes_with_its_next_lease(store, visited):
    await commit(store, kept(*visited, at=41, delay_ms=900, strain=STRAINED, again=again(visited[1], 0)), segment=SEGMENT)
    (got,) = await lease(store, now=DELAY)
    assert (got.delay_ms, got.strain, got.last_at) == (900, STRAINED, 41)
    await commit(store, settle(got, got.jobs[0], delay_ms=None, strain=None, again=again(visited[1], 5)))
    (got,) = await lease(store, now=2 * DELAY)
    assert (got.delay_ms, got.strain, got.last_at) == (900, STRAINED, 41)


async def test_a_visit_that_slowed_nobody_leaves_the_gap_a_host_was_slowed_to(store, visited):
    await commit(store, kept(*visited, at=41, strain=STRAINED, again=again(visited[1], 0)), segment=SEGMENT)
    (got,) = await lease(store, now=DELAY)
    await commit(store, settle(got, got.jobs[0], strain=Strain(calm=8), slowed=False, again=again(visited[1], 5)))
    (got,) = await lease(store, now=2 * DELAY)
    assert got.strain == Strain(slow_ms=STRAINED.slow_ms, calm=8)


async def test_a_worker_that_slept_through_its_lease_changes_nothing(store, visited):
    await lease(store, OTHER, now=TTL)
    assert await commit(store, kept(*visited), segment=SEGMENT, committed=9) == {visited[0].host_id}
    assert await outbox(store) == []
    assert (await store.unsealed())[0].committed == 0
    assert await store.pending(NEVER, ALL) == 1


async def test_one_fenced_host_holds_up_the_whole_group_and_is_named(store):
    await store.offer([offer("https://a.example/"), offer("https://b.example/")], 0)
    mine = await lease(store)
    await store.reclaim(ME, delay=0, now=1)
    again_mine = await lease(store, now=TTL, hosts=1)
    group = [settle(mine[1], mine[1].jobs[0]), settle(again_mine[0], again_mine[0].jobs[0])]
    assert await commit(store, *group) == {mine[1].host_id}
    assert await store.pending(NEVER, ALL) == 2
    assert await commit(store, group[1]) == frozenset()


async def test_the_same_lease_settles_once(store, visited):
    await commit(store, settle(*visited))
    assert await commit(store, settle(*visited)) == {visited[0].host_id}


async def test_somebody_elses_segment_takes_nothing(store, visited):
    await store.take_segment(SEGMENT, OTHER)
    with pytest.raises(StoreError, match=SEGMENT):
        await commit(store, kept(*visited), segment=SEGMENT, committed=1)
    assert await outbox(store) == []
    assert await store.pending(NEVER, ALL) == 1


@pytest.mark.parametrize("segment", [SEGMENT, SegmentId("unknown")])
async def test_a_segment_that_is_not_open_takes_nothing(store, visited, segment):
    await store.seal(SEGMENT, "sealing", None, 1)
    with pytest.raises(StoreError, match=segment):
        await commit(store, kept(*visited), segment=segment, committed=1)
    assert await store.pending(NEVER, ALL) == 1


async def test_what_is_acknowledged_never_shrinks(store, visited):
    await commit(store, segment=SEGMENT, committed=10)
    with pytest.raises(StoreError, match=SEGMENT):
        await commit(store, kept(*visited), segment=SEGMENT, committed=9)


async def test_a_capture_is_never_kept_twice(store, visited):
    got, job = visited
    twice = settle(got, job, captures=(capture(job), capture(job)))
    with pytest.raises(StoreError):
        await commit(store, twice, segment=SEGMENT, committed=1)
    assert await store.pending(NEVER, ALL) == 1
    assert (await store.unsealed())[0].committed == 0


async def test_a_visit_that_left_nothing_needs_no_segment(store, visited):
    assert await commit(store, settle(*visited, again=again(visited[1], 60))) == frozenset()
    assert await store.next_ready() == DELAY
    assert await store.pending(DELAY, ALL) == 1


async def test_a_retry_comes_back_with_its_tries_past_what_was_seen(store, visited):
    got, job = visited
    await commit(store, settle(got, job, again=replace(again(job, 5000), tries=2, gated=True)))
    (back,) = await lease(store, now=5000)
    assert [(one.tries, one.leases, one.due_at) for one in back.jobs] == [(2, 1, 5000)]


async def test_a_row_that_is_gone_is_not_put_back(store, visited):
    got, job = visited
    moved = replace(job, due_at=job.due_at + 1)
    await commit(store, kept(got, moved, again=again(job, 50), hop=offer("https://b.example/")), segment=SEGMENT)
    assert len(await outbox(store)) == 1
    assert await store.pending(NEVER, ALL) == 1
    assert await store.offer([offer("https://b.example/")], 0) == 1


async def test_a_hop_is_queued_at_its_own_host_in_the_same_commit(store, visited):
    context = Context(hops=1, first_url=visited[1].url)
    await commit(store, settle(*visited, hop=offer("https://b.example/x", due=1, context=context)))
    (got,) = await lease(store, now=1)
    assert (got.host, got.jobs[0].url, got.jobs[0].context) == ("b.example", "https://b.example/x", context)
    assert await store.offer([offer("https://b.example/x")], 9) == 0


async def test_a_gated_hop_to_a_page_that_was_seen_is_passed_over(store, visited):
    await store.offer([offer("https://b.example/x", due=10**6)], 0)
    await commit(store, settle(*visited, hop=offer("https://b.example/x", due=1)))
    assert await store.pending(1, ALL) == 0


async def test_a_hop_that_is_not_gated_goes_past_what_was_seen(store, visited):
    await store.offer([offer("https://b.example/x", due=10**6)], 0)
    await commit(store, settle(*visited, hop=offer("https://b.example/x", due=1, gated=False)))
    assert await store.pending(1, ALL) == 1


async def test_a_hop_within_the_host_waits_its_gap(store, visited):
    await commit(store, settle(*visited, polite_at=900, hop=offer("https://a.example/2", due=1)))
    assert await store.next_ready() == 900


async def test_only_the_receipts_capture_waits_for_a_parser(store, visited):
    got, job = visited
    answer = receipt(job, 9)
    odd = capture(job, 8, digest=None, extracted=Extracted.WAITING)
    await commit(store, settle(got, job, captures=(odd, answer.capture), receipt=answer), segment=SEGMENT, committed=1)
    assert await outbox(store) == [answer]


async def test_the_outbox_is_read_in_pieces_in_the_order_of_the_file(store):
    await store.offer([offer(f"https://{host}.example/{n}") for host in "abc" for n in range(3)], 0)
    await store.open_segment(SEGMENT, ME, 0)
    leases = await lease(store)
    at = iter(range(1, 99))
    group = [kept(got, job, next(at), last=job is got.jobs[-1]) for got in leases for job in got.jobs]
    await commit(store, *group[5:], *group[:5], segment=SEGMENT, committed=1)
    read, after = [], None
    while piece := await store.outbox(SEGMENT, after, 4):
        read += piece
        after = piece[-1].capture.key
    assert read == [one.receipt for one in group]
    assert await store.outbox(SegmentId("other"), None, 9) == []


async def test_a_payload_points_to_the_first_capture_that_held_it(store, visited):
    got, job = visited
    first, later = capture(job, 1), capture(job, 2)
    await commit(store, settle(got, job, captures=(first, later)), segment=SEGMENT, committed=1)
    found = await original(store, job, first.digest)
    assert found == Original(
        key=first.key, url=job.url, segment=SEGMENT, offset=first.offset, length=first.length, digest=first.digest
    )
    assert await original(store, job, SHA1.format("B")) is None
    assert await store.originals([]) == {}


@pytest.mark.parametrize("digest", ["sha1:" + "Z" * 32, "sha256:abc", "sha1:odd", "blake3:٣"])
async def test_any_digest_finds_its_payload(store, visited, digest):
    got, job = visited
    await commit(store, settle(got, job, captures=(capture(job, digest=digest),)), segment=SEGMENT, committed=1)
    assert (await original(store, job, digest)).key.fetched_at == 1


REVISIT = {"revisit_of": CaptureKey(host_id=1, h=1, fetched_at=99)}


@pytest.mark.parametrize("more", [{"digest": EMPTY}, {"digest": None}, REVISIT])
async def test_nothing_and_revisits_are_no_payload_to_point_to(store, visited, more):
    got, job = visited
    await commit(store, settle(got, job, captures=(capture(job, **more),)), segment=SEGMENT, committed=1)
    assert await original(store, job, EMPTY) is None
    assert await original(store, job, SHA1.format("A")) is None
    assert await store.last_capture(job.host_id, job.h) is None


async def test_a_304_speaks_of_the_newest_good_answer(store, visited):
    got, job = visited
    good, later = capture(job, 1), capture(job, 2, digest=SHA1.format("B"))
    gone = capture(job, 3, digest=SHA1.format("C"), status=404)
    await commit(store, settle(got, job, captures=(good, later, gone)), segment=SEGMENT, committed=1)
    found = await store.last_capture(job.host_id, job.h)
    assert (found.key, found.digest) == (later.key, later.digest)
    assert await store.last_capture(job.host_id, job.h + 1) is None


async def test_a_304_refers_to_where_the_payload_lies_never_to_a_revisit(store, visited):
    got, job = visited
    first, other = capture(job, 1), capture(job, 2, digest=SHA1.format("B"))
    again = capture(job, 3, digest=first.digest, revisit_of=first.key)
    unchanged = capture(job, 4, digest=None, status=304, revisit_of=first.key)
    await commit(store, settle(got, job, captures=(first, other, again, unchanged)), segment=SEGMENT, committed=1)
    assert (await store.last_capture(job.host_id, job.h)).key == first.key


async def test_the_newest_robots_copy_is_kept(store, visited):
    got, job = visited
    copy = RobotsCopy(
        origin="https://a.example", host_id=job.host_id, status=200, body=b"User-agent: *\n", fetched_at=10, until=99
    )
    older = replace(copy, fetched_at=9, body=b"old")
    await commit(store, settle(got, job, robots=copy, again=again(job, 0)))
    got, job = await only_job(store, now=DELAY)
    await commit(store, settle(got, job, robots=older))
    assert await store.robots("https://a.example") == copy
    assert await store.robots("http://a.example") is None


async def test_failures_are_kept_oldest_first(store, visited):
    got, job = visited
    failed = Failure(
        host_id=job.host_id, h=job.h, at=20, url=job.url, kind=Kind.PAGE, reason="missing", detail="٤٠٤", tries=1,
        context=Context(title="خبر"),
    )  # fmt: skip
    earlier = replace(failed, at=10, tries=3)
    await commit(store, settle(got, job, failure=failed, again=again(job, 0)))
    got, job = await only_job(store, now=DELAY)
    await commit(store, settle(got, job, failure=earlier))
    assert await store.failures() == [earlier, failed]
    assert await store.failures(11) == [failed]


async def test_an_acknowledged_page_is_not_lost_when_its_segment_changes_hands(store, visited):
    await archived(store, *visited)
    await store.take_segment(SEGMENT, OTHER)
    assert len(await outbox(store)) == 1
