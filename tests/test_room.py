"""Room for what is large."""

from __future__ import annotations

import asyncio

from crawler.room import Room


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
