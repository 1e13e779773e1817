"""Pages of many scripts and makes, each beside what it should give: `pages/x.html` and `pages/x.json`."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from crawler.extraction import extract
from crawler.model import Article

PAGES = Path(__file__).parent / "pages"


class Expected(msgspec.Struct, forbid_unknown_fields=True):
    """A golden file: how the page is served, the fields that matter, and the text, paragraph by paragraph."""

    url: str
    article: dict[str, object]
    text: list[str]
    encoding: str = "utf-8"
    content_type: str = "text/html"
    headers: dict[str, str] = {}


def check(name: str) -> Article:
    want = msgspec.json.decode((PAGES / f"{name}.json").read_bytes(), type=Expected)
    data = (PAGES / f"{name}.html").read_text("utf-8").encode(want.encoding)
    article = extract(data, want.url, want.content_type, want.headers)
    assert list(article.paragraphs) == want.text
    got = msgspec.json.decode(msgspec.json.encode(article))
    assert {field: got.get(field, EMPTY.get(field)) for field in want.article} == want.article
    return article


EMPTY: dict[str, object] = {"authors": [], "tags": [], "links": [], "rights": {}}


@pytest.mark.parametrize("name", sorted(path.stem for path in PAGES.glob("*.html")))
def test_a_page_gives_what_stands_beside_it(name: str) -> None:
    article = check(name)
    named = {field for field in Article.__struct_fields__ if getattr(article, field)}
    assert set(article.found_in) == named - {"url", "links", "layout", "anchors", "images", "rights", "found_in", "sure"}
