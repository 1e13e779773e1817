"""The crawl of `warraq fetch` and of the library: a few targets, all that follows from them, and done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from crawler import urls
from crawler.engine import Crawl, Settings, Told
from crawler.model import Failure, Fetched, Kind, Millis, Offer, Record, Url, Value
from crawler.pipeline import Kept, Read, Tools

_PASSED_OVER: Final = frozenset({"robots", "address"})
"""Why a page that was merely linked isn't fetched without that being a failure of ours or theirs."""


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


class Miss(Value, frozen=True, kw_only=True):
    """A target, or a page found through one, that gave nothing."""

    url: str
    reason: str
    detail: str


class Report:
    """Listens to a crawl and keeps count."""

    def __init__(self, give: Callable[[Record], None]) -> None:
        """`give` is called with each record that has a text, once it is committed."""
        self._give = give
        self.records = 0
        self.lists = 0
        self.named = 0
        """Addresses that lists named, known ones too."""
        self.misses: list[Miss] = []
        self.assets = 0
        """Pictures, style sheets and fonts that came; one that didn't is no miss: the article is there without it."""
        self.assets_done = 0
        """Those that came, and those that won't."""
        self.assets_named = 0
        """Addresses of some that pages named, known ones too."""
        self.bytes = 0
        self.segments: set[str] = set()

    def told(self, told: Told) -> None:
        """Take in a commit."""
        match told:
            case Kept():
                self._kept(told)
            case Read():
                self._read(told)

    def miss(self, url: str, reason: str, detail: str) -> None:
        """Enter a target that gave nothing."""
        self.misses.append(Miss(url=url, reason=reason, detail=detail))

    def _kept(self, kept: Kept) -> None:
        for visit, settlement in kept.settled:
            self.bytes += sum(len(exchange.response) for exchange in visit.evidence)
            if visit.job.kind is Kind.ASSET:
                self.assets += isinstance(visit.outcome, Fetched)
                self.assets_done += settlement.again is None and settlement.hop is None
            elif settlement.failure is not None:
                self._failed(settlement.failure)

    def _failed(self, failure: Failure) -> None:
        if failure.kind is Kind.PAGE and failure.reason in _PASSED_OVER:
            return
        self.miss(failure.context.first_url or failure.url, failure.reason, failure.detail)

    def _read(self, read: Read) -> None:
        decision, found = read.decision, read.found
        self.segments.add(decision.segment)
        assets = sum(offer.kind is Kind.ASSET for offer in decision.offers)
        self.assets_named += assets
        self.named += len(decision.offers) - assets
        url = read.receipt.capture.url
        if read.receipt.job.kind is Kind.ASSET:
            return
        for record in decision.records:
            if record.text:
                self.records += 1
                self._give(record)
            else:
                self.miss(_asked(read), "nothing", f"nothing extracted: {record.note}{_hint(found.feeds)}")
        if found.found in ("feed", "sitemap", "section"):
            self._list_read(url, found.found, len(found.entries) + len(found.links) + len(found.sitemaps))

    def _list_read(self, url: Url, kind: str, items: int) -> None:
        if items:
            self.lists += 1
        else:
            self.miss(url, "nothing", f"the {kind} has no items")


def _asked(read: Read) -> str:
    return read.receipt.job.context.first_url or read.receipt.capture.url


def _hint(feeds: tuple[Url, ...]) -> str:
    return f"; it names a feed: {feeds[0]}" if feeds else ""
