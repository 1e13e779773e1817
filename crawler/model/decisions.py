"""Settlements and decisions: what is written about a visit (commit 1) and about a reading (commit 2)."""

from __future__ import annotations

from typing import Literal

from crawler.model.archive import Capture, CaptureKey, Extracted, Receipt
from crawler.model.base import HostId, Kind, Millis, SegmentId, SourceId, Url, UrlHash, Value
from crawler.model.frontier import Context, Offer, Source, Strain, Validators
from crawler.model.reading import ArticleRow, Entry, Record
from crawler.model.rhythm import Rhythm
from crawler.model.wire import RobotsCopy


class PollRow(Value, frozen=True, kw_only=True):
    """How a poll went, for a source's history. Times in ms."""

    source_id: SourceId
    at: Millis
    status: int
    outcome: str
    """`fetched`, `unchanged`, `redirected`, or the reason it was refused or broken."""
    failed: bool
    detail: str = ""
    gone: bool = False
    blocked: bool = False
    rhythm: Rhythm | None = None
    """What it taught; None: it says nothing of the source (a redirect), or commit 2 will tell."""
    validators: Validators | None = None
    """To be sent from now on; None leaves what is there."""
    moved: Url | None = None
    """The address it is asked at from now on; None leaves what is there."""


class Failure(Value, frozen=True, kw_only=True):
    """A job that ends without what it was for. Shown, kept, and never silently dropped."""

    host_id: HostId
    h: UrlHash
    at: Millis
    url: Url
    kind: Kind
    reason: str
    detail: str
    tries: int
    context: Context = Context()


class Settlement(Value, frozen=True, kw_only=True):
    """All that commit 1 writes about one visit."""

    host_id: HostId
    epoch: int
    h: UrlHash
    due_at: Millis
    """With `host_id` and `h` the key of the leased queue row, which goes."""
    captures: tuple[Capture, ...] = ()
    receipt: Receipt | None = None
    """Set where a parser shall read the last capture."""
    again: Offer | None = None
    """What is put back in the row's place. Only if the row was still there."""
    hop: Offer | None = None
    """The target of a redirect. Only if the row was still there."""
    robots: RobotsCopy | None = None
    poll: PollRow | None = None
    failure: Failure | None = None
    deleted: str | None = None
    """The id of the article that is gone by its publisher's word; nothing follows where none of this id is known."""
    disproved: SourceId | None = None
    """The source that said this page has changed, where it is the same byte for byte."""
    polite_at: Millis = 0
    delay_ms: Millis | None = None
    """The gap the host was given; None leaves it, as does None for `strain`."""
    strain: Strain | None = None
    slowed: bool = False
    """`strain.slow_ms` was changed by this lease. Else the stored one stays: a reading may have slowed the host meanwhile."""
    last: bool = False


Trouble = Literal["blocked", "not_a_feed"]
"""A source's state after a body that can't be used: a guard's challenge, or a page or nothing where a feed was."""


class SourceUpdate(Value, frozen=True, kw_only=True):
    """What commit 2 writes about a source whose changed body was read (or given up)."""

    source_id: SourceId
    captured_at: Millis
    """`fetched_at` of the body; an older one than the stored changes nothing."""
    validators: Validators
    body_digest: str | None
    next: Offer
    """The source's queue row; `due_at` is the next poll."""
    title: str | None = None
    new: int = 0
    changed: int = 0
    rhythm: Rhythm
    trouble: Trouble | None = None
    """What came in the place of what was asked for."""
    moved: Url | None = None
    """As in `PollRow`."""


class PassedOver(Value, frozen=True, kw_only=True):
    """Addresses that weren't taken up, for one reason."""

    why: str
    count: int
    example: Url


class Decision(Value, frozen=True, kw_only=True):
    """All that commit 2 writes about one capture that was read."""

    key: CaptureKey
    segment: SegmentId
    extracted: Extracted
    records: tuple[Record, ...] = ()
    articles: tuple[ArticleRow, ...] = ()
    entries: tuple[Entry, ...] = ()
    removed: tuple[str, ...] = ()
    """Keys of entries that the source took away; they stay known."""
    source_id: SourceId | None = None
    offers: tuple[Offer, ...] = ()
    source: SourceUpdate | None = None
    found: tuple[tuple[Source, Offer], ...] = ()
    """Sources that were found in it, each with its first poll; known ones stay as they are."""
    judges: SourceId | None = None
    """The source that said this page has changed: a new version proves it right."""
    failure: Failure | None = None
    passed_over: tuple[PassedOver, ...] = ()
    strained: bool = False
    """The host showed that we are too much for it: its gap grows."""
