"""Lists, discovery pages and sitemaps of a corpus: what their own expectations say, and whether we read it so.

OPML and FOAF documents carry `Eval:` expressions over feedparser's cousin listparser's result; pages of the autodiscovery suite
announce the feed of their own number; an index names as many sitemaps as it has elements of that name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from crawler.sources import find_feeds, read_opml, read_sitemap, sniff
from crawler.sources.opml import feeds_of, read_document, written

EVAL = re.compile(r"Eval:\s*(.*?)\s*$", re.MULTILINE)
OF_FEEDS = re.compile(r"result\[['\"]feeds['\"]\](?!\[\d+\]\[['\"](?:categories|tags)['\"]\])")
URL = "http://127.0.0.1:8097/tests/client/autodiscovery/{}"


def checks(role: str, path: str, data: bytes) -> Iterator[tuple[str, bool]]:
    """What is asked of one document, and whether it is so."""
    match role:
        case "opml":
            yield from _opml(data)
        case "html":
            yield from _page(PurePosixPath(path), data)
        case "sitemap":
            yield from _sitemap(data)


def _opml(data: bytes) -> Iterator[tuple[str, bool]]:
    document = read_document(data)
    again = read_document(written(document))
    yield "round trip", again == document and feeds_of(again) == feeds_of(document)
    result = {"feeds": [{"url": feed.url, "title": feed.title} for feed in read_opml(data)]}
    for expression in EVAL.findall(data[:4000].decode("utf-8", "replace")):
        if OF_FEEDS.search(expression):
            yield expression, _true(expression, result)


def _true(expression: str, result: dict[str, object]) -> bool:
    try:
        return bool(eval(expression, {"__builtins__": {"len": len}}, {"result": result}))
    except (IndexError, KeyError):
        return False


def _page(path: PurePosixPath, data: bytes) -> Iterator[tuple[str, bool]]:
    if path.suffix == ".xml" and b"<feed" in data[:200]:
        yield "told from a page", sniff(data, None) == "feed"
    elif re.fullmatch(r"html4-\d+\.html", path.name):
        found = {PurePosixPath(feed).name for feed in find_feeds(data, url=URL.format(path.name))}
        yield "announces its feed and no other", found == {path.with_suffix(".xml").name}


def _sitemap(data: bytes) -> Iterator[tuple[str, bool]]:
    wanted = data.count(b"<sitemap>")
    if wanted:
        yield "all sitemaps of the index", len(read_sitemap(data, url="https://example.com/").sitemaps) == wanted
