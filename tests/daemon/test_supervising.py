"""What fails is started again, a few times, and then everything ends, loudly."""

import asyncio

import pytest
import structlog

from crawler.daemon.supervising import GaveUp, Restarts, supervise
from crawler.ports import StoreError
from tests.fetching.hands import HandClock

HOUR = 3600


@pytest.fixture
def clock():
    return HandClock()


class Service:
    """Fails so often, then ends well."""

    def __init__(self, failures, error=None):
        self.failures = failures
        self.error = error or ValueError("odd")
        self.starts = 0

    async def run(self):
        self.starts += 1
        if self.starts <= self.failures:
            raise self.error


async def watched(service, clock, over=None):
    restarts = Restarts(clock, least=0)
    with structlog.testing.capture_logs() as said:
        await supervise("crawl", service.run, restarts, over or asyncio.Event(), lambda: None)
    return said


def test_pauses_double_up_to_a_minute_and_after_so_many_there_is_none(clock):
    restarts = Restarts(clock, most=8)
    assert [restarts.pause() for _ in range(9)] == [1, 2, 4, 8, 16, 32, 60, 60, None]


def test_what_failed_more_than_an_hour_ago_is_forgotten(clock):
    restarts = Restarts(clock, most=2)
    for _ in range(10):
        assert restarts.pause() == 1
        clock.go(HOUR + 1)
    assert [restarts.pause(), restarts.pause(), restarts.pause()] == [1, 2, None]


async def test_a_service_that_fails_is_started_again_and_it_is_said(clock):
    service = Service(3)
    said = await watched(service, clock)
    assert service.starts == 4
    assert [(line["event"], line["service"], line["error"]) for line in said] == [
        ("service_failed", "crawl", "ValueError: odd")
    ] * 3
    assert "test_supervising.py" in said[0]["trace"], "a bug is told with its place"


async def test_what_our_own_disk_refuses_is_told_without_a_trace(clock):
    (said,) = await watched(Service(1, StoreError("warraq.db: disk I/O error; check the disk")), clock)
    assert (said["error"], said["trace"]) == ("StoreError: warraq.db: disk I/O error; check the disk", None)


async def test_after_five_failures_it_gives_up_and_says_the_last(clock):
    service = Service(100)
    with pytest.raises(GaveUp, match=r"crawl failed again and again, the last time with ValueError: odd"):
        await watched(service, clock)
    assert service.starts == 6


async def test_what_fails_while_it_is_ended_is_told_and_not_started_again(clock):
    over = asyncio.Event()
    over.set()
    service = Service(100)
    with pytest.raises(ValueError, match="odd"):
        await watched(service, clock, over)
    assert service.starts == 1


async def test_who_is_told_to_end_while_he_rests_starts_nothing_more(clock):
    over, service = asyncio.Event(), Service(100)
    asyncio.get_running_loop().call_soon(over.set)
    await supervise("crawl", service.run, Restarts(clock, least=60), over, lambda: None)
    assert service.starts == 1
