"""How many words a text has, and by what it is known again."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model import Article
from crawler.sums import _LOOKED_AT, _UNSPACED, text_hash, words

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


def said(text: str, title: str = "") -> str:
    return text_hash(Article(title=title, text=text))


@given(st.lists(st.text(st.sampled_from(SIGNS.replace("\n", "")), min_size=1), min_size=1, max_size=5))
def test_a_text_is_known_again_in_other_lines(words: list[str]) -> None:
    assert said("\n".join(words)) == said(" ".join(words)) == said("\u3000".join(words))
    assert len(said(" ".join(words))) == 20


def test_nor_do_case_and_marks_that_only_look_different_count() -> None:
    assert said("ÄRGER im Büro, ﻻ", title="Ⅳ") == said("ärger IM BÜRO, لا", title="iv")


@given(st.text(st.sampled_from("اب1"), max_size=4), st.text(st.sampled_from("اب1"), max_size=4))
def test_another_text_is_another(text: str, other: str) -> None:
    assert (said(text) == said(other)) is (text == other)
    assert (said("x", title=text) == said("x", title=other)) is (text == other)
