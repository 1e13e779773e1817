"""When it came out and when it was changed: of all that says so the surest, on the day of the place it was written.

Programs like to give a moment in UTC, in which an evening in America is tomorrow. Where another place of the page has the same
moment as it was there, or the day that readers saw, that is taken: the local day is kept, and no zone is made up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from crawler.dates import Order, When, read
from crawler.extraction.dateline import CHANGED, Dateline
from crawler.extraction.head import Head
from crawler.extraction.marks import Stamp
from crawler.extraction.words import fold

_URL_YEAR: Final = re.compile(r"[/-](?:19|20)\d\d")
_URL_DAYS: Final = (
    re.compile(r"/((?:19|20)\d\d[/-]?(?:0[1-9]|1[0-2])[/-]?(?:0[1-9]|[12]\d|3[01]))(?=\D|$)"),
    re.compile(r"/((?:19|20)\d\d/[a-z]{3,9}/\d\d?)/"),
    re.compile(r"/(\d\d-\d\d-(?:19|20)\d\d)(?=\D|$)"),
)
"""The last is read only where it can't be another day: /29-10-2021."""

# Names of meta tags: hundreds of systems have their own for the same few things, made of the same few words. The order is that
# of trust: `published_time` was right on 95 of 100 pages, `date` on 88. OpenGraph's go first: `datePublished` may be a card's.
_RANKED: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"^(?:og:)?article:published_time$",
        r"published_?time|datepublished|article:published|publish",
        r"publi[sc]|pub[_-]?date|pdate|display|release|issued|creat",
        r"(?:^|[.:_-])date(?:$|[._-])|_date$|articledate|:time$",
    )
)
_PUBLISHED: Final = range(3)
_DATED: Final = range(3, 4)
"""Tags for a date of some kind: what readers are shown goes before them."""
_CHANGE: Final = range(4, 5)
_UNRANKED: Final = 9
_CHANGED: Final = re.compile(r"modif|updat|revis|lastmod")
_OTHER: Final = re.compile(
    r"expir|valid|upload|build|render|found|event|copyright|time_?stamp|retriev|reading|cover|birth|death|start|end_|gentime|crawl"
)
_IN_SCRIPT: Final = re.compile(
    rb'ub(?:lish|_?[dD]ate)\w{0,12}(?:\\*"|&quot;)\s?:\s?(?:\\*"|&quot;)((?:19|20)\d\d-\d\d-\d\d[^"\\&]{0,30})'
)
"""`"datePublished":"2022-05-03T`, `"published_at"`, `"pubDate"`; begins with letters, so that it is looked for at C's speed."""
_MOST_SEARCHED: Final = 2 << 20
"""Of a page's characters for what its programs say: a child has no room for a second copy of the longest."""
_MOST_SCRIPTED: Final = 50
_NEAR: Final = 8
"""Levels up from the headline within which a `<time>` is the article's own: 95 % right there, 80 % farther off."""
_UTC: Final = ("Z", "+00:00")
_MOST_CLOCKS: Final = 2
"""Of times without a zone, so many may show what the clock said where a moment in UTC was written: of a thread's, one in thirty
is whole hours away from it by chance."""
_SEEN: Final = ("url", "text", "time")
"""Where a day stands that readers see."""
_ONE_SAVE: Final = timedelta(minutes=1)
_FARTHEST: Final = timedelta(hours=14)


class Moment(NamedTuple):
    """A date, where it was found, and how sure that is."""

    when: When
    where: str
    sure: float


def told(head: Head) -> bool:
    """Whether JSON-LD or a meta tag says when it came out, so that weaker evidence needn't be looked for."""
    return bool(head.story.published and read(head.story.published)) or any(True for _ in _tagged(head, _PUBLISHED, None, 0.0))


def settled(head: Head) -> bool:
    """Whether JSON-LD gives both moments in a zone of its own, so that no element of the page could tell more."""
    said = [when for text in (head.story.published, head.story.modified) if text and (when := read(text))]
    return len(said) == 2 and all(when.zoned and not when.iso.endswith(_UTC) for when in said)


def published(head: Head, stamps: list[Stamp], near: Dateline, url: str | None, order: Order | None) -> Moment | None:
    """When it came out: JSON-LD, meta, an element made for it, the lines around the text, the address."""
    said = list(_said(head, stamps, near, url, order))
    if not said:
        return None
    first = _local(said[0], said)
    if near.alone and near.published and near.published.day < first.when.day and _is_save(said[0], head):
        first = Moment(near.published, "text", 0.7)
    return _agreed(first, said)


def _is_save(first: Moment, head: Head) -> bool:
    """Whether the page gives the same moment for its change: some programs write that of saving it in both places.

    Where a line of its own shows an earlier day beside such a pair, that was the right one on five pages of five.
    """
    for text in (head.story.modified, *_changes(head)):
        if (changed := read(text) if text else None) is not None and changed.zoned == first.when.zoned:
            apart = datetime.fromisoformat(changed.iso) - datetime.fromisoformat(first.when.iso)
            if abs(apart) <= _ONE_SAVE:
                return True
    return False


def modified(head: Head, stamps: list[Stamp], near: Dateline, order: Order | None) -> Moment | None:
    """When it was changed last, where anything says so."""
    tags = [(text, "meta") for text in _changes(head)]
    marked = ((stamp.machine or stamp.text, "time") for stamp in stamps if _is_later(stamp))
    for text, where in ((head.story.modified, "json-ld"), *tags, *marked):
        if text and (when := read(text, order)):
            return Moment(when, where, 0.9 if where == "json-ld" else 0.8)
    return Moment(near.modified, "text", 0.6) if near.modified else None


def _changes(head: Head) -> list[str]:
    """What meta tags for a change say first, in the page's order."""
    return [head.metas[name][0] for rank, name in _ranked(tuple(head.metas)) if rank in _CHANGE]


def _is_later(stamp: Stamp) -> bool:
    """Whether an element is for the day of a change: by its name, or by what stands before its date."""
    if stamp.modified:
        return True
    text, around = fold(stamp.text), fold(stamp.said)
    led = around[: around.find(text)] if text and text in around else ""
    changed = CHANGED.within(led) or (CHANGED.within(text) and not any(map(str.isdigit, _before_change(text))))
    return changed and not _is_first(stamp)


def _is_first(stamp: Stamp) -> bool:
    """Whether it is marked up as the publication's, beside which readers are shown another day, that of a change."""
    first, shown = (read(stamp.machine), read(stamp.text)) if stamp.first else (None, None)
    return first is not None and shown is not None and first.day != shown.day


def _before_change(text: str) -> str:
    """A folded text up to the word for a change: "3 May 2022. Updated: 7 May 2022"."""
    return text[: CHANGED.first(text)]


def _said(head: Head, stamps: list[Stamp], near: Dateline, url: str | None, order: Order | None) -> Iterator[Moment]:
    """All that names a day, the most trusted first."""
    own = [stamp for stamp in stamps if not _is_later(stamp)]
    yield from _of_story(head, order)
    yield from _tagged(head, _PUBLISHED, order, 0.9)
    yield from _close_by([stamp for stamp in own if _is_close(stamp)], near, order)
    if not near.afar:
        yield from _shown(near, 0.7)
    yield from _tagged(head, _DATED, order, 0.7)
    yield from _of_address(url)
    yield from _stamped([stamp for stamp in own if not _is_close(stamp)], order, 0.5)
    if near.afar:
        yield from _shown(near, 0.4)


def _of_story(head: Head, order: Order | None) -> Iterator[Moment]:
    if head.story.published and (when := read(head.story.published, order)):
        yield Moment(when, "json-ld", 0.9)


def _of_address(url: str | None) -> Iterator[Moment]:
    if when := in_url(url):
        yield Moment(when, "url", 0.7)


def _shown(near: Dateline, sure: float) -> Iterator[Moment]:
    if near.published:
        yield Moment(near.published, "text", sure)


def _is_close(stamp: Stamp) -> bool:
    return stamp.sure and stamp.far <= _NEAR


def _close_by(stamps: list[Stamp], near: Dateline, order: Order | None) -> list[Moment]:
    """Of several, one that the lines around the text show goes first: a column of other stories may be as close."""
    close = list(_stamped(stamps, order, 0.8))
    hidden = bool(close) and not near.afar and close[0].when.day not in near.days
    return sorted(close, key=lambda one: hidden and one.when.day not in near.days)


def _tagged(head: Head, ranks: range, order: Order | None, sure: float) -> Iterator[Moment]:
    """First contents of the tags whose names say what is wanted, the most trusted first."""
    ranked = [one for one in _ranked(tuple(head.metas)) if one[0] in ranks]
    for _, name in sorted(ranked) if len(ranked) > 1 else ranked:
        if when := read(head.metas[name][0], order):
            yield Moment(when, "meta", sure)


# The pages of a site have the same thirty tags, and are asked for them four times.
@lru_cache(maxsize=128)
def _ranked(names: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    """Those that may be of a date, in the page's order, each with its place in the order of trust."""
    return tuple([(rank, name) for name in names if (rank := _rank(name)) != _UNRANKED])


# Pages of all sites have most of their tags' names in common.
@lru_cache(maxsize=1024)
def _rank(name: str) -> int:
    """Where a tag's name stands in the order of trust."""
    if _CHANGED.search(name):
        return _CHANGE.start
    if _OTHER.search(name):
        return _UNRANKED
    return next((rank for rank, pattern in enumerate(_RANKED) if pattern.search(name)), _UNRANKED)


def _stamped(stamps: list[Stamp], order: Order | None, sure: float) -> Iterator[Moment]:
    for stamp in stamps:
        if when := read(stamp.machine, order) or read(_before_change(fold(stamp.text)), order):
            yield Moment(when, "time", sure)


def in_url(url: str | None) -> When | None:
    """The day in an address: /2026/11/17/, /2026-11-17-, /20261117, /2026/november/17/, /17-11-2026."""
    found = (day.search(url) for day in _URL_DAYS) if url and _URL_YEAR.search(url) else ()
    return next((when for one in found if one and (when := read(one[1].replace("/", "-")))), None)


def on_page(when: When | None) -> Moment | None:
    """A day that a line far from the text is labelled with."""
    return Moment(when, "text", 0.5) if when else None


def in_scripts(page: bytes | str) -> Moment | None:
    """The day that the data of a page's programs call that of publication, if all of them give the same one.

    For pages that say it nowhere else, one in twenty: such data may be of any story, and of all it names one is right.
    """
    page = page[:_MOST_SEARCHED]
    data = page if isinstance(page, bytes) else page.encode("utf-8", "replace")
    found = [when for text in _IN_SCRIPT.findall(data)[:_MOST_SCRIPTED] if (when := read(text.decode("ascii", "replace")))]
    return Moment(found[0], "script", 0.5) if len({when.day for when in found}) == 1 else None


def _local(first: Moment, said: list[Moment]) -> Moment:
    """The same moment with the zone it was written in, or the day that was seen there."""
    moment = _moment(first.when)
    if moment is None or moment.utcoffset():
        return first
    others = [other for other in said if other.when.iso != first.when.iso]
    local = _with_its_zone(moment, others) or _its_day(moment, others)
    return first._replace(when=local) if local else first


def _with_its_zone(moment: datetime, others: list[Moment]) -> When | None:
    """A moment in UTC as another place of the page has it."""
    clocks = [other for other in others if other.when.timed and not other.when.zoned]
    said = (_same_elsewhere(moment, other.when) for other in others if other not in clocks[_MOST_CLOCKS:])
    return next((same for same in said if same is not None), None)


def _its_day(moment: datetime, others: list[Moment]) -> When | None:
    """The day that readers saw, where that isn't the one it was in UTC, and no other place has that."""
    days = {other.when.iso: other.where for other in others if not other.when.timed and other.where in _SEEN}
    beside = [day for day, where in days.items() if _is_beside(datetime.fromisoformat(day), moment, where)]
    return When(iso=beside[0]) if len(beside) == 1 and moment.date().isoformat() not in days else None


def _is_beside(day: datetime, moment: datetime, where: str) -> bool:
    """Whether a moment in UTC is on the day before or after: by the address, or as the midnight a shown day begins with."""
    if where == "url":
        return abs(day.date() - moment.date()) == timedelta(days=1)
    ahead = day.replace(tzinfo=UTC) - moment
    return timedelta() < ahead <= _FARTHEST and not ahead % timedelta(minutes=30)


def _same_elsewhere(moment: datetime, other: When) -> When | None:
    """What another date makes of a moment in UTC: itself if it is that moment with a zone, or the zone its clock shows."""
    if not other.timed:
        return None
    shown = datetime.fromisoformat(other.iso)
    if shown.tzinfo is not None:
        near = abs(shown - moment) < timedelta(minutes=1)
        return other if near and shown.utcoffset() else None
    offset = shown - moment.replace(tzinfo=None, second=shown.second if shown.second == 0 else moment.second)
    near = timedelta(minutes=30) < abs(offset) <= _FARTHEST and not offset % timedelta(minutes=30)
    return _with_offset(shown, offset) if near else None


def _with_offset(shown: datetime, offset: timedelta) -> When:
    minutes = round(abs(offset).total_seconds() / 60)
    return When(iso=f"{shown.isoformat()}{'-' if offset < timedelta() else '+'}{minutes // 60:02}:{minutes % 60:02}")


def _moment(when: When) -> datetime | None:
    return datetime.fromisoformat(when.iso) if when.zoned else None


def _agreed(moment: Moment, said: list[Moment]) -> Moment:
    """Surer where another kind of evidence has the same day, less sure where all others have another one."""
    days = [other.when.day == moment.when.day for other in said if other.where != moment.where]
    if not days:
        return moment
    return moment._replace(sure=0.98 if any(days) else round(moment.sure - 0.2, 2))
