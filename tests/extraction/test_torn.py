"""A tenth of tests/torture/test_pages.py, on pages of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.extraction import extract
from tests.extraction.tearing import torn

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_torn_page_is_an_article_or_says_why_not(path: Path) -> None:
    for part, declared in torn(path.read_bytes(), cut=10, mutated=8):
        article = extract(part, "https://paper.example/a", declared)
        assert bool(article.text) is (article.note is None)
        assert "\ud800" not in article.text
        assert len(article.text) <= 4 * len(part)
