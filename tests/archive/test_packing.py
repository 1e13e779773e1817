"""One gzip member of ours, and a line of ours: no byte can change unnoticed."""

import gzip
import io
import json
import random
import subprocess

import pytest
from fastwarc import ArchiveIterator
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive import marks, warc
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
