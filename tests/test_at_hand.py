"""Answers that were kept just now, for who reads them next."""

import os
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from crawler.at_hand import MOST_ANSWER, NONE, AtHand, borrowed
from crawler.model import Span

pytestmark = pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="no file without a name")

PAGE = "<p>وصل الرئيس</p>".encode() * 100


def span(number):
    return Span(path="/a.warc.gz.open", offset=number, length=7)


@pytest.fixture
def at_hand():
    with closing(AtHand()) as made:
        yield made


def test_what_is_laid_is_read_as_it_was_until_it_is_taken_back(at_hand):
    at_hand.lay(span(1), PAGE)
    assert borrowed(at_hand.descriptor, at_hand.lend(span(1))) == PAGE
    at_hand.take_back(span(1))
    assert at_hand.lend(span(1)) is None


def test_of_two_answers_for_one_place_the_later_counts(at_hand):
    at_hand.lay(span(1), PAGE)
    at_hand.lay(span(1), PAGE[::-1])
    assert borrowed(at_hand.descriptor, at_hand.lend(span(1))) == PAGE[::-1]
    at_hand.lay(span(1), bytes(MOST_ANSWER + 1))  # too large, and what was there before isn't this one's
    assert at_hand.lend(span(1)) is None
    at_hand.lay(span(1), PAGE)
    at_hand.lay(span(1), b"")
    assert at_hand.lend(span(1)) is None


def test_bytes_that_changed_are_not_read(at_hand):
    at_hand.lay(span(1), PAGE)
    lent = at_hand.lend(span(1))
    assert borrowed(at_hand.descriptor, replace(lent, checksum=lent.checksum ^ 1)) is None
    assert borrowed(at_hand.descriptor, replace(lent, length=lent.length + 1)) is None
    assert borrowed(at_hand.descriptor, replace(lent, at=1 << 30)) is None
    assert borrowed(NONE, lent) is None


def test_who_reads_can_not_write(at_hand):
    at_hand.lay(span(1), PAGE)
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.pwrite(at_hand.descriptor, b"x", 0)


@given(st.lists(st.tuples(st.sampled_from(["lay", "lend", "back"]), st.integers(0, 9), st.integers(1, 60)), max_size=60))
def test_what_is_lent_stays_and_nothing_is_ever_taken_for_something_else(steps):
    with closing(AtHand(most=100)) as at_hand:
        laid, lent = {}, {}
        for number, (step, which, length) in enumerate(steps):
            if step == "lay" and which not in lent:
                laid[which] = bytes([number]) * length
                at_hand.lay(span(which), laid[which])
            elif step == "lend" and (found := at_hand.lend(span(which))) is not None:
                lent[which] = found
            elif step == "back":
                at_hand.take_back(span(which))
                lent.pop(which, None)
            for one, place in lent.items():
                assert borrowed(at_hand.descriptor, place) == laid[one]


def test_a_ring_that_is_full_forgets_the_oldest_but_for_what_is_lent():
    with closing(AtHand(most=100)) as at_hand:
        for number in range(4):
            at_hand.lay(span(number), bytes([number]) * 30)
        assert [at_hand.lend(span(number)) is not None for number in range(4)] == [False, True, True, True]
        at_hand.lay(span(5), bytes(80))
        assert at_hand.lend(span(5)) is None
        for number in (1, 2, 3):
            at_hand.take_back(span(number))
        at_hand.lay(span(5), bytes(80))
        assert borrowed(at_hand.descriptor, at_hand.lend(span(5))) == bytes(80)
