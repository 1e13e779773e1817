"""Waiting for our own disk."""

from __future__ import annotations

import asyncio

import pytest
import structlog

from crawler.patience import Patience
from crawler.ports import ArchiveError, StoreError


class Disk:
    """Refuses so many times."""

    def __init__(self, refusals: int, error: Exception) -> None:
        self.left = refusals
        self.error = error

    async def write(self) -> str:
        self.left -= 1
        if self.left >= 0:
            raise self.error
        return "written"


FULL = StoreError("store: full", again=True)
BROKEN = ArchiveError("x.warc.gz: broken")


async def test_it_goes_on_as_soon_as_there_is_room_and_says_both():
    with structlog.testing.capture_logs() as said:
        assert await Patience(lasts=True, least=0.001).through(Disk(3, FULL).write) == "written"
    assert [entry["event"] for entry in said] == 3 * ["disk_refused"] + ["disk_took_it"]
    assert [entry["again_in"] for entry in said[:3]] == [0.001, 0.002, 0.004]
    assert said[0]["error"] == "store: full"


async def test_it_never_waits_longer_than_told():
    with structlog.testing.capture_logs() as said:
        await Patience(lasts=True, least=0.001, most=0.002).through(Disk(30, FULL).write)
    assert {entry["again_in"] for entry in said[1:30]} == {0.002}


async def test_without_patience_the_first_error_is_raised():
    disk = Disk(1, FULL)
    with pytest.raises(StoreError, match="store: full"):
        await Patience(lasts=False).through(disk.write)
    assert disk.left == 0


async def test_an_error_that_will_not_pass_is_raised_unless_it_is_named():
    patience = Patience(lasts=True, least=0.001)
    with pytest.raises(ArchiveError):
        await patience.through(Disk(1, BROKEN).write)
    with structlog.testing.capture_logs():
        assert await patience.through(Disk(1, BROKEN).write, ArchiveError) == "written"


async def test_whoever_waits_is_told_at_once_when_it_is_over():
    patience = Patience(lasts=True, least=3600, most=3600)
    disk = Disk(99, FULL)
    with structlog.testing.capture_logs():
        waiting = asyncio.create_task(patience.through(disk.write))
        while disk.left == 99:
            await asyncio.sleep(0)
        patience.end()
        with pytest.raises(StoreError):
            await asyncio.wait_for(waiting, 10)
    assert disk.left == 97, "one more try"
