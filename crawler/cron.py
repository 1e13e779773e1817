"""Cron strings: five fields, read by us. Pure; minutes are the finest there is.

`minute hour day month weekday`, each `*`, a number, `a-b`, `*/n`, `a-b/n`, or several of them with commas; months and weekdays
also by their English three letters, Sunday is 0 or 7. Where both days are given either will do, as in Vixie cron and POSIX.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import islice, product
from typing import Final

from crawler.model import Millis, Value

MOST_CHARS: Final = 200  # all minutes one by one, `0,1,2` up to `59`, take 169
_MONTH_NAMES: Final = "jan feb mar apr may jun jul aug sep oct nov dec"
_WEEKDAY_NAMES: Final = "sun mon tue wed thu fri sat"
_MONTHS: Final = {name: n for n, name in enumerate(_MONTH_NAMES.split(), 1)}
_WEEKDAYS: Final = {name: n for n, name in enumerate(_WEEKDAY_NAMES.split())}
_NICKNAMES: Final = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_PART: Final = re.compile(r"(?:\*|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>\d+))?")
# 29 February may be away for eight years (1896 to 1904, 2096 to 2104).
_MOST_DAYS: Final = 366 * 8 + 2
_OVERLAP: Final = 121  # minutes; no zone jumps by more than two hours


class CronError(ValueError):
    """Not a cron string; says what is wrong with it."""


class Cron(Value, frozen=True, kw_only=True):
    """The minutes at which something is due."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    """Monday is 1, Sunday is 7 (ISO 8601)."""
    either: bool = False
    """A day that is in one of `days` and `weekdays` will do."""

    def after(self, now: Millis, zone: tzinfo = UTC) -> Millis:
        """The first moment behind `now` that it names, by the clocks of `zone`.

        A minute that clocks pass over when they are put forward falls right behind; one that comes twice counts once.
        """
        day = datetime.fromtimestamp(now // 60_000 * 60, UTC).astimezone(zone).date()
        for _ in range(_MOST_DAYS):
            # where clocks are put forward an hour's minutes are told behind the next one's, so the first found isn't the first
            found = min(islice((at for at in self._moments(day, zone) if at > now), _OVERLAP), default=None)
            if found is not None:
                return found
            day += timedelta(days=1)
        raise AssertionError("`read` takes no string that names no day")

    def _moments(self, day: date, zone: tzinfo) -> Iterator[Millis]:
        for hour, minute in product(sorted(self.hours), sorted(self.minutes)) if self._holds(day) else ():
            yield round(datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).timestamp() * 1000)

    def _holds(self, day: date) -> bool:
        if day.month not in self.months:
            return False
        by_day, by_weekday = day.day in self.days, day.isoweekday() in self.weekdays
        return by_day or by_weekday if self.either else by_day and by_weekday


def read(text: str) -> Cron:
    """The minutes a cron string means.

    Raises:
        CronError: it is none, or names a day that never comes (30 February).
    """
    fields = _NICKNAMES.get(text.strip().lower(), text).split()
    if len(fields) != 5 or len(text) > MOST_CHARS:
        raise CronError(f"`{text[:80]}` has not five fields - write minute, hour, day, month, weekday: `*/15 6-22 * * *`")
    minute, hour, day, month, weekday = fields
    cron = Cron(
        minutes=_field(minute, 0, 59),
        hours=_field(hour, 0, 23),
        days=_field(day, 1, 31),
        months=_field(month, 1, 12, _MONTHS),
        weekdays=frozenset(n or 7 for n in _field(weekday, 0, 7, _WEEKDAYS)),
        either=not day.startswith("*") and not weekday.startswith("*"),
    )
    if not cron.either and min(cron.days) > max(_longest(n) for n in cron.months):
        raise CronError(f"`{text[:80]}` names a day that never comes")
    return cron


def _longest(month: int) -> int:
    return 29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31


def _field(text: str, low: int, high: int, names: dict[str, int] | None = None) -> frozenset[int]:
    return frozenset(n for part in text.lower().split(",") for n in _part(part, low, high, names or {}))


def _part(text: str, low: int, high: int, names: dict[str, int]) -> range:
    found = _PART.fullmatch(text)
    if not found:
        raise CronError(f"`{text}` is no part of a cron string - write *, a number, a-b or */n")
    step = int(found["step"] or 1)
    first = _number(found["first"], names, low)
    # `5/15` is 5-59/15 (Vixie cron); `5` is 5 alone.
    last = _number(found["last"], names, first if found["first"] and not found["step"] else high)
    if not low <= first <= last <= high or not 1 <= step <= high + 1:
        raise CronError(f"`{text}` isn't within {low} to {high}, the lower one first")
    return range(first, last + 1, step)


def _number(text: str | None, names: dict[str, int], default: int) -> int:
    if text is None:
        return default
    if text.isdecimal() and len(text) <= 4:
        return int(text)
    if text in names:
        return names[text]
    raise CronError(f"`{text}` is neither a number nor a name of a month or weekday")
