"""Lists of addresses, and feeds a page announces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sources import find_feeds, read_list, read_opml


def test_a_list_gives_its_addresses_each_once() -> None:
    data = "\ufeff# قائمتي\nhttps://a.example/\n\nhttps://a.example\n  http://b.example/خبر \nnot an address\n".encode()
    assert read_list(data) == ("https://a.example/", "http://b.example/%D8%AE%D8%A8%D8%B1")


def test_outlines_without_end_are_read_without_harm() -> None:
    assert read_opml(b"<opml><body>" + b'<outline text="x">' * 100_000) == ()


@given(st.binary(max_size=300))
def test_whatever_bytes_come_a_list_is_given(data: bytes) -> None:
    assert isinstance(read_opml(data), tuple)
    assert isinstance(read_list(data), tuple)
    assert isinstance(find_feeds(data, url="https://a.example/"), tuple)


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="alternate" type="application/rss+xml" href="/feed">',
        '<LINK TYPE=" application/atom+xml; charset=utf-8 " REL="me ALTERNATE" HREF=" /feed ">',
        "<link rel='alternate feed' type='application/feed+json' href='https://a.example/feed#x'>",
        '<a rel="alternate" type="application/rdf+xml" href="feed">feed</a>',
    ],
)
def test_a_feed_is_announced_in_many_ways(link: str) -> None:
    assert find_feeds(f"<html><head>{link}</head>".encode(), url="https://a.example/") == ("https://a.example/feed",)


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="stylesheet alternate" type="application/rss+xml" href="/feed">',
        '<link rel="alternate" hreflang="ar" href="/ar">',
        '<link rel="alternate" type="text/html" href="/m">',
        '<link rel="alternate" type="application/rss+xml" href="">',
        '<link rel="alternate" type="application/rss+xml" href="feed:x">',
        '<link rel="nonalternate" type="application/rss+xml" href="/feed">',
    ],
)
def test_other_links_announce_nothing(link: str) -> None:
    assert find_feeds(link.encode(), url="https://a.example/") == ()


def test_announced_feeds_are_relative_to_the_base() -> None:
    page = '<base href="/ar/"><link rel="alternate" type="application/rss+xml" href="rss">'
    assert find_feeds(page.encode("utf-16"), url="https://a.example/x") == ("https://a.example/ar/rss",)
