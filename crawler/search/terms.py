"""From texts to terms: words are folded and stemmed, scripts that don't space their words are cut into pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final, NamedTuple

from crawler.folding import fold
from crawler.search.stems import stem

VERSION: Final = 1
"""Raised when the same text gives other terms: an index made by another version is made anew."""

SINGLES: Final = (
    "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
"""Kana, Han and Hangul: each sign is a term, a word is a phrase of them. Pairs as terms answer no query better and make an
index of 1.2 times the text instead of 0.6: most pairs stand once in an article."""
PAIRS: Final = "\u0e00-\u0e4f\u0e80-\u0eff\u1000-\u109f\u1780-\u17dd"
"""Thai, Lao, Burmese and Khmer: few letters, so that single ones would tell nothing apart; pairs of neighbours are terms."""
_WITHIN: Final = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06ed\u0711\u0730-\u074a\u08d3-\u08ff\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd"
    "\u0a01-\u0a03\u0a3c-\u0a4d\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b57\u0b82\u0bbe-\u0bcd\u0c00-\u0c04\u0c3e-\u0c56"
    "\u0c81-\u0c83\u0cbc-\u0cd6\u0d00-\u0d03\u0d3b-\u0d4d\u0d81-\u0d83\u0dca-\u0ddf\u200d-\u200f\u2060\ufe00-\ufe0f"
)
"""Marks that belong to the word they stand in, and what nobody sees. ZWNJ (200c) parts words: Persian compounds have it, or a
blank."""
_BREAKS: Final = re.compile("[\\s!-/:-@\\[-`{-~]+")
_LETTERS: Final = f"[^\\W_{SINGLES}{PAIRS}]"
_RUN: Final = f"(?P<single>[{SINGLES}])|(?P<pairs>[{PAIRS}]+)|(?P<word>{_LETTERS}+(?:[{_WITHIN}]+{_LETTERS}*)*)"
_PIECE: Final = re.sub("[?]P<[a-z]+>", "?:", _RUN)
"""The same without names for its kinds."""
_compiled: Final = cache(re.compile)
"""When first needed: sets of all these signs take 4 ms each, at every start of a crawl that indexes later, or never."""
_LONGEST: Final = 64
"""Letters of a word that count: longer ones are no words, and each distinct one costs the index its length."""


class Term(NamedTuple):
    """A term and where it stands in the text."""

    text: str
    start: int
    end: int


class Run(NamedTuple):
    """What stands between blanks or signs: one word, or a row of signs without blanks."""

    terms: tuple[Term, ...]
    folded: str
    """The word before it was stemmed; empty for signs and pairs."""


def terms(text: str) -> Iterator[Term]:
    """The terms of a text, in order; places are in characters of the text as it is."""
    for found in _compiled(_RUN).finditer(text):
        start, end = found.span()
        match found.lastgroup:
            case "word":
                yield Term(_term(found[0]), start, end)
            case "single":
                yield Term(_sign(found[0]), start, end)
            case _:
                yield from _pairs(found[0], start)


def runs(text: str) -> Iterator[Run]:
    """The same, with signs that stand side by side as one."""
    signs: list[Term] = []
    for found in _compiled(_RUN).finditer(text):
        start, end = found.span()
        if signs and (found.lastgroup != "single" or signs[-1].end != start):
            yield Run(tuple(signs), "")
            signs = []
        match found.lastgroup:
            case "word":
                yield Run((Term(_term(found[0]), start, end),), _folded(found[0]))
            case "single":
                signs.append(Term(_sign(found[0]), start, end))
            case _:
                yield Run(tuple(_pairs(found[0], start)), "")
    if signs:
        yield Run(tuple(signs), "")


def indexed(text: str) -> str:
    """A text as the index takes it: its terms with blanks between them."""
    return " ".join(map(_written, _compiled(_PIECE).findall(text)))


@lru_cache(maxsize=1 << 16)
def _written(piece: str) -> str:
    """The terms of one word, sign or row of letters: 0.3 ms a text of 7 KB in place of 1.7, for most are met again."""
    return " ".join(term.text for term in terms(piece))


def forget_words() -> None:
    """Let go of the words that were met: in ten languages these are up to 20 MB."""
    _written.cache_clear()


def _term(word: str) -> str:
    return stem(_folded(word))


def _folded(word: str) -> str:
    """One word: what a compatibility form becomes (ﷺ) may hold blanks, or nothing at all."""
    folded = fold(word)
    return (folded if folded.isalnum() else _BREAKS.sub("", folded))[:_LONGEST] or "0"


@lru_cache(maxsize=1 << 14)
def _sign(sign: str) -> str:
    return fold(sign)


def _pairs(run: str, start: int) -> Iterator[Term]:
    folded = run.translate(_DIGITS)
    if len(run) == 1:
        yield Term(folded, start, start + 1)
    for at in range(len(run) - 1):
        yield Term(folded[at : at + 2], start + at, start + at + 2)


_DIGITS: Final = {ord(zero) + n: str(n) for zero in "๐໐၀០" for n in range(10)}
