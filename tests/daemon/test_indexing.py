"""The index of the search, made while a crawl runs."""

import asyncio

import pytest
import structlog

from crawler import searching
from crawler.daemon.indexing import keep_indexed
from crawler.ports import StoreError
from crawler.search import terms
from crawler.store.search import Filters
from crawler.store.sqlite import SqliteStore
from tests.fetching.hands import HandClock
from tests.search.shelf import Shelf


class Restful(HandClock):
    """Remembers each rest; the last one it allows never ends."""

    def __init__(self, most):
        super().__init__()
        self.rests = []
        self._most = most
        self.over = asyncio.Event()

    async def sleep(self, seconds):
        self.rests.append(seconds)
        if len(self.rests) == self._most:
            self.over.set()
            await asyncio.Event().wait()
        await super().sleep(seconds)


async def live(on_index, root, rests):
    clock = Restful(rests)
    indexing = asyncio.create_task(keep_indexed(on_index, root, clock))
    await asyncio.wait_for(clock.over.wait(), 30)
    indexing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await indexing
    return clock.rests


async def live_on(shelf, rests):
    """With the shelf's store, as a daemon has it open."""
    store = await SqliteStore.open(shelf.store)
    try:
        return await live(store.on_index, shelf.root, rests)
    finally:
        await store.close()


async def refused(_work):
    raise StoreError("no FTS5")


async def test_a_search_finds_what_came_while_a_daemon_ran_without_making_an_index(tmp_path):
    shelf = await Shelf(tmp_path).make()
    shelf.add_all((f"a{n}", f"خبر {n}", f"المنارة {n}", {}) for n in range(50))
    assert min(await live_on(shelf, 5)) >= 2
    with shelf.index() as index:
        answer = searching.search(index, tmp_path, "المنارة 49", Filters(), 3)
        assert [one.hit.article_id for one in answer.found] == ["a49"]
        assert searching.catch_up(index, tmp_path) == 0


async def test_what_a_store_has_read_stays_at_hand_while_new_articles_are_taken_in(tmp_path):
    shelf = await Shelf(tmp_path).make()
    shelf.add_all([("a", "خبر", "المنارة", {})])
    store = await SqliteStore.open(shelf.store)

    async def others():
        """Changes whenever another connection has written, and this one's cache is thrown away."""
        return await store._db.lend(lambda db: db.execute("PRAGMA data_version").fetchone())

    before = await others()
    await live(store.on_index, tmp_path, 2)
    assert await others() == before
    await store.close()
    with shelf.index() as index:
        assert searching.catch_up(index, tmp_path) == 0


async def test_no_word_of_what_was_taken_in_stays_with_a_daemon(tmp_path):
    shelf = await Shelf(tmp_path).make()
    shelf.add_all([("a", "خبر", "المنارة", {})])
    terms.indexed("كلمة من قبل")
    await live_on(shelf, 2)
    assert terms._written.cache_info().currsize == 0


async def test_where_there_can_be_no_index_it_says_so_and_asks_again_much_later(tmp_path):
    with structlog.testing.capture_logs() as said:
        rests = await live(refused, tmp_path, 2)
    assert [entry["event"] for entry in said] == ["not_indexed"]
    assert rests[-1] == 3600
