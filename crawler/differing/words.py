"""Two texts compared word by word; in scripts that don't space their words, sign by sign."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final, NamedTuple

MOST_TOKENS: Final = 3_000
"""Of one changed stretch: what is longer counts as changed from end to end. Comparing takes time in their square."""
MOST_LINES: Final = 5_000  # of a text, for the same reason

_SIGNS: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# A word is letters with the marks between them: Arabic vowels, accents, ZWNJ. Figures stay together with what groups them.
_TOKEN: Final = re.compile(
    f"\\d+(?:[.,:/٫٬٪%-]\\d+)*|[{_SIGNS}]|(?:(?![{_SIGNS}\\d_])\\w[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0dff\u200c-\u200f'’]*)+"
    "|\\S"
)
_SIGN: Final = re.compile(f"[{_SIGNS}]")


class Span(NamedTuple):
    """A part of a text, in characters; empty where something was put in."""

    start: int
    end: int


class Edit(NamedTuple):
    """What stands in the place of what."""

    old: Span
    new: Span


class Token(NamedTuple):
    """A word, a figure, a sign or a mark of punctuation."""

    text: str
    start: int
    end: int


def tokens(text: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """What a part of a text consists of, without its white space."""
    for found in _TOKEN.finditer(text, start, len(text) if end is None else end):
        yield Token(found[0], found.start(), found.end())


def edits(old: str, new: str) -> list[Edit]:
    """How one text becomes the other: in order, none empty, none beside another."""
    found: list[Edit] = []
    for stretch in _stretches(old, new):
        found += _within(old, new, stretch)
    return found


def _stretches(old: str, new: str) -> Iterator[Edit]:
    """The lines that aren't the same: most of two versions is, and needn't be looked at word by word."""
    before, after = _lines(old), _lines(new)
    if max(len(before), len(after)) > MOST_LINES:
        yield Edit(Span(0, len(old)), Span(0, len(new)))
        return
    texts = ([old[a:b] for a, b in before], [new[a:b] for a, b in after])
    for tag, a, b, c, d in SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
        if tag != "equal":
            yield Edit(_joined(before, a, b, len(old)), _joined(after, c, d, len(new)))


def _lines(text: str) -> list[Span]:
    ends = [found.start() for found in re.finditer("\n", text)] + [len(text)]
    return [Span(start + 1, end) for start, end in pairwise([-1, *ends])]


def _joined(lines: Sequence[Span], first: int, end: int, length: int) -> Span:
    if first == end:
        at = lines[first].start if first < len(lines) else length
        return Span(at, at)
    return Span(lines[first].start, lines[end - 1].end)


def _within(old: str, new: str, stretch: Edit) -> Iterator[Edit]:
    before, after = list(tokens(old, *stretch.old)), list(tokens(new, *stretch.new))
    words = [token.text for token in before], [token.text for token in after]
    if max(len(before), len(after)) > MOST_TOKENS or not before or not after:
        if words[0] != words[1]:
            yield Edit(_span(before, 0, len(before), stretch.old), _span(after, 0, len(after), stretch.new))
        return
    for a, b, c, d in _merged(SequenceMatcher(None, *words, autojunk=False).get_opcodes(), before):
        yield Edit(_span(before, a, b, stretch.old), _span(after, c, d, stretch.new))


def _merged(opcodes: Sequence[tuple[str, int, int, int, int]], before: Sequence[Token]) -> Iterator[tuple[int, int, int, int]]:
    """Without single signs that happen to be the same in two words: who reads sees one word for another."""
    held: tuple[int, int, int, int] | None = None
    for tag, a, b, c, d in opcodes:
        if tag == "equal":
            if held is not None and not (b - a == 1 and _SIGN.match(before[a].text)):
                yield held
                held = None
            continue
        held = (a, b, c, d) if held is None else (held[0], b, held[2], d)
    if held is not None:
        yield held


def _span(found: Sequence[Token], first: int, end: int, stretch: Span) -> Span:
    if first == end:
        at = found[first - 1].end if first else stretch.start
        return Span(at, at)
    return Span(found[first].start, found[end - 1].end)
