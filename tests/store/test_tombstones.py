"""Entries that their feed took away (F6)."""

import sqlite3
from contextlib import closing

from msgspec.structs import replace

from crawler.store.sqlite import SqliteStore
from tests.store.samples import archived, entry, feed_read, only_job, publish, source, watch


async def test_f6_an_entry_its_feed_took_away_is_marked_once_and_stays_known(tmp_path):
    store = await SqliteStore.open(tmp_path / "warraq.db")
    await watch(store, source())
    got, job = await only_job(store)
    one = await archived(store, got, job)
    said = feed_read(one, due=10, entries=(entry("e1"), entry("e2")))
    await publish(store, replace(said, removed=("e2", "nobody")))
    assert await store.known_entries(source().source_id) == {"e1": "x", "e2": "x"}
    await store.close()
    with closing(sqlite3.connect(tmp_path / "warraq.db")) as db:
        assert db.execute("SELECT key, gone_at FROM entries ORDER BY key").fetchall() == [("e1", None), ("e2", 1)]
