"""One article under two addresses is listed once; its records, versions and ids stay as they are."""

from msgspec.structs import replace

from crawler.model import SegmentId
from tests.store.samples import DELAY, archived, article, decision, lease, offer, publish

WEB, AMP = "https://a.example/1", "https://m.a.example/1/amp"


async def read(store, url, at, words=3, **more):
    """A page fetched, read and published."""
    await store.offer([offer(url, gated=False)], 0)
    (got,) = await lease(store, now=at * DELAY)
    one = await archived(store, got, got.jobs[0], at, polite_at=0)
    row = replace(article(one, **more), words=words)
    await publish(store, decision(one, articles=(row,)), size=at * 10, spans=(((at - 1) * 10, 10),))


def told(articles):
    return [(listed.article_id, listed.url, listed.aliases) for listed in articles]


async def test_two_addresses_of_one_canonical_are_one_article(store):
    await read(store, AMP, 1, article_id="AMP", canonical="WEB")
    await read(store, WEB, 2, article_id="WEB")
    assert told(await store.articles()) == [("AMP", AMP, (WEB,))]


async def test_the_canonical_need_not_be_there_itself(store):
    await read(store, WEB, 1, article_id="A", canonical="X")
    await read(store, AMP, 2, article_id="B", canonical="X")
    assert told(await store.articles()) == [("A", WEB, (AMP,))]


async def test_what_came_last_is_told_under_the_first_address(store):
    await read(store, WEB, 1, article_id="WEB")
    await read(store, AMP, 2, article_id="AMP", canonical="WEB", text_hash="t2")
    (listed,) = await store.articles(1)
    assert (listed.seq, listed.article_id, listed.url, listed.offset, listed.aliases) == (2, "WEB", WEB, 10, (AMP,))


async def test_a_template_that_names_one_page_everywhere_hides_nothing(store):
    await read(store, WEB, 1, article_id="A", canonical="X", title="واحد")
    await read(store, AMP, 2, article_id="B", canonical="X", title="اثنان")
    assert told(await store.articles()) == [("A", WEB, ()), ("B", AMP, ())]


async def test_pages_without_a_title_are_told_apart(store):
    await read(store, WEB, 1, article_id="A", canonical="X", title=None)
    await read(store, AMP, 2, article_id="B", canonical="X", title=None)
    assert told(await store.articles()) == [("A", WEB, ()), ("B", AMP, ())]


async def test_a_much_longer_text_is_another(store):
    await read(store, WEB, 1, article_id="A", canonical="X", words=100)
    await read(store, AMP, 2, article_id="B", canonical="X", words=79)
    assert len(await store.articles()) == 2


async def test_more_than_ten_addresses_are_no_aliases(store):
    for number in range(1, 12):
        await read(store, f"{WEB}{number}", number, article_id=f"A{number}", canonical="X")
    assert [listed.aliases for listed in await store.articles()] == [()] * 11


async def test_a_canonical_that_is_taken_back_parts_them_again(store):
    await read(store, WEB, 1, article_id="WEB")
    await read(store, AMP, 2, article_id="AMP", canonical="WEB")
    await read(store, AMP, 3, article_id="AMP", text_hash="t2")
    assert told(await store.articles()) == [("WEB", WEB, ()), ("AMP", AMP, ())]
    assert (await store.articles())[0].segment == SegmentId("S")
