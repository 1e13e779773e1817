"""One reader for the dates of feeds and pages, in many languages. Pure, and it never invents.

Read are ISO 8601 / RFC 3339, RFC 822 / 2822 with its usual mistakes, and dates as people write them. What isn't plain is None:
a numeric date that could be two days (03/04/2022) where the order isn't known, a day that doesn't exist, two different days in
one text, the year 0, the epoch, a month without a day, a date of another calendar. A day alone stays a day; a time without a
zone stays without.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from crawler.model import Millis, Value
from crawler.months import FIRST_OF_TWO, MONTHS, fold

MOST_CHARS: Final = 200
"""Longer texts aren't dates."""

Order: TypeAlias = Literal["dmy", "mdy", "ymd"]
"""How a language writes a date in figures alone."""

_YEARS: Final = range(1900, 2100)
"""So a year of the Persian, Islamic or Buddhist calendar is never taken for one of ours."""

_NO_DATES: Final = frozenset({"1900-01-01", "1969-12-31", "1970-01-01"})
"""What a zero becomes on its way through a program."""


class When(Value, frozen=True, kw_only=True):
    """A day, or a moment."""

    iso: str
    """`YYYY-MM-DD`, or that with `THH:MM:SS` and, only if one was given, a zone: `Z` or `+HH:MM`."""

    @property
    def day(self) -> str:
        """The local day, as written."""
        return self.iso[:10]

    @property
    def timed(self) -> bool:
        """Whether more is known than the day."""
        return len(self.iso) > 10

    @property
    def zoned(self) -> bool:
        """Whether it is a moment in the world's time, not only in somebody's."""
        return len(self.iso) > 19


# Only names that mean one offset wherever they are read: CST, IST, BST and AST are each at least two.
_ZONE_NAMES: Final = {
    **dict.fromkeys(("utc", "gmt", "z", "ut"), "Z"),
    "edt": "-04:00",
    **dict.fromkeys(("est", "cdt"), "-05:00"),
    "mdt": "-06:00",
    **dict.fromkeys(("mst", "pdt"), "-07:00"),
    "pst": "-08:00",
    "wet": "+00:00",
    **dict.fromkeys(("cet", "mez", "west"), "+01:00"),
    **dict.fromkeys(("cest", "mesz", "eet"), "+02:00"),
    **dict.fromkeys(("eest", "msk"), "+03:00"),
    **dict.fromkeys(("jst", "kst"), "+09:00"),
}

_WORD: Final = re.compile(rf"(?:{'|'.join(sorted(FIRST_OF_TWO))})\s[^\W\d_]+|[^\W\d_]+")
_LETTERS: Final = re.compile(r"([a-z]+)")
_NUMERAL: Final = re.compile(
    r"(?<![〇零○一二三四五六七八九十])(?:[〇零○一二三四五六七八九]{1,4}|[二三]?十[一二三四五六七八九]?)(?=[年月日])"
)
_FIGURES: Final = re.compile(r"\d(?:\d\D+\d|\D+\d\d|\d{7})")
"""What no date is without, and a year alone lacks, as half of the lines do that are asked: seen in a hundredth of the time."""
_NUMERAL_SIGNS: Final = re.compile("[零一二三四五六七八九〇○十]")
_NUMERALS: Final = {sign: str(value) for signs in ("零一二三四五六七八九", "〇", "○") for value, sign in enumerate(signs)}
# What programs write for a month's short name in Chinese, Japanese and Korean: "22 11月 2022".
_NUMBERED: Final = re.compile(r"(?<=\d\s)(0?[1-9]|1[0-2])[月월](?=\s\d{4}(?!\d))")
_TWICE: Final = re.compile(r"\{(\d\d)\}\s?[/(|–-]\s?\{\1\}\)?")

_DAY: Final = r"(?<![\d.:])(\d{1,2})(?:st|nd|rd|th|er|[.oaη](?!\w))?"
_OF: Final = r"(?:\s(?:of|de|del|do|di|da|من)\s|[\s.,'/-]{0,3})"
_YEAR: Final = r"(\d{4})(?![\d:])"
_TIME: Final = r"\d{1,2}:\d\d(?::\d\d)?"

# Patterns over folded text in which a month's name has become {MM}; the groups, in the order of the letters before them. The
# sign is one that no date of that shape is without; those without a sign are of figures alone, with two dots or the like.
_SHAPES: Final = tuple(
    (order, sign, re.compile(pattern))
    for order, sign, pattern in (
        ("ymd", "月", r"(?<!\d)(\d{4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})"),
        ("ymd", "월", r"(?<!\d)(\d{4})\s?년\s?(\d{1,2})\s?월\s?(\d{1,2})"),
        ("ymd", "", r"(?<![\d.])(\d{4})\s?(?:([-/.])\s?)(\d{1,2})\2\s?(\d{1,2})(?!\d)"),
        ("mdy", "{", rf"\{{(\d\d)\}}\s?[.-]?\s?{_DAY}\s?,?[\s-]{_YEAR}"),
        ("dmy", "{", rf"{_DAY}{_OF}\{{(\d\d)\}}\.?{_OF}{_YEAR}"),
        ("ymd", "{", r"(?<!\d)(\d{4})[\s,./-]{1,3}\{(\d\d)\}[\s,./-]{1,3}(\d{1,2})(?!\d)"),
        ("dmY", "{", rf"{_DAY}[\s-]{{1,2}}\{{(\d\d)\}}[\s-]{{1,2}}(\d\d)(?=\s{_TIME})"),
        ("???", "", r"(?<![\d./-])(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4})(?![\d:])"),
        ("??", "", r"(?<![\d./:-])(\d{1,2})([/.])\s?(\d{1,2})\2\s?(\d{1,2})(?![\d./:-])"),
    )
)
_ASCTIME: Final = re.compile(rf"(\{{\d\d\}}\s\d{{1,2}})\s({_TIME}(?:\s[a-z]{{1,5}}|\s[+-]\d{{4}})?)\s(\d{{4}})(?!\d)")
_LAST: Final = re.compile(r"\D*([0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?)\W*")
_BEHIND_CLOCK: Final = re.compile(r"(?<=\d:\d\d)\s?/(?=\s?\d)")
"""Between a time and a day: "22:48/09.04.2013"."""
_SHORT_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# As nine feeds of ten write it (RFC 822, with four digits for the year): read at once in a fifth of the time.
_MAIL: Final = re.compile(
    rf"(?:(?:mon|tue|wed|thu|fri|sat|sun), )?(\d{{1,2}}) ({'|'.join(_SHORT_MONTHS)}) (\d{{4}}) (\d\d):(\d\d)(?::(\d\d))?"
    r" (gmt|utc|[+-]\d{4})",
    re.ASCII | re.IGNORECASE,
)
_COMPACT: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[t\s]?(\d\d)(\d\d)(\d\d)(z?))?")
_ISO: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[Tt\s](\d\d):(\d\d)(?::(\d\d)(?:[.,:]\d{1,9})?)?\s?(Z|z|[+-]\d\d(?::?\d\d)?)?)?", re.ASCII
)
_CLOCK: Final = re.compile(
    r"(?<![\d:])(?:(?P<pre>上午|下午|午前|午後|午后|오전|오후|凌晨|晚上)\s?)?"
    r"(?P<h>\d{1,2})\s?(?::|h\s?(?=\d)|시\s?|时|時|点|點)(?P<m>\d{1,2})(?!\d)\s?[분分]?(?::?\s?(?P<s>\d{2})(?:[.,]\d{1,9})?(?![\d:])[秒초]?)?"
    r"(?:\s?(?P<post>[ap]\.?\s?m\b\.?|[πμ]\.?\s?μ\b\.?|صباحا|مساء|ص\b|م\b))?"
    r"(?:\s?\(?(?P<named>utc|gmt)\s?(?P<hours>[+-]\d{1,2}(?::?\d\d)?)(?!\d)|\s?(?P<offset>[+-]\d\d:?\d\d)(?!\d)|(?P<short>[+-]\d\d)(?!\d)"
    r"|\s?\(?(?P<zone>[a-z]{1,4})\b)?"
)
_CLOCKS: Final = re.compile(r"\d\s?[:h시时時点點]")
"""No clock is without: in a fifth of the time."""
_WRITTEN_SO: Final = frozenset({"Z", "+00:00"})
_AFTERNOON: Final = frozenset({"下午", "午後", "午后", "오후", "晚上", "م", "مساء", "μ"})


class _ImpossibleError(ValueError):
    """A day, an hour or an offset that doesn't exist."""


def ahead(iso: str, now: Millis) -> bool:
    """Whether a date as `read` gives it lies more than a day in the future: then it is a plan or a mistake, not a publication.

    A day, or a time without a zone, may be read anywhere on earth: they have 14 hours more.
    """
    when = datetime.fromisoformat(iso)
    slack = timedelta(days=1) if when.tzinfo else timedelta(hours=38)
    return when.replace(tzinfo=when.tzinfo or UTC) - datetime.fromtimestamp(now / 1000, UTC) > slack


def read(text: str, order: Order | None = None) -> When | None:
    """The one day or moment a text names, or None: no date, not a plain one, not a possible one, or several.

    `order` is how dates in figures are written where the text comes from: only with it 03/04/2022 and 03.04.22 are read.
    """
    text = text.strip()
    return _read(text, order) if 6 <= len(text) <= MOST_CHARS and has_figures(text) else None


def has_figures(text: str) -> bool:
    """Whether a text may name a day: most that hold a figure or two can't, and needn't be looked at closely."""
    return _FIGURES.search(text) is not None or (not text.isascii() and _NUMERAL_SIGNS.search(text) is not None)


def is_month(word: str) -> bool:
    """Whether a word is a month's name, or a short form of it, in any of the languages known."""
    return fold(word) in MONTHS


# A page says its dates in several places, and each is asked for by several fields: two in three are read already.
@lru_cache(maxsize=64)
def _read(text: str, order: Order | None) -> When | None:
    try:
        return _iso(text) or _within(text) or _mailed(text) or _written(fold(text), order)
    except _ImpossibleError:
        return None


def _iso(text: str) -> When | None:
    found = _ISO.fullmatch(text) if text[4] == "-" else None
    if found is None or int(found[1]) not in _YEARS:
        return None
    if not _exists(text[:10]):
        raise _ImpossibleError
    return When(iso=text[:10] + (_iso_time(found) if found[4] else ""))


def _iso_time(found: re.Match[str]) -> str:
    hour, minute, second, offset = found[4], found[5], found[6] or "00", found[7]
    if hour > "23" or minute > "59" or second > "59":  # two ASCII digits each: as texts they compare like numbers
        raise _ImpossibleError
    return f"T{hour}:{minute}:{second}{offset if offset in _WRITTEN_SO else _offset(offset)}"


def _within(text: str) -> When | None:
    """The only figures of a line, at its end, where they stand as in ISO 8601: what programs write behind a label or a name."""
    found = _LAST.fullmatch(text) if "-" in text else None
    return _iso(found[1]) if found else None


def _mailed(text: str) -> When | None:
    found = _MAIL.fullmatch(text)
    if found is None:
        return None
    day = _day(found[3], str(_SHORT_MONTHS.index(found[2].lower()) + 1), found[1])
    offset = "Z" if found[7][0] in "gGuU" else _offset(found[7])
    return When(iso=f"{day}T{_time(found[4], found[5], found[6])}{offset}") if day else None


def _written(folded: str, order: Order | None) -> When | None:
    if found := _COMPACT.fullmatch(folded):
        return _compact(found)
    days, rest = _days(_untangled(_marked(folded)), order)
    if len(days) != 1:
        return None
    clocks = {_clock(found) for found in _CLOCK.finditer(rest)} if _CLOCKS.search(rest) else ()
    return When(iso=f"{days.pop()}T{clocks.pop()}" if len(clocks) == 1 else days.pop())


def _marked(folded: str) -> str:
    """The text with {MM} in the place of each month's name, and one blank between words."""
    if folded.isascii():  # where no month's name is of two words
        parts = _LETTERS.split(folded)
        marked = "".join([f" {{{number}}} " if (number := MONTHS.get(part)) else part for part in parts])
    else:
        folded = _NUMBERED.sub(lambda found: f"{{{int(found[1]):02}}}", _NUMERAL.sub(_figures, folded))
        marked = _WORD.sub(_mark, folded)
    return " ".join(marked.split())


def _untangled(marked: str) -> str:
    """A time apart from the day it is written to, a month said twice said once, a year next to its month."""
    # Looking for a sign takes a tenth of the time of looking for a pattern.
    if ":" in marked and "/" in marked:
        marked = _BEHIND_CLOCK.sub(" ", marked)
    if marked.count("{") > 1:
        marked = _TWICE.sub(r"{\1}", marked)
    if "{" in marked and ":" in marked:
        marked = _ASCTIME.sub(r"\1 \3 \2", marked)
    return marked


def _compact(found: re.Match[str]) -> When | None:
    day = _day(found[1], found[2], found[3])
    if day is None:
        return None
    return When(iso=f"{day}T{_time(found[4], found[5], found[6])}{found[7].upper()}" if found[4] else day)


def _figures(found: re.Match[str]) -> str:
    """二〇二二 as 2022, 二十三 as 23."""
    tens, ten, ones = found[0].partition("十")
    if not ten:
        return "".join(_NUMERALS[sign] for sign in tens)
    return (_NUMERALS.get(tens, "") or "1") + (_NUMERALS.get(ones, "") or "0")


def _mark(word: re.Match[str]) -> str:
    """A month's name as {MM}; Hebrew may put "in" before it without a blank."""
    name = " ".join(word[0].split())
    number = MONTHS.get(name) or MONTHS.get(name.removeprefix("ב"))
    return f" {{{number}}} " if number else word[0]


def _days(marked: str, usual: Order | None) -> tuple[set[str], str]:
    """All days a text names, and the text without them."""
    days: set[str] = set()
    figures = _is_figured(marked)
    for order, sign, shape in _SHAPES:
        if (sign in marked if sign else figures) and (found := shape.findall(marked)):
            days |= _in_shape(order, found, usual)
            marked = shape.sub(" ", marked)  # or a looser shape would find the same figures again, in another order
            figures = figures and _is_figured(marked)
    return days, marked


def _is_figured(marked: str) -> bool:
    """Whether a day in figures alone may stand in a text."""
    return marked.count("-") > 1 or marked.count("/") > 1 or marked.count(".") > 1


def _in_shape(order: str, found: list[tuple[str, ...]], usual: Order | None) -> set[str]:
    # A group that isn't of digits is the sign between them, which has to come twice.
    days = [_in_order(order, [part for part in parts if part.isdigit()], usual) for parts in found]
    return {day for day in days if day}


def _in_order(order: str, parts: list[str], usual: Order | None) -> str | None:
    if order == "??":
        return _short(parts, usual) if usual else None
    if order == "ymd":
        return _day(*parts)
    first, second, year = parts
    if order == "dmY":
        return _day(_century(year), second, first)
    if order == "???":
        return _numeric(int(first), int(second), year, usual)
    return _day(year, second, first) if order == "dmy" else _day(year, first, second)


def _short(parts: list[str], usual: Order) -> str | None:
    """A date in figures with two for the year."""
    day, month, year = (parts[usual.index(letter)] for letter in "dmy")
    return _day(_century(year), month, day) if len(year) == 2 else None


def _century(year: str) -> str:
    return f"{20 if int(year) < 50 else 19}{year}"


def _numeric(first: int, second: int, year: str, usual: Order | None) -> str | None:
    """Day and month where only one reading makes sense, or only one is usual."""
    if first <= 12 and second <= 12 and first != second:
        if usual not in ("dmy", "mdy"):
            return None
        return _day(year, str(second), str(first)) if usual == "dmy" else _day(year, str(first), str(second))
    return _day(year, str(min(first, second)), str(max(first, second)))


def _day(year: str, month: str, day: str) -> str | None:
    """The day, None for another calendar's year.

    Raises:
        _ImpossibleError: there is no such day, or it is what a zero becomes.
    """
    if int(year) not in _YEARS:
        return None
    found = f"{year}-{int(month):02}-{int(day):02}"
    if not _exists(found):
        raise _ImpossibleError
    return found


def _exists(iso: str) -> bool:
    try:
        date.fromisoformat(iso)
    except ValueError:
        return False
    return iso not in _NO_DATES


def _clock(found: re.Match[str]) -> str:
    time = _time(_hour(found["h"], found["pre"] or found["post"]), found["m"], found["s"])
    offset = found["hours"] or found["offset"] or found["short"]
    return time + (_offset(offset) if offset else _ZONE_NAMES.get(found["zone"] or "", ""))


def _hour(text: str, half: str | None) -> str:
    """Of 24: twelve in the morning is 0, twelve in the afternoon 12; and 15 p.m. stays 15."""
    if not half or int(text) > 12:
        return text
    return str(int(text) % 12 + (12 if half in _AFTERNOON or half[0] in "pμ" else 0))


def _time(hour: str, minute: str, second: str | None) -> str:
    if int(hour) > 23 or int(minute) > 59 or int(second or 0) > 59:
        raise _ImpossibleError
    return f"{int(hour):02}:{int(minute):02}:{int(second or 0):02}"


def _offset(text: str | None) -> str:
    """`+HH:MM`, nothing for nothing; -00:00 is "UTC, but not the writer's own zone" (RFC 3339, section 4.3)."""
    if text is None or text in ("Z", "z"):
        return (text or "").upper()
    hours, minutes = _hours_minutes(text[1:])
    if hours > 14 or minutes > 59:
        raise _ImpossibleError
    return "Z" if text[0] == "-" and hours == minutes == 0 else f"{text[0]}{hours:02}:{minutes:02}"


def _hours_minutes(digits: str) -> tuple[int, int]:
    digits = digits.replace(":", "")
    return (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
