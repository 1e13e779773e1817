"""Documents beside what they say: `x.xml` (or `x.html`) and `x.json`, a folder a kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from crawler.sources import read_feed, read_opml, read_section, read_sitemap

HERE = Path(__file__).parent
PAIRS = sorted(path for path in HERE.glob("*/*") if path.suffix in (".xml", ".html"))

READERS: dict[str, Callable[[bytes], object]] = {
    "feed": lambda data: read_feed(data, url="https://mina.example/rss/feed.xml", content_type=None, known={}),
    "sitemap": lambda data: read_sitemap(data, url="https://site.example/sitemap.xml"),
    "section": lambda data: read_section(data, url="https://site.example/world/", content_type="text/html"),
    "opml": read_opml,
}


def shown(path: Path) -> str:
    """What is read from a document, without the item hashes (they have tests of their own)."""
    read = msgspec.to_builtins(READERS[path.parent.name](path.read_bytes()))
    for entry in read.get("entries", ()) if isinstance(read, dict) else ():
        del entry["item_hash"]
    return msgspec.json.format(msgspec.json.encode(read), indent=1).decode() + "\n"


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_document_says_what_stands_beside_it(path: Path) -> None:
    assert shown(path) == path.with_suffix(".json").read_text(encoding="utf-8")
