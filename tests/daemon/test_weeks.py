"""Two weeks and a half of six feeds, on a clock of their own: what becomes of each is told, each within its time."""

import pytest

from crawler.couriers.courier import Desk
from crawler.couriers.outlets import Outlet
from crawler.couriers.watch import Watch
from crawler.daemon.bulletin import Bulletin
from crawler.meters.crawl import CrawlMeter
from crawler.patience import Patience
from crawler.store.outlet import OutletStore
from crawler.store.sqlite import SqliteStore
from tests.sources.polled import DAY, HOUR, START, Polled, feed, moved, said

EVERY = 6 * HOUR
STEADY, DYING, MOVING, GONE, BLOCKED, SILENT = (
    f"https://{name}.example/feed" for name in ("steady", "dying", "moving", "gone", "blocked", "silent")
)
NEW = "https://new.example/feed"


def web(request, now):
    day = (now - START) / 1000 / DAY
    match request.url:
        case url if url == DYING and 2 <= day < 5:
            return said(500)
        case url if url == MOVING and day >= 1:
            return moved(301, NEW)
        case url if url == GONE and day >= 3:
            return said(410)
        case url if url == BLOCKED and 3 <= day < 6:
            return said(
                403, "Content-Type: text/html", "cf-mitigated: challenge", "Server: cloudflare", body=b"<title>x</title>"
            )
        case url if url == SILENT:
            return feed(*(str(n) for n in range(min(4, int(day * 4) + 1))))
        case _:
            return feed(*(str(n) for n in range(int(day * 4), int(day * 4) + 5)))


class Clock:
    """The house's, for who looks on."""

    def __init__(self, house):
        self._house = house

    def now(self):
        return self._house.now

    def monotonic(self):
        return self._house.now / 1000


class Taker:
    """Somebody who is told, and listens."""

    def __init__(self, house):
        self._house = house
        self.told = []

    async def tell(self, message):
        self.told.append((round((self._house.now - START) / 1000 / DAY, 2), message.body))


class Weeks:
    """The feeds, a daemon's bulletin and two alerts; looked at every six hours."""

    def __init__(self, path, store, outlets):
        self.house = Polled(web, store=store)
        self.clock = Clock(self.house)
        self.bulletin = Bulletin(path, CrawlMeter(self.clock), self.clock)
        self.quiet, self.failing = Taker(self.house), Taker(self.house)
        desk = Desk(store=outlets, root=path.parent, clock=self.clock, chance=lambda: 0.5)
        self.watches = [
            Watch(Outlet(outlet_id="q", name="quiet", taker=self.quiet, quiet=2 * DAY), desk),
            Watch(Outlet(outlet_id="f", name="failing", taker=self.failing, failing=3), desk),
        ]

    async def until(self, day):
        """Live until then."""
        while (self.house.now - START) / 1000 < day * DAY:
            await self.house.until((self.house.now - START) / 1000 + EVERY)
            for watch in self.watches:
                await watch.look()

    async def conditions(self):
        standing = await self.bulletin.standing()
        return {name: number for name, number in standing.sources.items() if number}


@pytest.fixture
async def weeks(tmp_path):
    path = tmp_path / "warraq.db"
    store = await SqliteStore.open(path)
    outlets = await OutletStore.open(path, Patience(lasts=False))
    await outlets.enter({"q": "quiet", "f": "failing"})
    made = Weeks(path, store, outlets)
    await made.house.watch(STEADY, DYING, MOVING, GONE, BLOCKED, SILENT, every_ms=round(EVERY * 1000))
    yield made
    await outlets.close()
    await store.close()


async def test_what_becomes_of_each_feed_is_told_within_its_time_and_none_is_abandoned(weeks):
    await weeks.until(1.5)
    assert await weeks.conditions() == {"active": 6}
    await weeks.until(2.75)
    assert await weeks.conditions() == {"active": 5, "failing": 1}
    assert 'warraq_sources{condition="failing"} 1\n' in await weeks.bulletin.metrics()
    standing = await weeks.bulletin.standing()
    assert [(cause.reason, cause.sources) for cause in standing.causes] == [("server", 1)]
    await weeks.until(4)
    assert await weeks.conditions() == {"active": 3, "failing": 1, "blocked": 1, "gone": 1}
    await weeks.until(7.5)
    assert await weeks.conditions() == {"active": 5, "gone": 1}, "who came back is asked as before"
    assert (await weeks.house.status(MOVING)).moved == NEW
    await weeks.until(17.5)
    assert await weeks.conditions() == {"active": 4, "gone": 1, "quiet": 1}

    assert [(SILENT in body.decode(), 3 <= day <= 3.5) for day, body in weeks.quiet.told if SILENT in body.decode()] == [
        (True, True)
    ]
    about_dying = [day for day, body in weeks.failing.told if DYING in body.decode()]
    assert len(about_dying) == 1, "once for each time it happens"
    assert 2.5 <= about_dying[0] <= 4
    asked = [await weeks.house.status(url) for url in (STEADY, DYING, MOVING, GONE, BLOCKED, SILENT)]
    assert all(one.due_at is not None for one in asked), "none is abandoned"
    assert all(one.due_at - weeks.house.now <= 31 * DAY * 1000 for one in asked)
