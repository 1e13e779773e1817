"""The index of the search, made while a crawl runs."""

import asyncio

import pytest
import structlog

from crawler import searching
from crawler.daemon.indexing import keep_indexed
from crawler.search import terms
from crawler.store.search import Filters
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


async def live(store, root, rests):
    clock = Restful(rests)
    indexing = asyncio.create_task(keep_indexed(store, root, clock))
    await asyncio.wait_for(clock.over.wait(), 30)
    indexing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await indexing
    return clock.rests


async def test_a_search_finds_what_came_while_a_daemon_ran_without_making_an_index(tmp_path):
    shelf = await Shelf(tmp_path).make()
    shelf.add_all((f"a{n}", f"خبر {n}", f"المنارة {n}", {}) for n in range(50))
    assert min(await live(shelf.store, tmp_path, 5)) >= 2
    with shelf.index() as index:
        answer = searching.search(index, tmp_path, "المنارة 49", Filters(), 3)
        assert [one.hit.article_id for one in answer.found] == ["a49"]
        assert searching.catch_up(index, tmp_path) == 0


async def test_no_word_of_what_was_taken_in_stays_with_a_daemon(tmp_path):
    shelf = await Shelf(tmp_path).make()
    shelf.add_all([("a", "خبر", "المنارة", {})])
    terms.indexed("كلمة من قبل")
    await live(shelf.store, tmp_path, 2)
    assert terms._written.cache_info().currsize == 0


async def test_where_there_can_be_no_index_it_says_so_and_asks_again_much_later(tmp_path):
    with structlog.testing.capture_logs() as said:
        rests = await live(tmp_path / "nowhere.db", tmp_path, 2)
    assert [entry["event"] for entry in said] == ["not_indexed"]
    assert rests[-1] == 3600
