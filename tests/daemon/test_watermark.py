"""Nothing new is asked for while the disk is nearly full."""

from pathlib import Path

import pytest
import structlog

from crawler.watermark import Disk, Watermark, disk
from tests.fetching.hands import HandClock

GB = 1 << 30


class Disks:
    def __init__(self, free):
        self.free = free
        self.looks = 0

    def look(self, place, least):
        self.looks += 1
        return Disk(place=place, free=self.free, least=least)


@pytest.fixture
def clock():
    return HandClock()


def test_it_closes_below_the_mark_opens_above_and_says_both_once(clock):
    disks = Disks(2 * GB)
    mark = Watermark([Path("/archive")], GB, clock, disks.look)
    found = []
    with structlog.testing.capture_logs() as said:
        for free in (2 * GB, GB - 1, GB - 2, GB, 3 * GB):
            disks.free = free
            found.append(mark.open())
            clock.go(1)
    assert found == [True, False, False, True, True]
    assert [line["event"] for line in said] == ["disk_low", "disk_has_room"]
    assert said[0]["place"] == "/archive"


def test_it_looks_once_a_second_at_most(clock):
    disks = Disks(2 * GB)
    mark = Watermark([Path("/archive")], GB, clock, disks.look)
    for _ in range(100):
        mark.open()
        clock.go(0.05)
    assert disks.looks <= 6


def test_the_first_of_several_disks_that_is_full_closes_it(clock):
    mark = Watermark(
        [Path("/archive"), Path("/store")],
        GB,
        clock,
        lambda place, least: Disk(place=place, free=least - (place.name == "store"), least=least),
    )
    assert not mark.open()
    assert mark.low.place == Path("/store")


def test_of_a_small_disk_a_twentieth_is_enough(tmp_path):
    found = disk(tmp_path, 1 << 60)
    assert 0 < found.least < 1 << 60
    assert disk(tmp_path, 1).least == 1


def test_a_place_that_cant_be_looked_at_has_room():
    assert not disk(Path("/nowhere/at/all"), GB).low
