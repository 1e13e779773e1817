"""What a crawl did, counted and logged."""

from __future__ import annotations

from collections import Counter
from typing import Final

import structlog

from crawler.engine import Told
from crawler.model import Kind, Visit
from crawler.pipeline import Kept, Read
from crawler.settle import describe

_MOST_FAILING: Final = 1_000
"""The newest are remembered: a daemon meets more of them than it could ever forget. 10,000 were 2 MB, and nobody reads them."""


class Tally:
    """Counts a crawl, logs it, and remembers what failed last and has not succeeded since."""

    def __init__(self) -> None:
        self.visits = self.articles = self.bytes = 0
        self.outcomes: Counter[str] = Counter()
        self.failing: dict[tuple[int, int], str] = {}
        self._log = structlog.get_logger().bind()  # the lazy one is made anew for each line: 7 us, two lines a page

    def told(self, told: Told) -> None:
        """Take in a commit."""
        match told:
            case Kept():
                self._kept(told)
            case Read():
                self._read(told)

    def counts(self) -> dict[str, int]:
        """For the last line of the log."""
        return {"visits": self.visits, "articles": self.articles, "failing": len(self.failing), "bytes": self.bytes}

    def _kept(self, kept: Kept) -> None:
        for visit, _ in kept.settled:
            self._settled(visit)
        for visit in kept.fenced:
            self._log.info("taken_over", url=visit.job.url, kind=visit.job.kind.name.lower())

    def _settled(self, visit: Visit) -> None:
        job = visit.job
        self.visits += 1
        self.bytes += sum(len(exchange.response) for exchange in visit.evidence)
        outcome, failed, detail = describe(visit.outcome)
        failed = failed and job.kind is not Kind.ASSET  # papers name pictures that are gone, and their pages are whole
        self.outcomes[outcome] += 1
        key = (job.host_id, job.h)
        # What a page's site forbids is no failure of ours; where a source may not be asked somebody has to know.
        if failed and not (job.poll is None and outcome in ("robots", "address")):
            self._fail(key, outcome)
        else:
            self.failing.pop(key, None)
        self._log.log(30 if failed else 20, outcome, url=job.url, kind=job.kind.name.lower(), detail=detail or None)

    def _fail(self, key: tuple[int, int], why: str) -> None:
        self.failing[key] = why
        if len(self.failing) > _MOST_FAILING:
            del self.failing[next(iter(self.failing))]

    def _read(self, read: Read) -> None:
        self.articles += len(read.decision.articles)
        if read.found.given_up:
            self._fail((read.receipt.job.host_id, read.receipt.job.h), "unreadable")
        self._log.info(
            "read",
            url=read.receipt.capture.url,
            found=read.found.found,
            articles=len(read.decision.articles),
            offers=len(read.decision.offers),
            note=read.found.note,
        )
