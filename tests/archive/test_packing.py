"""One gzip member of ours, and a line of ours: no byte can change unnoticed."""

import gzip
import io
import json
import random
import struct
import subprocess

import pytest
from fastwarc import ArchiveIterator
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive import marks, warc
from crawler.archive.members import pieces
from crawler.archive.packing import BODY, HEADER, PACKS, TRAILER, checksum

RECORD = warc.record("response", "<urn:uuid:1>", 0, (), b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 500 + "خبر".encode())


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_a_member_is_gzip_to_everybody(pack):
    member = pack(RECORD)
    assert gzip.decompress(member) == b"".join(RECORD)
    assert [record.stream_pos for record in ArchiveIterator(io.BytesIO(member * 3))] == [0, len(member), 2 * len(member)]


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_all_members_begin_alike_and_say_what_their_data_sum_up_to(pack):
    member = pack(RECORD)
    assert member.startswith(HEADER)
    assert member[len(HEADER) : BODY] == checksum(member[BODY:-TRAILER])


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_a_long_record_is_packed_without_being_copied_first(pack):
    record = warc.record("response", "<urn:uuid:1>", 0, (), random.Random(1).randbytes(300) * 10_000)
    assert gzip.decompress(member := pack(record)) == b"".join(record)
    assert member.startswith(HEADER)
    assert member[len(HEADER) : BODY] == checksum(member[BODY:-TRAILER])


def answer(body, told=b"Content-Encoding: gzip"):
    return warc.record("response", "<urn:uuid:1>", 0, (), b"HTTP/1.1 200 OK\r\n" + told + b"\r\n\r\n" + body)


@pytest.mark.parametrize("size", [3000, 65_535, 65_536, 131_070, 200_000, 2_000_000])
def test_what_came_packed_is_stored_as_it_is_and_the_rest_deflated(size):
    body = random.Random(size).randbytes(size)
    record = answer(body)
    member = PACKS["isal"](record)
    assert gzip.decompress(member) == b"".join(record)
    assert body[:3000] in member
    assert record[0] not in member
    assert len(member) < size + 300 + size // 1000
    assert member[len(HEADER) : BODY] == checksum(member[BODY:-TRAILER])
    assert [piece.fault for piece in pieces(io.BytesIO(member * 2), 2 * len(member), lambda _: None)] == ["", ""]
    assert [record.reader.read() for record in ArchiveIterator(io.BytesIO(member * 2), parse_http=False)] == [record[1]] * 2


@pytest.mark.parametrize("body", ["خبر عاجل ".encode() * 500, bytes(9000), struct.pack("<3000I", *range(3000))])
def test_what_its_label_calls_packed_but_is_not_is_deflated(body):
    assert len(PACKS["isal"](answer(body))) < len(body) * 2 // 3


@given(st.lists(st.integers(0, 5000), max_size=5), st.integers(0, 300), st.randoms(use_true_random=False))
def test_a_record_is_what_it_was_however_much_of_it_came_packed(sizes, told, chance):
    parts = [chance.randbytes(size) if n % 2 else b"<p>" * (size // 3) for n, size in enumerate(sizes)]
    record = warc.record("resource", "<urn:uuid:1>", 0, (), b"".join([b"\r\n" * told, *parts]))
    assert gzip.decompress(PACKS["isal"](record)) == b"".join(record)


@given(
    st.lists(st.binary(max_size=60), max_size=4),
    st.sampled_from([b"gzip", b"br", b"", b"gzip, gzip"]),
    st.lists(st.sampled_from([b"\r\n\r\n", b"\n\n", b"noise", b"<p>", b"\0\0\0\0", "خبر".encode()]), max_size=6),
    st.integers(0, 6000),
    st.randoms(use_true_random=False),
)
def test_whatever_bytes_come_behind_whatever_head_every_reader_gets_them_back(lines, label, parts, size, chance):
    body = b"".join(chance.randbytes(size) if part == b"noise" else part * chance.randrange(1 + size // 10) for part in parts)
    record = answer(body, b"\r\n".join([*lines, b"Content-Encoding: " + label]))
    member = PACKS["isal"](record)
    (piece,) = pieces(io.BytesIO(member), len(member), lambda _: None)
    assert piece.member is not None, piece.fault
    assert piece.member.block == record[1]
    theirs = [
        (record.headers["WARC-Block-Digest"], record.reader.read())
        for record in ArchiveIterator(io.BytesIO(member), parse_http=False)
    ]
    assert theirs == [(warc.digest(record[1]), record[1])]


STORED = PACKS["isal"](answer(random.Random(3).randbytes(70_000)))
BLOCK = STORED.index(b"\0\xff\xff\0\0")  # a block's head, of 65,535 bytes: five bits of its first byte mean nothing


@given(st.integers(0, len(STORED) - 1) | st.integers(BLOCK, BLOCK + 5), st.integers(1, 255))
def test_no_byte_of_what_is_stored_as_it_came_can_change_unnoticed(at, mask):
    member = bytearray(STORED)
    member[at] ^= mask
    assert any(piece.fault for piece in pieces(io.BytesIO(member), len(member), lambda _: None))


@given(st.dictionaries(st.text(), st.text(), min_size=1), st.data())
def test_a_line_in_which_anything_was_changed_does_not_hold(fields, data):
    line = marks.marked(json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace"))
    assert marks.holds(line)
    changed = bytearray(line)
    changed[data.draw(st.integers(0, len(line) - 1))] ^= data.draw(st.integers(1, 255))
    assert not marks.holds(bytes(changed))
    assert not marks.holds(line[:-1])
    assert not marks.holds(b"")


def test_the_check_of_a_line_can_be_made_without_us():
    line = marks.marked('{"title":"خبر"}'.encode())
    body = line.partition(b',"check":"')[0]
    made = subprocess.run(["b2sum", "-l", "64"], input=body, capture_output=True, check=True).stdout
    assert made.split()[0].decode() == json.loads(line)["check"]
