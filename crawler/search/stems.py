"""Light stems: what the endings of a folded word say of number, case and gender is cut off, one table a script.

A stem is no word and needn't be: the same cut is made in texts and in queries. Nothing is looked up, no language is guessed;
what a table costs is that a few words meet that shouldn't (`water` and `wat`), and ranking pays for that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

_LEAST: Final = 3
"""Letters a stem keeps: of a Semitic root there are three, and shorter words have no endings to lose."""


class _Script(NamedTuple):
    """What is cut off a word of a script: `endings` once each, in order; then letters change into others."""

    endings: Sequence[re.Pattern[str]]
    prefix: re.Pattern[str] | None = None
    joined: Sequence[str] = ()
    """Words that are written together with the next one: a query for it finds those, too."""


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source)


# After Larkey's light10: the article with what stands before it; of the endings those of number, gender and possession. In
# place of its fixed order several rounds, so that معلماتهم and معلم meet. يا: سوريا and سورية are one country. Not as light10,
# a lone و stays: else وزير and الوزير were two words. What is joined without an article is the query's business.
_ARABIC: Final = _Script(
    prefix=_pattern("^(?:[وف]?[بكل]?ال|[وف]?لل)(?=\\w{3})"),
    endings=(
        _pattern("ء$"),
        _pattern("(?<=\\w{3})(?:هما|كما|تهم|هاي|گان|تين|تان|ها|هم|هن|كم|نا|ات|ان|ون|ين|يه|يا|وا|ته|تر)$"),
        _pattern("(?<=\\w{3})(?:ات|ان|ون|ين|يه|ه|ي|ا|ت)$"),
        _pattern("(?<=\\w{3})[يا]$"),
        _pattern("(?<=^\\w)وا(?=\\w\\w$)"),  # شوارع and شارع
        # كتاب and كتب, مدارس and مدرسة, رجال and رجل: an alef within is no letter of the root
        _pattern("(?<=\\w)ا(?=\\w{2})|(?<=\\w\\w)ا(?=\\w)"),
        # أسعار and سعر, أطفال and طفل; يعلن, تعلن and أعلن: what stands before three letters is no letter of the root
        _pattern("^[ايت](?=\\w{3}$)"),
    ),
    joined=("و", "ب", "ل", "ف", "ك", "وب", "ول"),
)
_HEBREW: Final = _Script(
    endings=(_pattern("(?<=\\w{3})(?:יים|ים|ות|יה|ית|ה|ת|י)$"),),
    joined=("ה", "ב", "ל", "ו", "מ", "ש", "כ", "וה", "שה", "מה", "בה", "לה", "וב", "ול", "ומ"),
)
# й, ё and і are folded already. Cases of nouns and adjectives, then the past tense.
_CYRILLIC: Final = _Script(
    endings=(
        _pattern("(?<=\\w{3})(?:ся|сь)$"),
        _pattern(
            "(?<=\\w{3})(?:иями|ями|ами|иях|ах|ях|ием|ом|ем|ам|ям|ов|ев|еи|ого|его|ому|ему|ыми|ими|ым|им|ых|их|ыи|ии|ои|ая|яя|ое|ее"
            "|ые|ие|ую|юю|ию|ия|ью|ья|[аеиоуыэюяь])$"
        ),
        _pattern("(?<=\\w{3})(?:[аеиыуя]л|ть|ет|ит|ют|ат|ят|ииск|ск)$"),
    )
)
_GREEK: Final = _Script(
    endings=(_pattern("(?<=\\w{3})(?:ιων|ιου|ια|ιο|εισ|ουσ|εωσ|ησ|εσ|ασ|οσ|ισ|υσ|ων|ου|οι|αι|ει|[αηιουε])$"),)
)
# Plurals of the Romance and Germanic languages and of Turkish, English -ing and -ed; then the vowel that is left (-a/-e/-i/-o).
_LATIN: Final = _Script(
    endings=(
        _pattern("(?<=\\w{3})(?:lari|leri|lar|ler|erna|arna|orna)$"),
        _pattern("(?<=\\w{4})(?:ings|ing|ed|owie|owi|ami|ach|ego|emu|em)$"),  # and the cases of Polish and its kin
        _pattern("(?<=\\w{3})(?:(?<![su])s|x)$"),
        _pattern("(?<=\\w{4})(?:ern|er|en)$"),
        _pattern("(?<=\\w{3})(?:[aeiouy]{1,2})$"),
    )
)
_INDIC: Final = _Script(endings=(_pattern("(?<=\\w\\w)[\u093e-\u094c\u0901-\u0903\u09be-\u09cc\u0980-\u0983]+$"),))
_OTHER: Final = _Script(endings=())

_FINALS: Final = str.maketrans("ךםןףץ", "כמנפצ")


def _script(first: str) -> _Script:
    for begin, end, script in _RANGES:
        if begin <= first <= end:
            return script
    return _OTHER


_RANGES: Final[Sequence[tuple[str, str, _Script]]] = (
    ("a", "z", _LATIN),
    ("\u0620", "\u06ff", _ARABIC),
    ("а", "ӿ", _CYRILLIC),
    ("α", "ω", _GREEK),
    ("א", "ת", _HEBREW),
    ("\u0900", "\u09ff", _INDIC),
)


def stem(word: str) -> str:
    """The stem of a folded word. Numbers and words that are short stay as they are."""
    script = _script(word[0])
    if script.prefix is not None:
        word = script.prefix.sub("", word, count=1)
    for ending in script.endings:
        word = ending.sub("", word) if len(word) > _LEAST or ending.pattern == "ء$" else word
    return word.translate(_FINALS)


def forms(word: str) -> tuple[str, ...]:
    """The stems a query for a folded word finds: its own, and those written together with a word before it."""
    script = _script(word[0])
    bare = _bare(word, script)
    joined = (stem(before + bare) for before in script.joined if len(bare) >= _LEAST)
    return tuple(dict.fromkeys((stem(word), stem(bare), *joined)))


def _bare(word: str, script: _Script) -> str:
    """A word without its article."""
    if script is _HEBREW and len(word) > _LEAST + 1 and word[0] == "ה":
        return word[1:]
    return script.prefix.sub("", word, count=1) if script.prefix is not None else word
