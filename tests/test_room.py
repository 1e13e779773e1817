"""Room for what is large."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import suppress

import pytest
from msgspec.structs import replace

from crawler.engine.keeping import Keeper
from crawler.engine.reading import Reader
from crawler.engine.settings import Settings
from crawler.engine.work import Work
from crawler.model import Discovery, ParseTask, Unasked
from crawler.room import FREE_BYTES, LEAST_FREE_BYTES, Room
from crawler.store.memory import MemoryStore
from tests.fetching.hands import HandClock, ListFetcher
from tests.making import feed_job, job, receipt, visit
from tests.test_timekeeping import at_hand


async def test_who_finds_no_room_waits_until_some_is_given_back():
    room = Room(10)
    await room.take(6)
    waiting = asyncio.create_task(room.take(5))
    await asyncio.sleep(0)
    assert not waiting.done()
    room.give(6)
    await asyncio.wait_for(waiting, 10)


async def test_what_is_larger_than_all_of_it_goes_alone():
    room = Room(10)
    await room.take(1)
    waiting = asyncio.create_task(room.take(99))
    await asyncio.sleep(0)
    assert not waiting.done()
    room.give(1)
    await asyncio.wait_for(waiting, 10)
    other = asyncio.create_task(room.take(1))
    await asyncio.sleep(0)
    assert not other.done()
    room.give(99)
    await asyncio.wait_for(other, 10)


async def test_small_visits_too_wait_for_room_where_nobody_comes_to_keep_them(tmp_path):
    clock = HandClock()
    made = at_hand(tmp_path, MemoryStore(), clock, ListFetcher(clock))
    keeper = Keeper(made, Settings(), Work(), lambda _told: None, asyncio.Queue())
    takes = [asyncio.create_task(keeper.take(visit(job(), Unasked()))) for _ in range(1100)]
    await asyncio.sleep(0)
    assert 400 < sum(one.done() for one in takes) < 600
    for one in takes:
        one.cancel()


async def test_no_small_visit_waits_for_the_room_that_a_large_answer_has(tmp_path):
    clock = HandClock()
    made = at_hand(tmp_path, MemoryStore(), clock, ListFetcher(clock))
    made.room.hold(16 << 20)
    keeper = Keeper(made, Settings(), Work(), lambda _told: None, asyncio.Queue())
    async with asyncio.timeout(10):
        await keeper.take(visit(job(), Unasked()))


def test_where_much_arrives_without_room_each_body_asks_for_it_sooner():
    room = Room()
    assert room.free_bytes == FREE_BYTES
    for _ in range(64):
        room.count(128 << 10)
    assert room.free_bytes == LEAST_FREE_BYTES
    for _ in range(64):
        room.count(-(128 << 10))
    assert room.free_bytes == FREE_BYTES


async def test_few_sources_are_read_at_a_time_for_all_that_is_known_of_each_goes_along(tmp_path):
    clock = HandClock()
    made = at_hand(tmp_path, MemoryStore(), clock, ListFetcher(clock))
    reader = Reader(made, Settings(batch=32), Work(), lambda _told: None)
    for one in [feed_job()] * 5 + [job()] * 40:
        reader.receipts.put_nowait(receipt(one))
    sizes = [len((await reader._batch())[0]) for _ in range(3)]
    assert sizes == [4, 25, 16]


class Slow:
    """A parser of pages that all take for ever; where it is `free`, it is done with all others at once."""

    def __init__(self, *, free: bool) -> None:
        self.asked = 0
        self._free = free

    async def parse(self, tasks: Sequence[ParseTask]) -> AsyncGenerator[Mapping[int, Discovery], None]:
        self.asked += len(tasks)
        if self._free:
            yield {}
        await asyncio.Event().wait()

    async def close(self) -> None:
        pass


@pytest.mark.parametrize(("free", "asked"), [(False, 32), (True, 96)])
async def test_a_batch_is_begun_once_of_the_one_before_only_slow_pages_are_left(tmp_path, free, asked):
    clock, parser = HandClock(), Slow(free=free)
    made = replace(at_hand(tmp_path, MemoryStore(), clock, ListFetcher(clock)), parser=parser)
    reader = Reader(made, Settings(batch=32), Work(), lambda _told: None)
    for _ in range(96):
        reader.receipts.put_nowait(receipt(job()))
    with suppress(asyncio.CancelledError):
        async with asyncio.TaskGroup() as services:
            services.create_task(reader.run(services))
            for _ in range(200):
                await asyncio.sleep(0)
            raise asyncio.CancelledError
    assert parser.asked == asked
