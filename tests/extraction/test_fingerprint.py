from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.alike import NEAR, distance
from crawler.extraction.fingerprint import FEWEST, fingerprint

STORIES = Path(__file__).parents[2] / "crawler" / "demo" / "pages" / "stories"
TEXTS = {path.stem: path.read_text("utf-8") for path in sorted(STORIES.glob("*.txt"))}
ARABIC, ENGLISH = TEXTS["ar-1-bridge"], TEXTS["en-1-tide"]
CHINESE = (
    "昨天下午三点，城东新修的石桥正式通车，数百名居民沿河而立，看着第一辆公共汽车缓缓驶过。市政工程处的负责人说，"
    "这座桥花了两年零四个月建成，比原计划晚了半年，因为去年夏天的洪水冲走了两座临时桥墩。桥长一百二十米，宽十八米，"
    "两侧各有一条自行车道和一条人行道，夜里由太阳能路灯照明。住在河对岸的教师李兰说，她以前上班要绕行四十分钟，"
    "现在只需要走八分钟。"
)


def of(text: str) -> str:
    found = fingerprint(text)
    assert found is not None
    return found


# A stored fingerprint is compared for years: what is computed must not change with Python, the machine or a tidy-up.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" ".join(f"word{n}" for n in range(60)), "71989bcac100752c"),
        (" ".join(f"كَلِمة{n}" for n in range(60)), "52e1dffae94c8d60"),
        (CHINESE, "01b46e51cc13f4a0"),
    ],
)
def test_a_fingerprint_is_the_same_for_ever(text: str, expected: str) -> None:
    assert fingerprint(text) == expected


def test_it_is_what_counting_bit_by_bit_gives() -> None:
    def stirred(mixed: int) -> int:
        mixed ^= mixed >> 32
        return mixed ^ (mixed & 0xFFFFFFFF) * 0x2C1B3C6D

    def counted(features: Sequence[int]) -> str:
        bits = [bit for bit in range(64) if 2 * sum(one >> bit & 1 for one in features) > len(features)]
        return f"{sum(1 << bit for bit in bits):016x}"

    for length in (50, 51, 64, 65, 127, 300):
        words = [f"w{n * n}" for n in range(length)]
        hashes = [crc32(word.encode()) for word in words]
        pairs = pairwise(hashes)
        assert fingerprint(" ".join(words)) == counted([stirred(one * 0x9E3779B1 ^ two * 0x85EBCA77) for one, two in pairs])


def test_case_marks_signs_and_forms_of_letters_do_not_count() -> None:
    assert of(ENGLISH) == of(ENGLISH.upper()) == of(ENGLISH.replace("'", "’").replace(" ", "\n\u200f"))
    assert of(ARABIC) == of(ARABIC.replace("،", ", ").replace("و", "و\u064f").replace("ا", "اـ"))
    full_width = str.maketrans("0123456789,", "０１２３４５６７８９，")
    assert of(ENGLISH + " 1, 2, 34") == of(ENGLISH + " 1, 2, 34".translate(full_width))


@pytest.mark.parametrize("text", [ARABIC, ENGLISH, CHINESE * 2], ids=["arabic", "english", "chinese"])
def test_a_copy_with_another_end_is_near(text: str) -> None:
    assert distance(of(text), of(text[: -len(text) // 12])) <= NEAR


@pytest.mark.parametrize("text", [ARABIC, ENGLISH], ids=["arabic", "english"])
def test_a_copy_with_another_lead_is_near(text: str) -> None:
    assert distance(of(text), of("LONDON, 22 Nov (Agency) - " + text)) <= NEAR


def test_different_stories_are_far_apart() -> None:
    marks = [of(text) for text in TEXTS.values() if fingerprint(text)]
    assert len(marks) > 8
    assert all(distance(one, other) > NEAR for place, one in enumerate(marks) for other in marks[:place])


def test_a_short_text_has_none() -> None:
    assert fingerprint("") is None
    assert fingerprint(" ".join(["word"] * (FEWEST - 1))) is None
    assert fingerprint("…… " * 500) is None
    assert fingerprint("桥" * 99) is None


def test_only_the_beginning_of_a_long_text_is_looked_at() -> None:
    long = " ".join(f"n{n}" for n in range(2000))
    assert of(long) == of(long + " and more")


@given(st.text(max_size=400))
def test_any_text_has_one_of_sixteen_digits_or_none(text: str) -> None:
    found = fingerprint(text * 3)
    assert found is None or (len(found) == 16 and int(found, 16) >= 0)
