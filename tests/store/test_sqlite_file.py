"""What only a file can do: last, be older or newer than we are, be no store at all, be left in the middle."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import structlog
from msgspec.structs import replace

from crawler import urls
from crawler.model import NEVER, Url
from crawler.model.takedowns import Takedown
from crawler.patience import Patience
from crawler.ports import StoreError
from crawler.store import migrate, statements
from crawler.store.connection import to_the_end, told
from crawler.store.sqlite import SqliteStore
from crawler.store.takedown import open_takedowns
from tests.store.samples import (
    ALL,
    ME,
    SEGMENT,
    archived,
    commit,
    decision,
    entry,
    feed_read,
    lease,
    offer,
    only_job,
    publish,
    settle,
    source,
    watch,
)

NEXT = max(statements.migrations()) + 1


@pytest.fixture
def path(tmp_path):
    return tmp_path / "warraq.db"


@pytest.fixture
async def store(path):
    opened = await SqliteStore.open(path)
    yield opened
    await opened.close()


def ask(path, sql, *parameters):
    """One statement beside the store, as another program would run it."""
    with closing(sqlite3.connect(path)) as db, db:
        return db.execute(sql, parameters).fetchall()


async def opened(path, steps=None):
    """Open at a version of our choice, and let go."""
    db, archive_id = await migrate.open_store(path, steps or statements.migrations())
    await db.close()
    return archive_id


# --- what lasts ---


async def test_all_that_was_acknowledged_is_there_after_a_reopening(path):
    store = await SqliteStore.open(path)
    await store.offer([offer("https://b.example/", 50)], 0)
    await watch(store, source())
    got, job = next((one, one.jobs[0]) for one in await lease(store) if one.host == "a.example")
    receipt = await archived(store, got, job)
    await store.enlist(ME, {"pid": "1"}, 1)
    before = (await store.sources(), await store.pending(NEVER, ALL), await store.unsealed(), store.archive_id)
    await store.close()
    store = await SqliteStore.open(path)
    assert (await store.sources(), await store.pending(NEVER, ALL), await store.unsealed(), store.archive_id) == before
    assert await store.outbox(SEGMENT, None, 9) == [receipt]
    assert await store.workers() == [ME]
    await store.close()


async def test_an_article_read_after_a_reopening_is_published(path):
    store = await SqliteStore.open(path)
    await store.offer([offer()], 0)
    await archived(store, *await only_job(store))
    await store.close()
    store = await SqliteStore.open(path)
    (waiting,) = await store.outbox(SEGMENT, None, 9)
    await publish(store, decision(waiting))
    assert (await store.unsealed())[0].waiting == 0
    assert ask(path, "SELECT extracted FROM captures") == [(1,)]
    assert ask(path, "SELECT count(*) FROM outbox") == [(0,)]
    await store.close()


async def test_each_store_has_a_name_of_its_own(tmp_path):
    assert await opened(tmp_path / "one") != await opened(tmp_path / "two")


async def test_two_processes_share_the_hosts(path, store):
    other = await SqliteStore.open(path)
    await store.offer([offer()], 0)
    assert len(await lease(other)) == 1
    assert await lease(store) == []
    await other.close()


async def test_the_settings_are_those_that_lose_nothing(store):
    async with store._db.outside() as inside:
        found = [(await inside.rows(f"PRAGMA {name}"))[0][0] for name in ("synchronous", "journal_mode", "secure_delete")]
    assert found == [2, "wal", 1]


async def test_what_was_taken_down_is_never_queued_again(path, store):
    gone = offer()
    ask(path, "INSERT INTO blocked (host_id, h) VALUES (?, ?)", gone.host_id, gone.h)
    assert await store.offer([gone, replace(gone, gated=False), offer("https://a.example/2")], 0) == 1
    assert [job.url for got in await lease(store) for job in got.jobs] == ["https://a.example/2"]


async def test_a_hosts_row_counts_its_jobs(path, store):
    await store.offer([offer(f"https://a.example/{n}") for n in range(5)], 0)
    await store.offer([offer("https://a.example/0", gated=False)], 0)
    (got,) = await lease(store, urls=1)
    await commit(store, settle(got, got.jobs[0]))
    assert ask(path, "SELECT pending FROM hosts") == [(4,)] == ask(path, "SELECT count(*) FROM queue")


async def test_what_was_read_keeps_no_order_to_read(path, store):
    await store.offer([offer()], 0)
    await archived(store, *await only_job(store))
    assert ask(path, "SELECT count(*) FROM outbox") == [(1,)]
    (waiting,) = await store.outbox(SEGMENT, None, 9)
    await publish(store, decision(waiting))
    assert ask(path, "SELECT count(*) FROM outbox") == [(0,)]


async def test_versions_of_an_entry_are_counted_where_it_changed(path, store):
    feed = source()
    await watch(store, feed)
    for at, item_hash in enumerate(("x", "x", "y"), 1):
        got, job = await only_job(store, now=at * 10**6)
        receipt = await archived(store, got, job, at, polite_at=0)
        await publish(store, feed_read(receipt, due=at, entries=(entry("1", item_hash),)))
    assert ask(path, "SELECT first_seen, changed_at, versions FROM entries") == [(1, 3, 2)]


async def test_an_entry_that_is_named_by_its_link_goes_with_its_page(path, store):
    gone, stays = Url("https://b.example/1"), Url("https://b.example/2")
    feed = source()
    await watch(store, feed)
    receipt = await archived(store, *await only_job(store))
    entries = (entry(gone, link=gone), entry("second", link=stays))
    await publish(store, feed_read(receipt, due=9, entries=entries))
    assert ask(path, "SELECT url FROM entries ORDER BY url") == [(None,), (stays,)]
    async with open_takedowns(path) as takedowns:
        await takedowns.forget(Takedown(order="1", at="", archive_id="", reason="", addresses=(urls.address(gone),)))
    assert list(await store.known_entries(feed.source_id)) == ["second"]


# --- versions ---


async def test_an_older_store_is_copied_and_migrated(path):
    first = await opened(path)
    steps = {**statements.migrations(), NEXT: "CREATE TABLE more (x);\nINSERT INTO more VALUES (';');\n"}
    assert await opened(path, steps) == first
    assert ask(path, "SELECT x FROM more") == [(";",)]
    copy = path.with_name(f"warraq.db.v{NEXT - 1}.bak")
    assert ask(copy, "SELECT value FROM meta WHERE key = 'archive_id'") == [(first,)]
    assert ask(copy, "SELECT value FROM meta WHERE key = 'schema_version'") == [(str(NEXT - 1),)]
    await opened(path, steps)
    assert ask(path, "SELECT count(*) FROM more") == [(1,)]


async def test_a_migration_that_fails_leaves_the_store_as_it_was(path):
    await opened(path)
    steps = {**statements.migrations(), NEXT: "CREATE TABLE more (x);\nINSERT INTO nowhere VALUES (1);\n"}
    with pytest.raises(StoreError, match="nowhere"):
        await opened(path, steps)
    assert ask(path, "SELECT name FROM sqlite_master WHERE name = 'more'") == []
    await opened(path)


async def test_a_newer_store_is_refused_and_left_alone(path):
    await opened(path)
    ask(path, "UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    with pytest.raises(StoreError, match="newer Warraq"):
        await opened(path)
    assert ask(path, "SELECT value FROM meta WHERE key = 'schema_version'") == [("99",)]


async def test_a_store_with_other_hashes_is_refused(path):
    await opened(path)
    ask(path, "UPDATE meta SET value = ? WHERE key = 'key_version'", str(urls.KEY_VERSION + 1))
    with pytest.raises(StoreError, match="archive rebuild"):
        await opened(path)


# --- what is no store ---


async def test_a_file_that_is_no_database_is_named(path):
    path.write_bytes(b"<html>" * 500)
    with pytest.raises(StoreError, match=r"warraq\.db: file is not a database; .*another file"):
        await opened(path)
    assert path.read_bytes() == b"<html>" * 500


async def test_a_database_of_somebody_else_is_left_alone(path):
    ask(path, "CREATE TABLE theirs (x)")
    with pytest.raises(StoreError, match="no store of Warraq"):
        await opened(path)
    assert ask(path, "PRAGMA journal_mode") == [("delete",)]


async def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"file/warraq\.db: unable to open"):
        await opened(tmp_path / "file" / "warraq.db")


async def offered(path):
    store = await SqliteStore.open(path)
    try:
        await store.offer([offer()], 0)
    finally:
        await store.close()


async def test_a_store_cut_short_is_named(path):
    await opened(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(StoreError, match=r"warraq\.db"):
        await offered(path)


async def test_a_store_that_another_process_holds_is_named(path, store):
    async with store._db.outside() as inside:
        await inside.rows("PRAGMA busy_timeout = 0")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"warraq\.db: database is locked; another process"):
            await store.offer([offer()], 0)
        other.execute("ROLLBACK")
    assert await store.offer([offer()], 0) == 1


# --- cancellation ---


async def test_a_cancelled_call_has_written_nothing_and_any_other_all(store):
    written = 0
    for turns in range(40):
        told = []
        batch = [offer(f"https://a.example/{turns}/{n}") for n in range(3)]

        async def call(batch=batch, told=told):
            told.append(await store.offer(batch, 0))

        task = asyncio.create_task(call())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
        written += sum(told)
        assert await store.pending(NEVER, ALL) == written
    assert await store.offer([offer("https://a.example/last")], 0) == 1


async def test_a_commit_is_finished_and_the_cancellation_comes_afterwards():
    done, steps = asyncio.Event(), []

    async def commit_then_more():
        await to_the_end(done.wait())
        steps.append("committed")
        await asyncio.sleep(1)
        steps.append("never")

    task = asyncio.create_task(commit_then_more())
    for _ in range(3):
        await asyncio.sleep(0)
        task.cancel()
    done.set()
    await asyncio.wait({task})
    assert steps == ["committed"]
    assert task.cancelled()


async def test_a_time_limit_over_a_commit_is_still_a_time_limit():
    done = asyncio.Event()

    async def commit_then_more():
        async with asyncio.timeout(0):
            asyncio.get_running_loop().call_later(0.01, done.set)
            await to_the_end(done.wait())
            await asyncio.sleep(1)

    with pytest.raises(TimeoutError):
        await commit_then_more()


async def test_callers_at_once_take_turns(store):
    batches = [[offer(f"https://{host}.example/{n}") for n in range(20)] for host in "abcdefgh"]
    assert await asyncio.gather(*(store.offer(batch, 0) for batch in batches)) == [20] * 8
    assert len(await lease(store)) == 8


async def test_closing_twice_does_no_harm(path):
    store = await SqliteStore.open(path)
    await store.close()
    await store.close()


# --- a file that may not be written any more ---


async def test_a_store_that_becomes_read_only_is_waited_for(path):
    store = await SqliteStore.open(path, Patience(lasts=True, least=0.001))
    await set_read_only(store, True)
    with structlog.testing.capture_logs() as said:
        offering = asyncio.create_task(store.offer([offer()], 0))
        while not said:
            await asyncio.sleep(0.001)
        await set_read_only(store, False)
        assert await asyncio.wait_for(offering, 10) == 1
    assert said[0]["error"] == f"{path}: attempt to write a readonly database; make the file and its folder writable"
    assert said[-1]["event"] == "disk_took_it"
    await store.close()


async def set_read_only(store, on):
    async with store._db.outside() as inside:
        await inside.rows(f"PRAGMA query_only = {int(on)}")


def refused(path, code, *, was_writable=True):
    error = sqlite3.OperationalError("x")
    error.sqlite_errorcode = code
    with pytest.raises(StoreError) as caught, told(path, was_writable=was_writable):
        raise error
    return caught.value


def test_a_disk_error_may_pass_where_the_file_is_not_writable_now(path):
    path.touch()
    locked = Path("/proc/sys/kernel/ostype")  # nobody may write it, not even root
    assert refused(locked, sqlite3.SQLITE_IOERR_WRITE).again
    assert str(refused(locked, sqlite3.SQLITE_IOERR_WRITE)).endswith("make the file and its folder writable")
    assert not refused(path, sqlite3.SQLITE_IOERR_WRITE).again, "it breaks"
    assert not refused(path.with_name("gone"), sqlite3.SQLITE_IOERR_WRITE).again


def test_a_store_that_was_never_writable_or_lost_its_name_is_not_waited_for(path):
    assert not refused(path, sqlite3.SQLITE_READONLY, was_writable=False).again
    assert not refused(path, sqlite3.SQLITE_READONLY_DBMOVED).again
    assert refused(path, sqlite3.SQLITE_READONLY).again
