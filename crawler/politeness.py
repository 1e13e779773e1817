"""How long to leave a host in peace: gaps, Retry-After, back-off. Pure: time comes in as an argument."""

from __future__ import annotations

import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

from crawler.model import Millis, Seconds

MOST_CRAWL_DELAY: Final[Seconds] = 300.0
"""A longer Crawl-delay is kept as this (Heritrix does the same)."""

MOST_RETRY_AFTER: Final[Seconds] = 31 * 86_400.0

_SECONDS: Final = re.compile(r"\d{1,15}(?:\.\d*)?", re.ASCII)
_MOST_CHARS: Final = 100


def gap(configured: Seconds, crawl_delay: Seconds | None, *, most: Seconds = MOST_CRAWL_DELAY) -> Seconds:
    """The least time between two starts on a host: what we configured, or what robots.txt wants if that is longer.

    `most` bounds only the Crawl-delay.
    """
    return max(configured, min(crawl_delay or 0.0, most))


def next_start(last_start: Seconds, last_end: Seconds, gap: Seconds) -> Seconds:
    """When the next request may begin: a gap after the last one began, and not before it ended."""
    return max(last_start + gap, last_end)


def back_off(fails: int, base: Seconds, most: Seconds) -> Seconds:
    """The wait after so many failures in a row: `base`, then twice as long each time, up to `most`; 0 without a failure."""
    if fails <= 0:
        return 0.0
    return min(base * 2.0 ** min(fails - 1, 64), most)


def retry_after(value: str | None, now: Millis) -> Seconds | None:
    """What a Retry-After asks for, from `now` on: seconds, or an HTTP-date in any of its three forms (RFC 9110, 10.2.3).

    Never more than `MOST_RETRY_AFTER`. None: not there, unreadable, negative, or a date that is past.
    """
    text = (value or "").strip()
    if _SECONDS.fullmatch(text):
        return min(float(text), MOST_RETRY_AFTER)
    until = _http_date(text)
    if until is None or until <= now:
        return None
    return min((until - now) / 1000, MOST_RETRY_AFTER)


def _http_date(text: str) -> Millis | None:
    if not text or len(text) > _MOST_CHARS:
        return None
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
    # A date without zone (asctime's form, and `-0000`) is UTC.
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1000)
