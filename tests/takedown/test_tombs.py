"""What stands where something was erased is as long as it was, and a record like others."""

from __future__ import annotations

import gzip
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.archive import marks, tombs, warc
from crawler.archive.members import pieces
from crawler.model import SegmentId
from crawler.model.takedowns import ErasedMember, Takedown
from crawler.ports import ArchiveError
from tests.archive.samples import NOW

SEGMENT = SegmentId("WARRAQ-20261122072108123-00001-run-0a1b2c")
ORDER = Takedown(order="1-ab", at="2026-11-22T07:21:08.123Z", archive_id="test-archive", reason="أمر المحكمة 17/2026")


@given(length=st.one_of(st.integers(450, 3_000), st.integers(65_000, 67_000), st.integers(130_000, 132_500)))
@settings(max_examples=60)
def test_a_tomb_has_the_length_it_must_have_and_is_whole(length):
    packed = tombs.member(ORDER, SEGMENT, ErasedMember(7, length, NOW))
    assert len(packed) == length
    (piece,) = pieces(BytesIO(packed), length, len)
    assert piece.member is not None, piece.fault
    assert piece.member.kind == "metadata"
    assert piece.member.get(tombs.FIELD) == ORDER.order
    assert piece.member.get("WARC-Block-Digest") == warc.digest(piece.member.block)
    assert gzip.decompress(packed).startswith(b"WARC/1.1\r\n")


def test_a_tomb_says_when_and_why_and_is_the_same_each_time():
    place = ErasedMember(7, 900, NOW)
    packed = tombs.member(ORDER, SEGMENT, place)
    assert ORDER.reason.encode() in gzip.decompress(packed)
    assert packed == tombs.member(ORDER, SEGMENT, place)


def test_where_there_is_little_room_the_reason_is_left_out():
    long = Takedown(order="1-ab", at=ORDER.at, archive_id="test-archive", reason="x" * 1_000)
    assert len(tombs.member(long, SEGMENT, ErasedMember(7, 430, NOW))) == 430
    with pytest.raises(ArchiveError, match="too few"):
        tombs.member(long, SEGMENT, ErasedMember(7, 200, NOW))


@given(length=st.integers(150, 4_000))
@settings(max_examples=40)
def test_a_line_in_the_place_of_another_has_its_length_and_its_check(length):
    line = tombs.line(ORDER, length)
    assert len(line) == length
    assert tombs.is_line(line)
    assert marks.holds(line)
