"""docs/security.md names tests that are there, and numbers that hold."""

from __future__ import annotations

import re
from pathlib import Path

from crawler import preflight, urls
from crawler.config import document
from crawler.config.shape import FetchConfig, ParseConfig
from crawler.fetching import names, tap
from crawler.messages import codings
from crawler.robots import MOST_BYTES
from crawler.sources import depth, items, section, sitemap
from tests.hostile.tables import DOCUMENTS, TABLES, TLS

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "security.md").read_text()
TESTS = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
LIMITS = dict(re.findall(r"(?m)^\| ([^|]+) \| ([^|]+) \| `", PAGE))


def numbers(of: str) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d+", LIMITS[of])]


def test_every_test_it_names_is_there():
    named = re.findall(r"`(test_\w+)`", PAGE)
    assert len(set(named)) > 50
    assert [name for name in named if f"def {name}(" not in TESTS] == []


def test_the_limits_of_an_answer_are_the_codes():
    fetch = FetchConfig()
    assert numbers("an answer on the wire") == [fetch.body_max >> 20]
    assert numbers("an answer unpacked") == [fetch.decoded_max >> 20, codings._FREE >> 20, codings.MOST_RATIO]
    assert numbers("headers") == [fetch.header_max >> 10]
    assert numbers("a request, from name to last byte") == [fetch.timeout, fetch.connect, fetch.idle]
    assert numbers("a slow body") == [fetch.least_rate]
    assert numbers("layers of packing") == [codings._MOST_LAYERS]
    assert numbers("chunk framing")[:1] == [tap._MOST_FRAMING >> 10]
    assert numbers("name look-ups at once") == [names.MOST_AT_ONCE]


def test_the_limits_of_a_document_are_the_codes():
    assert numbers("an address") == [urls.MOST_CHARS]
    assert numbers("robots.txt") == [MOST_BYTES >> 10]
    assert numbers("items of a feed") == [items.MOST_ITEMS]
    assert numbers("addresses of a sitemap") == [sitemap.MOST_URLS]
    assert numbers("nesting of XML") == [depth.MOST_DEEP]
    assert numbers("elements nested in a page") == [preflight.MOST_DEEP, preflight.MOST_OPEN, preflight.MOST_ATTRIBUTES]
    assert numbers("links taken from a page") == [section.MOST_LINKS]
    assert f"{ParseConfig().page_time:.0f} s of CPU and {ParseConfig().child_memory >> 20} MB" in PAGE
    assert f"up to {document.MOST_BYTES >> 20} MB, {document.MOST_DEPTH} levels" in PAGE


def test_there_are_as_many_behaviours_as_it_says():
    assert sum(map(len, (*TABLES.values(), *DOCUMENTS.values(), TLS))) >= int(re.findall(r"(\d+) scripted", PAGE)[0])
