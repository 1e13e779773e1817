from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawler.alike import BANDS, NEAR, distance, groups
from crawler.store.rows import fingerprint_in, fingerprint_out

MARKS = st.integers(0, 2**64 - 1).map(lambda number: f"{number:016x}")


def flipped(mark: str, *bits: int) -> str:
    return f"{int(mark, 16) ^ sum(1 << bit for bit in bits):016x}"


def test_bands_cover_every_bit_once() -> None:
    assert [bit for first, width in BANDS for bit in range(first, first + width)] == list(range(64))


def test_near_copies_are_a_group_and_who_is_alone_is_left_out() -> None:
    one, other = "0123456789abcdef", "fedcba9876543210"
    assert groups([one, other, flipped(one, 0, 20, 40), "00ff00ff00ff00ff", flipped(other, 63)]) == [[0, 2], [1, 4]]


def test_a_copy_of_a_copy_is_of_the_group() -> None:
    one = "0123456789abcdef"
    assert groups([flipped(one, *range(12)), one, flipped(one, *range(6))]) == [[0, 1, 2]]


def test_who_differs_in_more_is_not_alike() -> None:
    one = "0123456789abcdef"
    assert groups([one, flipped(one, *range(NEAR + 1))]) == []
    assert groups([one, flipped(one, *range(NEAR))]) == [[0, 1]]


@given(MARKS, st.sets(st.integers(0, 63), max_size=5))
def test_five_bits_are_always_found(mark: str, bits: set[int]) -> None:
    assert groups([mark, flipped(mark, *bits)]) == [[0, 1]]


@given(st.lists(MARKS, max_size=12))
def test_a_group_holds_each_article_once_in_order(marks: list[str]) -> None:
    found = groups(marks)
    assert all(group == sorted(set(group)) and len(group) > 1 for group in found)
    assert len({number for group in found for number in group}) == sum(map(len, found))


def test_one_template_of_thousands_is_not_compared_by_pairs() -> None:
    marks = [flipped("0" * 16, *(bit for bit in range(11, 64) if number * 2654435761 >> bit & 1)) for number in range(3_000)]
    groups(marks)


@given(MARKS)
def test_a_fingerprint_is_stored_as_a_signed_number(mark: str) -> None:
    number = fingerprint_in(mark)
    assert number is not None
    assert -(2**63) <= number < 2**63
    assert fingerprint_out(number) == mark
    assert distance(mark, fingerprint_out(number)) == 0


def test_what_is_no_fingerprint_is_not_stored() -> None:
    assert [fingerprint_in(text) for text in (None, "", "xyz", "0" * 15, "-" + "0" * 15, "F" * 16, "0" * 17)] == [None] * 7
