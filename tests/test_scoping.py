"""What of a source's finds lies within its bounds, and which sections of a site are watched."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from crawler.decide import decide
from crawler.model import Article, Context, Details, Discovery, Entry, Kind, Said, Scope, Url
from crawler.scoping import MOST_DEEPER, scoped
from crawler.terms import Policy, Terms
from tests import making
from tests.making import NOW

HOME = "https://news.example/"
SITE = Said(url=Url(HOME), details=Details(site=True, scope=Scope(depth=2, include=("/ar/",), exclude=("*/print/",))))
DAY = 86_400


def site_job(depth: int = 2, *, text: str = HOME, parent: str | None = None):
    details = replace(SITE.details, scope=replace(SITE.details.scope, depth=depth))
    job = making.feed_job(text)
    poll = replace(job.poll, details=details, parent=parent, every_ms=None, weight=4.0)
    return replace(job, kind=Kind.SECTION, poll=poll), Said(url=Url(text), details=details)


def decided(job, found: Discovery, said: Said):
    receipt = making.receipt(job)
    return scoped(decide(receipt, found, Terms(policy=Policy(), now=NOW)), receipt, found, said, NOW)


def section(*links: str, sections: tuple[str, ...] = ()) -> Discovery:
    entries = tuple(Entry(key=link, item_hash="", link=Url(link)) for link in links)
    found = tuple(map(Url, sections))
    return Discovery(found="section", links=tuple(map(Url, links)), entries=entries, sections=found)


def test_pages_beyond_the_bounds_are_passed_over_and_told() -> None:
    job, said = site_job()
    links = [f"{HOME}ar/1", f"{HOME}en/1", f"{HOME}ar/print/1", "https://other.example/ar/1"]
    done = decided(job, section(*links), said)
    assert [offer.url for offer in done.offers] == [f"{HOME}ar/1"]
    assert {(one.why, one.count) for one in done.passed_over} == {
        ("include of its source", 1),
        ("exclude of its source", 1),
        ("site of its source", 1),
    }


def test_a_feed_may_lead_to_another_site_but_not_to_an_old_page() -> None:
    said = Said(url=Url(HOME), details=Details(scope=Scope(max_age=7 * DAY, exclude=("/x/",))))
    told = {
        "https://other.example/1": "2023-11-14T00:00:00Z",
        "https://other.example/2": "2023-11-01",
        "https://other.example/x/3": None,
    }
    entries = tuple(Entry(key=url, item_hash="h", link=Url(url), published=when) for url, when in told.items())
    done = decided(making.feed_job(), Discovery(found="feed", entries=entries), said)
    assert [offer.url for offer in done.offers] == ["https://other.example/1"]
    assert len(done.entries) == 3  # known all the same


def test_sections_of_a_site_are_watched_for_themselves_one_step_less_deep() -> None:
    job, said = site_job()
    done = decided(job, section(sections=(f"{HOME}ar/world", f"{HOME}en/world", "https://other.example/ar/")), said)
    ((child, offer),) = done.found
    assert (child.url, child.kind, child.origin, child.parent) == (f"{HOME}ar/world", Kind.SECTION, "index", job.poll.source_id)
    assert (child.details.scope.depth, child.details.site, child.weight) == (1, True, 4.0)
    assert (offer.url, offer.kind, offer.context.source) == (child.url, Kind.SECTION, child.source_id)


def test_what_was_found_on_a_section_belongs_to_the_site() -> None:
    job, said = site_job(1, text=f"{HOME}ar/world", parent="root")
    sections = tuple(f"{HOME}ar/world/{n}" for n in range(30))
    done = decided(job, section(sections=sections), said)
    assert len(done.found) == MOST_DEEPER
    assert {child.parent for child, _ in done.found} == {"root"}


@pytest.mark.parametrize("depth", [0, -1])
def test_at_the_end_of_its_depth_nothing_more_is_watched(depth: int) -> None:
    job, said = site_job(depth)
    assert decided(job, section(sections=(f"{HOME}ar/world",)), said).found == ()


def page(**more):
    job = making.job(f"{HOME}ar/1", context=Context(source=making.feed_job(HOME).poll.source_id))
    return job, Discovery(found="article", article=Article(title="عنوان", text="نص", **more))


def test_a_page_of_a_site_that_is_a_list_is_watched_too() -> None:
    job, found = page(kind="listing", sure={"kind": 0.97})
    ((child, _),) = decided(job, found, SITE).found
    assert (child.url, child.parent, child.details.scope.depth) == (f"{HOME}ar/1", job.context.source, 0)
    job, found = page(kind="article", sure={"kind": 0.97})
    assert decided(job, found, SITE).found == ()


@pytest.mark.parametrize(
    ("more", "kept"),
    [
        ({"language": "ar-EG"}, 1),
        ({"language": "en"}, 0),
        ({}, 1),
        ({"published": "2023-11-10"}, 1),
        ({"published": "2023-11-01"}, 0),
    ],
)
def test_an_article_too_old_or_in_another_language_is_none_of_the_catalogs(more: dict[str, str], kept: int) -> None:
    said = Said(url=Url(HOME), details=Details(scope=Scope(max_age=7 * DAY, languages=("ar",))))
    done = decided(*page(**more), said)
    assert (len(done.records), len(done.articles)) == (kept, kept)
    assert len(done.passed_over) == 1 - kept
