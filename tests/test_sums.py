"""How many words a text has."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sums import _LOOKED_AT, _UNSPACED, words

SIGNS = "aZ9_ \n-'.,ءبتـً،؟٣«»–“”éßΑλשׁפּЖ́ёहिन्दी가ա\u200c\u200d\ufeff\u0301"  # no script that doesn't part its words


@given(st.text(st.sampled_from(SIGNS)))
def test_a_word_is_a_run_of_letters_and_figures(text: str) -> None:
    assert words(text) == len(re.findall(r"[^\W_]+", text))


def test_what_isnt_looked_at_is_a_letter_or_figure() -> None:
    passed = [sign for sign in map(chr, range(0x80, 0x11000)) if not _LOOKED_AT.match(sign)]
    assert len(passed) > 12_000
    assert all(map(str.isalnum, passed))
    assert not _UNSPACED.search("".join(passed))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0),
        ("قالت الوزارة: ٣ قتلى، و١٢ جريحًا", 7),
        ("Вера – «Надежда»", 2),
        ("snake_case isn't", 4),
        ("今天是 2026 年", 5),
        ("ภาษาไทย", 7),
    ],
)
def test_words_are_counted_in_every_script(text: str, number: int) -> None:
    assert words(text) == number


def test_many_signs_are_no_words() -> None:
    assert words("".join(f"ب{chr(sign)}" for sign in range(0x2100, 0x2900) if not chr(sign).isalnum())) > 64


def test_a_long_text_is_counted_as_a_short_one() -> None:
    assert words("كلمة word, " * 100_000) == 200_000
