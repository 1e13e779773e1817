"""HTTP answers as bytes: what can be read of them, and what is said of the rest."""

import gzip
import zlib
from functools import partial
from random import Random

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.messages import (
    STEP,
    Decoder,
    FramingError,
    at_once,
    by_name,
    can_begin,
    entity,
    first_bytes,
    header,
    media_type,
    plain_head,
    read_chunks,
    read_head,
    read_response,
    split_interim,
)

ROOM = 1 << 20


def answer(*headers: str, body: bytes = b"", status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode() + body


ODD = st.sampled_from([b"", b"", b"", b" ", b"\t", b"\x0b", b"\x16", b"\x7f", b"\xa0", b"\r\n ", b","])
FRAMINGS = st.builds(
    lambda name, before, value, behind: b"%b:%b%b%b\r\n" % (name, before, value, behind),
    st.sampled_from([b"Content-Length", b"content-length", b"Transfer-Encoding", b"X"]),
    ODD,
    st.sampled_from(
        [b"5", b"05", b"5, 5", b"5, 6", b"0", b"chunked", b"Identity, Chunked", b"identity", b"0" * 20 + b"7", b""]
    ),
    ODD,
)


def chunked(*parts: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in [*parts, b""])


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


NEWS = "<p>خبر عاجل <b>1</b>".encode() + Random(2).randbytes(40_000).hex().encode()
PACKED = gzip.compress(NEWS, mtime=0)
LINES = [
    b"Vary: Accept-Encoding", b"Content-Encoding: gzip", b"CONTENT-ENCODING:gzip ", b"Content-Encoding : gzip",
    b"Content-Encoding: gzip,\r\n gzip", b"Content-Encoding: gzip\r\nContent-Encoding: gzip", b"Content-Encoding: none",
    b"Content-Encoding:", b"X-Content-Encoding: gzip", b"Transfer-Encoding: chunked", b"transfer-encoding:Chunked",
    b"Transfer-Encoding: gzip, chunked", b"Content-Length: 50001", b"Content-Length: 3", b"Content-Type: application/gzip",
]  # fmt: skip


class TestHead:
    def test_status_and_headers_are_read_with_their_case_and_doubles(self):
        head = read_head(answer("Set-Cookie: a=1", "set-cookie: b=2"))
        assert head.status == 200
        assert head.headers == (("Set-Cookie", "a=1"), ("set-cookie", "b=2"))
        assert header(head.headers, "SET-COOKIE") == "a=1, b=2"

    def test_bare_line_feeds_and_odd_spacing_are_read(self):
        head = read_head(b"HTTP/1.1  404 \nA :  b \nC:d\n\nbody")
        assert (head.status, head.headers, head.size) == (404, (("A", "b"), ("C", "d")), 28)

    def test_a_folded_header_is_one_line(self):
        assert header(read_head(answer("X-A: one", "   two")).headers, "x-a") == "one two"

    def test_a_raw_utf8_value_is_kept_and_latin1_is_read_as_such(self):
        block = "HTTP/1.1 301 Moved\r\nLocation: /خبر\r\n".encode() + b"X: caf\xe9\r\n\r\n"
        assert read_head(block).headers == (("Location", "/خبر"), ("X", "café"))

    def test_what_does_not_begin_like_an_answer_has_status_0(self):
        assert read_head(b"SSH-2.0-x\r\n\r\n").status == 0
        assert read_response(b"SSH-2.0-x\r\n\r\n", ROOM).note == "not an HTTP answer"

    def test_a_head_that_does_not_end_is_not_whole(self):
        body = read_response(b"HTTP/1.1 200 OK\r\nContent-Ty", ROOM)
        assert (body.status, body.whole, body.note) == (200, False, "the headers end early")

    def test_interim_answers_are_parted_from_the_answer(self):
        hints, final = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", answer(body=b"x")
        assert split_interim(b"HTTP/1.1 100 Continue\r\n\r\n" + hints + final) == (
            b"HTTP/1.1 100 Continue\r\n\r\n" + hints,
            final,
        )

    def test_a_switch_of_protocols_is_no_interim_answer(self):
        block = answer(status="101 Switching Protocols")
        assert split_interim(block) == (b"", block)

    def test_a_media_type_loses_parameters_and_case(self):
        assert media_type("Text/HTML; charset=utf-8") == "text/html"
        assert media_type(" ; charset=utf-8") is None
        assert media_type(None) is None


class TestEntity:
    def test_content_length_ends_the_body(self):
        assert read_response(answer("Content-Length: 3", body=b"abcdef"), ROOM).body == b"abc"

    def test_a_body_shorter_than_its_length_is_not_whole(self):
        body = read_response(answer("Content-Length: 9", body=b"abc"), ROOM)
        assert (body.body, body.whole, body.note) == (b"abc", False, "the body ends early: 3 of 9 bytes")

    @pytest.mark.parametrize("length", ["-1", "x", "3, 4", "", "٣", "9" * 30])
    def test_a_length_that_says_nothing_is_overlooked(self, length):
        body = read_response(answer(f"Content-Length: {length}", body=b"abcd"), ROOM)
        assert (body.body, body.whole) == (b"abcd", True)

    def test_chunks_are_joined_and_extensions_and_trailers_left_out(self):
        block = answer("Transfer-Encoding: chunked", body=b"3;x=y\r\nabc\r\n2\nde\n0\r\nTrailer: 1\r\n\r\n")
        assert b"".join(entity(block)) == b"abcde"
        assert read_response(block, ROOM).whole

    def test_chunked_wins_over_a_length(self):
        block = answer("Content-Length: 2", "Transfer-Encoding: chunked", body=chunked(b"abc"))
        assert read_response(block, ROOM).body == b"abc"

    @pytest.mark.parametrize("end", [b"", b"3\r\nab", b"3\r\nabc", b"3\r\nabc\r\n", b"3\r\nabc\r\n5"])
    def test_chunks_without_an_end_are_not_whole(self, end):
        body = read_response(answer("Transfer-Encoding: chunked", body=end), ROOM)
        assert (body.whole, body.note) == (False, "the chunked body ends early")

    def test_a_bad_chunk_is_named(self):
        body = read_response(answer("Transfer-Encoding: chunked", body=b"3\r\nabc\r\nzz\r\n"), ROOM)
        assert (body.body, body.whole, body.note) == (b"abc", False, "bad chunk in the body")

    @pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
    def test_an_answer_without_body_has_none(self, status):
        body = read_response(answer("Content-Length: 4", status=status, body=b"junk"), ROOM)
        assert (body.body, body.whole) == (b"", True)


PACKERS = {"gzip": gzip.compress, "x-gzip": gzip.compress, "deflate": zlib.compress, "br": partial(brotli.compress, quality=3)}


class TestCodings:
    @pytest.mark.parametrize("coding", PACKERS)
    def test_a_coding_is_taken_off(self, coding):
        body = read_response(answer(f"Content-Encoding: {coding}", body=PACKERS[coding](b"news " * 99)), ROOM)
        assert (body.body, body.whole, body.note) == (b"news " * 99, True, None)

    @pytest.mark.parametrize("size", [STEP - 1, STEP, STEP + 1, 3_000_000])
    @pytest.mark.parametrize("coding", PACKERS)
    def test_a_body_of_many_steps_is_whole(self, coding, size):
        for data in (bytes(size), Random(7).randbytes(size)):
            body = read_response(answer(f"Content-Encoding: {coding}", body=PACKERS[coding](data)), 4_000_000)
            assert (body.body == data, body.whole, body.note) == (True, True, None)

    def test_raw_deflate_is_taken_off_too(self):
        assert read_response(answer("Content-Encoding: deflate", body=raw_deflate(b"news")), ROOM).body == b"news"

    def test_several_layers_come_off_last_first(self):
        packed = brotli.compress(gzip.compress(b"news"))
        assert read_response(answer("Content-Encoding: gzip, br", body=packed), ROOM).body == b"news"
        assert read_response(answer("Content-Encoding: gzip", "Content-Encoding: BR", body=packed), ROOM).body == b"news"

    @pytest.mark.parametrize("coding", PACKERS)
    @settings(deadline=None)
    @given(cut=st.integers(min_value=1, max_value=40))
    def test_a_cut_body_is_never_whole(self, coding, cut):
        packed = PACKERS[coding](b"the quick brown fox jumps over a lazy dog, twice")
        body = read_response(answer(f"Content-Encoding: {coding}", body=packed[:-cut]), ROOM)
        assert not body.whole
        assert body.note in (f"the {coding} body ends early", f"the {coding} body is corrupt")

    def test_a_flipped_bit_is_corrupt_not_whole(self):
        packed = bytearray(gzip.compress(b"news " * 99))
        packed[-6] ^= 1
        body = read_response(answer("Content-Encoding: gzip", body=bytes(packed)), ROOM)
        assert (body.whole, body.note) == (False, "the gzip body is corrupt")

    def test_a_body_falsely_labelled_gzip_is_read_as_it_is(self):
        body = read_response(answer("Content-Encoding: gzip", body=b"<p>plain"), ROOM)
        assert (body.body, body.whole, body.note) == (b"<p>plain", True, "labelled gzip, but isn't")

    def test_a_single_byte_is_not_lost(self):
        assert read_response(answer("Content-Encoding: gzip", body=b"x"), ROOM).body == b"x"
        assert read_response(answer(body=b"x"), ROOM).body == b"x"

    def test_an_empty_body_needs_no_coding(self):
        assert read_response(answer("Content-Encoding: br"), ROOM).whole

    def test_members_of_gzip_follow_each_other_and_padding_is_overlooked(self):
        packed = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0\0\0"
        body = read_response(answer("Content-Encoding: gzip", body=packed), ROOM)
        assert (body.body, body.whole) == (b"one two", True)

    def test_an_unknown_coding_gives_nothing_and_its_name(self):
        body = read_response(answer("Content-Encoding: zstd", body=b"(\xb5/\xfd"), ROOM)
        assert (body.body, body.whole, body.note) == (b"", False, "unknown content coding zstd")

    def test_a_tower_of_codings_is_refused(self):
        body = read_response(answer("Content-Encoding: gzip" + ",gzip" * 400, body=b"x"), ROOM)
        assert (body.whole, body.note) == (False, "401 content codings; 4 are the most")


class TestLimits:
    @pytest.mark.parametrize("coding", ["identity", *PACKERS])
    def test_no_more_than_the_limit_is_given(self, coding):
        packed = PACKERS.get(coding, bytes)(b"x" * 5000)
        body = read_response(answer(f"Content-Encoding: {coding}", body=packed), 4999)
        assert (body.body, body.whole, body.note) == (b"x" * 4999, False, "cut at 4999 bytes")
        assert read_response(answer(f"Content-Encoding: {coding}", body=packed), 5000).whole

    def test_a_bomb_goes_off_in_small_steps(self):
        bomb = brotli.compress(b"\0" * 50_000_000, quality=5)
        decoder = Decoder("br", 5_000_000)
        sizes = [len(piece) for piece in decoder.steps(bomb)]
        assert max(sizes) <= 2 * STEP
        assert (sum(sizes), decoder.flaw) == (5_000_000, "limit")

    @pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
    def test_what_is_packed_beyond_all_measure_ends_before_the_limit(self, coding):
        decoder = Decoder(coding, 60_000_000)
        given = sum(len(piece) for piece in decoder.steps(PACKERS[coding](bytes(50_000_000))))
        assert decoder.flaw == "limit"
        assert "250 times smaller" in decoder.note
        assert 8 << 20 < given < 16 << 20

    def test_a_layer_in_between_is_limited_as_well(self):
        empty = gzip.compress(b"", 9) * 100_000
        decoder = Decoder("gzip, gzip", 1_000_000)
        assert decoder.feed(gzip.compress(empty, 9)) == b""
        assert decoder.flaw == "limit"

    def test_a_long_chain_of_gzip_members_ends_somewhere(self):
        decoder = Decoder("gzip", 100_000)
        assert len(decoder.feed(gzip.compress(b"x", 9) * 9000)) < 9000
        assert (decoder.flaw, decoder.note) == ("limit", "more than 4096 members of gzip")

    def test_after_a_flaw_nothing_more_comes(self):
        decoder = Decoder("gzip", 3)
        assert decoder.feed(gzip.compress(b"abcdef")) == b"abc"
        assert decoder.feed(gzip.compress(b"abcdef")) == b""
        assert decoder.finish() == b""


@settings(deadline=None)
@given(data=st.binary(max_size=3000), coding=st.sampled_from(["gzip", "deflate", "br", "identity"]), cut=st.integers(1, 700))
def test_a_stream_decodes_alike_however_it_is_cut_up(data, coding, cut):
    packed = PACKERS.get(coding, bytes)(data)
    decoder = Decoder(coding, ROOM, "application/octet-stream")  # where gzip inside is left as it is
    parts = [decoder.feed(packed[i : i + cut]) for i in range(0, len(packed), cut)]
    assert b"".join(parts) + decoder.finish() == data
    assert decoder.flaw is None


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_at_all_make_it_fail(junk):
    for block in (
        junk,
        b"HTTP/1.1 200 OK\r\n" + junk,
        answer("Transfer-Encoding: chunked", "Content-Encoding: gzip", body=junk),
    ):
        body = read_response(block, 100)
        assert len(body.body) <= 100
        assert body.whole or body.note


class TestPlainHead:
    """What a strict parser gets to see of a head."""

    @pytest.mark.parametrize("framing", ["Content-Length: 9", "Transfer-Encoding: chunked", "X: 1"])
    def test_a_head_of_every_day_stays_as_it_is(self, framing):
        head = answer("Server: nginx", framing, "Content-Type: text/html; charset=utf-8")
        assert plain_head(head).data == head

    def test_the_length_is_told(self):
        assert plain_head(answer("content-length:  12 ")).length == 12
        assert plain_head(answer("Content-Length: 012", "Content-Length: 12, 12")).length == 12
        assert plain_head(answer("X: Content-Length: 12")).length is None

    def test_chunked_is_told(self):
        assert plain_head(answer("transfer-encoding: CHUNKED")).chunked
        assert plain_head(answer("Transfer-Encoding: identity, chunked")).chunked
        assert not plain_head(answer("Transfer-Encoding: identity")).chunked

    def test_what_no_parser_takes_is_left_out_of_a_head(self):
        odd = answer("A B: 1", "Good : 2", "no colon", ": 3", "X-(y): 4", "Last: 5\x01")
        assert plain_head(odd).data == b"HTTP/1.1 200 OK\r\nGood: 2\r\nLast: 5\r\n\r\n"

    def test_a_packing_by_the_transfer_coding_is_named_as_one_of_the_content(self):
        head = plain_head(answer("Content-Encoding: br", "Transfer-Encoding: gzip, chunked"))
        assert header(read_head(head.data).headers, "content-encoding") == "br, gzip"
        assert head.chunked

    @pytest.mark.parametrize(
        "line",
        [
            "Content-Length: -1", "Content-Length: 1, 2", "Content-Length:", "Content-Length: 0x1", "Content-Length : 1",
            "Transfer-Encoding : chunked", "Transfer-Encoding: chunked, gzip",
            "Transfer-Encoding: chunked\r\nContent-Length: 1",
            "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: cow", "\x0bTransfer-Encoding: chunked",
            "X: 1\rTransfer-Encoding: chunked", "X: \0", "Transfer-Encoding",
        ],
    )  # fmt: skip
    def test_where_the_end_of_the_body_is_in_doubt_there_is_no_answer(self, line):
        with pytest.raises(FramingError):
            plain_head(answer(line))

    @pytest.mark.parametrize(
        "start", ["HTTP/1.1 20 OK", "HTTP/1.1 2000 OK", "HTTP/2 200", "HTTP/9.9 200 OK", "ICY 200 OK", "200 OK", "HTTP/1.1 OK"]
    )
    def test_a_status_line_that_is_none_is_no_answer(self, start):
        with pytest.raises(FramingError):
            plain_head(start.encode() + b"\r\n\r\n")

    @given(st.lists(st.text(st.characters(max_codepoint=255), max_size=30), max_size=6))
    def test_what_is_plain_stays_plain(self, lines):
        head = b"\r\n".join([b"HTTP/1.1 200 OK", *(line.encode("latin-1") for line in lines), b"", b""])
        try:
            plain = plain_head(head)
        except FramingError:
            return
        assert plain_head(plain.data) == plain

    @pytest.mark.parametrize("line", ["Content-Length:\x0b5\x7f", f"Content-Length: {'0' * 30}5", "Content-Length: 5, 005"])
    def test_whoever_reads_it_later_ends_the_body_there_too(self, line):
        assert plain_head(answer(line)).length == 5
        assert b"".join(entity(answer(line, body=b"5\r\nhe, and more"))) == b"5\r\nhe"

    @given(st.lists(FRAMINGS, max_size=3))
    def test_nobody_ends_a_body_elsewhere(self, lines):
        head, body = b"HTTP/1.1 200 OK\r\n" + b"".join(lines) + b"\r\n", b"5\r\nhello\r\n0\r\n\r\nmore"
        try:
            plain = plain_head(head)
        except FramingError:
            return
        assert b"".join(entity(head + body)) == (b"hello" if plain.chunked else body[: plain.length])

    @pytest.mark.parametrize("line", ["Content-Encoding:\x08gzip", "Transfer-Encoding: gzip, chunked\x18"])
    def test_a_sign_that_no_value_can_hold_hides_no_coding(self, line):
        packed = gzip.compress(b"news")
        body = packed if line.startswith("C") else chunked(packed) + b"\r\n"
        assert plain_head(answer(line)).chunked is line.startswith("T")
        read = read_response(answer(line, body=body), ROOM)
        assert (read.body, read.whole) == (b"news", True)

    def test_few_bytes_tell_what_may_begin_an_answer(self):
        assert all(can_begin(block) for block in (b"", b"H", b"http/1.1 200", b"HTTP/1.", b"HTTP/1.0"))
        assert not any(can_begin(block) for block in (b"S", b"HTTP/2", b"<html>", b"HTTPS", b" HTTP/1.1"))


class TestChunks:
    def test_a_body_is_whole_with_its_last_chunk_whatever_follows(self):
        assert read_chunks(b"3\nabc\n0\n") == b"abc"
        assert read_chunks(b"0000000000000000000003;x=y\r\nabc\r\n0\r\nX: 1") == b"abc"

    @pytest.mark.parametrize(
        "body", [b"", b"3\r\nabc\r\n", b"3\r\nabc0\r\n", b"-1\r\n", b"zz\r\n", b"0\r\n" + b"X: y\r\n" * 9000]
    )
    def test_else_there_is_none(self, body):
        assert read_chunks(body) is None


@pytest.mark.parametrize(
    ("told", "body", "begins"),
    [
        (b"Content-Length: 60000", b"<p>" + b"x" * 59_997, b"<p>x"),
        (b"Content-Length: 60000\r\nContent-Length: 3", b"<p>" + b"x" * 59_997, b"<p>x"),
        (b"Content-Length: 60000", b"<p>", b"<p>"),
        (b"Content-Length: 3", b"<p>" + b"x" * 59_997, b"<p>"),
        (b"Content-Length: 60000\r\nContent-Encoding: gzip", gzip.compress(b"<p>packed", mtime=0), b"<p>packed"),
        (b"Content-Length: 60000\r\nX: y\r\n content-encoding: folded", b"<p>" + b"x" * 59_997, b"<p>x"),
        (b"Content-Length: 60000", gzip.compress(b"<p>" + Random(1).randbytes(4000), mtime=0), b"<p>"),
        (b"Transfer-Encoding: chunked", b"3\r\n<p>\r\n0\r\n\r\n", b"<p>"),
        (b"Date: today", b"<p>", b"<p>"),
        (b"Vary: Accept-Encoding\r\nContent-Length: 60000", b"<p>" + b"x" * 59_997, b"<p>x"),
        (b"Content-Encoding: gzip\r\nContent-Length: 50000", PACKED, NEWS[:2048]),
        (b"content-encoding: GZIP\r\nTransfer-Encoding: chunked", chunked(PACKED), NEWS[:2048]),
        (b"Content-Encoding: gzip, gzip\r\nContent-Length: 50000", gzip.compress(PACKED), NEWS[:999]),
    ],
)
def test_the_first_bytes_are_those_of_the_content_however_it_is_sent(told, body, begins):
    assert first_bytes(b"HTTP/1.1 200 OK\r\n" + told + b"\r\n\r\n" + body).startswith(begins)


@given(
    st.lists(st.sampled_from(LINES), max_size=4, unique_by=lambda line: line.lower()[:9]),
    st.sampled_from([NEWS, PACKED, gzip.compress(PACKED), gzip.compress(b"<p>") + PACKED, PACKED[:99] + b"\xff" * 4000]),
    st.sampled_from([lambda body: body, chunked, lambda body: chunked(body[:500], body[500:])]),
)
def test_the_first_bytes_are_those_that_are_read(lines, body, sent):
    block = b"HTTP/1.1 200 OK\r\n" + b"\r\n".join([*lines, b"Content-Length: 50000", b"", b""]) + sent(body)
    assert read_response(block, ROOM).body.startswith(first_bytes(block))


@given(
    st.sampled_from([PACKED, gzip.compress(PACKED), PACKED * 2, PACKED[:-9], NEWS]),
    st.integers(0, 255),
    st.sampled_from(["gzip", ""]),
    st.data(),
)
def test_what_is_decoded_at_once_is_what_it_holds(body, changed, coding, data):
    bytes_ = bytearray(body)
    bytes_[data.draw(st.integers(0, len(body) - 1))] = changed
    limit = data.draw(st.sampled_from([ROOM, len(NEWS), len(NEWS) - 1, 0]))
    told = at_once(bytes(bytes_), coding, limit)
    decoder = Decoder(coding, limit)
    if told is not None:
        assert (decoder.feed(bytes_) + decoder.finish(), decoder.flaw, decoder.note) == (told, None, None)


def test_a_page_of_news_is_decoded_at_once_and_a_bomb_is_not():
    assert at_once(PACKED, "gzip", ROOM) == NEWS
    assert at_once(PACKED, "gzip", len(NEWS)) is None
    assert at_once(PACKED, "br", ROOM) is None
    assert at_once(gzip.compress(bytes(STEP)), "gzip", 64 * ROOM) is None
    assert at_once(b"", "gzip", ROOM) is None
    assert at_once(NEWS, "", len(NEWS)) == NEWS
    assert at_once(NEWS, "", len(NEWS) - 1) is None
    assert at_once(PACKED, "", ROOM) is None  # packed, and its server forgot to say so


def test_an_answer_without_content_has_no_first_bytes():
    assert first_bytes(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 60000\r\n\r\n" + b"x" * 60_000) == b""


def test_headers_by_name_are_joined_as_one_by_one():
    headers = (("Vary", "a"), ("X-Robots-Tag", "noindex"), ("vary", "b"))
    assert by_name(headers) == {"vary": "a, b", "x-robots-tag": "noindex"}
    assert all(header(headers, name) == value for name, value in by_name(headers).items())
