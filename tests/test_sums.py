"""How many words a text has."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sums import words

SIGNS = "aZ9_ \n-'.,ءبتـً،؟٣«»–“”éßΑλשׁפּЖ́ё\u200c\u200d\ufeff\u0301\ud800"  # no script that doesn't part its words


@given(st.text(st.sampled_from(SIGNS)))
def test_a_word_is_a_run_of_letters_and_figures(text: str) -> None:
    assert words(text) == len(re.findall(r"[^\W_]+", text))


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


def test_a_long_text_is_counted_as_a_short_one() -> None:
    assert words("كلمة word, " * 100_000) == 200_000
