"""How far a sitemap's own words are believed, and when it is asked no more. Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

from crawler.model import Millis, Seconds, Trust, Url

PROVED: Final = 5
"""Changes and rests a `lastmod` must have told rightly before pages are asked, or left, because of it."""
MOST_WRONG: Final = 0.1
_DAY: Final[Seconds] = 86_400
OVER_AFTER: Final[Seconds] = 14 * _DAY
# The month, and the day, of `sitemap-2026-10.xml`, `/2026/10/22/sitemap.xml`, `posts_20261022.xml.gz`; figures of any script.
_PERIOD: Final = re.compile(r"(?<!\d)(20\d\d)(?:[-_/.]?(0[1-9]|1[0-2])(?:[-_/.]?(0[1-9]|[12]\d|3[01]))?)(?!\d)")


def holds(trust: Trust) -> bool:
    """Whether `lastmod` may be acted on. Of most sites it can't: it is the time the sitemap was made."""
    return trust.right >= PROVED and trust.wrong <= MOST_WRONG * (trust.right + trust.wrong)


def judged(trust: Trust, *, said_changed: bool, changed: bool) -> Trust:
    """The trust after one page was looked at whose `lastmod` had changed, or not, since the last time."""
    if said_changed == changed:
        return Trust(right=trust.right + 1, wrong=trust.wrong)
    return Trust(right=trust.right, wrong=trust.wrong + 1)


def moment(lastmod: str, read: dict[str, Millis]) -> Millis:
    """A W3C date as ms, 0 where it is none; `read` remembers those that were read, for most rows of a sitemap share theirs."""
    if lastmod not in read:
        try:
            when = datetime.fromisoformat(lastmod)
            read[lastmod] = max(0, round((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() * 1000))
        except (ValueError, OverflowError):
            read[lastmod] = 0
    return read[lastmod]


def period_end(url: Url) -> Millis | None:
    """The end of the month or day a sitemap's address names, UTC; None: it names none, or the year alone."""
    found = _PERIOD.search(url)
    if found is None:
        return None
    year, month = int(found[1]), int(found[2])
    try:
        last = date(year, month, int(found[3])) if found[3] else date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    except ValueError:
        return None
    end = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=1)
    return round(end.timestamp() * 1000)


def is_over(url: Url, *, newest: Millis, now: Millis) -> bool:
    """Whether a dated sitemap is asked no more: its time has been over for two weeks, and nothing new came in it for as long.

    `newest` is when it last had something new to us, or was first read. One sign alone is not enough: archives are filled late.
    """
    end = period_end(url)
    grace = OVER_AFTER * 1000
    return end is not None and now - end > grace and now - newest > grace
