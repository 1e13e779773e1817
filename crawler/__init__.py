"""Warraq: sources -> frontier -> fetch -> archive -> extract -> catalog.

A polite crawler for news. For programs::

    article = await crawler.fetch("https://news.example.com/story")
    async for article in crawler.crawl(["https://news.example.com/rss.xml"]):
        print(article.title, article.published)
    article = crawler.extract(html_bytes, url="https://news.example.com/story")

    print(crawler.markdown(article))

`fetch_now` and `crawl_now` are the same for scripts that aren't async; `html` is safe to show, as `markdown` is.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from crawler.api import FetchError, crawl, crawl_now, fetch, fetch_now
    from crawler.export.html import article as html
    from crawler.export.markdown import document as markdown
    from crawler.extraction import extract
    from crawler.model import Article
    from crawler.urls import UrlError

__all__ = ["Article", "FetchError", "UrlError", "crawl", "crawl_now", "extract", "fetch", "fetch_now", "html", "markdown"]

# Loaded when first asked for (PEP 562): `warraq --help` must not wait for an HTTP client and an HTML parser.
_PLACES: Final = {
    "Article": "crawler.model",
    "FetchError": "crawler.api",
    "UrlError": "crawler.urls",
    "crawl": "crawler.api",
    "crawl_now": "crawler.api",
    "extract": "crawler.extraction",
    "fetch": "crawler.api",
    "fetch_now": "crawler.api",
    "html": "crawler.export.html:article",
    "markdown": "crawler.export.markdown:document",
}


def __getattr__(name: str) -> object:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, _, attribute = _PLACES[name].partition(":")
    return getattr(import_module(module), attribute or name)
