"""A store that the first version made, with a crawl in its midst, opened by today's: nothing is lost, and the copy is there."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crawler.store import statements
from crawler.store.sqlite import SqliteStore
from tests.store.samples import ME, SEGMENT, feed_read, lease, publish

ROWS = (Path(__file__).parent / "first_version.sql").read_text()
TABLES = ("articles", "captures", "entries", "events", "hosts", "payloads", "queue", "seen", "segments", "sources", "versions")


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "warraq.db"
    with closing(sqlite3.connect(made)) as db:
        db.executescript(statements.migrations()[1])
        db.executescript(ROWS)
    return made


def counts(path):
    with closing(sqlite3.connect(path)) as db:
        return {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}


@pytest.fixture
async def store(path):
    opened = await SqliteStore.open(path)
    yield opened
    await opened.close()


async def test_all_its_rows_are_there_and_in_the_copy_beside_it(path):
    before = counts(path)
    assert min(before.values()) > 0
    await (await SqliteStore.open(path)).close()
    copy = path.with_name("warraq.db.v1.bak")
    assert counts(path) == counts(copy) == before
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone() == ("1",)


async def test_a_body_that_waited_for_its_parser_is_read_and_its_source_goes_on(store):
    (waiting,) = await store.outbox(SEGMENT, None, 9)
    assert waiting.capture.url == "https://b.example/feed"
    await publish(store, feed_read(waiting, due=50_000), size=30)
    assert await store.outbox(SEGMENT, None, 9) == []
    by_url = {one.source.url: one for one in await store.sources()}
    assert by_url["https://b.example/feed"].due_at == 50_000


async def test_its_queue_is_leased_with_what_was_known_of_its_sources(store):
    leases = await lease(store, now=70_000)
    jobs = {job.url: job for one in leases for job in one.jobs}
    assert sorted(jobs) == ["https://a.example/feed", "https://c.example/0", "https://c.example/2"]
    feed = jobs["https://a.example/feed"]
    assert feed.poll.validators.etag == '"e"'
    assert feed.poll.every_ms == 60_000
    assert await store.known_entries(feed.poll.source_id) == {"1": "x"}


async def test_its_article_is_listed_and_its_worker_known(store):
    assert [one.article_id for one in await store.articles()] == ["A"]
    assert await store.workers() == [ME]
