"""Which links of a page look like articles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sources import read_section
from crawler.sources.shapes import ARTICLE, is_above, score
from crawler.urls import parse

PAGE = "https://site.example/world/"

ARTICLES = [
    "/2026/11/21/ferry",
    "/news/2026-11-21/ferry.html",
    "/20261121/ferry",
    "/world/harbour-council-approves-night-ferry",
    "/افتتاح-الجسر-الجديد-في-الريحانة/",
    "/ar/2026/11/%D8%AC%D8%B3%D8%B1-%D8%AC%D8%AF%D9%8A%D8%AF-%D9%81%D9%8A-%D8%A7%D9%84%D8%B1%D9%8A%D8%AD%D8%A7%D9%86%D8%A9",
    "/khabar/گشایش-کتابخانه-تازه-در-شهر-ساحلی",
    "/новости/мост-открыт-после-долгого-ремонта",
    "/ειδησεις/η-γεφυρα-ανοιξε-για-πεζους",
    "/חדשות/הגשר-נפתח-להולכי-רגל-השבוע",
    "/新闻/图书馆周末延长开放时间",
    "/news/1845231",
    "/article/harbour-council-approves-ferry/99",
    "/?p=48211",
    "/2026/11/ferry-timetable-changes-again/",
    "/politics/the-harbour-council-approves-ferry/DHCHJTTXTNETPCHCIYLXWMQOBA/",
    "/story.aspx?id=184523",
]
LISTS = [
    "/",
    "/news",
    "/world/europe/",
    "/اقتصاد/",
    "/tag/زيتون-وزيت-وموسم-القطاف",
    "/category/harbour-and-ferry-and-sea-news",
    "/author/salma-haddad-of-the-foreign-desk",
    "/about-us",
    "/news?page=2",
    "/world/page/14",
    "/2026/11/",
    "/2026/11/21/",
    "/2026/",
    "/uploads/2026/11/21/bridge-opening-in-the-morning.jpg",
    "/paper-of-2026-11-21.pdf",
]


@pytest.mark.parametrize("path", ARTICLES)
def test_an_article_is_known_by_its_address_alone(path: str) -> None:
    assert score(parse(path, PAGE), words=1) >= ARTICLE


@pytest.mark.parametrize("path", LISTS)
def test_a_list_or_a_file_is_no_article_even_where_a_short_link_leads_there(path: str) -> None:
    assert score(parse(path, PAGE), words=3) < ARTICLE


def test_a_headline_helps_an_address_that_tells_little() -> None:
    address = parse("/news/10427", PAGE)
    assert score(address, words=1) < ARTICLE <= score(address, words=8)


def test_a_long_link_alone_makes_no_article() -> None:
    assert score(parse("/terms", PAGE), words=30) < ARTICLE


def test_a_headline_tells_an_article_that_lies_under_the_name_of_a_list() -> None:
    address = parse("/category/world/harbour-council-approves-night-ferry", PAGE)
    assert score(address, words=2) < ARTICLE <= score(address, words=9)


def test_pages_over_a_page_are_not_below_it() -> None:
    assert is_above("https://site.example/world", "https://site.example/world/europe/")
    assert is_above("https://site.example/world/", "https://site.example/world")
    assert not is_above("https://site.example/worldwide/", "https://site.example/world/")


def test_links_are_relative_to_the_base_and_stay_on_the_site() -> None:
    page = (
        b'<base href="//m.site.example/x/"><a href="2026/11/21/one">1</a><a href="https://other.example.org/2026/11/21/two">2</a>'
        b'<a href="https://site.example/2026/11/21/three">3</a>'
    )
    assert read_section(page, url=PAGE, content_type=None).links == (
        "https://m.site.example/x/2026/11/21/one",
        "https://site.example/2026/11/21/three",
    )


def test_a_menu_counts_where_there_is_nothing_else() -> None:
    menu = b'<nav><a href="/2026/11/21/one">1</a></nav>'
    rest = b"".join(b'<a href="/2026/11/2%d/story">x</a>' % n for n in range(3))
    assert read_section(menu, url=PAGE, content_type=None).links == ("https://site.example/2026/11/21/one",)
    assert len(read_section(menu + rest, url=PAGE, content_type=None).links) == 3


@given(st.binary(max_size=300))
def test_whatever_bytes_come_something_is_said(data: bytes) -> None:
    assert read_section(b'<a href="' + data, url=PAGE, content_type=None).found in ("section", "nothing")
