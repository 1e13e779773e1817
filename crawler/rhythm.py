"""How often a source has something new, learnt from poll to poll. Pure.

The rate of each source is the mean of a Gamma posterior that forgets: (entries + a) / (watched + b). Two of them are kept, one
over weeks and one over hours; the latter starts from the former, so that a source is asked more often while it is awake.
"""

from __future__ import annotations

from collections.abc import Collection
from math import log
from typing import Final, Literal

from msgspec.structs import replace

from crawler.model import Millis, Move, Rhythm, Seconds, Url
from crawler.model.standing import Condition

HOUR: Final[Seconds] = 3600
DAY: Final[Seconds] = 86_400
HALF_LIFE: Final[Seconds] = 21 * DAY
"""After so long an entry counts half: a paper keeps its pace for weeks, and changes it with its staff."""
SHORT_LIFE: Final[Seconds] = 4 * HOUR  # the same for how it goes today: a night, or a day with much news
# Half an entry a day for what nothing is known of, and weighing little: five of a silent source's polls would be for nothing
# with 0.5 in half a day (replayed timelines: 6.2 minutes of mean delay, 5.7 with these).
_PRIOR_ENTRIES: Final = 0.1
_PRIOR_WATCHED: Final[Seconds] = DAY / 5
_LATELY_PRIOR: Final = 3.0
"""Entries the pace of weeks weighs against what came in the last hours."""
_OLDEST: Final[Millis] = 946_684_800_000  # 2000-01-01: no feed is older, but many a date of nought is
_MINUTE_MS: Final = 60_000
# Stuck validators (servers that answer 304 for good: FreshRSS 1020, 1680): silent for 14 days and 8 usual gaps.
QUIET: Final[Seconds] = 14 * DAY
QUIET_GAPS: Final = 8
WHOLE_EVERY: Final[Seconds] = 7 * DAY  # then without a condition; no more often, for most have nothing to say
UNDEAD: Final[Seconds] = 30 * DAY  # only errors for so long: asked weekly from then on, and never given up
# A hijacked domain or a page for maintenance redirects for good, too, but not for so long (vienna-rss 1546).
BELIEVED_TIMES: Final = 3
BELIEVED_AFTER: Final[Seconds] = 2 * DAY

Mood = Literal["new", "steady", "quiet", "failing", "broken"]
"""As shown: nothing known yet, as ever, silent for far longer than usual, failing, only errors for 30 days."""


def seeded(dates: Collection[Millis], now: Millis, *, shown: int) -> Rhythm:
    """The rhythm its first document tells: `dates` are those of its items, `shown` is how many there are.

    The oldest date begins the count and isn't counted. Items of one minute count once: a site that moved gives its whole past
    one date. What lies ahead of `now`, or before 2000, is passed over.
    """
    told = sorted({date // _MINUTE_MS * _MINUTE_MS for date in dates if _OLDEST < date <= now})
    plain = Rhythm(at=now, shown=shown, newest=max(told, default=0), asked_whole=now)
    if len(told) < 2:
        return plain
    ages = [(now - date) / 1000 for date in told]
    return replace(
        plain,
        entries=sum(_kept(age, HALF_LIFE) for age in ages[1:]),
        watched=_watched(ages[0], HALF_LIFE),
        lately=sum(_kept(age, SHORT_LIFE) for age in ages[1:]),
        lately_watched=_watched(ages[0], SHORT_LIFE),
    )


def seen(rhythm: Rhythm, now: Millis, *, new: int, shown: int | None = None) -> Rhythm:
    """The rhythm after a poll that succeeded: `new` entries since the last one (0 for a 304), `shown` items in the document.

    It ends a row of failures. A clock that went back counts as no time at all.
    """
    span = max(0, now - rhythm.at) / 1000 if rhythm.at else 0.0
    return replace(
        rhythm,
        entries=rhythm.entries * _kept(span, HALF_LIFE) + new * _spread(span, HALF_LIFE),
        watched=rhythm.watched * _kept(span, HALF_LIFE) + _watched(span, HALF_LIFE),
        lately=rhythm.lately * _kept(span, SHORT_LIFE) + new * _spread(span, SHORT_LIFE),
        lately_watched=rhythm.lately_watched * _kept(span, SHORT_LIFE) + _watched(span, SHORT_LIFE),
        at=max(now, rhythm.at),
        shown=rhythm.shown if shown is None else shown,
        newest=now if new else rhythm.newest,
        failures=0,
        failing_since=0,
    )


def failed(rhythm: Rhythm, now: Millis) -> Rhythm:
    """The rhythm after a poll that failed; what was learnt stays."""
    return replace(rhythm, failures=rhythm.failures + 1, failing_since=rhythm.failing_since or now)


def rate(rhythm: Rhythm) -> float:
    """Entries a second to be expected now; never 0."""
    usual = (rhythm.entries + _PRIOR_ENTRIES) / (rhythm.watched + _PRIOR_WATCHED)
    return (rhythm.lately + _LATELY_PRIOR) / (rhythm.lately_watched + _LATELY_PRIOR / usual)


def usual_gap(rhythm: Rhythm) -> Seconds:
    """The mean time between two entries, over weeks."""
    return (rhythm.watched + _PRIOR_WATCHED) / (rhythm.entries + _PRIOR_ENTRIES)


def mood(rhythm: Rhythm, now: Millis) -> Mood:
    """What is shown of a source. It is asked in each of these moods: nothing is ever given up."""
    if rhythm.failing_since:
        return "broken" if now - rhythm.failing_since > UNDEAD * 1000 else "failing"
    if not rhythm.newest:
        return "new"
    return "quiet" if _silent(rhythm, now) else "steady"


def condition(state: str, failures: int, rhythm: Rhythm, now: Millis) -> Condition:
    """How a source fares, in a word; `state` is the store's, `failures` those in a row."""
    match state:
        case "paused" | "gone" | "blocked":
            return state
        case _ if failures or state == "not_a_feed":
            return "failing"
        case _:
            return "quiet" if mood(rhythm, now) == "quiet" else "active"


def stuck(rhythm: Rhythm, now: Millis) -> bool:
    """Whether to ask once without validators: a source that used to write has said "nothing new" for far longer than usual.

    At most weekly: some servers answer 304 for ever (FreshRSS issues 1020 and 1680).
    """
    return bool(rhythm.newest) and _silent(rhythm, now) and now - rhythm.asked_whole > WHOLE_EVERY * 1000


def moved(rhythm: Rhythm, now: Millis, target: Url | None) -> Rhythm:
    """Notes where an answer says the source is for good; None: it says nothing, or not for good, which ends the row."""
    before = rhythm.move
    if target is None:
        return replace(rhythm, move=None)
    if before is None or before.url != target:
        return replace(rhythm, move=Move(url=target, since=now))
    return replace(rhythm, move=replace(before, times=before.times + 1))


def believed(rhythm: Rhythm, now: Millis) -> Url | None:
    """The new address, once three answers in a row over two days named it: one bad afternoon of a server moves nobody.

    The caller sees to it that a feed was read there, that the whole chain is permanent, and that it isn't https to http.
    """
    move = rhythm.move
    if move is None or move.times < BELIEVED_TIMES or now - move.since < BELIEVED_AFTER * 1000:
        return None
    return move.url


def _silent(rhythm: Rhythm, now: Millis) -> bool:
    return now - rhythm.newest > max(QUIET, QUIET_GAPS * usual_gap(_before_silence(rhythm))) * 1000


def _before_silence(rhythm: Rhythm) -> Rhythm:
    """The rhythm as of its last news. The silence since has lengthened the mean gap, faster than it lasts for rare writers."""
    span = min(max(0, rhythm.at - rhythm.newest) / 1000, 40 * HALF_LIFE)
    kept = _kept(span, HALF_LIFE)
    return replace(rhythm, entries=rhythm.entries / kept, watched=max(0.0, rhythm.watched - _watched(span, HALF_LIFE)) / kept)


def _kept(age: Seconds, life: Seconds) -> float:
    """What is left of one after so long."""
    return float(0.5 ** (age / life))


def _watched(span: Seconds, life: Seconds) -> Seconds:
    """What is left of a span that ends now, each moment of it forgotten by its age."""
    return (1 - _kept(span, life)) * life / log(2)


def _spread(span: Seconds, life: Seconds) -> float:
    """What is left of an entry that came at any moment of a span that ends now."""
    return _watched(span, life) / span if span else 1.0
