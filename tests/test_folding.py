"""Folding: what a reader takes for the same word has one spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.folding import fold

SAME = (
    ("كَتَبَ الرَّئِيسُ", "كتب الرييس"),
    ("أخبـــار", "اخبار"),
    ("إعلان", "اعلان"),
    ("آخر", "اخر"),
    ("ٱلقدس", "القدس"),
    ("مدينة", "مدينه"),
    ("مستشفى", "مستشفي"),
    ("مسؤول", "مسوول"),
    ("٢٠٢٢", "2022"),
    ("۱۴۰۳", "1403"),
    ("کتاب‌های", "كتابهاي"),
    ("שָׁלוֹם", "שלום"),
    ("Fußgänger in Köln", "fussganger in koln"),
    ("İstanbul", "istanbul"),
    ("Łódź", "lodz"),
    ("Ёлка", "елка"),
    ("ΟΔΥΣΣΕΥΣ", "οδυσσευσ"),
    ("Άνθρωπος", "ανθρωπος"),
    ("ﾌﾟｰﾁﾝ", "プーチン"),
    ("ＡＢＣ１２３", "abc123"),
    ("가", "가"),
    ("ﷺ", "صلي الله عليه وسلم"),
)


@pytest.mark.parametrize(("written", "plain"), SAME)
def test_two_spellings_of_one_word_are_one(written: str, plain: str) -> None:
    assert fold(written) == fold(plain)


@pytest.mark.parametrize(
    ("one", "other"), [("가", "각"), ("か", "が"), ("ป่า", "ปา"), ("की", "क"), ("پول", "بول"), ("گل", "كل")]
)
def test_two_words_stay_two(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
