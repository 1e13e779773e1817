"""Bad input is an Article too: deep, huge, cut, random, lying."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction import extract
from crawler.extraction.parts import MOST_LINKS
from crawler.model import Article

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))
SENTENCE = "The council of the town opened a market on the bank of the river, and many people came to see it. "

JSON_LD = '<script type="application/ld+json">'

TRAPS = {
    "deep": "<div>" * 3000 + SENTENCE,
    "deep inline": "<b>" * 3000 + SENTENCE,
    "deep menus": "<nav>" * 400 + SENTENCE + "<p>" + SENTENCE,
    "unclosed everything": "<table><tr><td><ul><li><a href=x><p>" * 300 + SENTENCE,
    "quotes in names": '<a "="" href="x" ">y</a>' * 500 + f"<p>{SENTENCE}</p>",
    "comments": "<!--" * 5000 + SENTENCE,
    "pretend tags in attributes": f'<p title="<p>{SENTENCE}</p>">{SENTENCE}</p>',
    "deep json": JSON_LD + "[" * 50_000 + "</script>" + f"<p>{SENTENCE}</p>",
    "wide json": JSON_LD + "[" + '{"@type":"NewsArticle"},' * 20_000 + "{}]</script>",
    "json of wrong types": JSON_LD
    + '{"@type":["Article",7],"headline":{"a":1},"author":[[[]],7,null],"datePublished":2022,"@graph":3}</script>',
    "json with wrong lists": JSON_LD
    + '{"@type":"Article","image":[[]],"articleSection":{},"keywords":[{}],"itemListElement":7}</script>',
    "json loop": JSON_LD + '{"@type":"Article","@id":"a","author":{"@id":"a"},"image":{"@id":"a"}}</script>',
    "many bars": "<title>" + "a | " * 2000 + "</title><p>" + SENTENCE,
    "long meta": '<meta property="og:title" content="' + "x" * 500_000 + f'"><p>{SENTENCE}</p>',
    "a nav that swallowed the page": "<nav><ul><li>menu</li>" + f"<p>{SENTENCE}</p>" * 60,
    "frameset": "<frameset><frame src=a></frameset>",
    "processing": "<?php echo 1 ?><p>" + SENTENCE,
}


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_gives_an_article_or_a_reason(name: str) -> None:
    article = extract(TRAPS[name].encode(), "https://example.org/a", "text/html")
    assert bool(article.text) != bool(article.note)


def test_a_forgotten_end_of_the_menu_costs_no_text() -> None:
    assert extract(TRAPS["a nav that swallowed the page"], content_type="text/html").text.count(SENTENCE.strip()) == 60


def test_text_in_attributes_is_no_text() -> None:
    assert extract(TRAPS["pretend tags in attributes"], content_type="text/html").text == SENTENCE.strip()


def test_links_and_fields_have_a_limit() -> None:
    body = "".join(f'<p>{SENTENCE}<a href="/{n}">{n}</a></p>' for n in range(2 * MOST_LINKS))
    authors = (
        '<meta name="author" content="' + ", ".join(f"Anna {chr(65 + n % 26)}{chr(97 + n // 26)}rown" for n in range(90)) + '">'
    )
    article = extract(authors + body, "https://example.org/", "text/html")
    assert len(article.links) == MOST_LINKS
    assert len(article.authors) == 20


@pytest.mark.parametrize(
    "url", ["", "nonsense", "http://", "http://[::", "urn:sha256:00", "javascript:alert(1)", "http://é.example/ü"]
)
def test_no_address_is_too_bad(url: str) -> None:
    article = extract(
        f'<base href="http://["><p>{SENTENCE}<a href="http://[">x</a><a href="javascript:x">y</a></p>', url, "text/html"
    )
    assert article.url == url
    assert article.links == ()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_cut_anywhere_is_still_read(page: Path) -> None:
    data = page.read_bytes()
    for part in range(1, 12):
        assert isinstance(extract(data[: len(data) * part // 12], "https://example.org/", "text/html"), Article)


@given(st.binary(max_size=300) | st.text(max_size=300), st.none() | st.sampled_from(["text/html", "text/plain", "x", ";"]))
@settings(max_examples=60, deadline=None)
def test_anything_at_all_is_an_article(data: bytes | str, content_type: str | None) -> None:
    assert isinstance(extract(data, "https://example.org/", content_type), Article)


PIECES = [
    "<p>",
    "</p>",
    "<div class='related'>",
    "</div>",
    "<a href=/x>",
    "</a>",
    "<br>",
    "<h1>",
    "<nav>",
    "</nav>",
    "<!--",
    "-->",
    '"',
    "<td>",
    SENTENCE,
]


@given(st.lists(st.sampled_from(PIECES), max_size=40))
@settings(max_examples=60, deadline=None)
def test_no_sign_is_invented_or_moved(pieces: list[str]) -> None:
    page = iter("".join(pieces))
    article = extract("".join(pieces), None, "text/html")
    assert all(sign in page for paragraph in article.paragraphs for sign in paragraph if not sign.isspace())
    assert all(paragraph.strip() for paragraph in article.paragraphs)
