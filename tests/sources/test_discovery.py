"""Where feeds, sitemaps and sections of a site are told; what of a site is crawled; what sitemaps are believed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model import Trust, Url
from crawler.sources.discovery import header_feeds, named_sitemaps, usual_places
from crawler.sources.menus import likely_sections
from crawler.sources.scope import Scope, outside, unwanted
from crawler.sources.trust import PROVED, holds, is_over, judged, period_end
from crawler.urls import parse

HOME = Url("https://paper.example/")
DAY_MS = 86_400_000
NOW = 1_795_000_000_000  # 2026-11-18


@pytest.mark.parametrize(
    "header",
    [
        '</feed>; rel="alternate"; type="application/rss+xml"',
        "< /feed >;rel=alternate;type=application/atom+xml;charset=utf-8",
        '</x,y>; rel=next, </feed>; title="a, \\"b\\"; rel=x"; REL="me Alternate"; Type="application/feed+json; v=1"',
        '<https://api.example/>; rel="https://api.w.org/", </feed>; rel="alternate"; type=application/rss+xml, </feed>; rel=x',
    ],
)
def test_i2_a_feed_is_announced_in_a_header(header: str) -> None:
    assert header_feeds(header, url="https://paper.example/a/b") == ("https://paper.example/feed",)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "</feed>",
        "</feed>; rel=alternate",
        "</f>; rel=x; rel=alternate; type=application/rss+xml",
        "<<>;;,",
        '</f>; "',
    ],
)
def test_i2_other_headers_announce_nothing(header: str | None) -> None:
    assert header_feeds(header, url=HOME) == ()


def test_a_header_without_end_is_read_in_no_time() -> None:
    assert header_feeds('<a>;x="' + '\\"' * 100_000, url=HOME) == ()
    assert header_feeds("<" * 100_000 + ";a=" * 100_000, url=HOME) == ()


def test_i2_usual_places_are_told_for_who_asks() -> None:
    assert "https://paper.example/feed" in usual_places("https://paper.example/ar/world?x=1")


def test_s4_robots_may_name_sitemaps_anywhere_but_whole_addresses_only() -> None:
    named = [" https://paper.example/a.xml", "/b.xml", "HTTPS://cdn.example/c.xml", "https://paper.example/a.xml", "c.xml", ""]
    assert named_sitemaps(named, url="https://paper.example/robots.txt") == (
        "https://paper.example/a.xml",
        "https://cdn.example/c.xml",
    )


MENU = """<header><a href="/">رئيسية</a>
<nav><a href="/world">العالم</a><a href="/ar/%D8%A7%D9%82%D8%AA%D8%B5%D8%A7%D8%AF/">اقتصاد</a>
<a href="/?cat=7">体育</a><a href="https://video.paper.example/live">Прямой эфир</a><a href="https://other.example/x">x</a>
<a href="/app.apk">app</a><a href="/x/y/z/w">deep</a></nav></header>
<a href="/2026/11/22/harbour-council-approves-ferry">Ferry</a><a href="/news/1845231">ferry</a>
<a href="/special">A headline of far more than four words</a><a href="/weather">Wetter</a>
<footer><a href="/privacy">privacy</a><a href="/world">العالم</a></footer>"""


def test_sections_are_told_by_where_their_links_stand_and_how_short_they_are() -> None:
    found = likely_sections(MENU.encode(), url=HOME, content_type=None)
    assert set(found[:4]) == {
        "https://paper.example/world",
        parse("/ar/اقتصاد/", HOME),
        "https://paper.example/?cat=7",
        "https://video.paper.example/live",
    }
    assert found[4:] == ("https://paper.example/weather",)


def test_what_stands_in_the_foot_counts_where_there_is_no_menu() -> None:
    page = b'<footer><a href="/world">World</a></footer>'
    assert likely_sections(page, url=HOME, content_type=None) == ("https://paper.example/world",)


@pytest.mark.parametrize(
    ("address", "depth", "why"),
    [
        ("https://paper.example/ar/1", 1, None),
        ("https://m.paper.example/ar/1", 3, None),
        ("https://other.example/ar/1", 1, "site"),
        ("https://paper.example/ar/1", 4, "depth"),
        ("https://paper.example/en/1", 1, "include"),
        ("https://paper.example/ar/print/1", 1, "exclude"),
        ("https://paper.example/أخبار/1", 1, None),
        ("https://paper.example/ar/1.pdf", 1, "exclude"),
    ],
)
def test_what_is_within_a_scope(address: str, depth: int, why: str | None) -> None:
    scope = Scope(include=("/ar/", "/أخبار/"), exclude=("*/print/", "*.pdf$"))
    assert outside(scope, parse(address), home=HOME, depth=depth) == why


def test_an_article_too_old_or_in_another_language_is_not_kept() -> None:
    scope = Scope(max_age=7 * 86_400, languages=("ar", "fa"))
    assert unwanted(scope, published=NOW - 8 * DAY_MS, language="ar", now=NOW) == "age"
    assert unwanted(scope, published=NOW, language="en-GB", now=NOW) == "language"
    assert unwanted(scope, published=NOW, language="ar-EG", now=NOW) is None
    assert unwanted(scope, published=None, language=None, now=NOW) is None


def test_s6_lastmod_is_believed_once_it_proved_true() -> None:
    trust = Trust()
    assert not holds(trust)
    for _ in range(PROVED):
        trust = judged(trust, said_changed=True, changed=True)
    assert holds(trust)
    assert not holds(judged(trust, said_changed=True, changed=False))


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("/sitemap-2026-10.xml", 20_758),  # 1 November
        ("/2026/10/22/sitemap.xml", 20_749),
        ("/posts_20261022.xml.gz", 20_749),
        ("/sitemap-2026-12.xml", 20_819),
        ("/sitemap-2026.xml", None),
        ("/sitemap-2026-02-31.xml", None),
        ("/sitemap-120261022.xml", None),
        ("/news.xml", None),
    ],
)
def test_s7_a_dated_sitemap_is_told_by_its_address(address: str, day: int | None) -> None:
    assert period_end(parse(address, HOME)) == (None if day is None else day * DAY_MS)


def test_s7_a_dated_sitemap_is_left_on_two_signs() -> None:
    dated, plain = parse("/sitemap-2026-09.xml", HOME), parse("/news.xml", HOME)
    assert is_over(dated, newest=NOW - 20 * DAY_MS, now=NOW)
    assert not is_over(dated, newest=NOW - 2 * DAY_MS, now=NOW)
    assert not is_over(plain, newest=NOW - 99 * DAY_MS, now=NOW)
    assert not is_over(parse("/sitemap-2026-11.xml", HOME), newest=NOW - 20 * DAY_MS, now=NOW)


@given(st.binary(max_size=300), st.text(max_size=100))
def test_whatever_comes_something_is_said(data: bytes, text: str) -> None:
    assert isinstance(likely_sections(b'<a href="' + data, url=HOME, content_type=None), tuple)
    assert isinstance(header_feeds(text, url=HOME), tuple)
    assert isinstance(named_sitemaps([text], url=HOME), tuple)
