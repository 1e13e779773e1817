"""How a store stands: what whoever runs a crawl wants to know of it, at one moment."""

from __future__ import annotations

from typing import Literal, TypeAlias

from crawler.model.base import Millis, SourceId, Value

Condition: TypeAlias = Literal["active", "quiet", "failing", "blocked", "gone", "paused"]
"""Of a source: as ever; silent for far longer than usual; its last poll failed; a guard wants a browser; 410; not asked."""

CONDITIONS: tuple[Condition, ...] = ("active", "quiet", "failing", "blocked", "gone", "paused")


class Late(Value, frozen=True, kw_only=True):
    """A source that is due and wasn't asked."""

    source_id: SourceId
    name: str
    url: str
    since: Millis
    """When it was due, and its host might be asked."""


class Cause(Value, frozen=True, kw_only=True):
    """Why things couldn't be had."""

    reason: str
    pages: int
    """Given up within the last day."""
    sources: int
    """Whose last poll failed so."""
    at: Millis
    """The last time."""
    url: str
    detail: str


class Pace(Value, frozen=True, kw_only=True, omit_defaults=False):
    """What came in, within some span until now."""

    answers: int = 0
    """Archived; a feed's 304 is none."""
    articles: int = 0
    """New ones and new versions."""


class Untold(Value, frozen=True, kw_only=True):
    """A hook or an alert that can't be told."""

    name: str
    fails: int
    """In a row."""
    waiting: int
    """Messages that were set aside, and are tried again."""
    error: str


class Standing(Value, frozen=True, kw_only=True, omit_defaults=False):
    """All of it. Times in ms, None: never."""

    at: Millis
    sources: dict[Condition, int]
    """Each condition stands there, also with 0."""
    late: tuple[Late, ...] = ()
    """The oldest few."""
    queue: int = 0
    outbox: int = 0
    """Captures that wait for a parser."""
    outbox_since: Millis | None = None
    """When the oldest of them was fetched."""
    last_success: Millis | None = None
    """When an answer that could be used came last."""
    beat_at: Millis | None = None
    """When a daemon last said that it lives."""
    hour: Pace = Pace()
    day: Pace = Pace()
    bytes: int = 0
    """Of all segments."""
    bytes_a_day: int = 0
    """That they grew by, on average over the last week, or since there is a store; within its first day, all of it."""
    causes: tuple[Cause, ...] = ()
    """What happens most first."""
    untold: tuple[Untold, ...] = ()
