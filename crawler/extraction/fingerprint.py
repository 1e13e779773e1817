"""A fingerprint by which near-copies of a text are found: a simhash of 64 bits, in any script. Pure, and the same for ever.

Version 1. Of the first 3,000 characters, case-folded and in NFKD without marks: signs part words, a word's hash is its CRC-32
(ISO 3309) over UTF-8, and the features are all pairs of neighbours. Of a text whose beginning is for the most part written
without blanks, they are all triples of neighbouring characters, of 1,500. A bit is set where more than half of the features
have it (Charikar 2002; Manku, Jain, Das Sarma 2007). The tables stand here and not in `words`: who changes one makes every
fingerprint that is stored worthless.

Over 51,000 pairs of unrelated texts in 20 languages (16,000 in Chinese) the nearest were 13 bits apart, while 91 (78) of 100
copies with another lead, 91 (83) without their last tenth, and 67 (79) with every twentieth word changed stay within the 8 of
`alike.NEAR`.
Why so strange an arithmetic: all features lie side by side in one long integer, 64 bits each, so that a step is one operation
for all of them; one by one it would cost more than parsing the page.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Sequence
from typing import Final
from zlib import crc32

from crawler.extraction.alphabets import Alphabets

FEWEST: Final = 50
"""Words; in a shorter text a change of one weighs too much."""
MOST: Final = 3_000
MOST_UNSPACED: Final = 1_500
"""Characters that are looked at."""
_SAMPLE: Final = 500

_LANE: Final = 64
_BYTES: Final = _LANE // 8
_LOW: Final = int.from_bytes(b"\xff\xff\xff\xff\0\0\0\0" * MOST, "little")
"""The lower half of each lane, of as many as there can be."""
_WEIGHTS: Final = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D)
_STIR: Final = 0x2C1B3C6D
_MARKS: Final = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u3099\u309a\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
"""One by one: a set alone is looked for four times as fast as a run of it, and few stand side by side."""
_SIGNS: Final = re.compile("[«»“”„‟‘’‚‹›–—―…•·¿¡،؛؟۔।־׳״、。「」『』《》〈〉【】・]")
"""The commonest; those of ASCII come after, and full-width forms are ASCII's by then."""
_ASCII_SIGNS: Final = bytes.maketrans(b"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", b" " * 32)
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")


def _slowly(text: str) -> str:
    """Of any text; signs of ASCII come later."""
    return _SIGNS.sub(" ", _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold())))


_PLAIN: Final = Alphabets(lambda letter: _slowly(letter).translate(_ASCII_SIGNS.decode("latin-1")))


def fingerprint(text: str) -> str | None:
    """Sixteen hexadecimal digits; None for a text of fewer than `FEWEST` words."""
    beginning = text[:MOST]
    plain = _PLAIN(beginning.replace("…", " "))
    if plain is None:  # only then it may have letters that no table has: those of scripts without blanks
        plain = _slowly(beginning)
        if 2 * len(_UNSPACED.findall(plain[:_SAMPLE])) > len(plain[:_SAMPLE]):
            return _of_signs("".join(_units(plain).decode("utf-8").split()))
    words = _units(plain).split()
    return _majority(*_features(list(map(crc32, words)), 2)) if len(words) >= FEWEST else None


def _units(plain: str) -> bytes:
    return plain.encode("utf-8", "replace").translate(_ASCII_SIGNS)


def _of_signs(signs: str) -> str | None:
    signs = signs[:MOST_UNSPACED]
    if len(signs) < 2 * FEWEST:
        return None
    codes = struct.unpack(f"<{len(signs)}I", signs.encode("utf-32-le"))
    return _majority(*_features(codes, 3))


def _features(hashes: Sequence[int], size: int) -> tuple[int, int]:
    """A lane for each run of `size` neighbours, and how many; 32 bits times 32 bits never leave their lane."""
    count = len(hashes) - size + 1
    row = struct.pack(f"<{len(hashes)}Q", *hashes)
    mixed = 0
    for place, weight in enumerate(_WEIGHTS[:size]):
        mixed ^= int.from_bytes(row[place * _BYTES : (place + count) * _BYTES], "little") * weight
    mixed ^= mixed >> 32 & _LOW
    return mixed ^ (mixed & _LOW) * _STIR, count


def _majority(row: int, count: int) -> str:
    """The bits that are set in more than half of the lanes.

    All 64 columns are counted at once: the lanes are added in halves, each number being a list of its bits, the lowest first.
    """
    digits = [row]
    for level in reversed(range((count - 1).bit_length())):
        width = _LANE << level
        mask = (1 << width) - 1
        sums, carry = list[int](), 0
        for digit in digits:  # in one loop, which takes two thirds of what lists of halves and a function took
            one, other = digit & mask, digit >> width
            either = one ^ other
            sums.append(either ^ carry)
            carry = (one & other) | (carry & either)
        digits = [*sums, carry]
    return f"{_greater(digits, count // 2):016x}"


def _greater(digits: list[int], bound: int) -> int:
    """The columns whose number is greater than a bound."""
    greater, equal = 0, (1 << _LANE) - 1
    for place in reversed(range(len(digits))):
        if bound >> place & 1:
            equal &= digits[place]
        else:
            greater |= equal & digits[place]
            equal &= ~digits[place]
    return greater
