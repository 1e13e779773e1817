"""The library: `await fetch(url)`, `async for article in crawl([...])`, and their plain twins.

The daemon's pipeline, with robots, politeness, limits and the address guard; nothing is kept unless `archive` names a folder.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from hashlib import sha256
from pathlib import Path

from crawler import oneshot, urls, wiring
from crawler.config import ArchiveConfig, Config, FetchConfig, PolitenessConfig
from crawler.engine import Crawl, Told
from crawler.model import Article, Seconds
from crawler.oneshot import Miss, Report
from crawler.pipeline import Read


class FetchError(Exception):
    """Nothing came of some addresses; `misses` says for each what, why, and in what words."""

    def __init__(self, misses: Sequence[Miss]) -> None:
        first, more = misses[0], len(misses) - 1
        super().__init__(f"{first.url}: {first.detail}" + (f" (and {more} more)" if more else ""))
        self.misses = tuple(misses)


async def fetch(
    url: str,
    *,
    timeout: Seconds = 120,
    archive: Path | None = None,
    allow_private: Sequence[str] = (),
    contact: str | None = None,
    delay: Seconds = 2.0,
) -> Article:
    """Fetch one page and read its article.

    `allow_private` names private addresses that may be asked (CIDR, with port if you like); `contact` goes into the User-Agent.
    `delay` is the gap between two requests to a host, robots.txt included, in seconds.

    Raises:
        UrlError: it is no http(s) address.
        FetchError: no answer, one that can't be used, or no article in it.
        LocalError: the archive can't be written.
    """
    coming = crawl([url], limit=1, timeout=timeout, archive=archive, allow_private=allow_private, contact=contact, delay=delay)
    async with aclosing(coming):
        async for article in coming:
            return article
    raise FetchError([Miss(url=url, reason="nothing", detail=f"no article came within {timeout:g} s")])


async def crawl(
    targets: Iterable[str],
    *,
    limit: int | None = None,
    timeout: Seconds | None = None,
    archive: Path | None = None,
    allow_private: Sequence[str] = (),
    contact: str | None = None,
    delay: Seconds = 2.0,
) -> AsyncGenerator[Article, None]:
    """Fetch pages, feeds and sitemaps, and all pages the latter name (at most `limit`); articles in the order they are read.

    Raises:
        UrlError: a target is no http(s) address; nothing was fetched.
        FetchError: after the last article, if some addresses gave nothing.
        LocalError: the archive can't be written.
    """
    addresses = [urls.parse(target) for target in targets]
    config = _config(archive, allow_private, contact, delay)
    articles: asyncio.Queue[Article | None] = asyncio.Queue()
    report = Report(lambda _record: None)

    def told(what: Told) -> None:
        report.told(what)
        if isinstance(what, Read):
            for article in _articles(what):
                articles.put_nowait(article)

    async with wiring.open_oneshot(config, archive=archive is not None, limit=limit) as shot:
        crawling = await oneshot.start(shot.tools, wiring.settings(config, "drained"), addresses, told)
        running = asyncio.ensure_future(_run(crawling, articles, timeout))
        try:
            while (article := await articles.get()) is not None:
                yield article
        finally:
            crawling.stop()
            await running
    if report.misses:
        raise FetchError(report.misses)


def fetch_now(
    url: str,
    *,
    timeout: Seconds = 120,
    archive: Path | None = None,
    allow_private: Sequence[str] = (),
    contact: str | None = None,
    delay: Seconds = 2.0,
) -> Article:
    """`fetch` for scripts that aren't async."""
    return asyncio.run(fetch(url, timeout=timeout, archive=archive, allow_private=allow_private, contact=contact, delay=delay))


def crawl_now(
    targets: Iterable[str],
    *,
    limit: int | None = None,
    timeout: Seconds | None = None,
    archive: Path | None = None,
    allow_private: Sequence[str] = (),
    contact: str | None = None,
    delay: Seconds = 2.0,
) -> list[Article]:
    """`crawl` for scripts that aren't async: all articles at once."""

    async def all_of_them() -> list[Article]:
        coming = crawl(
            targets, limit=limit, timeout=timeout, archive=archive, allow_private=allow_private, contact=contact, delay=delay
        )
        return [article async for article in coming]

    return asyncio.run(all_of_them())


async def _run(crawling: Crawl, articles: asyncio.Queue[Article | None], timeout: Seconds | None) -> None:
    if timeout is not None:
        asyncio.get_running_loop().call_later(timeout, crawling.stop)
    try:
        await crawling.run()
    finally:
        articles.put_nowait(None)


def _articles(read: Read) -> list[Article]:
    own = [entry.article for entry in read.found.entries if entry.link is None]
    return [article for article in [read.found.article, *own] if article is not None and article.text]


def _config(archive: Path | None, allow_private: Sequence[str], contact: str | None, delay: Seconds) -> Config:
    fetching = FetchConfig(contact=contact, allow_private=tuple(allow_private))
    keeping = ArchiveConfig(dir=archive.absolute()) if archive else ArchiveConfig()
    pace = PolitenessConfig(delay=delay)
    return Config(digest=sha256(b"").hexdigest(), fetch=fetching, archive=keeping, politeness=pace)
