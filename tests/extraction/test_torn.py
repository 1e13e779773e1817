"""A tenth of tests/torture/test_pages.py, on pages of our own."""

from __future__ import annotations

from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.extraction import extract
from crawler.extraction.blocks import parse
from tests.extraction.tearing import mutations, torn

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_torn_page_is_an_article_or_says_why_not(path: Path) -> None:
    for part, declared in torn(path.read_bytes(), cut=10, mutated=8):
        article = extract(part, "https://paper.example/a", declared)
        assert bool(article.text) is (article.note is None)
        assert "\ud800" not in article.text
        assert len(article.text) <= 4 * len(part)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_what_the_parser_finds_in_a_torn_page_stands_in_its_blocks(path: Path) -> None:
    for page in mutations(path.read_bytes().decode("utf-8", "replace").encode(), 24):
        tree = LexborHTMLParser(page)
        read = "".join(block.text for block in parse(tree).blocks)  # which leaves in the tree what may be text
        for node in reversed(tree.css("object,canvas,audio,video,map,option,textarea,datalist,math,title")):
            node.decompose()
        shown = tree.body.text(deep=True) if tree.body is not None else ""
        assert len("".join(read.split())) >= 0.98 * len("".join(shown.split())) - 20
