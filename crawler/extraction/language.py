"""Which language, and which way it runs: what the page declares, checked against its letters. None rather than a guess."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from typing import Final, Literal

from crawler.dates import Order

Direction = Literal["rtl", "ltr"]

_MONTH_FIRST: Final = frozenset({"us", "ph", "gov", "mil"})
_DAY_FIRST: Final = frozenset({"gb", "uk", "ie", "au", "nz", "in", "za", "ng", "ke", "sg", "pk", "eu", "de", "it", "fr", "es"})
_YEAR_FIRST: Final = frozenset({"zh", "ja", "ko", "hu", "mn", "lt", "fa"})

SAMPLE_CHARS: Final = 2_000
_MANY: Final = 10
"""Times as many: where kana are one letter in so many, it is Japanese."""
_LONGEST_TAG: Final = 100
_TAG: Final = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE)
_NOT_ASCII: Final = re.compile(r"[^\0-\x7f]+")
_NO_LETTERS: Final = bytes(code for code in range(128) if not chr(code).isalpha())
_CYRILLIC: Final = "ru uk be bg sr mk kk ky mn tg tt ba ce cv os sah uz"
_SCRIPTS: Final = {
    "ARABIC": frozenset({"ar", "fa", "ur", "ps", "ckb", "ku", "ug", "sd", "ks", "azb", "pnb"}),
    "HEBREW": frozenset({"he", "yi", "iw"}),
    "CYRILLIC": frozenset(_CYRILLIC.split()),
    "GREEK": frozenset({"el"}),
    "HAN": frozenset({"zh", "yue", "wuu", "nan", "ja"}),
    "KANA": frozenset({"ja"}),
    "HANGUL": frozenset({"ko"}),
    "THAI": frozenset({"th"}),
    "DEVANAGARI": frozenset({"hi", "mr", "ne", "sa"}),
    "BENGALI": frozenset({"bn", "as"}),
    "ARMENIAN": frozenset({"hy"}),
    "GEORGIAN": frozenset({"ka"}),
    "TAMIL": frozenset({"ta"}),
    "TELUGU": frozenset({"te"}),
    "GUJARATI": frozenset({"gu"}),
    "KANNADA": frozenset({"kn"}),
    "MALAYALAM": frozenset({"ml"}),
    "GURMUKHI": frozenset({"pa"}),
    "SINHALA": frozenset({"si"}),
    "KHMER": frozenset({"km"}),
    "LAO": frozenset({"lo"}),
    "MYANMAR": frozenset({"my"}),
    "ETHIOPIC": frozenset({"am", "ti"}),
}
_HAVE_A_SCRIPT: Final = frozenset[str]().union(*_SCRIPTS.values())
_BLOCKS: Final = ((b"\x06", "ARABIC"), (b"\x04", "CYRILLIC"), (b"\x03", "GREEK"))
"""The first bytes of the letters in UTF-16 of scripts that have a block for themselves, or nearly so."""
_NAMES: Final = {"CJK": "HAN", "HIRAGANA": "KANA", "KATAKANA": "KANA"}
_RTL: Final = frozenset({"ARABIC", "HEBREW", "SYRIAC", "THAANA", "NKO"})

# Letters that one language of a script has and its neighbours don't;
# and the commonest little words of languages in Latin script.
_LETTERS: Final = (
    ("ARABIC", "ur", "ٹڈڑےں"),
    ("ARABIC", "ps", "ټډړښږڼې"),
    ("ARABIC", "ckb", "ێۆڵڕ"),
    ("ARABIC", "fa", "پچژگکی"),
    ("ARABIC", "ar", "ةىيكأإ"),
    ("CYRILLIC", "uk", "їєґі"),
    ("CYRILLIC", "be", "ўі"),
    ("CYRILLIC", "sr", "ђћљњџ"),
    ("CYRILLIC", "mk", "ѓќѕљњ"),
    ("CYRILLIC", "kk", "әғқңөұүһ"),
    ("CYRILLIC", "ru", "ыэё"),
)
_WORDS: Final = {
    "en": "the of and to in that is for was with",
    "de": "der die und das ist nicht mit den von dem",
    "fr": "le la les des et est une dans que pour",
    "es": "el la los las que del una por con para",
    "it": "il di che della una per sono nel gli non",
    "pt": "os da do que não uma para com são das",
    "nl": "de het een van en dat niet met voor zijn",
    "pl": "się nie na że jest oraz przez dla jak od",
    "tr": "ve bir bu için ile olarak olan gibi daha çok",
    "sv": "och att det som är på för inte av den",
    "da": "og det er ikke på til af som har jeg",
    "cs": "se na že je jsou který pro jako ale podle",
    "ro": "și că din este pentru care mai cu pe nu",
    "id": "yang dan di untuk dengan dari ini tidak pada itu",
    "hu": "az és hogy nem egy meg van csak volt már",
    "vi": "và của là các trong được người không cho đã",
    "fi": "ja on ei että oli se mutta myös kun hän",
}
_SETS: Final = {language: frozenset(words.split()) for language, words in _WORDS.items()}


def tag(text: str | None) -> str | None:
    """A declared language as BCP 47 (`ar_EG` too); None if it is none."""
    first = text.partition(",")[0].strip() if text else ""
    return _tag(first) if 0 < len(first) <= _LONGEST_TAG else None


# Of one page it is asked four times, and all that is declared is one of a few dozen.
@lru_cache(maxsize=256)
def _tag(text: str) -> str | None:
    first = text.replace("_", "-")
    if not _TAG.fullmatch(first) or first.lower() in ("und", "mul", "zxx", "xx", "en-us-posix"):
        return None
    main, *rest = first.split("-")
    return "-".join(
        [main.lower(), *(part.upper() if len(part) == 2 else part.title() if len(part) == 4 else part.lower() for part in rest)]
    )


def order(declared: str | None, tld: str | None) -> Order | None:
    """How dates in figures are written in a language: of English only where it says of which country, or the address does."""
    main, _, region = (tag(declared) or "").partition("-")
    if main == "en":
        country = region.lower() or tld or ""
        return "mdy" if country in _MONTH_FIRST else "dmy" if country in _DAY_FIRST else None
    if not main or main in _YEAR_FIRST:
        return "ymd" if main else None
    return "dmy"


def script(text: str) -> str | None:
    """The script of most letters of a text, as Unicode names it (Han and kana apart); None without letters."""
    sample = text[:SAMPLE_CHARS]
    if sample.isascii():
        return "LATIN" if any(map(str.isalpha, sample)) else None
    plain = sample.encode("ascii", "ignore")
    latin = len(plain.translate(None, _NO_LETTERS))
    if latin > _MANY * (len(sample) - len(plain)):
        return "LATIN"  # whatever the others are
    if (alphabet := _plainly(sample)) is not None:
        return alphabet
    # Each letter is counted apart, but for those of ASCII.
    scripts = Counter(LATIN=latin)
    for letter, count in Counter("".join(_NOT_ASCII.findall(sample))).items():
        if letter.isalpha():
            scripts[_script_of(letter)] += count
    most = max(scripts, key=scripts.__getitem__)
    return "KANA" if scripts["KANA"] * _MANY > scripts.total() else most if scripts[most] else None


def _plainly(sample: str) -> str | None:
    """The script in whose block of Unicode two signs of three and more are, with blanks: a twentieth of counting letters."""
    blocks = sample.encode("utf-16-be", "replace")[::2]
    # What is left without them: to count signs that are everywhere takes ten times as long.
    return next((name for block, name in _BLOCKS if 3 * len(blocks.translate(None, block)) < len(blocks)), None)


@lru_cache(maxsize=4096)
def _script_of(letter: str) -> str:
    name = unicodedata.name(letter, "").partition(" ")[0]
    return _NAMES.get(name, name)


def direction(written: str | None, declared: str | None) -> Direction | None:
    """The way a text in this script runs; without letters, as declared."""
    if written is not None:
        return "rtl" if written in _RTL else "ltr"
    lower = (declared or "").lower()
    return "rtl" if lower == "rtl" else "ltr" if lower == "ltr" else None


def language(text: str, written: str | None, declared: list[tuple[str | None, str]]) -> tuple[str, str] | None:
    """The first declared tag the letters don't contradict, else what the letters say; with where it was found."""
    for said, where in declared:
        if (found := tag(said)) is not None and _fits(found.partition("-")[0], written):
            return found, where
    guessed = _guess(text, written)
    return (guessed, "text") if guessed else None


def contradicted(found: str | None, declared: list[tuple[str | None, str]]) -> tuple[str, str] | None:
    """The first declared tag, where it is of another language than the one found."""
    first = next(((name, where) for said, where in declared if (name := tag(said)) is not None), None)
    if first is None or found is None or first[0].partition("-")[0] == found.partition("-")[0]:
        return None
    return first


def _fits(language: str, written: str | None) -> bool:
    if written is None or written not in _SCRIPTS:
        return written is None or language not in _HAVE_A_SCRIPT or language in ("sr", "uz", "ku", "kk", "az", "mn", "tt")
    return language in _SCRIPTS[written]


def _guess(text: str, written: str | None) -> str | None:
    if written == "LATIN":
        return _by_words(text)
    sample = Counter(text[:SAMPLE_CHARS].casefold())
    for name, language, letters in _LETTERS:
        if name == written and sum(sample[c] for c in letters) * 200 > sample.total():
            return language
    languages = _SCRIPTS.get(written or "", frozenset())
    if written == "HAN":
        return "zh"
    return next(iter(languages)) if len(languages) == 1 else "he" if written == "HEBREW" else None


def _by_words(text: str) -> str | None:
    words = text[:SAMPLE_CHARS].casefold().split()
    if len(words) < 8:
        return None
    said = Counter(words)  # once: to ask each language for each word takes ten times as long
    counts = sorted([(sum([said[word] for word in known]), language) for language, known in _SETS.items()], reverse=True)
    (most, best), (second, _) = counts[0], counts[1]
    return best if most * 12 >= len(words) and most >= 1.5 * second else None
