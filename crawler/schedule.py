"""When to ask again. Pure: `now` and chance come in as arguments. All results are wall-clock ms."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Final, Literal

from crawler import hints, rhythm
from crawler.cron import Cron
from crawler.model import Millis, Rhythm, Seconds, Value

DAY_MS: Final[Millis] = 86_400_000
GONE_EVERY_MS: Final[Millis] = 30 * DAY_MS
"""A source that answered 410 is still asked, monthly: publishers come back."""
JITTER: Final = 0.05
"""Share of an interval by which polls are spread, either way, so that sources don't fall into step."""
UNSURE_EVERY_MS: Final[Millis] = DAY_MS
"""The longest silence towards a source that only fails."""


def monthly(now: Millis, chance: float) -> Millis:
    """The next poll of a source that is gone, or of a sitemap whose time is over."""
    return now + round(GONE_EVERY_MS * (1 + JITTER * (2 * chance - 1)))


def next_try(
    tries: int, now: Millis, *, base: Seconds, most: Seconds, floor: Seconds | None = None, chance: float = 0.5
) -> Millis:
    """The next try of a page after `tries` outcomes: anywhere up to base * 4^(tries - 1), or up to `most`, behind `floor`.

    Full jitter: what failed together doesn't come back together. M. Brooker, "Exponential Backoff And Jitter" (AWS
    Architecture Blog, 2015) finds it to need the fewest calls. `floor` is a wish to be kept, so chance only adds to it.
    """
    wait = min(most, base * 4.0 ** min(max(tries - 1, 0), 16)) * chance
    return now + round(max(wait, floor or 0) * 1000) + 1


Why = Literal["rate", "window", "least", "most", "every", "cron", "failures", "publisher", "skipped", "over"]
"""What decided when a source is asked again; shown beside its interval."""
WINDOW: Final = 0.5
"""Share of what a document shows that may be new at a poll: the rest is for the day that brings twice as much as others."""
HEAVY_LEAST: Final[Seconds] = 86_400
"""The same, where that document is large."""
DEAR_LEAST: Final[Seconds] = 3600
"""The shortest interval of a source that gives no validator and no time of freshness: each poll costs it the whole document."""
WEEK: Final[Seconds] = 7 * 86_400
_ROUNDS: Final = 40  # of halving: 2^-40 of what lies between the bounds


class Tempo(Value, frozen=True, kw_only=True):
    """How one source is to be asked: what is configured, and what all sources share."""

    theta: float = 37.5
    """Waiting of its unseen entries that makes a poll worth it, in seconds times entries; one for all (`shared_theta`). At
    first what lets a source of which nothing is known be asked hourly."""
    least: Seconds = 60
    most: Seconds = 86_400
    hints_most: Seconds = hints.MOST
    weight: float = 1
    """How much an entry of it is worth beside another's."""
    every: Seconds | None = None
    """Its interval, whatever its rate."""
    cron: Cron | None = None


class Due(Value, frozen=True, kw_only=True):
    """When a source is asked again, and why then."""

    at: Millis
    why: Why


class Pace(Value, frozen=True, kw_only=True):
    """How a source's interval follows theta: root(theta) times `root`, within `least` and `most`."""

    root: float
    least: Seconds
    most: Seconds
    guarded: bool = False
    """`most` is the window's, not the configured one."""

    def interval(self, theta: float) -> Seconds:
        """Seconds between two polls at this theta."""
        return max(self.least, min(self.root * sqrt(theta), self.most))


def pace(known: Rhythm, tempo: Tempo) -> Pace:
    """The pace of a source of which so much is known.

    Entries that come at a rate r wait for w r T^2 / 2 in an interval T, so theta is reached at T = sqrt(2 theta / (w r));
    polls in proportion to the root of the rate are the best there is for the mean delay (Sia, Cho, Cho, "Efficient Monitoring
    Algorithm for Fast News Alerts", IEEE TKDE 2007). No interval lets more than `WINDOW` of what the document shows be new.
    """
    rate = rhythm.rate(known)
    cost = HEAVY_LEAST if known.heavy else DEAR_LEAST if known.dear else 0
    least = max(tempo.least, cost, hints.capped(known.hints, tempo.hints_most))
    guard = WINDOW * known.shown / rate if known.shown else tempo.most
    return Pace(
        root=sqrt(2 / (tempo.weight * rate)),
        least=least,
        most=max(least, min(tempo.most, guard)),
        guarded=guard < tempo.most,
    )


def shared_theta(paces: Sequence[Pace], polls_a_day: float) -> float:
    """The theta at which all these sources together are asked as often as `polls_a_day` each, on average.

    Where their bounds don't allow it: the theta that comes nearest. 0 sources: 0. 10,000 take some 0.1 s.
    """
    low = min((pace.least / pace.root for pace in paces), default=0.0)
    high = max((pace.most / pace.root for pace in paces), default=0.0)
    budget = polls_a_day * len(paces)
    for _ in range(_ROUNDS):
        if high - low <= 1e-6 * high:
            break
        middle = sqrt(low * high) if low else high / 2
        spent = sum(86_400 / max(pace.least, min(pace.root * middle, pace.most)) for pace in paces)
        low, high = (middle, high) if spent > budget else (low, middle)
    return high * high


def due(known: Rhythm, now: Millis, tempo: Tempo, *, retry_after: Seconds | None = None, chance: float = 0.5) -> Due:
    """When to ask a source again, `known` being its rhythm after this poll.

    `retry_after` and the publisher's hints are lower bounds, the hints up to `tempo.hints_most`, and jitter (`chance`, in
    [0, 1)) never goes below them. Failures in a row double the interval up to a day, and to a week after 30 days of them: no
    source is ever given up. What falls into a skipped hour or day moves behind it.
    """
    floor = max(retry_after or 0, hints.capped(known.hints, tempo.hints_most))
    if tempo.cron is not None:
        at, why = _by_cron(known, now, tempo, tempo.cron, floor)
    else:
        span, why = _interval(known, now, tempo, chance)
        at, why = (now + round(floor * 1000), "publisher") if floor > span else (now + round(span * 1000), why)
    opened = hints.open_again(known.hints, at)
    return Due(at=opened, why=why if opened == at else "skipped")


def spread(now: Millis, span: Seconds, chance: float) -> Millis:
    """The first poll of one of many sources added together: anywhere within `span`, so that they don't come as a burst."""
    return now + round(span * 1000 * chance)


def _by_cron(known: Rhythm, now: Millis, tempo: Tempo, cron: Cron, floor: Seconds) -> tuple[Millis, Why]:
    backed_off = min(tempo.least * 2.0 ** min(known.failures, 16), UNSURE_EVERY_MS / 1000) if known.failures else 0
    wait = max(floor, backed_off)
    # `after` means behind, and what the wait ends at may itself be named
    at = cron.after(now + max(0, round(wait * 1000) - 1))
    if at == cron.after(now):
        return at, "cron"
    return at, "failures" if backed_off > floor else "publisher"


def _interval(known: Rhythm, now: Millis, tempo: Tempo, chance: float) -> tuple[Seconds, Why]:
    span, why = _plain(known, tempo)
    if not known.failures:
        return span * (1 + JITTER * (2 * chance - 1)), why
    most = WEEK if rhythm.mood(known, now) == "broken" else UNSURE_EVERY_MS / 1000
    longest = min(span * 2.0 ** min(known.failures, 16), max(span, most))
    # Full jitter above the usual interval: what failed together doesn't come back together.
    return span + (longest - span) * chance, "failures"


def _plain(known: Rhythm, tempo: Tempo) -> tuple[Seconds, Why]:
    if tempo.every is not None:
        return tempo.every, "every"
    own = pace(known, tempo)
    span = own.interval(tempo.theta)
    if span <= own.least:
        return span, "least"
    if span >= own.most:
        return span, "window" if own.guarded else "most"
    return span, "rate"
