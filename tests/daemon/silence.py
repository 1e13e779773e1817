"""A crawl whose network is silent for an hour, in an event loop whose time goes on by itself while nobody has anything to do.

The real engine, pipeline, politeness, archive and decisions; the web is scripted, and everything runs in this thread.
"""

from __future__ import annotations

import asyncio
import selectors
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from msgspec.structs import replace

from crawler import urls
from crawler.archive.device import Device
from crawler.archive.disk import DiskArchive
from crawler.engine import Crawl, Settings
from crawler.model import Broken, Discovery, Entry, Kind, Refused, Url, WorkerId
from crawler.network import Network
from crawler.pipeline import Tools
from crawler.store.memory import MemoryStore
from tests.archive.lives import answer
from tests.fetching.hands import START
from tests.store.samples import poll_offer, source
from tests.tools import tools, turns

MINUTE, HOUR = 60.0, 3600.0
GAP = 2.0
WORKER = WorkerId("run-1")
SILENT = Broken(reason="timeout", detail="nobody answers")
TAKES = 0.2
"""Seconds an answer takes; silence takes ten."""


class _Leaping(selectors.DefaultSelector):
    """Where everybody waits for a time, it is that time at once."""

    def __init__(self) -> None:
        super().__init__()
        self.leapt = 0.0

    def select(self, timeout: float | None = None):
        ready = super().select(0)
        if not ready and timeout:
            self.leapt += timeout
        return ready


class LeapingLoop(asyncio.SelectorEventLoop):
    """Time goes on only while nobody has anything to do; work for threads is done here, in no time."""

    def __init__(self) -> None:
        self._leaping = _Leaping()
        super().__init__(self._leaping)

    def time(self) -> float:
        return self._leaping.leapt

    def run_in_executor(self, executor, func, *args):
        done = self.create_future()
        try:
            done.set_result(func(*args))
        except OSError as error:
            done.set_exception(error)
        return done


class LoopClock:
    """The loop's time."""

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    def now(self) -> int:
        return START + round(self.monotonic() * 1000)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds))


class Unsynced(Device):
    """No power is cut in here."""

    def sync(self, descriptor: int) -> None:
        pass

    def sync_data(self, descriptor: int) -> None:
        pass


class Press:
    """Papers that write a story every so often, and a network that is there or not; remembers who was asked when."""

    def __init__(self, clock: LoopClock, *, every: float, silent: Callable[[float], bool]) -> None:
        self._clock = clock
        self._every = every
        self._silent = silent
        self.starts: list[tuple[float, Url, bool]] = []
        """When, whom, and whether there was an answer."""

    async def fetch(self, request):
        at = self._clock.monotonic()
        silent = self._silent(at)
        self.starts.append((at, request.url, not silent))
        await asyncio.sleep(10 if silent else TAKES)
        if silent:
            return SILENT
        if request.kind is Kind.ROBOTS:
            return Refused(
                reason="missing", detail="404", exchanges=answer(request.url, Kind.ROBOTS, self._clock.now()).exchanges
            )
        said = answer(request.url, request.kind, self._clock.now())
        # each poll brings another body: nobody takes it for one that was read
        return replace(said, exchanges=tuple(replace(one, payload_digest=None) for one in said.exchanges))

    def written(self, at: float) -> int:
        """How many stories a paper has written by then."""
        return int(at // self._every) + 1

    async def parse(self, tasks):
        yield {index: self._read(task) for index, task in enumerate(tasks)}

    def _read(self, task) -> Discovery:
        if task.kind is not Kind.FEED:
            return Discovery(found="nothing")
        site = task.url.removesuffix("feed")
        stories = [f"{site}{n}" for n in range(self.written(self._clock.monotonic()))]
        entries = [Entry(key=one, item_hash="x", link=Url(one)) for one in stories if one not in task.known]
        return Discovery(found="feed", entries=tuple(entries), items=len(stories))

    async def close(self) -> None:
        pass


class Silence:
    """So many papers, each with a feed asked every `every` seconds; the network is away from `begins` to `ends`."""

    def __init__(self, root: Path, *, papers: int, every: float, begins: float, ends: float) -> None:
        self.clock = LoopClock()
        self.begins, self.ends, self.every = begins, ends, every
        self.press = Press(self.clock, every=every, silent=lambda at: begins <= at < ends)
        self.feeds = [source(f"https://paper{n}.example/feed", every_ms=round(every * 1000)) for n in range(papers)]
        self.store = MemoryStore()
        self._root = root

    async def run(self, until: float) -> None:
        store, tools = self.store, self._tools()
        await store.enlist(WORKER, {}, START)
        first = [START + round(self.every * 1000 * n / len(self.feeds)) for n in range(len(self.feeds))]
        await store.sync_sources(self.feeds, list(map(poll_offer, self.feeds, first)), START)
        crawl = Crawl(tools, Settings(delay=round(GAP * 1000)))
        running = asyncio.create_task(crawl.run())
        await asyncio.sleep(until)
        crawl.stop()
        await running

    def _tools(self) -> Tools:
        return tools(
            WORKER,
            self.clock,
            self.store,
            archive=DiskArchive(self._root, archive_id="x", info={"software": "Warraq/test"}, device=Unsynced()),
            parser=self.press,
            turn=turns(self.press, WORKER, self.clock, self.store, delay=GAP, knocks=2).turn,
            network=Network(self.clock, lasts=True),
        )

    # --- what was seen ---

    def gaps(self) -> float:
        """The shortest time between two starts on a host."""
        hosts: dict[str, list[float]] = defaultdict(list)
        for at, url, _ in self.press.starts:
            hosts[urls.host(url)].append(at)
        return min(after - before for starts in hosts.values() for before, after in pairwise(starts))

    def answered(self, since: float, until: float) -> set[Url]:
        """Who answered between these times."""
        return {url for at, url, whole in self.press.starts if whole and since <= at < until}

    def asked(self, since: float, until: float) -> int:
        """How many requests were made between these times."""
        return sum(since <= at < until for at, _, _ in self.press.starts)

    def busiest(self, since: float, until: float) -> int:
        """The most requests in a second between these times."""
        return max(Counter(int(at) for at, _, _ in self.press.starts if since <= at < until).values())

    def written(self, at: float) -> set[Url]:
        """All stories that the papers had written by then."""
        return {Url(f"{one.url.removesuffix('feed')}{n}") for one in self.feeds for n in range(self.press.written(at))}


def judge(made: Silence) -> None:
    """What holds of each: what was missed is there an hour later, and nobody was asked too soon, nor too many at once."""
    began, back = made.begins, made.ends
    assert made.asked(began + 60, back) <= 70, "only probes, one a minute"
    feeds = {one.url for one in made.feeds}
    assert made.answered(back, back + HOUR) >= feeds | (made.written(back) - made.answered(0, back))
    assert made.gaps() >= GAP - 0.001


def lived(root: Path, *, until: float, **said) -> Silence:
    """One that is over, in no time."""
    made = Silence(root, **said)
    with asyncio.Runner(loop_factory=LeapingLoop) as runner:
        runner.run(made.run(until))
    return made
