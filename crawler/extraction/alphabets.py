"""A rule for single letters made into tables of one script, so that C changes a whole text: in a quarter of the time.

A text of one script and ASCII fits one byte a letter. Written so, a letter is changed or dropped by looking it up, and no
letter costs a step of Python's. The tables are made by the rule itself, letter by letter: so both always say the same.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from typing import Final

_ASCII: Final = "".join(map(chr, range(128)))
_SIGNS: Final = "’‘“”„‚«»‹›–—…·•°\xa0\xad\u200b\u200c\u200d\u200e\u200f\u2009\u202f"
"""What any script's texts are set with."""
_NONE: Final = "\ufffe"
_SIZE: Final = 256


def _from(*ranges: tuple[int, int]) -> str:
    return "".join(chr(code) for first, last in ranges for code in range(first, last + 1))


_SCRIPTS: Final = (
    ((0, 1), _from((0xA1, 0xFF)) + "ŒœŸŠšŽž"),
    (
        (0, 1),
        "ĄąĆćĘęŁłŃńÓóŚśŹźŻżČčĎďĚěŇňŘřŤťŮůŠšŽžĽľĹĺŔŕÁáÉéÍíÝýÚúÄäÖöÜüÔôŐőŰűĂăÂâÎîȘșȚțŞşŢţĐđÇçĞğİıĀāĒēĪīŪūĻļŅņ",
    ),
    ((3,), _from((0x386, 0x38A), (0x38C, 0x38C), (0x38E, 0x3A1), (0x3A3, 0x3CE))),
    ((4,), _from((0x400, 0x45F)) + "Ґґ"),
    ((5,), _from((0x5B0, 0x5C2), (0x5D0, 0x5EA)) + "־׳״"),
    (
        (6,),
        "،؛؟" + _from((0x621, 0x63A), (0x640, 0x652), (0x660, 0x66C), (0x6F0, 0x6F9)) + "ٰٱپچژکگیٹڈڑںھہۀۂۃےۓێۆڕڵ",
    ),
)
"""The pages of Unicode a script's letters stand on, and those that its texts are written with."""
_LETTER: Final = re.compile("[\u00c0-\u06ff]")
"""The first of a text says which script it is in."""
_BEGINNING: Final = 100
"""Letters among which that is looked for; where there is none it is English with a few signs."""


class Table:
    """A rule for the letters of one script, ready for use."""

    __slots__ = ("_changed", "_dropped", "_known", "_letters", "_several")

    def __init__(self, letters: str, rule: Callable[[str], str]) -> None:
        """Of letters of which the rule makes what isn't in the table, or signs it would change again, none is known."""
        made = {letter: rule(letter) for letter in letters}
        known = [letter for letter, other in made.items() if not other or other in made]
        places = {letter: place for place, letter in enumerate(known)}
        self._letters = "".join(known).ljust(_SIZE, _NONE)
        self._known = codecs.charmap_build(self._letters)
        self._changed = bytes(places.get(made[letter], 0) for letter in known).ljust(_SIZE, b"\0")
        self._dropped = bytes(place for letter, place in places.items() if not made[letter])
        self._several = [pair for pair in made.items() if len(pair[1]) > 1 and all(made.get(one) == one for one in pair[1])]

    def __call__(self, text: str) -> str | None:
        """What the rule makes of each letter of a text; None where it isn't known of all."""
        try:
            written, _ = codecs.charmap_encode(text, "strict", self._known)
        except UnicodeEncodeError:
            return self._in_several(text)
        return codecs.charmap_decode(written.translate(self._changed, self._dropped), "strict", self._letters)[0]

    def _in_several(self, text: str) -> str | None:
        """The same of a text with a letter that becomes several, "ß": read slowly, a page in German took 300 us more."""
        longer = text
        for letter, made in self._several:
            longer = longer.replace(letter, made)
        return self(longer) if longer != text else None


class Alphabets:
    """The tables of a rule for all scripts that have few letters; each is made when the first text of its script comes."""

    __slots__ = ("_ascii", "_rule", "_tables")

    def __init__(self, rule: Callable[[str], str]) -> None:
        """`rule` must be of single letters: what it makes of a text is what it makes of each letter of it."""
        self._rule = rule
        self._ascii = bytes(ord(rule(letter)) for letter in _ASCII).ljust(_SIZE)
        self._tables: dict[int, list[Table]] = {}

    def __call__(self, text: str) -> str | None:
        """What the rule makes of a text; None where it holds a letter that isn't in the tables."""
        if text.isascii():
            return text.encode().translate(self._ascii).decode()
        found = _LETTER.search(text, 0, _BEGINNING)
        page = ord(found[0]) >> 8 if found else 0
        for table in self._tables.get(page) or self._of(page):
            made = table(text)
            if made is not None:
                return made
        return None

    def _of(self, page: int) -> list[Table]:
        letters = (_ASCII + _SIGNS + letters for pages, letters in _SCRIPTS if page in pages)
        self._tables[page] = [Table(among, self._rule) for among in letters]
        return self._tables[page]
