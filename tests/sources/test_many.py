"""Five hundred sources for a day; ten thousand are in tests/torture."""

from statistics import mean

from crawler.store.memory import MemoryStore
from tests.sources import many
from tests.sources.many import START, Day

SOURCES, HOURS = 500, 6


async def test_of_five_hundred_sources_none_is_overdue_and_none_is_asked_early():
    log = []
    found = await Day(MemoryStore(), log).run(SOURCES, HOURS)
    polls, early, late = many.judge(log)
    assert (early, late) == (0, 0)
    assert {url for _, _, url in log} == {many.address(number) for number in range(SOURCES)}
    assert all(one.due_at is not None and one.due_at > START + HOURS * 3_600_000 - many.STEP for one in found)
    assert polls / SOURCES / HOURS * 24 < 30, "at the polls a day that are allowed"
    busy = sorted(found, key=lambda one: one.rhythm.entries)
    assert mean(sum(one.polls.values()) for one in busy[-50:]) > 4 * mean(sum(one.polls.values()) for one in busy[:50])
