"""One timer for many waits: each ends in its own time, and nobody else's cancellation is taken for it."""

import asyncio

import pytest

from crawler.fetching.deadlines import Deadlines


async def wait(deadlines, seconds):
    with deadlines.one():
        await asyncio.sleep(seconds)
    return "done"


async def test_what_takes_too_long_is_a_time_out_and_the_rest_goes_on():
    deadlines = Deadlines(0.05)
    slow, quick = asyncio.create_task(wait(deadlines, 9)), asyncio.create_task(wait(deadlines, 0))
    assert await quick == "done"
    await asyncio.sleep(0.02)
    later = asyncio.create_task(wait(deadlines, 9))
    with pytest.raises(TimeoutError):
        await slow
    assert not later.done()
    with pytest.raises(TimeoutError):
        await later


async def test_a_task_may_wait_again_after_a_time_out():
    deadlines = Deadlines(0.01)
    for _ in range(2):
        with pytest.raises(TimeoutError):
            await wait(deadlines, 9)
    assert await wait(deadlines, 0) == "done"
    assert asyncio.current_task().cancelling() == 0


async def test_who_is_cancelled_is_cancelled():
    deadlines = Deadlines(9)
    task = asyncio.create_task(wait(deadlines, 9))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_who_is_cancelled_when_the_time_is_up_is_cancelled():
    deadlines = Deadlines(0.01)

    async def stubborn():
        with deadlines.one():
            try:
                await asyncio.sleep(9)
            except asyncio.CancelledError:
                await asyncio.sleep(9)

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_what_fails_by_itself_fails_so():
    with pytest.raises(ZeroDivisionError), Deadlines(9).one():
        raise ZeroDivisionError
