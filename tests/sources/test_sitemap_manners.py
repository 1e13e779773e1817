"""What a sitemap makes us ask: pages, further sitemaps, pages again (statements S5 to S8), and a section its entries."""

from itertools import count

import pytest
from msgspec.structs import replace

from crawler.model import Kind, Trust
from tests.sources.polled import DAY, START, Polled, said

MAP = "https://paper.example/sitemap.xml"
CHILD = "https://paper.example/posts.xml"
HOURLY = 3_600_000
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def urlset(*rows):
    return f"<urlset {NS}>{''.join(f'<url>{row}</url>' for row in rows)}</urlset>".encode()


def page(name, lastmod=None, title=None):
    told = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    news = f"<news:news><news:title>{title}</news:title></news:news>" if title else ""
    return f"<loc>https://paper.example/{name}</loc>{told}{news}"


def index(*urls):
    rows = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return f"<sitemapindex {NS}>{rows}</sitemapindex>".encode()


def xml(body, *headers):
    return said(200, "Content-Type: application/xml", *headers, body=body)


def scripted(**scripts):
    """Each address answers by list, the last one for ever."""

    def web(request, now):
        script = scripts[request.url.rpartition("/")[2].partition(".")[0]]
        return script.pop(0) if len(script) > 1 else script[0]

    return web


async def watched(web, *, polls, **more):
    house = Polled(web)
    await house.watch(MAP, **{"kind": Kind.SITEMAP, "every_ms": HOURLY, **more})
    for _ in range(polls):
        await house.poll()
    return house


def asked_again(house):
    return [offer.url.rpartition("/")[2] for offer in house.offers if offer.since]


async def test_s5_a_circle_of_indexes_is_walked_once_and_to_a_depth():
    numbers = count()
    house = Polled(lambda request, now: xml(index(MAP, f"https://paper.example/{next(numbers)}.xml")))
    await house.watch(MAP, kind=Kind.SITEMAP, every_ms=DAY * 1000)
    await house.until(3600)
    depths = {(await house.status(one.source.url)).source.parent for one in await house.store.sources()}
    assert len(house.asked) == 6, "the index and five levels below it"
    assert depths == {None, (await house.status(MAP)).source.source_id}


async def test_s6_a_page_is_asked_again_for_its_lastmod_a_few_times_until_that_proved_true():
    first, later = "2026-11-01", "2026-11-19"
    names = [f"a{n}" for n in range(10)]
    web = scripted(
        sitemap=[xml(urlset(*(page(name, first) for name in names))), xml(urlset(*(page(name, later) for name in names)))]
    )
    house = await watched(web, polls=2)
    assert len(asked_again(house)) == 3


async def test_s6_once_it_proved_true_all_that_changed_is_asked_again():
    names = [f"a{n}" for n in range(10)]
    first, later = urlset(*(page(name, "2026-11-01") for name in names)), urlset(*(page(name, "2026-11-19") for name in names))
    house = await watched(scripted(sitemap=[xml(first), xml(later)]), polls=1)
    source = (await house.status(MAP)).source.source_id
    tables = house.store._tables
    tables.sources[source] = replace(tables.sources[source], trust=Trust(right=9))
    await house.poll()
    assert sorted(asked_again(house)) == names


async def test_s6_a_first_reading_asks_nothing_again_nor_does_a_date_ahead():
    web = scripted(sitemap=[xml(urlset(page("a", "2026-11-01"))), xml(urlset(page("a", "2036-01-01")))])
    house = await watched(web, polls=2)
    assert asked_again(house) == []


async def test_s7_news_is_told_once_with_what_the_sitemap_says_of_it():
    web = scripted(sitemap=[xml(urlset(page("a", title="أول"))), xml(urlset(page("b", title="ثان"), page("a", title="أول")))])
    house = await watched(web, polls=2)
    assert [(entry.key.rpartition("/")[2], entry.title) for entry in house.entries] == [("a", "أول"), ("b", "ثان")]
    told = [offer.context.title for offer in house.offers if offer.context.title]
    assert told == ["أول", "ثان"]


async def test_s7_a_news_sitemap_is_polled_as_often_as_it_has_news():
    numbers = count()

    def web(request, now):
        rows = [page(f"{(now - START) // 600_000 + n}", title="خبر") for n in range(50)]
        return xml(urlset(*rows), f'ETag: "{next(numbers)}"')

    house = Polled(web)
    await house.watch(MAP, kind=Kind.SITEMAP)
    await house.until(DAY)
    assert 60 < len(house.asked) < 400


async def test_s7_a_child_is_a_source_with_validators_of_its_own_and_its_parent_s_finds():
    web = scripted(sitemap=[xml(index(CHILD), 'ETag: "i"'), said(304)], posts=[xml(urlset(page("a")), 'ETag: "c"'), said(304)])
    house = await watched(web, polls=1)
    await house.until(3 * DAY)
    child, parent = await house.status(CHILD), await house.status(MAP)
    assert (child.source.origin, child.source.parent) == ("index", parent.source.source_id)
    sent = [request.validators.etag for _, request in house.asked if request.url == CHILD]
    assert sent[0] is None
    assert set(sent[1:]) == {'"c"'}
    assert {offer.context.source for offer in house.offers if offer.kind is Kind.PAGE} == {parent.source.source_id}


async def test_s7_a_child_with_new_pages_is_found_though_its_index_never_changes():
    posts = [xml(urlset(page("a"))), xml(urlset(page("a"), page("b")))]
    house = await watched(scripted(sitemap=[xml(index(CHILD), 'ETag: "i"'), said(304)], posts=posts), polls=1)
    await house.until(2 * DAY)
    assert [offer.url for offer in house.offers if offer.url.endswith("/b")]


async def test_s7_a_dated_sitemap_is_asked_monthly_once_its_time_is_over():
    dated = "https://paper.example/sitemap-2026-08.xml"
    web = scripted(**{"sitemap-2026-08": [xml(urlset(page("a", "2026-08-05")), 'ETag: "1"'), said(304)]})
    house = Polled(web)
    await house.watch(dated, kind=Kind.SITEMAP)
    await house.poll()
    assert await house.poll() == pytest.approx(30 * DAY, rel=0.06)


async def test_children_of_a_source_that_was_taken_out_are_not_asked_any_more():
    house = await watched(scripted(sitemap=[xml(index(CHILD))], posts=[xml(urlset(page("a")))]), polls=2)
    await house.store.sync_sources([], [], house.now)
    assert {one.state for one in await house.store.sources()} == {"paused"}
    assert await house.store.next_ready() is None


async def test_s7_an_empty_news_sitemap_is_no_failure():
    house = await watched(scripted(sitemap=[xml(urlset(page("a", title="خبر"))), xml(urlset())]), polls=2)
    status = await house.status(MAP)
    assert (status.state, status.failures, status.polls) == ("active", 0, {"fetched": 2})


async def test_s8_a_sitemap_is_asked_conditionally():
    house = await watched(scripted(sitemap=[xml(urlset(page("a")), 'ETag: "1"'), said(304)]), polls=3)
    assert [request.validators.etag for _, request in house.asked] == [None, '"1"', '"1"']


async def test_a_section_s_links_are_entries_each_new_once():
    def listing(*names):
        links = "".join(
            f'<p><a href="/2026/11/22/{name}-a-long-headline-here">A long headline of many words here</a>' for name in names
        )
        return said(200, "Content-Type: text/html", body=f"<!doctype html><title>x</title>{links}".encode())

    house = Polled(scripted(world=[listing("a", "b", "c"), listing("d", "a", "b", "c")]))
    await house.watch("https://paper.example/world", kind=Kind.SECTION, every_ms=HOURLY)
    await house.poll()
    await house.poll()
    assert [entry.backfill for entry in house.entries] == [True, True, True, False]
    assert house.entries[-1].key.endswith("/d-a-long-headline-here")
