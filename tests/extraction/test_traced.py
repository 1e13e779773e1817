"""Nothing is invented: each field of a record can be taken back to a place in the page's characters."""

from __future__ import annotations

import html
import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction import extract
from crawler.extraction.words import key
from crawler.model import Article
from tests.extraction.test_bylines import TOLD, Told, page
from tests.extraction.test_pages import PAGES

WORDS_OF = ("title", "section", "site", "source", "summary", "image_caption")
NUMBER = re.compile(r"\d+")


def untraced(article: Article, source: str) -> list[str]:
    """Names of the fields of which a word, or a date's number, stands nowhere in a page's decoded source."""
    plain = html.unescape(html.unescape(re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), source)))
    known = set(key(re.sub(r"[<>\"=/]", " ", plain)).split())
    run_together = key(re.sub(r"<[^>]*>", "", plain)).replace(" ", "")
    values = {name: [getattr(article, name)] for name in WORDS_OF} | {
        "authors": list(article.authors),
        "tags": list(article.tags),
    }
    lost = [
        name
        for name, texts in values.items()
        if any(word not in known and word not in run_together for text in texts if text for word in key(text).split())
    ]
    return lost + [name for name in ("published", "modified") if not _dated(getattr(article, name), plain)]


def _dated(value: str | None, plain: str) -> bool:
    """The year (or its last two figures) and the day stand there; months may be words."""
    if value is None:
        return True
    figures = {int(number) for number in NUMBER.findall("".join(str(unicodedata.decimal(sign, sign)) for sign in plain))}
    whole = {int(part) for number in figures if len(str(number)) == 8 for part in (str(number)[:4], str(number)[6:])}
    year, _, day = (int(part) for part in value[:10].split("-"))
    return bool({year, year % 100} & (figures | whole)) and day in figures | whole


@pytest.mark.parametrize("name", sorted(path.stem for path in PAGES.glob("*.html")))
def test_a_golden_pages_fields_stand_in_it(name: str) -> None:
    source = (PAGES / f"{name}.html").read_text("utf-8")
    assert untraced(extract(source), source) == []


NAMES = st.sampled_from(
    ["Jane Doe", "Omar Said", "ليلى المنصوري", "王小明", "Иван Петров", "River Agency", "admin", "J. D. Roe, PhD"]
)
DAYS = st.sampled_from(["2026-11-17T01:30:00Z", "2026-11-16T20:30:00-05:00", "17/11/2026", "٧ نوفمبر ٢٠٢٦", "03.04.26", "soon"])


@st.composite
def pages(draw: st.DrawFn) -> str:
    told: Told = draw(st.sampled_from(TOLD))
    story = {"@type": "NewsArticle", "headline": told.title, "author": draw(st.lists(NAMES, max_size=3))}
    story["datePublished" if draw(st.booleans()) else "dateModified"] = draw(DAYS)
    tags = [
        f'<meta property="og:title" content="{told.title} | {draw(NAMES)}">',
        f'<meta name="author" content="{draw(NAMES)}">',
        f'<meta property="article:published_time" content="{draw(DAYS)}">',
        f'<script type="application/ld+json">{json.dumps(story)}</script>',
    ]
    return page(told, "".join(draw(st.lists(st.sampled_from(tags), unique=True))))


@given(pages())
def test_whatever_a_page_says_no_field_says_more(source: str) -> None:
    assert untraced(extract(source, "https://post.example/2026/11/16/market"), source + " 2026 11 16") == []


def test_a_torn_page_gives_no_field_it_does_not_have() -> None:
    source = page(TOLD[0], '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2026-11-1')
    for end in range(0, len(source), 97):
        assert untraced(extract(source[:end]), source[:end]) == []
