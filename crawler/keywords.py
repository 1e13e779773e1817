"""Whether a text says something, whatever the spelling: for alerts. Pure.

A word is found as a word, also behind the Arabic article and the particles that Arabic and Hebrew write onto it; in scripts
without spaces it is found anywhere. `word*` finds every word that begins like this.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from crawler.folding import fold

_UNSPACED: Final = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_ARABIC: Final = re.compile("[\u0620-\u064a]")
_HEBREW: Final = re.compile("[\u05d0-\u05ea]")
# «و» and, «ف» so; «ب» in, «ك» like, «ل» for; «ال» the, which after «ل» is «لل».
_BEFORE_ARABIC: Final = "(?:[وف]?(?:[بك]?ال|لل|[بكل])?)"
_BEFORE_HEBREW: Final = "(?:[והבכלמש]{0,3})"
_ARTICLE: Final = "ال"
_SHORTEST: Final = 3
"""Letters that are left without the article: «الله» isn't «له»."""


def says(text: str, keyword: str) -> bool:
    """Whether the words of a keyword stand in a text, one behind the other."""
    return _pattern(keyword).search(fold(text)) is not None


@lru_cache(maxsize=256)
def _pattern(keyword: str) -> re.Pattern[str]:
    words = fold(keyword).split()
    return re.compile(r"[\W_]+".join(map(_word, words)) if words else "(?!)")


def _word(folded: str) -> str:
    begins = folded.endswith("*") and len(folded) > 1
    word = folded.removesuffix("*") if begins else folded
    if _UNSPACED.search(word):
        return re.escape(word)
    before = ""
    if _ARABIC.match(word):
        before = _BEFORE_ARABIC
        bare = word.removeprefix(_ARTICLE)
        word = bare if len(bare) >= _SHORTEST else word
    elif _HEBREW.match(word):
        before = _BEFORE_HEBREW
    return rf"(?<![^\W_]){before}{re.escape(word)}" + ("" if begins else r"(?![^\W_])")
