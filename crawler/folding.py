"""One spelling for what readers take for the same word, in any script: what search and alerts compare. Pure.

Only what is written differently without being said differently is folded: vowel marks, accents, letter forms, digits, case.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_MARKS: Final = re.compile(
    "[\u0300-\u036f\u0483-\u0489"  # accents of Latin, Greek and Cyrillic; й and ё lose theirs, on both sides of a comparison
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"  # Hebrew points; maqaf (05be) parts words
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u08d3-\u08ff"  # Arabic vowels, tatweel
    "\u0711\u0730-\u074a"  # Syriac
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]"  # what nobody sees
)
"""What goes after a letter was taken apart. Marks of Indic, Thai and Kana are letters of their words: they stay."""

_LETTERS: Final = str.maketrans(
    {
        # alef wasla and the Persian and Urdu forms of letters; alef with hamza or madda falls apart by itself (NFKD)
        "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ے": "ي", "ة": "ه", "ۃ": "ه", "ہ": "ه", "ھ": "ه", "ں": "ن", "ە": "ه",
        "ک": "ك", "ڪ": "ك", "ڤ": "ف", "ٴ": None,
        # letters that are no letter with an accent for Unicode, but for whoever types without one
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th",
        "і": "и", "ґ": "г",
        "ʼ": "'", "’": "'", "‘": "'", "׳": "'", "״": '"',
    }
)  # fmt: skip


def fold(text: str) -> str:
    """The text in its one spelling; not of the same length. Folding again changes nothing.

    NFKC and case; without tashkeel, tatweel, accents and Hebrew points; alef with any hamza is alef, ta marbuta ha, alef
    maqsura and Persian ya are ya; digits of any script are 0 to 9; zero-width and bidi marks are gone.
    """
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text).casefold()
    # Case folding may bring letters with accents back (U+0345), and marks stand in the way of the letters' table.
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", apart)).translate(_LETTERS)
    return unicodedata.normalize("NFC", "".join(map(_digit, plain)) if any(map(_is_foreign_digit, plain)) else plain)


def _is_foreign_digit(char: str) -> bool:
    return char > "9" and char.isdecimal()


@lru_cache(maxsize=1024)
def _digit(char: str) -> str:
    return str(unicodedata.decimal(char)) if _is_foreign_digit(char) else char
