"""The tempo all sources share."""

import asyncio

import pytest

from crawler import rhythm, schedule
from crawler.config import Config, ScheduleConfig
from crawler.engine import Crawl, Settings
from crawler.pacemaker import Pacemaker
from crawler.schedule import Tempo
from crawler.store.memory import MemoryStore
from crawler.wiring.shares import pacemaker
from tests.fetching.hands import HandClock, ListFetcher
from tests.making import NOW
from tests.store.samples import again, commit, only_job, polled, settle, source, watch
from tests.test_timekeeping import at_hand

HOUR, DAY = 3_600_000, 86_400_000


async def house(*gaps):
    """A store with a source for each of these gaps between entries, in ms."""
    store = MemoryStore()
    feeds = [source(f"https://paper{n}.example/feed", every_ms=None) for n in range(len(gaps))]
    for n, (feed, gap) in enumerate(zip(feeds, gaps, strict=True)):
        await watch(store, *feeds[: n + 1])
        got, job = await only_job(store)
        known = rhythm.seeded([NOW - gap * k for k in range(60)], NOW, shown=60)
        await commit(store, settle(got, job, poll=polled(feed, rhythm=known), again=again(job, DAY * 999)))
    return store


async def spent(store, tempo):
    """Polls a day and source."""
    polls = [86_400 / schedule.pace(one.rhythm, tempo).interval(tempo.theta) for one in await store.watched()]
    return sum(polls) / len(polls)


async def test_all_sources_together_are_asked_as_often_as_is_allowed():
    store = await house(HOUR // 4, HOUR, 6 * HOUR, 2 * DAY)
    for polls_a_day in (12, 24, 96):
        pacemaker = Pacemaker(Tempo(), polls_a_day)
        await pacemaker.steer(store, NOW)
        assert await spent(store, pacemaker.tempo) == pytest.approx(polls_a_day, rel=0.01)


async def test_it_is_found_anew_after_a_minute_two_four_and_then_hourly():
    store, pacemaker = await house(HOUR), Pacemaker()
    looked = []
    for minute in range(400):
        before = pacemaker.tempo
        pacemaker.tempo = Tempo(theta=-1)
        await pacemaker.steer(store, NOW + minute * 60_000)
        if pacemaker.tempo.theta != -1:
            looked.append(minute)
        else:
            pacemaker.tempo = before
    assert looked == [0, 1, 3, 7, 15, 31, 63, 123, 183, 243, 303, 363]


async def test_a_clock_that_went_back_holds_nothing_up():
    store, pacemaker = await house(HOUR), Pacemaker()
    await pacemaker.steer(store, NOW + 999 * DAY)
    pacemaker.tempo = Tempo(theta=-1)
    await pacemaker.steer(store, NOW)
    assert pacemaker.tempo.theta > 0


def test_it_goes_by_what_the_configuration_says_from_the_next_round_on():
    wanted = ScheduleConfig(least=300, most=7200, hints_most=3600)
    made = pacemaker(Config(digest="", schedule=wanted))
    assert (made.tempo.least, made.tempo.most, made.tempo.hints_most) == (300, 7200, 3600)


async def test_without_sources_nothing_changes():
    pacemaker = Pacemaker(Tempo(theta=5))
    await pacemaker.steer(MemoryStore(), NOW)
    assert pacemaker.tempo.theta == 5


async def test_a_crawl_finds_it_when_it_begins(tmp_path):
    clock, store = HandClock(), MemoryStore()
    await watch(store, source(every_ms=None), now=clock.now() + DAY)
    tools = at_hand(tmp_path, store, clock, ListFetcher(clock))
    await store.enlist(tools.worker, {}, clock.now())
    crawl = Crawl(tools, Settings())
    running = asyncio.create_task(crawl.run())
    while tools.pacemaker.tempo == Tempo():
        await asyncio.sleep(0.001)
    crawl.stop()
    await running
