"""What a daemon says of itself, minute by minute."""

import pytest
import structlog

from crawler.daemon.bulletin import Bulletin
from crawler.meters.crawl import CrawlMeter
from crawler.model import Broken, Fetched, Settlement
from crawler.pipeline import Kept
from crawler.store.sqlite import SqliteStore
from tests.daemon.test_figures import read
from tests.fetching.hands import START, HandClock
from tests.making import exchange, job, visit
from tests.store.samples import source, watch


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
async def store(tmp_path):
    opened = await SqliteStore.open(tmp_path / "warraq.db")
    yield opened
    await opened.close()


@pytest.fixture
def meter(clock):
    return CrawlMeter(clock)


@pytest.fixture
def bulletin(tmp_path, store, meter, clock):
    return Bulletin(tmp_path / "warraq.db", meter, clock)


def kept(*outcomes):
    """A commit of visits that came to this."""
    of = job()
    done = Settlement(host_id=of.host_id, epoch=1, h=of.h, due_at=0)
    return Kept(settled=tuple((visit(of, outcome), done) for outcome in outcomes))


GOOD, BAD = Fetched(exchanges=(exchange(at=START),)), Broken(reason="dns", detail="no such host")


async def test_a_minute_tells_what_came_since_the_last_one(bulletin, meter, clock):
    meter.told(kept(GOOD, GOOD, BAD))
    first = await bulletin.minute()
    assert (first["answers"], first["failed"], first["since_success"]) == (3, 1, 0)
    clock.go(60)
    meter.told(kept(BAD))
    second = await bulletin.minute()
    assert (second["answers"], second["failed"], second["since_success"]) == (1, 1, 60)


async def test_all_figures_can_be_read_and_tell_of_each_outcome(bulletin, meter):
    meter.told(kept(GOOD, BAD, BAD))
    samples, kinds = read(await bulletin.metrics())
    assert samples["warraq_page_visits_total", (("outcome", "dns"),)] == 2
    assert samples["warraq_stage_seconds_count", (("stage", "fetch"),)] == 1
    assert samples["warraq_seconds_since_success", ()] == 0
    assert kinds["warraq_loop_lag_seconds"] == "histogram"
    assert {name for name in kinds if not name.startswith("warraq_")} == set()


async def test_an_ailment_is_said_when_it_begins_and_when_it_is_over(bulletin, store, clock):
    await watch(store, source(), now=START)
    said = []
    for hours in (0, 2, 2):
        clock.go(hours * 3600)
        with structlog.testing.capture_logs() as log:
            await bulletin.minute()
        said.append([(line["event"], line["what"]) for line in log])
    await watch(store)
    clock.go(60)
    with structlog.testing.capture_logs() as log:
        await bulletin.minute()
    said.append([(line["event"], line["what"]) for line in log])
    assert said == [[], [("ailing", "late")], [], [("healed", "late")]]


async def test_before_a_crawl_runs_it_is_alive_and_not_ready(bulletin):
    assert bulletin.alive().ok
    assert not bulletin.ready().ok
    assert bulletin.ready().why == ("it is starting",)


async def test_a_store_that_cannot_be_read_takes_nothing_else_away(tmp_path, meter, clock):
    bulletin = Bulletin(tmp_path / "nowhere.db", meter, clock)
    with structlog.testing.capture_logs() as log:
        samples, _ = read(await bulletin.metrics())
    assert ("warraq_queue", ()) not in samples
    assert samples["warraq_alive", ()] == 1
    assert [line["event"] for line in log] == ["store_unread"]
