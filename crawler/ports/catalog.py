"""What was found and where it lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from crawler.model import (
    CaptureKey,
    Failure,
    HostId,
    Millis,
    Offer,
    Original,
    PayloadKey,
    Poll,
    Receipt,
    Rhythm,
    RobotsCopy,
    Said,
    SegmentId,
    Source,
    SourceId,
    Url,
    UrlHash,
    Value,
)
from crawler.model.takedowns import Barred


class Catalog(Protocol):
    """What was found and where it lies. Reading only, but for the sources."""

    async def originals(self, payloads: Sequence[PayloadKey]) -> Mapping[PayloadKey, Original]:
        """The captures that hold these payloads, where there are any."""

    async def last_capture(self, host_id: HostId, h: int) -> Original | None:
        """The newest capture of an address that holds a payload: what a 304 refers to."""

    async def outbox(self, segment: SegmentId, after: CaptureKey | None, limit: int) -> Sequence[Receipt]:
        """Captures of a segment that wait for a parser, in the order of its file, from behind `after` on."""

    async def robots(self, origin: str) -> RobotsCopy | None:
        """The copy kept for an origin, also when it is out of date."""

    async def known_entries(self, source: SourceId) -> Mapping[str, str]:
        """Entry key -> item hash of a source."""

    async def sync_sources(self, sources: Sequence[Source], offers: Sequence[Offer], now: Millis) -> None:
        """Make the config's sources the store's, with an offer each, in the same order.

        New ones are entered and queued, changed ones changed, those taken out of the config paused; history stays. A source
        that has its queue row (or a capture that waits for its parser) keeps it.
        """

    async def poll_all(self, now: Millis) -> int:
        """Make every active source due now; one whose capture waits for its parser stays as it is. Returns how many."""

    async def sources(self) -> Sequence[SourceStatus]:
        """All sources with how they fare, by name and address."""

    async def said(self) -> Mapping[SourceId, Said]:
        """What is said of those sources of which anything special is said."""

    async def watched(self) -> Sequence[Poll]:
        """The active sources that are asked as often as they have news: not those with an interval or a cron string."""

    async def articles(self, since_seq: int = 0) -> Sequence[ArticleStatus]:
        """New articles and versions after an event number, in the order of their commits.

        An article that was found under several addresses is listed once, as the one that was fetched first, with what was
        read last.
        """

    async def barred(self, addresses: Sequence[tuple[HostId, UrlHash]], articles: Sequence[str]) -> Barred:
        """Which of these were taken down: never asked, and never published again."""

    async def failures(self, since: Millis = 0) -> Sequence[Failure]:
        """Jobs that ended without what they were for, oldest first."""

    async def forget(self, before: Millis, most: int, *, entries: int) -> int:
        """Forget at most so many failures, copies of robots.txt from before then, and entries. How many it were.

        Of each source its newest `entries` are known, or four times what its document shows: all are read at each poll. One
        that is told again after that is new to us, but its page was seen. All else is needed, for ever.
        """


class SourceStatus(Value, frozen=True, kw_only=True):
    """A source and how it fares."""

    source: Source
    state: str
    last_at: Millis | None
    outcome: str | None
    failures: int
    due_at: Millis | None
    polls: dict[str, int]
    """How many polls had which outcome."""
    rhythm: Rhythm = Rhythm()
    moved: Url | None = None
    """Where it is asked since it moved for good."""


class ArticleStatus(Value, frozen=True, kw_only=True):
    """An article's newest version, as the catalog lists it."""

    seq: int
    article_id: str
    version: int
    url: str
    title: str | None
    published: str | None
    language: str | None
    words: int
    segment: SegmentId
    offset: int
    """Of the record's line in the segment's `.jsonl`."""
    length: int
    aliases: tuple[str, ...] = ()
    """Other addresses it was found at: their pages name the same canonical address, and have its title and length."""
