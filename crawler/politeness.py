"""How long to leave a host in peace: gaps, Retry-After, rests. Pure: time and chance come in as arguments.

The gap is the longest of what we configured, what robots.txt wants, and what the host's own slowness asks for. With each sign
of strain (`setbacks.straining`) it becomes more than twice as long, and small steps lead back (multiplicative up, additive
down, as TCP does it: RFC 5681). docs/politeness.md says what is promised.
"""

from __future__ import annotations

import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

from msgspec.structs import replace

from crawler import setbacks
from crawler.model import Fetched, Millis, Outcome, Redirected, Refused, Seconds, Strain, Unchanged

MOST_CRAWL_DELAY: Final[Seconds] = 300.0
"""A longer Crawl-delay is kept as this (Heritrix does the same)."""

MOST_RETRY_AFTER: Final[Seconds] = 31 * 86_400.0

SLOWER: Final = 2.2
"""What the gap of a host that shows strain is multiplied by."""
TURN: Final[Seconds] = 0.1
"""What the end of a lease and the next one cost a page beyond its gap: with it the rate is half at most, also of short gaps."""
MOST_SLOW: Final[Seconds] = 60.0
"""A host isn't slowed beyond this, or `SLOWER` times its own gap where that is longer."""
CALM: Final = 10
"""Answers in a row that let a slowed host go a step faster."""
LEAST_STEP: Final[Seconds] = 0.25

UNHURRIED: Final[Seconds] = 1.0
"""A host that answers sooner is at ease: our own gap will do, however short."""
LATENCY_FACTOR: Final = 2.0
"""Of the time an answer takes, the gap: the host is ours half of the time at most (Heritrix's delayFactor is 5)."""
MOST_LATENCY_GAP: Final[Seconds] = 30.0
_WEIGHT: Final = 0.25
"""Of the newest answer in the average."""

JITTER: Final = 0.1
"""Gaps are up to so much longer, by chance: no two hosts fall into step, and no clockwork is seen."""

BREAK: Final = 5
"""Failures in a row after which a host rests for long, and is asked once when it wakes."""
_BREAK_FACTOR: Final = 150
"""The first of these rests, in first pauses: 5 minutes after 2 seconds."""

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


def own_gap(base: Seconds, strain: Strain) -> Seconds:
    """The gap of a host that isn't slowed: `base`, or longer where its answers take long."""
    latency = strain.latency_ms / 1000
    return base if latency < UNHURRIED else max(base, min(LATENCY_FACTOR * latency, MOST_LATENCY_GAP))


def kept_gap(base: Seconds, strain: Strain) -> Seconds:
    """The gap that is kept: until a slowed host has recovered, never less than `SLOWER` times its own."""
    own = own_gap(base, strain)
    return max(_slower(own, strain), strain.slow_ms / 1000) if strain.slow_ms else own


def _slower(gap: Seconds, strain: Strain) -> Seconds:
    """The least gap that halves the rate: where the answers alone take longer than the gap, they are the gap."""
    return SLOWER * (max(gap, strain.latency_ms / 1000) + TURN)


def jittered(gap: Seconds, chance: float) -> Seconds:
    """A gap, longer by chance (in [0, 1)), never shorter."""
    return gap * (1 + JITTER * chance)


def felt(strain: Strain, outcome: Outcome, took: Seconds, base: Seconds) -> Strain:
    """What a request that took so long taught about its host."""
    if setbacks.straining(outcome):
        return slowed(strain, base)
    if not _answered(outcome):
        return replace(strain, calm=0) if strain.calm else strain
    latency_ms = round(took * 1000)
    average = round(strain.latency_ms + _WEIGHT * (latency_ms - strain.latency_ms)) if strain.latency_ms else latency_ms
    return _eased(replace(strain, latency_ms=max(average, 1)), base)


def slowed(strain: Strain, base: Seconds) -> Strain:
    """One sign of strain: the gap grows by `SLOWER`."""
    return slowed_from(kept_gap(base, strain), strain)


def slowed_from(gap: Seconds, strain: Strain) -> Strain:
    """As `slowed`, from the gap that was kept until now."""
    slow = min(_slower(gap, strain), MOST_SLOW)
    return replace(strain, slow_ms=round(slow * 1000), calm=0)


def _eased(strain: Strain, base: Seconds) -> Strain:
    if not strain.slow_ms:
        return strain
    if strain.calm + 1 < CALM:
        return replace(strain, calm=strain.calm + 1)
    own = own_gap(base, strain)
    slow = strain.slow_ms / 1000 - max(own, LEAST_STEP)
    recovered = slow < _slower(own, strain)
    return replace(strain, calm=0, slow_ms=0 if recovered else round(slow * 1000))


def _answered(outcome: Outcome) -> bool:
    match outcome:
        case Fetched() | Unchanged() | Redirected():
            return True
        case Refused():
            return bool(outcome.exchanges)
        case _:
            return False


def rest(fails: int, base: Seconds, most: Seconds) -> Seconds:
    """The pause of a host after so many failures in a row: `base`, doubled with each; from the fifth on it rests for long.

    Up to `most`; 0 without a failure. Whoever asks after a long rest asks once, and a failure then ends the lease again.
    """
    if fails <= 0:
        return 0.0
    if fails < BREAK:
        return min(base * 2.0 ** (fails - 1), most)
    return min(base * _BREAK_FACTOR * 2.0 ** min(fails - BREAK, 64), most)


def retry_after(value: str | None, now: Millis) -> Seconds | None:
    """What a Retry-After asks for, from `now` on: seconds, or an HTTP-date in any of its three forms (RFC 9110, 10.2.3).

    Never more than `MOST_RETRY_AFTER`. None: not there, unreadable, negative, or a date that is past.
    """
    text = (value or "").strip()
    if _SECONDS.fullmatch(text):
        return min(float(text), MOST_RETRY_AFTER)
    until = http_date(text)
    if until is None or until <= now:
        return None
    return min((until - now) / 1000, MOST_RETRY_AFTER)


def http_date(text: str) -> Millis | None:
    """A date as headers write it, in any of its three forms (RFC 9110, section 5.6.7); None: it is none."""
    if not text or len(text) > _MOST_CHARS:
        return None
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
    # A date without zone (asctime's form, and `-0000`) is UTC.
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1000)
