"""Segments are entered, handed on and sealed; forwards only."""

import pytest

from crawler.model import SegmentId, SegmentState
from crawler.ports import StoreError
from tests.store.samples import ME, OTHER, SEGMENT, archived, offer, only_job


async def test_a_new_segment_is_open_and_empty(store):
    await store.open_segment(SEGMENT, ME, 7)
    assert await store.unsealed() == [
        SegmentState(segment=SEGMENT, owner=ME, state="open", committed=0, records_committed=0, created_at=7)
    ]


async def test_a_segment_is_entered_once(store):
    await store.open_segment(SEGMENT, ME, 7)
    with pytest.raises(StoreError, match=SEGMENT):
        await store.open_segment(SEGMENT, OTHER, 8)
    assert (await store.unsealed())[0].owner == ME


async def test_unsealed_segments_are_listed_oldest_first(store):
    for name, created_at in (("B", 2), ("C", 1), ("A", 2)):
        await store.open_segment(SegmentId(name), ME, created_at)
    assert [state.segment for state in await store.unsealed()] == ["C", "A", "B"]


async def test_a_segment_is_sealed_in_two_steps_that_may_be_repeated(store):
    await store.open_segment(SEGMENT, ME, 1)
    await store.seal(SEGMENT, "sealing", None, 2)
    await store.seal(SEGMENT, "sealing", None, 3)
    assert (await store.unsealed())[0].state == "sealing"
    await store.seal(SEGMENT, "sealed", b"\0" * 32, 4)
    assert await store.unsealed() == []


async def test_an_empty_segment_is_void(store):
    await store.open_segment(SEGMENT, ME, 1)
    await store.seal(SEGMENT, "void", None, 2)
    assert await store.unsealed() == []


@pytest.mark.parametrize(("state", "digest"), [("sealed", None), ("open", None), ("broken", b"x")])
async def test_a_segment_has_no_other_states(store, state, digest):
    await store.open_segment(SEGMENT, ME, 1)
    with pytest.raises(StoreError, match=state):
        await store.seal(SEGMENT, state, digest, 2)
    assert (await store.unsealed())[0].state == "open"


async def test_what_is_sealed_stays_sealed(store):
    await store.open_segment(SEGMENT, ME, 1)
    await store.seal(SEGMENT, "sealed", b"x", 2)
    with pytest.raises(StoreError, match=SEGMENT):
        await store.seal(SEGMENT, "sealing", None, 3)
    with pytest.raises(StoreError, match=SEGMENT):
        await store.take_segment(SEGMENT, OTHER)


async def test_only_a_sealed_segment_is_moved(store):
    await store.open_segment(SEGMENT, ME, 1)
    for stage in (None, "sealing", "void"):
        if stage is not None:
            await store.seal(SEGMENT, stage, None, 2)
        with pytest.raises(StoreError, match=SEGMENT):
            await store.place_segment(SEGMENT, "file:///mnt/attic")
    await store.open_segment(SegmentId("B"), ME, 1)
    await store.seal(SegmentId("B"), "sealed", b"x", 2)
    await store.place_segment(SegmentId("B"), "file:///mnt/attic")
    await store.place_segment(SegmentId("B"), None)
    with pytest.raises(StoreError, match="nowhere"):
        await store.place_segment(SegmentId("nowhere"), None)


async def test_a_segment_that_was_never_entered_has_no_owner(store):
    with pytest.raises(StoreError, match="nowhere"):
        await store.take_segment(SegmentId("nowhere"), ME)


async def test_whoever_takes_a_segment_owns_it_with_what_waits_in_it(store):
    await store.offer([offer()], 0)
    await archived(store, *await only_job(store))
    await store.take_segment(SEGMENT, OTHER)
    (state,) = await store.unsealed()
    assert (state.owner, state.waiting, state.committed) == (OTHER, 1, 1000)
