from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.keywords import says


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("مينسك", "وصل إلى مِيـنسك أمس"),
        ("إعلان", "وبالاعلان الجديد"),
        ("الرئيس", "للرئيس كلمة"),
        ("الرئيس", "قال رئيس الوزراء"),
        ("مدرسة", "في المدرسه"),
        ("كتاب", "كتاب، وفصل"),
        ("٢٠٢٦", "in 2026."),
        ("ירושלים", "ובירושלים אמרו"),
        ("Минск", "в МИНСК приехал"),
        ("минск*", "в Минске"),
        ("東京", "今日の東京都は"),
        ("Zürich", "in Zurich, today"),
        ("prime minister", "The Prime\nMinister's"),
        ("کتاب", "كتاب"),
        ("서울", "서울 시장"),
        ("Αθήνα", "στην ΑΘΗΝΑ"),
    ],
)
def test_a_keyword_is_found_however_it_is_written(keyword, text):
    assert says(text, keyword)


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("Iran", "Tirana"),
        ("iran", "Irani"),
        ("Минск", "Минский"),
        ("مينسك", "مينسكي"),
        ("الله", "له"),
        ("prime minister", "prime and minister"),
        ("a.c", "abc"),
        ("*", "anything"),
        ("  ", "anything"),
    ],
)
def test_another_word_is_not_it(keyword, text):
    assert not says(text, keyword)


@settings(max_examples=30)
@given(st.text(max_size=30), st.text(max_size=60))
def test_any_two_texts_can_be_compared(keyword, text):
    assert says(text, keyword) in (True, False)
