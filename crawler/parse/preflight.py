"""A linear look at HTML before the parser sees it: what would keep it busy for seconds is refused. Pure.

Lexbor's time grows with the square or the cube of what is counted here (the figures: CPU on one core, at the limit): formatting
elements left open 0.15 s, options 0.4 s, attributes of a tag 0.1 s, depth 0.02 s. A page that gets past this look by trickery
(closing tags in comments and the like) only costs a child its time: it is killed all the same.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

MOST_OPEN: Final = 800
"""Formatting elements open at once; each new paragraph repeats all of them."""
MOST_DEEP: Final = 5_000
MOST_OPTIONS: Final = 10_000
MOST_ATTRIBUTES: Final = 10_000

_FORMATTING: Final = frozenset(b"a b big code em font i nobr s small strike strong tt u".split())
# Elements without an end tag, and those whose end tag may be left out: these close each other and don't nest.
_FLAT: Final = frozenset(
    b"area base br col embed frame hr img input link meta param source track wbr "
    b"p li dt dd option optgroup tr td th thead tbody tfoot colgroup rb rp rt rtc html head body".split()
)
_NAME: Final = re.compile(rb"<([a-z][a-z0-9]*)")
_TAG: Final = re.compile(rb"<(/?)([a-z][^\s/>]*)([^<>]*)>")
# A tag with that many attributes is at least this long.
_LONG_TAG: Final = 2 * MOST_ATTRIBUTES


def objection(data: bytes) -> str | None:
    """Why a page is not given to the parser; None: nothing speaks against it."""
    small = data.lower()
    if _attributes(small) > MOST_ATTRIBUTES:
        return f"more than {MOST_ATTRIBUTES} attributes in one tag"
    names = Counter(_NAME.findall(small))
    if names[b"option"] > MOST_OPTIONS:
        return f"more than {MOST_OPTIONS} options"
    if sum(names[name] for name in _FORMATTING) <= MOST_OPEN and names.total() <= MOST_DEEP:
        return None
    return _nesting(small)


def _attributes(data: bytes) -> int:
    """Words in the longest tag, if any is long enough to matter."""
    pieces = data.split(b"<")
    if max(map(len, pieces)) < _LONG_TAG:
        return 0
    tags = (piece.partition(b">")[0] for piece in pieces if len(piece) >= _LONG_TAG and piece[:1].isalpha())
    return max((len(tag.split()) for tag in tags), default=0)


def _nesting(data: bytes) -> str | None:
    depth = 0
    opened: Counter[bytes] = Counter()
    for found in _TAG.finditer(data):
        closing, name, rest = found.groups()
        if name in _FLAT or rest.endswith(b"/"):
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        if name in _FORMATTING:
            opened[name] = max(0, opened[name] - 1) if closing else opened[name] + 1
        if depth > MOST_DEEP:
            return f"elements nested more than {MOST_DEEP} deep"
        if name in _FORMATTING and not closing and opened.total() > MOST_OPEN:
            return f"more than {MOST_OPEN} formatting elements left open"
    return None
