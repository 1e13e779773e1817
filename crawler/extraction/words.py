"""Comparing words across spellings: folding, and lists of words found fast in running text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from crawler.extraction.alphabets import Alphabets

WIDE: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)
"""Letters of scripts that say in one sign what others say in three, and put no blanks between words."""

_SAME: Final = (("ى", "ي"), ("ی", "ي"), ("ک", "ك"), ("ة", "ه"), ("ı", "i"), ("ς", "σ"), ("‘", "'"), ("’", "'"))
_UNSEEN: Final = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u3099\u309a"
    "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
"""One by one: a set alone is looked for four times as fast as a run of it, and few stand side by side."""
_BETWEEN: Final = re.compile(r"[\W_]+")
_SPACED: Final = bytes(byte for byte in range(256) if byte < 0xE0 or byte == 0xE2)
"""Bytes of UTF-8 in which no letter of `WIDE` begins; 0xE2 begins quotation marks and dashes."""
_NO_CAPITALS: Final = bytes(sign for sign in range(128) if not chr(sign).isupper())


_FOREIGN: Final = re.compile("[\u0370-\u1fff\u2e80-\ufffd]")
_SCRIPTS_BEGIN: Final = "\u0370"
_LATIN, _BEYOND_ASCII, _LATE = 0, 1, 0x0E
"""Scripts, as `_script` tells them: of ASCII alone, of other Latin letters, of all from Thai to Hangul."""


def _folded(text: str) -> str:
    """By Unicode's tables: of any text, and slowly."""
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKD", text.casefold()))
    plain = unicodedata.normalize("NFC", plain)
    for one, other in _SAME:
        plain = plain.replace(one, other)
    return plain


_FOLDED: Final = Alphabets(lambda letter: " " if letter.isspace() else _folded(letter))
_BARE: Final = Alphabets(lambda letter: " " if len(made := _folded(letter)) == 1 and not made.isalnum() else made)


@lru_cache(maxsize=1024)
def fold(text: str) -> str:
    """A text for comparison: no case, accents, invisible signs, one form of alef; blanks folded."""
    folded = _FOLDED(text if text.isascii() else text.replace("…", "..."))
    if folded is None:
        folded = _folded(text)
    elif "  " not in folded and folded[:1] != " " != folded[-1:]:
        return folded  # as most are: splitting and joining take longer than all else
    return " ".join(folded.split())


def together(texts: Sequence[str]) -> str:
    """Several texts folded in one go, with a zero between two and nowhere else; blanks stay as they are."""
    whole = "\0".join(texts)
    folded = _FOLDED(whole if whole.isascii() else whole.replace("…", "..."))
    if folded is None or folded.count("\0") != len(texts) - 1:
        return "\0".join([fold(text.replace("\0", " ")) for text in texts])
    return folded


def numbered(places: Iterable[int], whole: str, sign: str) -> list[int]:
    """The numbers, each once, of the lines of a whole in which places stand, given in order; lines end with a sign.

    Counted on from place to place: from the beginning each time, a page of nothing but labels took minutes.
    """
    numbers, number, before = list[int](), 0, 0
    for place in places:
        number += whole.count(sign, before, place)
        before = place
        if number not in numbers[-1:]:
            numbers.append(number)
    return numbers


@lru_cache(maxsize=1024)
def key(text: str) -> str:
    """A text's letters and digits alone: equal for two spellings of one headline."""
    return " ".join(plain(text).split())


def plain(text: str) -> str:
    """The same for who splits it into words anyway."""
    bare = _BARE(text if text.isascii() else text.replace("…", " "))
    return bare if bare is not None else _BETWEEN.sub(" ", fold(text))


def weigh(text: str) -> float:
    """The length of a text, a sign of an unspaced script counted threefold."""
    if text.isascii() or not text.encode("utf-8", "replace").translate(None, _SPACED):  # in a third of the time of looking
        return float(len(text))
    return float(len(text) + 2 * len(WIDE.findall(text)))


def weighed(texts: Sequence[str]) -> list[float]:
    """What each weighs. Most pages have no sign of an unspaced script: all together show it in a tenth of the time."""
    foreign = "".join([text for text in texts if not text.isascii()])
    if not foreign or not foreign.encode("utf-8", "replace").translate(None, _SPACED):
        return list(map(float, map(len, texts)))
    return list(map(weigh, texts))


def capitals(text: str) -> float:
    """The part of its letters that are capitals; those of ASCII are counted in C, which takes a tenth of the time."""
    count = len(text.encode().translate(None, _NO_CAPITALS)) if text.isascii() else sum(map(str.isupper, text))
    return count / len(text)


def listed(*lines: str) -> list[str]:
    """The words of lines with `|` between them, folded, the longest first."""
    words = {" ".join(word.split()) for line in lines for word in _folded(line).split("|")}
    return sorted(words - {""}, key=lambda word: (-len(word), word))


def pattern(*lines: str) -> str:
    """A regular expression for any word of the lines, over folded text; by first letters, so that most places fail at once.

    Those of Latin script and all others stand each behind a look at the letter: where words of ten scripts are looked for at a
    place, only those that it can be are tried.
    """
    by_letter: dict[str, list[str]] = {}
    for word in listed(*lines):
        by_letter.setdefault(word[0], []).append(re.escape(word[1:]).replace(r"\ ", r"\s+"))
    words = {letter: f"{re.escape(letter)}(?:{'|'.join(rest)})" for letter, rest in sorted(by_letter.items())}
    latin = "|".join(word for letter, word in words.items() if "a" <= letter <= "z")
    others = "|".join(word for letter, word in words.items() if not "a" <= letter <= "z")
    return f"(?:(?=[a-z])(?:{latin})|(?![a-z])(?:{others}))" if latin and others else f"(?:{latin}{others})"


class Words:
    """A list of words to look for at the beginnings of words of folded text (in unspaced scripts anywhere).

    One by one, each in C, for most are nowhere: to compile an expression for all took a fiftieth of the time of the first
    hundred pages, and it saves a five-hundredth of the others'. Each script's words by themselves.
    """

    def __init__(self, *lines: str, slack: int = 0) -> None:
        """`slack` letters may stand before a word: Arabic and Hebrew write "and", "in", "the" there without a blank.

        Before a Latin word there may be none: "resources" are no source.
        """
        self._lines = lines
        self._slack = slack
        self._listed: dict[int, list[str]] = {}

    def __add__(self, others: Words) -> Words:
        """Both lists as one; the greater slack is that of all."""
        return Words(*self._lines, *others._lines, slack=max(self._slack, others._slack))

    def within(self, folded: str) -> bool:
        """Whether any of the words stands in a text."""
        return self.first(folded) is not None

    def first(self, folded: str) -> int | None:
        """Where the first of the words stands in a text."""
        if not folded:
            return None
        known = self._listed or self._list()
        if folded.isascii():
            words = known[_LATIN]
            return self._place(folded, words) if any(map(folded.__contains__, words)) else None
        # Latin words in a text of another script would be widened one by one: a quarter of the time without the others.
        latin = folded.encode("ascii", "ignore").decode()
        words = [word for word in known[_LATIN] if word in latin]
        for script in (_BEYOND_ASCII, _script(folded)):
            words += [word for word in known.get(script, ()) if word in folded]
        return self._place(folded, words) if words else None

    def _place(self, folded: str, words: Iterable[str]) -> int | None:
        """The first place at which one of some words begins."""
        return min((place for word in words if (place := self._begun(folded, word)) is not None), default=None)

    def _begun(self, folded: str, word: str) -> int | None:
        place = folded.find(word)
        while place >= 0 and not self._begins(folded, place):
            place = folded.find(word, place + 1)
        return place if place >= 0 else None

    def _list(self) -> dict[int, list[str]]:
        """When first asked: all lists took a fifth of the time of a parser's start, and no page needs all."""
        self._listed[_LATIN] = []
        for word in listed(*self._lines):
            self._listed.setdefault(_script(word), []).append(word)
        return self._listed

    def _begins(self, folded: str, start: int) -> bool:
        first, slack = start, 0 if folded[start] < _SCRIPTS_BEGIN else self._slack
        while first > 0 and folded[first - 1].isalnum() and start - first <= slack:
            first -= 1
        return start - first <= slack or WIDE.match(folded, start) is not None


def _script(text: str) -> int:
    """The script of the first letter that isn't Latin, by its page of Unicode; all that come late are one."""
    if text.isascii():
        return _LATIN
    found = _FOREIGN.search(text)
    return min(ord(found[0]) >> 8, _LATE) if found else _BEYOND_ASCII
