"""Texts folded by tables of one script, and words found in texts of any: the quick way must say what the slow one does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.words import Words, fold, key, numbered, together, weigh, weighed

SLOW = "漢"
"""A letter in no table: with it a text is folded letter by letter, by Unicode's rules."""
SCRIPTS = {
    "english": "The “Quick” brown fox’s tail – 12\u00a0km… it\u200bs _name_ & co. ½ ™",
    "french": "À l’été, Noël Ÿ œuvre façade naïve ÇA ET LÀ « guillemets »",
    "german": "Die Straße zum GROẞEN Markt… „Maß“ ½ und Füße",
    "polish": "Zażółć gęślą jaźń, ŁÓDŹ; český řeřicha; İstanbul ığdır șțiință",
    "greek": "Ταχίστη αλώπηξ ΒΑΦΗΣ ψημένη γη, δρασκελίζει ΰ",
    "russian": "Съешь ЕЩЁ этих мягких французских булок, йод; ґанок",
    "hebrew": "שָׁלוֹם עוֹלָם, צה״ל ו־50 אנשים",
    "arabic": "قَالَ الرَّئِيسُ إنّ أُمَّةً «ستنتصر»؛ ١٢٪ کتابی گفت ۴۵ ـــ ؟",
    "japanese": "橋が開通した。１２３ ガギグ",
}


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=list(SCRIPTS))
def test_a_text_is_folded_by_tables_as_it_is_by_unicode(text: str) -> None:
    assert f"{fold(text)} {SLOW}" == fold(f"{text} {SLOW}")
    assert f"{key(text)} {SLOW}" == key(f"{text} {SLOW}")


@given(st.sampled_from(list(SCRIPTS.values())).flatmap(lambda letters: st.text(st.sampled_from(letters + " \t\n\x1f.'"))))
def test_letters_of_one_script_fold_alike_in_any_order(text: str) -> None:
    assert f"{fold(text)} {SLOW}".strip() == fold(f"{text} {SLOW}")
    assert f"{key(text)} {SLOW}".strip() == key(f"{text} {SLOW}")


@given(st.lists(st.one_of(st.sampled_from(list(SCRIPTS.values())), st.text(max_size=12))))
def test_several_texts_are_folded_at_once_as_one_by_one(texts: list[str]) -> None:
    folded = together(texts).split("\0") if texts else []
    assert [" ".join(text.split()) for text in folded] == [fold(text.replace("\0", " ")) for text in texts]


@given(st.text("ab|", max_size=30), st.sets(st.integers(0, 30)))
def test_places_are_numbered_by_the_lines_they_stand_in(whole: str, places: set[int]) -> None:
    assert numbered(sorted(places), whole, "|") == sorted({whole[:place].count("|") for place in places})


@given(st.lists(st.one_of(st.sampled_from(list(SCRIPTS.values())), st.text(max_size=12))))
def test_several_texts_weigh_what_each_weighs(texts: list[str]) -> None:
    assert weighed(texts) == [weigh(text) for text in texts]


def test_words_are_looked_for_in_the_script_of_a_text() -> None:
    follow = Words("follow|join", "подпис", "تابع", "关注", slack=1)
    found = {
        text: follow.within(fold(text)) for text in ("Please join us", "Joyful", "Подписка", "وتابعونا", "请关注我们", "关")
    }
    assert list(found.values()) == [True, False, True, True, True, False]
    assert follow.first(fold("قناتنا: join или تابع")) == fold("قناتنا: join").index("join")


def test_letters_stand_before_a_word_only_where_a_script_writes_them_so() -> None:
    origin = Words("source", "مصدر|מקור", slack=3)
    found = {text: origin.within(fold(text)) for text in ("Sources say", "resources", "والمصدر", "והמקור", "«source»")}
    assert list(found.values()) == [True, False, True, True, True]


@pytest.mark.parametrize("text", ["join us", "“join", "élan, join", "then (follow)", "joint followers"])
def test_words_with_no_letter_before_them_are_found_wherever_a_word_begins(text: str) -> None:
    word = next(word for word in ("join", "follow") if word in text)
    assert Words("join|follow").first(fold(text)) == fold(text).index(word)
    assert Words("join|follow").first(fold(text).replace(word, f"é{word}", 1)) != fold(text).index(word) + 1
