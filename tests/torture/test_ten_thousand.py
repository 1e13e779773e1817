"""Ten thousand sources for a day on a clock of its own, killed ten times in between (`./run torture ten_thousand`)."""

from __future__ import annotations

import asyncio
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crawler.store.sqlite import SqliteStore
from tests.sources import many

pytestmark = pytest.mark.torture

SOURCES, HOURS, KILLS = 10_000, 24, 10
HERE = Path(__file__).parents[2]


def start(folder):
    words = [folder / "warraq.db", folder / "log", SOURCES, HOURS]
    return subprocess.Popen([sys.executable, "-m", "tests.sources.many", *map(str, words)], cwd=HERE)


def test_none_is_lost_overdue_or_early_through_ten_kills(tmp_path):
    chance = random.Random(7)
    for _ in range(KILLS):
        working = start(tmp_path)
        time.sleep(chance.uniform(3, 15))
        assert working.poll() is None, "the day was over before it was killed"
        working.send_signal(signal.SIGKILL)
        working.wait()
    assert start(tmp_path).wait(timeout=3_600) == 0
    log = many.rows(tmp_path / "log")
    polls, early, late = many.judge(log)
    print(f"{polls} polls of {SOURCES} sources, {early} early, {late} overdue")  # noqa: T201 - what it is run for
    assert (early, late) == (0, 0)
    found = asyncio.run(_sources(tmp_path / "warraq.db"))
    assert len(found) == SOURCES
    assert all(one.due_at is not None and one.rhythm.at for one in found)
    assert polls / SOURCES < 30


async def _sources(path):
    store = await SqliteStore.open(path)
    try:
        return await store.sources()
    finally:
        await store.close()
