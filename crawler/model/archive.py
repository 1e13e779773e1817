"""Captures, receipts, segments: what is kept, and where it lies."""

from __future__ import annotations

from enum import IntEnum
from typing import Literal, Self

from msgspec import field

from crawler.model.base import HostId, Kind, Millis, SegmentId, Url, UrlHash, Value, WorkerId
from crawler.model.frontier import Job, Validators


class CaptureKey(Value, frozen=True, kw_only=True, order=True):
    """Names one archived exchange; `fetched_at` alone is unique within a host."""

    host_id: HostId
    h: UrlHash
    fetched_at: Millis


class PayloadKey(Value, frozen=True, kw_only=True):
    """Names a payload: identical bytes on one host are stored once."""

    host_id: HostId
    digest: str


class Original(Value, frozen=True, kw_only=True):
    """The capture that holds a payload, for a revisit to refer to."""

    key: CaptureKey
    url: Url
    segment: SegmentId
    offset: int
    length: int
    digest: str | None = None
    """Of the payload: a 304's record repeats it."""

    @classmethod
    def of(cls, capture: Capture) -> Self:
        """As a capture that holds it says."""
        return cls(
            key=capture.key,
            url=capture.url,
            segment=capture.segment,
            offset=capture.offset,
            length=capture.length,
            digest=capture.digest,
        )


class Extracted(IntEnum):
    """How far the reading of a capture has come; the number is what the store holds."""

    WAITING = 0
    """In the outbox: run again on start."""
    DONE = 1
    NOTHING = 2
    """There is nothing to read in it: errors, redirects, robots, revisits of the same URL."""
    GIVEN_UP = 3


class Capture(Value, frozen=True, kw_only=True):
    """One archived exchange: where it lies. A row of the catalog."""

    key: CaptureKey
    url: Url
    kind: Kind
    status: int
    mime: str | None
    digest: str | None
    segment: SegmentId
    offset: int
    """Of the response (or revisit) member in the WARC."""
    length: int
    """Of that member, compressed."""
    group_length: int
    """Of all members of the exchange: response or revisit, request, metadata."""
    revisit_of: CaptureKey | None = None
    extracted: Extracted = Extracted.NOTHING


class Receipt(Value, frozen=True, kw_only=True):
    """Proof that a visit's answer is kept, and the order to read it. What the outbox holds."""

    capture: Capture
    job: Job
    validators: Validators = Validators()
    """Of the answer: a source's from now on, once the body is read."""
    truncated: bool = False
    body: Original | None = None
    """Where the payload lies if not in the capture itself (an identical payload of another URL)."""
    rights: dict[str, str] = field(default_factory=dict)
    """What robots.txt said on reuse when it was asked for; what the page itself says is read later."""


class SegmentState(Value, frozen=True, kw_only=True):
    """A segment's row."""

    segment: SegmentId
    owner: WorkerId
    state: Literal["open", "sealing", "sealed", "void"]
    committed: int
    records_committed: int
    created_at: Millis
    waiting: int = 0
    """Captures in it that no parser has read yet."""


class Span(Value, frozen=True, kw_only=True):
    """Bytes in a file: what a parser child is told instead of being sent them."""

    path: str
    offset: int
    length: int
