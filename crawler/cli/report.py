"""What a one-shot tells its caller: records as they come, failures a line each, and the exit code that sums it up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from crawler.cli.errors import Exit
from crawler.engine import Told
from crawler.model import Failure, Kind, Record, Url, Value
from crawler.pipeline import Kept, Read

NETWORK: Final = frozenset({"dns", "connect", "tls", "timeout", "cut", "protocol", "busy"})
"""Reasons that mean: no whole answer came. All others: an answer came and can't be used."""

_PASSED_OVER: Final = frozenset({"robots", "address"})
"""Why a page that was merely linked isn't fetched without that being a failure of ours or theirs."""


class Miss(Value, frozen=True, kw_only=True):
    """A target, or a page found through one, that gave nothing."""

    url: str
    reason: str
    detail: str


class Report:
    """Listens to a crawl and keeps count."""

    def __init__(self, give: Callable[[Record], None]) -> None:
        self._give = give
        self.records = 0
        self.lists = 0
        self.misses: list[Miss] = []
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

    def exit(self) -> Exit:
        """The code for all of it: 0, 7 if only some came, 5 if no answer came at all, else 6."""
        if not self.misses:
            return Exit.OK
        if self.records or self.lists:
            return Exit.PARTIAL
        return Exit.NETWORK if all(miss.reason in NETWORK for miss in self.misses) else Exit.REMOTE

    def _kept(self, kept: Kept) -> None:
        for visit, settlement in kept.settled:
            self.bytes += sum(len(exchange.response) for exchange in visit.evidence)
            if settlement.failure is not None:
                self._failed(settlement.failure)
        for visit in kept.fenced:
            self.miss(visit.job.url, "busy", "another process took the host over")

    def _failed(self, failure: Failure) -> None:
        if failure.kind is Kind.PAGE and failure.reason in _PASSED_OVER:
            return
        self.miss(failure.context.first_url or failure.url, failure.reason, failure.detail)

    def _read(self, read: Read) -> None:
        decision, found = read.decision, read.found
        self.segments.add(decision.segment)
        url = read.receipt.capture.url
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
