"""Many sources for a day, on a clock of its own: who was asked when, and when he should have been.

As a program (`python -m tests.sources.many STORE LOG SOURCES HOURS`) it goes on from what was acknowledged, and may be killed.
"""

import asyncio
import math
import random
import sys
from pathlib import Path

from crawler.model import Discovery, Entry
from crawler.pacemaker import Pacemaker
from crawler.schedule import Tempo
from crawler.store.sqlite import SqliteStore
from tests.sources.polled import START, Polled, said

STEP = 30_000
"""Ms between two looks at what is due: the most that the clock itself makes anybody late."""
SPREAD = 3_600


def address(number):
    return f"https://paper{number}.example/feed"


def latest(url, now):
    """How many items a paper has written by then; they come at its own pace, lognormal as the world's are."""
    number = int(url[13:].partition(".")[0])
    chance = random.Random(number)
    a_day = min(300, math.exp(chance.gauss(math.log(2), 1.8)))
    return math.floor((now - START + 40 * 86_400_000) / 86_400_000 * a_day + chance.random())


def web(request, now):
    etag = f'"{latest(request.url, now)}"'
    if request.validators.etag == etag:
        return said(304, f"ETag: {etag}")
    return said(200, "Content-Type: application/rss+xml", f"ETag: {etag}", body=etag.encode())


def reader(task, body):
    """What feedparser would find in a feed that shows ten items, at no cost."""
    newest = int(body.body.strip(b'"'))
    keys = [str(number) for number in range(max(0, newest - 10), newest)]
    entries = tuple(Entry(key=key, item_hash="x") for key in keys if key not in task.known)
    return Discovery(found="feed", entries=entries, items=len(keys))


class Day:
    """The polls of many sources; each is noted in `log` before it is sent, and when it is acknowledged."""

    def __init__(self, store, log):
        self.house = Polled(self._web, store=store, reader=reader)
        self.house.promised = lambda row: log.append(("due", row.due_at, row.url))
        self._pacemaker, self._log = Pacemaker(Tempo()), log
        self._chance = random.Random(1)

    def _web(self, request, now):
        self._log.append(("asked", now, request.url))
        return web(request, now)

    async def run(self, sources, hours, begin=START):
        house = self.house
        house.now = begin
        if begin == START and not await house.store.sources():
            await house.watch(*(address(number) for number in range(sources)), spread=min(SPREAD, sources))
        for state in await house.store.unsealed():  # what a kill left unread
            await house.read(await house.store.outbox(state.segment, None, 10**6))
        for at in range(begin, START + hours * 3_600_000, STEP):
            house.now, house.chance = at, self._chance.random()
            await self._pacemaker.steer(house.store, at)
            house.tempo = self._pacemaker.tempo
            while await house._visit_due():
                house.asked.clear()
        return await house.store.sources()


def judge(log):
    """How many polls there were, how many came early, and how many later than twice their interval (and a step)."""
    asked, promised, polls, early, late = {}, {}, 0, 0, 0
    for what, at, url in log:
        if what == "due":
            promised[url] = at
            continue
        polls += 1
        if url in asked and url in promised:
            early += at < promised[url]
            # killed before it was acknowledged, it is asked again; nobody knows then what the interval would have been
            late += promised[url] > asked[url] and at - asked[url] > 2 * (promised[url] - asked[url]) + STEP
        asked[url] = at
    return polls, early, late


class File:
    """A log that outlives a kill."""

    def __init__(self, out):
        self._out = out

    def append(self, row):
        self._out.write(" ".join(map(str, row)) + "\n")
        self._out.flush()


def rows(path):
    """What a log says; of a line that was cut nothing."""
    if not Path(path).exists():
        return []
    lines = Path(path).read_text(encoding="ascii").splitlines(keepends=True)
    told = [line.split() for line in lines if line.endswith("\n")]
    return [(what, int(at), url) for what, at, url in told]


async def main(path, log, sources, hours):
    begin = max((at for what, at, _ in rows(log) if what == "asked"), default=START)
    store = await SqliteStore.open(Path(path))
    with Path(log).open("a", encoding="ascii") as out:
        await Day(store, File(out)).run(sources, hours, begin)
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
