"""Addresses that grow or multiply without end."""

import pytest
from msgspec.structs import replace

from crawler import urls
from crawler.decide import decide
from crawler.model import Discovery, Entry
from crawler.settle import Policy, Terms
from crawler.traps import Bounds, Budget, Sieve, objection
from tests import making
from tests.making import NOW

SITE = "https://news.example"
DAY = 86_400_000


def sieved(sieve, *paths, found="section", now=NOW):
    links = tuple(urls.parse(SITE + path) for path in paths)
    receipt = making.receipt(making.feed_job())
    what = Discovery(found=found, links=links)
    if found == "feed":
        what = Discovery(found="feed", entries=tuple(Entry(key=link, item_hash="h", link=link) for link in links))
    return sieve.sieve(decide(receipt, what, Terms(policy=Policy(), now=now)), found, now)


class TestShape:
    @pytest.mark.parametrize(
        ("path", "why"),
        [
            ("/d" + "".join(f"/{n}" for n in range(25)), "more than 25 segments"),
            ("/a/b/a/b/a/b/a/b", "a segment more than 3 times"),
            ("/x?q=" + "y" * 2_000, "longer than 2000 characters"),
        ],
    )
    def test_what_grows_is_a_trap(self, path, why):
        assert objection(urls.parse(SITE + path), Bounds()) == why

    @pytest.mark.parametrize(
        "path",
        ["", "/", "/2026/11/11/11-story", "/a//b///c", "/" + "خبر-طويل-" * 150, "/x?p=/a/a/a/a/a/a", "/新闻" * 3],
    )
    def test_what_papers_write_is_none(self, path):
        assert objection(urls.parse(SITE + path), Bounds()) is None


class TestSieve:
    def test_what_is_passed_over_is_counted_with_an_example(self):
        decision = sieved(Sieve(Bounds()), "/1", "/a/a/a/a/1", "/a/a/a/a/2", "/2")
        assert [offer.url for offer in decision.offers] == [f"{SITE}/1", f"{SITE}/2"]
        (passed,) = decision.passed_over
        assert (passed.count, passed.why, passed.example) == (2, "a segment more than 3 times", f"{SITE}/a/a/a/a/1")

    @pytest.mark.parametrize("found", ["feed", "sitemap"])
    def test_what_a_feed_or_a_sitemap_names_may_go_twice_as_far(self, found):
        decision = sieved(Sieve(Bounds()), "/a/a/a/a/1", "/a" * 7, found=found)
        assert [offer.url for offer in decision.offers] == [f"{SITE}/a/a/a/a/1"]

    def test_queries_of_a_path_have_an_end_each_day(self):
        sieve = Sieve(Bounds(queries_a_path=2))
        assert len(sieved(sieve, "/c?d=1", "/c?d=2", "/c?d=3", "/e?d=3", "/c").offers) == 4
        assert len(sieved(sieve, "/c?d=1", "/c?d=3").offers) == 1
        assert len(sieved(sieve, "/c?d=1", "/c?d=3", now=NOW + DAY).offers) == 2

    def test_ways_to_one_page_are_one_query(self):
        sieve = Sieve(Bounds(queries_a_path=1))
        assert len(sieved(sieve, "/c?d=1", "/c?d=1&utm_source=a", "/c?utm_source=b&d=1").offers) == 3

    def test_a_paper_whose_articles_are_all_queries_is_read_from_its_sitemap(self):
        paths = [f"/news?id={n}" for n in range(1_500)]
        assert len(sieved(Sieve(Bounds()), *paths, found="sitemap").offers) == 1_500
        assert len(sieved(Sieve(Bounds()), *paths).offers) == 1_000

    def test_the_memory_has_an_end(self):
        sieve = Sieve(Bounds(queries_a_path=1_000))
        for path in range(110):
            sieved(sieve, *(f"/{path}?d={n}" for n in range(1_000)))
        assert len(sieved(sieve, "/0?d=x").offers) == 1
        assert sieved(sieve, "/109?d=x").offers == ()

    def test_a_decision_without_traps_is_left_as_it_is(self):
        decision = sieved(Sieve(Bounds()), "/1")
        assert Sieve(Bounds()).sieve(decision, "section", NOW) is decision
        assert replace(decision, offers=()).passed_over == ()


class TestBudget:
    def test_a_host_over_its_budget_goes_on_the_next_day(self):
        budget = Budget(2)
        one, other = making.job().host_id, making.feed_job().host_id + 1
        assert [budget.postponed(one, NOW) for _ in range(3)] == [None, None, (NOW // DAY + 1) * DAY]
        assert budget.postponed(other, NOW) is None
        assert budget.postponed(one, NOW + DAY) is None
