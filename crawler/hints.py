"""What publishers say about when to come again: headers and elements of feeds, as `Hints`. Pure.

All of it is a lower bound and none of it is trusted far: what is no plain positive number says nothing, and `capped` bounds the
rest. Deliberately absent: `s-maxage` (it speaks to shared caches) and `changefreq` (it is filled in once, by a template).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from crawler.model import Hints, Millis, Seconds
from crawler.politeness import http_date

MOST: Final[Seconds] = 86_400
"""The longest a hint keeps us away by default: a ttl of a year is a mistake, not a wish."""
_MOST_AGE: Final = 10_000_000  # seconds, four months; `float` of a hundred digits is no time to reckon with
_DIRECTIVE: Final = re.compile(r"([a-z-]+)\s*(?:=\s*\"?(\d+)\"?)?\s*(?:,|$)", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\s*(\d{1,9}(?:\.\d{1,6})?)\s*")
_HOUR: Final = re.compile(r"\s*\d{1,2}\s*")
_PERIODS: Final = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
# The names are the format's (RSS 2.0, skipDays), whatever the language of the feed.
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def fresh_for(
    *, cache_control: str | None, age: str | None = None, expires: str | None = None, date: str | None = None
) -> Seconds:
    """How long an answer stays fresh from its arrival on; 0: it doesn't say.

    `max-age` less `Age`, else `Expires` less `Date` (RFC 9111, section 4.2). With `no-cache` or `no-store` neither counts:
    they say "ask each time", and asking on our own time is what we do anyway.
    """
    said = {name.lower(): value for name, value in _DIRECTIVE.findall(cache_control or "")}
    if "no-cache" in said or "no-store" in said:
        return 0
    if said.get("max-age"):
        return max(0.0, min(float(said["max-age"]), _MOST_AGE) - (number(age) or 0))
    return _between(date, expires)


def _between(date: str | None, expires: str | None) -> Seconds:
    start, until = http_date((date or "").strip()), http_date((expires or "").strip())
    return max(0, until - start) / 1000 if until is not None and start is not None else 0


def least_between(*, ttl: str | None = None, period: str | None = None, frequency: str | None = None) -> Seconds:
    """The longer of `<ttl>` (minutes) and one of `sy:updatePeriod` / `sy:updateFrequency`; 0: neither says anything.

    RSS 2.0, ttl; RSS 1.0 syndication module: a period alone means once in it, a frequency alone means daily.
    """
    minutes = number(ttl) or 0
    if period is None and frequency is None:
        return minutes * 60
    span = _PERIODS.get((period or "daily").strip().lower(), 0)
    times = 1 if frequency is None else number(frequency)
    return max(minutes * 60, span / times if times else 0)


def skipped_hours(texts: Iterable[str]) -> tuple[int, ...]:
    """The hours of `<skipHours>`, GMT; 24 means 0, as in RSS 0.91. All of them, or none: nothing is said."""
    hours = {int(text) % 24 for text in texts if _HOUR.fullmatch(text) and int(text) <= 24}
    return tuple(sorted(hours)) if len(hours) < 24 else ()


def skipped_days(texts: Iterable[str]) -> tuple[int, ...]:
    """The days of `<skipDays>`, GMT, Monday is 0. All of them, or none: nothing is said."""
    names = {text.strip().lower() for text in texts}
    days = tuple(index for index, name in enumerate(_DAYS) if name in names)
    return days if len(days) < 7 else ()


def capped(hints: Hints, most: Seconds = MOST) -> Seconds:
    """The least time until the next poll the hints ask for, as far as we follow them."""
    return min(max(hints.fresh, hints.least, 0), most)


def open_again(hints: Hints, at: Millis) -> Millis:
    """The first moment from `at` on that isn't in a skipped hour or day; `at` itself where nothing is skipped."""
    for _ in range(24 * 8):  # a week and a day hold an open hour, since neither all hours nor all days can be skipped
        hour = at // 3_600_000
        # 1970-01-01 was a Thursday, the fourth day
        if hour % 24 not in hints.skip_hours and (hour // 24 + 3) % 7 not in hints.skip_days:
            return at
        at = (hour + 1) * 3_600_000
    return at


def number(text: str | None) -> float | None:
    """A plain positive number; None for anything else, and for 0. Digits of any script."""
    found = _NUMBER.fullmatch(text or "")
    value = float(found[1]) if found else 0.0
    return value or None
