"""A linear look at HTML before the parser sees it: what would keep it busy for seconds is refused. Pure.

Lexbor's time grows with the square or the cube of what is counted here (the figures: CPU on one core, at the limit): formatting
elements left open 0.15 s, options 0.4 s, attributes of a tag 0.01 s, depth 0.02 s. A page that gets past this look by trickery
(closing tags in attributes and the like) only costs a child its time: it is killed all the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from crawler.model import Kind

MOST_OPEN: Final = 800
"""Formatting elements open at once; each new paragraph repeats all of them."""
MOST_DEEP: Final = 5_000
MOST_OPTIONS: Final = 10_000
MOST_ATTRIBUTES: Final = 2_000

MOST_BYTES: Final = 12 << 20
"""Of any document: a sitemap of as many addresses as are read (50,000) at 250 bytes each."""
_MOST_BYTES: Final[Mapping[str, int]] = {"html": 6 << 20, "text": 6 << 20, "feed": 6 << 20}
# Where a tag begins: it takes up 1.3 KB with all that is made of it in a page, 25 us in a feed. Of 2,800 news pages none has
# more than 20,000, of 4,000 feeds none more than 50,000.
_MOST_TAGS: Final[Mapping[str, int]] = {"html": 25_000, "feed": 80_000}

_OPTION: Final = frozenset({b"option"})
_FORMATTING: Final = frozenset(b"a b big code em font i nobr s small strike strong tt u".split())
# Elements without an end tag, and those whose end tag may be left out: these close each other and don't nest.
_FLAT: Final = frozenset(
    b"area base br col embed frame hr img input link meta param source track wbr "
    b"p li dt dd option optgroup tr td th thead tbody tfoot colgroup rb rp rt rtc html head body".split()
)
_SMALL: Final = 80_000
"""Bytes. Larger pages have more tags than that, and to count them would cost as much again."""
_COMMENT: Final = re.compile(rb"<!--.*?(?:--!?>|\Z)", re.DOTALL)
_WHOLE_TAG: Final = re.compile(rb"""(?:=\s*+(?:"[^"]*+"|'[^']*+')|[^>])*+""")
"""Up to the `>` that ends it: one in quotes doesn't."""
_QUOTED: Final = re.compile(rb"""=\s*+(?:"[^"]*+"|'[^']*+')""")
_SCRIPT: Final = re.compile(rb"<script\b.*?(?:</script|\Z)", re.DOTALL | re.IGNORECASE)
_ANGLE: Final = re.compile(rb"<")
_NAME: Final = re.compile(rb"<([a-zA-Z][a-zA-Z0-9]*)")
_TAG: Final = re.compile(rb"<(/?)([a-z][^\s/<>]*+)([^<>]*+)>")
# The start of any tag; what begins like a formatting element's name, at little more cost, as a group: a few others do, too.
_START: Final = re.compile(rb"<(?:([A-CEFINSTUa-cefinstu][^0-9A-HJ-LNP-SU-Za-hj-lnp-su-z])|[A-Za-z])")


LARGE_BYTES: Final = 1 << 20
_LARGE_TAGS: Final = 10_000
"""News pages of that size are one in thirty, of so many elements one in three hundred."""


def tags_in(data: bytes) -> int:
    """How many may begin in it: what the others here ask, counted once. `MOST_OPEN` stands for any number up to it."""
    # `replace` looks for the next one 32 bytes at a time, `count` at each byte: 11 us of a page of 60 KB with 560 tags, not 32.
    if len(data) <= _SMALL and b"<" not in data.replace(b"<", b" ", MOST_OPEN):
        return MOST_OPEN
    return data.count(b"<")


def is_large(data: bytes, tags: int) -> bool:
    """Whether reading it takes so much memory (20 MB and more) that it isn't done twice at a time."""
    return len(data) > LARGE_BYTES or tags > _LARGE_TAGS


def has_long_tags(data: bytes) -> bool:
    """Whether a tag has more attributes than any is let through with in a page: 45 MB for one of 360 KB, in a feed's reader."""
    return any(_attributes(data, begin, end) > MOST_ATTRIBUTES for begin, end in _long_tags(data))


def most_bytes(kind: Kind) -> int:
    """How much of a document is unpacked, before it is known what it is. Only sitemaps are as long as they may be."""
    return MOST_BYTES if kind in (Kind.SITEMAP, Kind.TARGET) else max(_MOST_BYTES.values())


def within(data: bytes, tags: int, sniffed: str) -> bytes:
    """As much of a document as is read, by what it is: what lies behind would cost more memory and time than it can hold."""
    data = data[: _MOST_BYTES.get(sniffed, MOST_BYTES)]
    most = _MOST_TAGS.get(sniffed)
    if most is None or tags <= most or data.count(b"<") <= most:
        return data
    *_, beyond = islice(_ANGLE.finditer(data), most + 1)
    return data[: beyond.start()]


def objection(data: bytes, tags: int | None = None) -> str | None:
    """Why a page is not given to the parser; None: nothing speaks against it. A third of the time parsing takes."""
    begun = data.count(b"<") if tags is None else tags
    if b"\0" in data:
        data = data.replace(b"\0", b"")  # UTF-16 is read by its ASCII
    if has_long_tags(data) and has_long_tags(_SCRIPT.sub(b"", data)):  # where `a<b` begins no tag
        return f"more than {MOST_ATTRIBUTES} attributes in one tag"
    if _has_few(data, begun):
        return None
    named = _NAME.findall(data)
    names = Counter(named)
    if _total(names, _OPTION) > MOST_OPTIONS:
        return f"more than {MOST_OPTIONS} options"
    if len(named) <= MOST_DEEP and _total(names, _FORMATTING) <= MOST_OPEN:
        return None
    return _nesting(_COMMENT.sub(b"", data).lower())


def _has_few(data: bytes, begun: int) -> bool:
    """Whether there are so few tags that no name needs to be counted."""
    if len(data) <= _SMALL and begun <= MOST_OPEN:
        return True  # of pages of 60 KB most, in half of the time
    starts = _START.findall(data)
    return len(starts) <= MOST_DEEP and len(starts) - starts.count(b"") <= MOST_OPEN  # of 100 pages 95


def _long_tags(data: bytes) -> Iterator[tuple[int, int]]:
    """Twice as many bytes without another `<` may hold that many attributes: a look for each 4,000 bytes, not for each tag."""
    span, place = 2 * MOST_ATTRIBUTES, 0
    while place + span <= len(data):
        last = data.rfind(b"<", place, place + span)
        if last >= 0:
            place = last + 1
            continue
        end = data.find(b"<", place)
        end = end if end >= 0 else len(data)
        if place:
            yield place - 1, end
        place = end + 1


def _attributes(data: bytes, begin: int, end: int) -> int:
    """How many there may be in a tag that is followed by any text: a value in quotes is none, however many words it has."""
    if not data[begin + 1 : begin + 2].isalpha():
        return 0
    # What follows the tag is left alone: most often it is the text of a script, and a hundred times as long.
    whole = _WHOLE_TAG.match(data, begin, end)
    return len(_QUOTED.sub(b" ", whole[0]).replace(b"/", b" ").split()) if whole else 0


def _total(names: Counter[bytes], wanted: frozenset[bytes]) -> int:
    return sum(number for name, number in names.items() if name.lower() in wanted)


def _nesting(data: bytes) -> str | None:
    depth = 0
    opened: Counter[bytes] = Counter()
    for closing, name in _nested(data):
        depth = max(0, depth + (-1 if closing else 1))
        if depth > MOST_DEEP:
            return f"elements nested more than {MOST_DEEP} deep"
        if name in _FORMATTING:
            opened[name] = max(0, opened[name] + (-1 if closing else 1))
            if opened.total() > MOST_OPEN:
                return f"more than {MOST_OPEN} formatting elements left open"
    return None


def _nested(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Tags of elements that hold others: `/` or nothing, and the name."""
    for found in _TAG.finditer(data):
        closing, name, rest = found.groups()
        if name not in _FLAT and not rest.endswith(b"/"):
            yield closing, name
