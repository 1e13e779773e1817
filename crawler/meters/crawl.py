"""What a crawl did, counted as it tells of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from crawler.engine import Told
from crawler.meters.figures import Family, Histogram, counter, gauge
from crawler.model import SOURCE_KINDS, CaptureKey, Millis, Seconds, Value, Visit
from crawler.pipeline import Kept, Read
from crawler.ports import Clock
from crawler.settle import describe

_STAGES: Final = ("fetch", "archive", "read")
_BOUNDS: Final[tuple[Seconds, ...]] = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
_NOTHING_ASKED: Final = frozenset({"unasked", "robots", "robots_unreachable", "address"})
"""No answer came of these, and none was to come."""


class Count(Value, frozen=True, kw_only=True):
    """What was counted, at one moment."""

    answers: int = 0
    failed: int = 0
    articles: int = 0
    bytes: int = 0


class CrawlMeter:
    """Counts from the start of the process on, over restarts of the crawl within it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._visits: Counter[tuple[str, str]] = Counter()
        self._stages = {stage: Histogram(_BOUNDS) for stage in _STAGES}
        self._kept_at: dict[CaptureKey, Seconds] = {}
        self._count = Count()
        self._archived = 0
        self._restarts = 0
        self._children = 0
        self.succeeded_at: Millis | None = None
        """When an answer that could be used was kept last."""

    def told(self, told: Told) -> None:
        """Take in a commit."""
        match told:
            case Kept():
                self._kept(told)
            case Read():
                self._read(told)

    def child_started(self) -> None:
        """A parser child was started: the first few of a crawl, and one for each that ended."""
        self._children += 1

    def restarted(self) -> None:
        """A service failed and is started again; what it had kept for its parser is told again by the next, or never."""
        self._restarts += 1
        self._kept_at.clear()

    def count(self) -> Count:
        """What was counted up to now."""
        return self._count

    def families(self) -> Iterator[Family]:
        """All of it for `exposed`."""
        for kind in ("source", "page"):
            outcomes = {outcome: float(number) for (of, outcome), number in self._visits.items() if of == kind}
            text = f"Visits to {kind}s by outcome (docs/politeness.md)."
            yield counter(f"warraq_{kind}_visits_total", text, outcomes, "outcome")
        yield counter("warraq_received_bytes_total", "Bytes of answers, as they came over the wire.", self._count.bytes)
        yield counter("warraq_archived_bytes_total", "Bytes of WARC records, packed.", self._archived)
        yield counter("warraq_articles_total", "New articles and new versions.", self._count.articles)
        yield counter("warraq_service_restarts_total", "Services that failed and were started again.", self._restarts)
        yield counter("warraq_parser_starts_total", "Parser children that were started.", self._children)
        stages = tuple(sample for stage, seen in self._stages.items() for sample in seen.samples({"stage": stage}))
        text = "fetch: an exchange; archive: from its end until it is acknowledged; read: until its record is."
        yield Family(name="warraq_stage_seconds", kind="histogram", text=text, samples=stages)
        yield gauge("warraq_pages_reading", "Pages acknowledged whose record isn't yet.", len(self._kept_at))

    def _kept(self, kept: Kept) -> None:
        now, steady = self._clock.now(), self._clock.monotonic()
        for visit, settlement in kept.settled:
            self._visited(visit, now)
            self._archived += sum(capture.group_length for capture in settlement.captures)
        self._kept_at.update((receipt.capture.key, steady) for receipt in kept.receipts)

    def _visited(self, visit: Visit, now: Millis) -> None:
        outcome, failed, _ = describe(visit.outcome)
        self._visits["source" if visit.job.kind in SOURCE_KINDS else "page", outcome] += 1
        self._count = Count(
            answers=self._count.answers + (outcome not in _NOTHING_ASKED),
            failed=self._count.failed + failed,
            articles=self._count.articles,
            bytes=self._count.bytes + sum(len(exchange.response) for exchange in visit.evidence),
        )
        for exchange in visit.evidence:
            self._stages["fetch"].add(exchange.took)
            self._stages["archive"].add(max(0.0, (now - exchange.fetched_at) / 1000 - exchange.took))
        if not failed and outcome not in _NOTHING_ASKED:
            self.succeeded_at = now

    def _read(self, read: Read) -> None:
        before = self._count
        articles = before.articles + len(read.decision.articles)
        self._count = Count(answers=before.answers, failed=before.failed, bytes=before.bytes, articles=articles)
        kept_at = self._kept_at.pop(read.decision.key, None)
        if kept_at is not None:
            self._stages["read"].add(self._clock.monotonic() - kept_at)
