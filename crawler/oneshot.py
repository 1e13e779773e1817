"""The crawl of `warraq fetch` and of the library: a few targets, all that follows from them, and done."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from crawler import urls
from crawler.engine import Crawl, Settings, Told
from crawler.model import Kind, Millis, Offer, Url
from crawler.pipeline import Tools


async def start(tools: Tools, settings: Settings, targets: Sequence[Url], tell: Callable[[Told], None]) -> Crawl:
    """Queue the targets; the crawl that is returned ends when they and the pages they name are done."""
    now = tools.clock.now()
    await tools.store.offer([_target(url, now) for url in targets], now)
    return Crawl(tools, settings, tell)


def _target(url: Url, now: Millis) -> Offer:
    host = urls.host(url)
    return Offer(
        host=host,
        host_id=urls.host_id(host),
        h=urls.url_hash(url),
        url=url,
        kind=Kind.TARGET,
        due_at=now,
        gated=False,
    )
