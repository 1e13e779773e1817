"""How often a source has something new, and what its publisher asks of us: one value a source, kept from poll to poll."""

from __future__ import annotations

from crawler.model.base import Millis, Seconds, Url, Value


class Hints(Value, frozen=True, kw_only=True):
    """What a publisher says about when to come again. All of it is a lower bound; nothing of it makes us come sooner."""

    fresh: Seconds = 0
    """How long the last answer stays fresh (max-age less Age, else Expires less Date)."""
    least: Seconds = 0
    """The longer of `<ttl>` and one `sy:` period."""
    skip_hours: tuple[int, ...] = ()
    """Hours of the day in UTC, 0 to 23, never all."""
    skip_days: tuple[int, ...] = ()
    """Days of the week in UTC, Monday is 0; never all."""


class Move(Value, frozen=True, kw_only=True):
    """Where a source says it has moved to for good, until that is believed."""

    url: Url
    times: int = 1
    """Answers in a row that said so."""
    since: Millis


class Rhythm(Value, frozen=True, kw_only=True):
    """All that is remembered of a source's polls. It is stored as one blob; a field at its default takes no room in it."""

    entries: float = 0
    """New entries seen, the older ones counting less (`crawler.rhythm.HALF_LIFE`)."""
    watched: Seconds = 0
    """The time they were seen in, counted the same way."""
    lately: float = 0
    """The same as `entries`, forgetting within hours (`crawler.rhythm.SHORT_LIFE`)."""
    lately_watched: Seconds = 0
    at: Millis = 0
    """When it was last looked at with success, a 304 included; 0: never."""
    shown: int = 0
    """Items its document shows; 0: not known."""
    newest: Millis = 0
    """When it last had something new; 0: never."""
    asked_whole: Millis = 0
    """When it was last asked without validators."""
    unsure: bool = False
    """Its validators said "nothing new" where there was: they aren't sent any more."""
    dear: bool = False
    """It can't be asked cheaply: neither a validator nor a time of freshness came with its last answer."""
    heavy: bool = False
    """It is dear, and its documents are large."""
    answered: Url | None = None
    """Where its last body came from, and its validators; None: its own address."""
    told: Millis = 0
    """Of a sitemap: its latest `lastmod` so far."""
    failures: int = 0
    """In a row."""
    failing_since: Millis = 0
    hints: Hints = Hints()
    move: Move | None = None
