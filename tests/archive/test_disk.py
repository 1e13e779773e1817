import gzip
import json
import random
import subprocess
import sys
import zlib
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec.structs import replace

from crawler.archive.device import Device
from crawler.archive.names import Names
from crawler.archive.reading import read_member, stream_member
from crawler.archive.through import members
from crawler.at_hand import AtHand, borrowed
from crawler.model import Article, Original, PayloadKey, Span, Url
from crawler.ports import ArchiveError
from crawler.records import page_record
from tests.archive.samples import HEAD, HTML, NOW, PAGE, WORKER, archive, digest, exchange, name, not_modified, pages, visit

DAY = 86_400_000
ROOT = Path(__file__).parents[2]


async def begun(root, **more):
    made = archive(root, **more)
    await made.create(name(), WORKER, NOW)
    return made


def open_warc(root, segment=None):
    return Names(root, segment or name()).open


def kinds(path):
    return [placed.member.kind for placed in members(path)]


def body_of(found, receipt):
    return read_member(found.span(receipt), 1 << 20).block


async def test_a_page_lies_where_its_receipt_says(tmp_path):
    made = await begun(tmp_path)
    written = await made.write(pages(3), {}, {})
    made.keep()
    assert written.segment == name() == made.current()
    assert written.size == open_warc(tmp_path).stat().st_size
    for visit_, (receipt,) in zip(pages(3), written.receipts, strict=True):
        assert body_of(made, receipt) == visit_.evidence[0].response
        assert receipt.job == visit_.job
        assert receipt.capture.digest == visit_.evidence[0].payload_digest
    assert kinds(open_warc(tmp_path)) == ["warcinfo"] + 3 * ["response", "request", "metadata"]
    await made.close()


@pytest.mark.parametrize("compress", ["isal", "zlib"])
async def test_the_file_is_plain_gzip_a_member_a_record(tmp_path, compress):
    made = await begun(tmp_path, compress=compress)
    await made.write(pages(2), {}, {})
    packed = open_warc(tmp_path).read_bytes()
    count, rest = 0, packed
    while rest:
        inflater = zlib.decompressobj(31)
        assert inflater.decompress(rest).startswith(b"WARC/1.1\r\n")
        rest, count = inflater.unused_data, count + 1
    assert count == 7
    assert gzip.decompress(packed).count(b"\r\nWARC-Type: ") == 7
    await made.close()


async def test_groups_lie_side_by_side_as_the_captures_say(tmp_path):
    made = await begun(tmp_path)
    written = await made.write(pages(3), {}, {})
    captures = [receipt.capture for (receipt,) in written.receipts]
    for one, next_one in pairwise(captures):
        assert one.offset + one.group_length == next_one.offset
    assert captures[-1].offset + captures[-1].group_length == written.size
    await made.close()


async def test_each_exchange_of_a_visit_has_a_receipt_the_answer_last(tmp_path):
    made = await begun(tmp_path)
    failed = exchange(b"busy", at=NOW, status=503, head=b"HTTP/1.1 503 Busy\r\n\r\n")
    written = await made.write([visit(failed, exchange(at=NOW + 1, truncated="length"))], {}, {})
    (receipts,) = written.receipts
    assert [r.capture.status for r in receipts] == [503, 200]
    assert [r.truncated for r in receipts] == [False, True]
    assert [r.capture.key.fetched_at for r in receipts] == [NOW, NOW + 1]
    await made.close()


# --- revisits ----------------------------------------------------------------------------------------------------------


async def test_an_identical_payload_of_one_call_is_stored_once(tmp_path):
    made = await begun(tmp_path)
    other = Url("https://news.example/copy")
    written = await made.write([visit(exchange()), visit(exchange(url=other, at=NOW + 1))], {}, {})
    (first,), (second,) = written.receipts
    assert kinds(open_warc(tmp_path))[1::3] == ["response", "revisit"]
    assert second.capture.revisit_of == first.capture.key
    assert second.body is not None
    assert (second.body.offset, second.body.digest) == (first.capture.offset, digest(HTML))
    assert body_of(made, second) == HEAD + HTML
    assert (first.body, first.capture.revisit_of) == (None, None)
    await made.close()


def original_of(receipt):
    capture = receipt.capture
    return Original(
        key=capture.key,
        url=capture.url,
        segment=capture.segment,
        offset=capture.offset,
        length=capture.length,
        digest=capture.digest,
    )


async def test_a_payload_the_store_knows_becomes_a_revisit_in_a_later_segment(tmp_path):
    made = await begun(tmp_path)
    (first,) = (await made.write([visit(exchange())], {}, {})).receipts[0]
    made.keep()
    known = {PayloadKey(host_id=first.job.host_id, digest=digest(HTML)): original_of(first)}
    await made.create(name(2), WORKER, NOW)
    (again,) = (await made.write([visit(exchange(at=NOW + 2))], known, {})).receipts[0]
    assert again.capture.segment == name(2)
    assert again.body == original_of(first)
    assert body_of(made, again) == HEAD + HTML
    await made.close()


async def test_a_304_refers_to_what_it_confirms(tmp_path):
    made = await begun(tmp_path)
    (first,) = (await made.write([visit(exchange())], {}, {})).receipts[0]
    before = {(first.job.host_id, first.job.h): original_of(first)}
    (receipt,) = (await made.write([not_modified(NOW + 5)], {}, before)).receipts[0]
    assert receipt.body is None
    assert receipt.capture.revisit_of == first.capture.key
    revisit = read_member(made.span(receipt), 1 << 20)
    assert revisit.get("WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    assert revisit.get("WARC-Payload-Digest") == digest(HTML)
    assert revisit.get("WARC-Refers-To-Target-URI") == PAGE
    await made.close()


async def test_a_304_of_what_is_not_held_is_kept_as_a_response(tmp_path):
    made = await begun(tmp_path)
    await made.write([not_modified(NOW)], {}, {})
    assert kinds(open_warc(tmp_path))[1] == "response"
    await made.close()


async def test_a_cut_answer_is_never_taken_for_an_identical_one(tmp_path):
    made = await begun(tmp_path)
    whole, cut = visit(exchange()), visit(exchange(at=NOW + 1, truncated="disconnect"))
    other = visit(exchange(at=NOW + 2))
    await made.write([cut, whole, visit(exchange(at=NOW + 3, truncated="length")), other], {}, {})
    assert kinds(open_warc(tmp_path))[1::3] == ["response", "response", "response", "revisit"]
    await made.close()


async def test_an_identical_payload_of_another_host_is_stored_again(tmp_path):
    made = await begun(tmp_path)
    await made.write([visit(exchange()), visit(exchange(url=Url("https://other.example/x")))], {}, {})
    assert kinds(open_warc(tmp_path))[1::3] == ["response", "response"]
    await made.close()


# --- keep and drop -----------------------------------------------------------------------------------------------------


async def test_what_is_dropped_is_gone_and_what_was_kept_stays(tmp_path):
    made = await begun(tmp_path)
    kept = await made.write(pages(1), {}, {})
    made.keep()
    before = open_warc(tmp_path).read_bytes()
    await made.write(pages(2, start=1), {}, {})
    await made.drop()
    assert open_warc(tmp_path).read_bytes() == before
    again = await made.write(pages(1, start=1), {}, {})
    assert again.receipts[0][0].capture.offset == kept.size
    await made.close()


async def test_a_write_without_evidence_leaves_a_segment_empty(tmp_path):
    made = await begun(tmp_path)
    written = await made.write([replace(pages(1)[0], evidence=())], {}, {})
    made.keep()
    assert (written.size, written.receipts) == (0, ((),))
    assert await made.seal(name()) == b""
    await made.close()


# --- faults of the disk ------------------------------------------------------------------------------------------------

FULL_DISK = """
import asyncio, resource, sys
from pathlib import Path
from tests.archive.samples import *
from crawler.ports import ArchiveError
async def main(root):
    made = archive(root)
    await made.create(name(), WORKER, NOW)
    kept = await made.write(pages(1), {}, {})
    made.keep()
    resource.setrlimit(resource.RLIMIT_FSIZE, (kept.size + 700, resource.RLIM_INFINITY))
    try:
        await made.write(pages(9, start=1), {}, {})
    except ArchiveError as error:
        print(error)
    size = Path(root, "2026/11/22", name() + ".warc.gz.open").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    again = await made.write(pages(1, start=1), {}, {})
    print(size == kept.size, again.receipts[0][0].capture.offset == kept.size, made.full(NOW))
    await made.close()
asyncio.run(main(Path(sys.argv[1])))
"""


def test_a_disk_that_is_full_leaves_the_file_as_it_was_and_it_may_go_on(tmp_path):
    ran = subprocess.run([sys.executable, "-c", FULL_DISK, str(tmp_path)], capture_output=True, text=True, check=True, cwd=ROOT)
    error, facts = ran.stdout.splitlines()
    assert error == f"{open_warc(tmp_path)}: cannot write: File too large"
    assert facts == "True True False"


class FailingSync(Device):
    """A disk that takes some syncs and then none."""

    def __init__(self, good: int) -> None:
        self.good = good

    def sync_data(self, descriptor: int) -> None:
        self.good -= 1
        if self.good < 0:
            raise OSError(5, "Input/output error")


async def test_after_a_failed_sync_the_segment_is_left_alone_and_a_new_one_is_written(tmp_path):
    device = FailingSync(good=2)
    made = await begun(tmp_path, device=device)
    await made.write(pages(1), {}, {})
    made.keep()
    with pytest.raises(ArchiveError, match="cannot sync: Input/output error"):
        await made.write(pages(1, start=1), {}, {})
    left = open_warc(tmp_path).read_bytes()
    assert made.full(NOW)
    assert made.held() == []
    await made.drop()
    with pytest.raises(ArchiveError, match="earlier sync"):
        await made.write(pages(1, start=1), {}, {})
    assert open_warc(tmp_path).read_bytes() == left
    device.good = 99
    await made.create(name(2), WORKER, NOW)
    written = await made.write(pages(1, start=1), {}, {})
    assert (written.segment, made.held(), made.full(NOW)) == (name(2), [name(2)], False)
    await made.close()


async def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "2026").write_text("in the way")
    made = archive(tmp_path)
    with pytest.raises(ArchiveError, match=str(tmp_path / "2026/11/22")):
        await made.create(name(), WORKER, NOW)
    await made.close()


async def test_an_existing_name_is_never_taken(tmp_path):
    made = await begun(tmp_path)
    with pytest.raises(ArchiveError, match="is there already"):
        await made.create(name(), WORKER, NOW)
    await made.close()


@pytest.mark.parametrize("bad", ["../../etc/passwd", "WARRAQ-20261122072108123-00001-run/../x", "", "WARRAQ-1-00001-run"])
async def test_a_segment_cannot_lead_out_of_the_archive(tmp_path, bad):
    made = archive(tmp_path)
    with pytest.raises(ArchiveError, match="not the name of a segment"):
        await made.create(bad, WORKER, NOW)
    await made.close()


# --- rotation ----------------------------------------------------------------------------------------------------------


async def test_a_segment_is_full_by_size_or_age(tmp_path):
    made = await begun(tmp_path, rotate_bytes=2000)
    assert not made.full(NOW + DAY - 1)
    assert made.full(NOW + DAY)
    await made.write(pages(5), {}, {})
    assert made.full(NOW)
    await made.close()


# --- records -----------------------------------------------------------------------------------------------------------


async def test_records_lie_beside_the_warc_a_line_each(tmp_path):
    made = await begun(tmp_path)
    written = await made.write(pages(2), {}, {})
    made.keep()
    records = [page_record(r, Article(title="عنوان\u2028", text="سطر"), "t") for (r,) in written.receipts]
    first = await made.write_records(name(), records)
    second = await made.write_records(name(), records[:1])
    data = Names(tmp_path, name()).records.read_bytes()
    assert second.size == len(data) == sum(length for _, length in first.spans + second.spans)
    for record, (offset, length) in zip(records + records[:1], first.spans + second.spans, strict=True):
        line = data[offset : offset + length]
        assert line.endswith(b"\n")
        assert json.loads(line)["id"] == record.id
        assert json.loads(line)["title"] == "عنوان\u2028"
    await made.close()


async def test_records_go_only_to_a_segment_that_is_held(tmp_path):
    made = await begun(tmp_path)
    with pytest.raises(ArchiveError, match="isn't held"):
        await made.write_records(name(7), [])
    await made.close()


# --- reading -----------------------------------------------------------------------------------------------------------


async def test_a_span_is_found_again_after_its_segment_was_sealed(tmp_path):
    made = await begun(tmp_path)
    (receipt,) = (await made.write(pages(1), {}, {})).receipts[0]
    made.keep()
    before = made.span(receipt)
    await made.seal(name())
    assert before.path.endswith(".open")
    assert made.span(receipt).path.endswith(".warc.gz")
    assert read_member(before, 1 << 20) == read_member(made.span(receipt), 1 << 20)
    await made.close()


async def test_a_span_that_holds_no_record_is_told(tmp_path):
    made = await begun(tmp_path)
    (receipt,) = (await made.write(pages(1), {}, {})).receipts[0]
    good = made.span(receipt)
    for bad, why in (
        (Span(path=good.path, offset=good.offset + 1, length=good.length), "damaged"),
        (Span(path=good.path, offset=good.offset, length=good.length - 1), "ends early"),
        (Span(path=good.path, offset=good.offset, length=0), "not read"),
        (Span(path=good.path + "x", offset=0, length=9), "No such file"),
    ):
        with pytest.raises(ArchiveError, match=why):
            read_member(bad, 1 << 20)
    with pytest.raises(ArchiveError, match="are read at most"):
        read_member(good, 10)
    await made.close()


def test_a_bomb_is_not_unpacked(tmp_path):
    path = tmp_path / "x.warc.gz"
    for begin in (b"", b"WARC/1.1\r\nContent-Length: 900\r\n\r\n"):
        path.write_bytes(zlib.compress(begin + bytes(50_000_000), 9, 31))
        with pytest.raises(ArchiveError, match="no whole record"):
            read_member(Span(path=str(path), offset=0, length=path.stat().st_size), 1000)


@pytest.mark.parametrize("level", [0, 1, 9])
@pytest.mark.parametrize("size", [0, 65_535, 65_536, 1 << 20])
def test_a_long_record_is_read_in_pieces_to_its_last_byte(tmp_path, level, size):
    path, block = tmp_path / "x.warc.gz", (b"abc" * size)[:size]
    path.write_bytes(zlib.compress(b"WARC/1.1\r\nContent-Length: %d\r\n\r\n%b\r\n\r\n" % (size, block), level, 31))
    streamed = stream_member(Span(path=str(path), offset=0, length=path.stat().st_size), size)
    pieces = list(streamed.pieces)
    assert b"".join(pieces) == block
    assert max(map(len, pieces), default=0) <= 1 << 16


async def test_what_is_written_is_at_hand_as_it_is_archived_and_a_repetition_is_not(tmp_path):
    with closing(AtHand()) as at_hand:
        made = await begun(tmp_path, at_hand=at_hand)
        twice = [visit(exchange(HTML * 50)), visit(exchange(HTML * 50, at=NOW + 1))]
        ((first,), (again,)) = (await made.write(twice, {}, {})).receipts
        assert borrowed(at_hand.descriptor, at_hand.lend(made.span(first))) == body_of(made, first)
        capture = again.capture
        assert capture.revisit_of == first.capture.key
        there = Span(path=str(open_warc(tmp_path)), offset=capture.offset, length=capture.length)
        assert at_hand.lend(there) is None
        await made.drop()
        at_hand.lay(there, b"of a group that was dropped")
        await made.write(twice, {}, {})
        assert at_hand.lend(there) is None
        await made.close()


async def test_what_came_packed_is_not_at_hand_for_it_is_read_as_soon_from_the_archive(tmp_path):
    with closing(AtHand()) as at_hand:
        made = await begun(tmp_path, at_hand=at_hand)
        packed = exchange(random.Random(1).randbytes(40_000))
        ((receipt,),) = (await made.write([visit(packed)], {}, {})).receipts
        assert at_hand.lend(made.span(receipt)) is None
        await made.close()
