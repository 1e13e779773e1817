"""Whatever a server sends is kept byte for byte, and what it means is said."""

import gzip

import brotli
import pytest

from crawler.model import Broken, Fetched, Kind, Redirected, Refused, Unchanged, Validators
from tests.fetching.scripted import Again, Reset, Stay, answer

GZ = gzip.compress(b"<p>news</p>" * 50, mtime=0)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

AWKWARD = {
    "plain": answer(body=b"x"),
    "gzip": answer("Content-Encoding: gzip", body=GZ),
    "brotli": answer("Content-Encoding: br", body=brotli.compress(b"news" * 50)),
    "chunked": CHUNKED + b"3\r\nabc\r\n0\r\n\r\n",
    "chunked, extension": CHUNKED + b"3;a=b\r\nabc\r\n0\r\n\r\n",
    "chunked, trailer": CHUNKED + b"3\r\nabc\r\n0\r\nX-After: 1\r\n\r\n",
    "chunked gzip": CHUNKED.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n")
    + b"%x\r\n%b\r\n0\r\n\r\n" % (len(GZ), GZ),
    "latin-1 in a header": b"HTTP/1.1 200 OK\r\nX: caf\xe9\r\nContent-Length: 1\r\n\r\nx",
    "utf-8 in a header": "HTTP/1.1 200 OK\r\nX: خبر\r\nContent-Length: 1\r\n\r\nx".encode(),
    "http/1.0": b"HTTP/1.0 200 OK\r\n\r\nuntil the end",
    "no reason": b"HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx",
    "odd reason": "HTTP/1.1 200 حسنا\r\nContent-Length: 1\r\n\r\nx".encode(),
    "cookies": answer("Set-Cookie: a=1", "Set-Cookie: b=2", body=b"x"),
    "odd spacing": b"HTTP/1.1 200 OK\r\nX:   1  \r\nContent-Length:1\r\n\r\nx",
    "folded": b"HTTP/1.1 200 OK\r\nX: one\r\n two\r\nContent-Length: 1\r\n\r\nx",
    "bare LF": b"HTTP/1.1 200 OK\nContent-Length: 1\n\nx",
    "false gzip label": answer("Content-Encoding: gzip", body=b"not packed"),
}


@pytest.mark.parametrize("name", AWKWARD)
async def test_an_awkward_page_is_kept_byte_for_byte(ask, name):
    outcome = await ask("/", AWKWARD[name])
    assert isinstance(outcome, Fetched), outcome
    exchange = outcome.exchanges[-1]
    assert exchange.response == AWKWARD[name]
    assert (exchange.status, exchange.truncated, exchange.rebuilt) == (200, None, False)


REFUSED_BY_AIOHTTP = {
    "NUL in a header": b"HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 1\r\n\r\nx",
    "length and chunks": CHUNKED.replace(b"\r\n\r\n", b"\r\nContent-Length: 3\r\n\r\n") + b"3\r\nabc\r\n0\r\n\r\n",
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n",
}


@pytest.mark.parametrize("name", REFUSED_BY_AIOHTTP)
async def test_an_answer_that_cannot_be_parsed_is_kept_all_the_same(ask, name):
    outcome = await ask("/", REFUSED_BY_AIOHTTP[name])
    assert isinstance(outcome, Broken)
    assert outcome.reason == "protocol"
    assert outcome.exchanges[-1].response == REFUSED_BY_AIOHTTP[name]
    assert outcome.exchanges[-1].status == 0


async def test_early_hints_are_kept_apart(ask):
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
    outcome = await ask("/", hints, 0.01, answer(body=b"x"))
    exchange = outcome.exchanges[-1]
    assert (exchange.interim, exchange.response, exchange.status) == (hints, answer(body=b"x"), 200)


async def test_the_request_is_kept_as_the_server_got_it(ask, server):
    conditions = Validators(etag='W/"é-1"', last_modified="Tue, 03 Nov 2026 10:00:00 GMT")
    outcome = await ask("/a%20b?%D8%AE=1&x", answer(body=b"x"), kind=Kind.FEED, validators=conditions)
    _, raw, _ = server.requests[0]
    assert outcome.exchanges[-1].request == raw
    lines = raw.decode().split("\r\n")
    assert lines[0] == "GET /a%20b?%D8%AE=1&x HTTP/1.1"
    assert {"Accept-Encoding: gzip, deflate, br", 'If-None-Match: W/"é-1"', "User-Agent: Warraq/0 (+https://w.example)"} <= {
        *lines
    }


async def test_a_connection_is_used_again_and_its_answers_are_not_mixed(ask, server):
    first = await ask("/1", answer(body=b"one"), Again)
    second = await ask("/2", answer(body=b"two"), Again)
    assert server.requests[0][2] == server.requests[1][2]
    assert first.exchanges[0].response == answer(body=b"one")
    assert second.exchanges[0].response == answer(body=b"two")
    assert second.exchanges[0].request == server.requests[1][1]


async def test_the_peer_and_the_protocol_are_told(ask):
    exchange = (await ask("/", answer(body=b"x"))).exchanges[0]
    assert (exchange.peer, exchange.protocol, exchange.cipher) == ("127.0.0.1", "http/1.1", None)


async def test_the_payload_digest_is_over_the_body_without_chunks(ask):
    plain = await ask("/1", answer("Content-Type: Text/HTML; charset=x", body=b"abc"), Again)
    framed = await ask("/2", CHUNKED + b"1\r\na\r\n2\r\nbc\r\n0\r\n\r\n")
    assert plain.exchanges[0].payload_digest == framed.exchanges[0].payload_digest == "sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5"
    assert (plain.exchanges[0].payload_bytes, plain.exchanges[0].mime) == (3, "text/html")


class TestNotWhole:
    @pytest.mark.parametrize(
        "sent",
        [
            answer(body=b"abc").replace(b"h: 3", b"h: 9"),
            CHUNKED + b"3\r\nabc\r\n",
            CHUNKED + b"3\r\nab",
            answer("Content-Encoding: gzip", body=GZ[:-9]),
            answer("Content-Encoding: br", body=brotli.compress(b"news" * 50)[:-3]),
        ],
    )
    async def test_a_body_that_ends_early_is_broken_not_whole(self, ask, sent):
        outcome = await ask("/", sent)
        assert isinstance(outcome, Broken)
        assert outcome.reason == "cut"
        assert outcome.exchanges[0].response == sent
        assert (outcome.exchanges[0].truncated, outcome.exchanges[0].payload_digest) == ("disconnect", None)

    async def test_a_reset_in_the_body_is_broken(self, ask):
        sent = answer(body=b"abc").replace(b"h: 3", b"h: 9")
        outcome = await ask("/", sent, 0.05, Reset)
        assert (outcome.reason, outcome.exchanges[0].truncated) == ("cut", "disconnect")

    async def test_a_bad_chunk_is_broken(self, ask):
        begin, end = CHUNKED + b"3\r\nabc\r\n", b"zz\r\n"
        outcome = await ask("/", begin, 0.05, end)
        assert (outcome.reason, outcome.exchanges[0].response) == ("cut", begin + end)
        assert outcome.exchanges[0].truncated == "disconnect"

    async def test_a_bad_chunk_that_comes_with_the_head_is_kept_too(self, ask):
        sent = CHUNKED + b"3\r\nabc\r\nzz\r\n"
        outcome = await ask("/", sent)
        assert isinstance(outcome, Broken)
        assert outcome.exchanges[0].response == sent

    async def test_a_corrupt_gzip_body_is_broken_though_it_is_all_there(self, ask):
        spoilt = bytearray(GZ)
        spoilt[-6] ^= 1
        outcome = await ask("/", answer("Content-Encoding: gzip", body=bytes(spoilt)))
        assert (outcome.reason, outcome.detail) == ("cut", "the gzip body is corrupt")
        assert outcome.exchanges[0].truncated is None

    async def test_no_answer_at_all_leaves_no_exchange(self, ask, server):
        for script in ([], [Reset]):
            server.scripts["/"] = script
            outcome = await ask("/")
            assert isinstance(outcome, Broken)
            assert (outcome.reason, outcome.exchanges) == ("cut", ())

    async def test_aiohttp_does_not_ask_again_behind_our_back(self, ask, server):
        await ask("/", Reset)
        await ask("/ok", answer(body=b"x"), Again)
        await ask("/", Reset)
        assert server.paths() == ["/", "/ok", "/"]

    async def test_half_a_head_is_kept(self, ask):
        outcome = await ask("/", b"HTTP/1.1 200 OK\r\nContent-")
        assert (outcome.reason, outcome.exchanges[0].response) == ("cut", b"HTTP/1.1 200 OK\r\nContent-")
        assert outcome.exchanges[0].truncated == "disconnect"

    async def test_an_interim_answer_alone_is_kept(self, ask):
        outcome = await ask("/", b"HTTP/1.1 103 Early Hints\r\n\r\n")
        assert (outcome.reason, outcome.exchanges[0].response) == ("cut", b"HTTP/1.1 103 Early Hints\r\n\r\n")


class TestLimits:
    async def test_a_body_beyond_the_limit_is_cut_and_kept(self, ask):
        outcome = await ask("/", answer(body=b"x" * 1_000_000))
        assert isinstance(outcome, Fetched)
        assert (outcome.exchanges[0].truncated, outcome.exchanges[0].payload_digest) == ("length", None)
        assert 200_000 <= len(outcome.exchanges[0].response) <= 210_000
        assert answer(body=b"x" * 1_000_000).startswith(outcome.exchanges[0].response)

    async def test_a_body_without_end_is_cut(self, ask):
        outcome = await ask("/", b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 900_000, Stay)
        assert isinstance(outcome, Fetched)
        assert outcome.exchanges[0].truncated == "length"

    async def test_framing_without_end_is_cut_too(self, ask):
        outcome = await ask("/", CHUNKED + b"1;" + b"x" * 900_000, Stay)
        assert outcome.exchanges[0].truncated == "length" or outcome.reason == "cut"
        assert len(outcome.exchanges[0].response) <= 210_000

    @pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("br", brotli.compress)])
    async def test_a_bomb_is_cut_at_the_decoded_limit(self, ask, coding, pack):
        outcome = await ask("/", answer(f"Content-Encoding: {coding}", body=pack(b"\0" * 20_000_000)))
        assert isinstance(outcome, Fetched)
        assert outcome.exchanges[0].truncated == "length"

    @pytest.mark.parametrize("flood", [b"X: " + b"y" * 100_000, b"X: y\r\n" * 9000])
    async def test_headers_beyond_the_limit_are_broken(self, ask, flood):
        outcome = await ask("/", b"HTTP/1.1 200 OK\r\n" + flood, Stay)
        assert outcome.reason == "too_large"
        assert len(outcome.exchanges[0].response) <= 210_000

    async def test_interim_answers_without_end_are_broken(self, ask):
        outcome = await ask("/", *[b"HTTP/1.1 103 Early Hints\r\nX: 1\r\n\r\n" * 100] * 9, Stay)
        assert (outcome.reason, outcome.detail) == ("too_large", "the headers are longer than 8192 bytes")
        assert outcome.exchanges[0].truncated == "length"


class TestTime:
    async def test_silence_before_the_answer_is_a_time_out(self, ask):
        outcome = await ask("/", Stay)
        assert (outcome.reason, outcome.exchanges) == ("timeout", ())

    async def test_silence_in_the_body_is_a_time_out_and_what_came_is_kept(self, ask):
        outcome = await ask("/", answer(body=b"abc").replace(b"h: 3", b"h: 9"), Stay)
        assert (outcome.reason, outcome.exchanges[0].truncated) == ("timeout", "time")
        assert outcome.exchanges[0].response.endswith(b"abc")

    async def test_a_dripping_body_is_a_time_out(self, ask):
        outcome = await ask("/", answer(body=b"x" * 9000)[:-9000], *[b"x", 0.1] * 40)
        assert (outcome.reason, outcome.detail) == ("timeout", "less than 1000 bytes a second")

    async def test_dripping_headers_end_with_the_deadline(self, ask):
        outcome = await ask("/", b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n", 0.1] * 40)
        assert (outcome.reason, outcome.detail) == ("timeout", "it took too long altogether")
        assert outcome.exchanges[0].truncated == "time"


class TestMeaning:
    @pytest.mark.parametrize(
        ("status", "reason"),
        [
            ("201 Created", "unusable"),
            ("204 No Content", "unusable"),
            ("205 Reset Content", "unusable"),
            ("206 Partial Content", "unusable"),
            ("226 IM Used", "unusable"),
            ("302 Found", "unusable"),
            ("304 Not Modified", "unusable"),
            ("401 Unauthorized", "forbidden"),
            ("403 Forbidden", "forbidden"),
            ("404 Not Found", "missing"),
            ("410 Gone", "gone"),
            ("418 I'm a teapot", "forbidden"),
            ("429 Too Many Requests", "later"),
            ("451 Unavailable For Legal Reasons", "forbidden"),
            ("999 Request denied", "unusable"),
        ],
    )
    async def test_a_status_that_is_no_page_is_refused(self, ask, status, reason):
        body = b"" if status[:3] in ("204", "304") else b"why"
        outcome = await ask("/", answer(body=body, status=status))
        assert isinstance(outcome, Refused)
        assert (outcome.reason, outcome.exchanges[0].status) == (reason, int(status[:3]))

    @pytest.mark.parametrize(
        "status", ["500 Oops", "502 Bad Gateway", "503 Unavailable", "408 Request Timeout", "425 Too Early"]
    )
    async def test_a_server_that_fails_is_broken(self, ask, status):
        outcome = await ask("/", answer(status=status, body=b"why"))
        assert isinstance(outcome, Broken)
        assert (outcome.reason, outcome.detail) == ("server", f"status {status[:3]}")

    async def test_an_empty_page_is_unusable(self, ask):
        outcome = await ask("/", answer())
        assert (outcome.reason, outcome.detail) == ("unusable", "status 200 without a body")

    async def test_non_authoritative_is_a_page(self, ask):
        assert isinstance(await ask("/", answer(status="203 Non-Authoritative", body=b"x")), Fetched)

    @pytest.mark.parametrize("status", ["429 Slow Down", "503 Unavailable"])
    async def test_retry_after_is_told(self, ask, status):
        outcome = await ask("/", answer("Retry-After: 120", status=status, body=b"x"))
        assert (outcome.reason, outcome.retry_after) == ("later", 120)

    async def test_retry_after_may_be_a_date(self, ask):
        outcome = await ask("/", answer("Retry-After: Fri, 01 Jan 2100 00:00:00 GMT", status="429 X", body=b"x"))
        assert outcome.retry_after == 31 * 86_400

    async def test_a_404_with_a_cut_body_is_still_missing(self, ask):
        outcome = await ask("/", answer(status="404 Not Found", body=b"abc").replace(b"h: 3", b"h: 9"))
        assert (outcome.reason, outcome.exchanges[0].truncated) == ("missing", "disconnect")

    @pytest.mark.parametrize("behind", [b"x", b"HTTP/1.1 200 OK\r\n\r\n"])
    async def test_what_comes_behind_an_answer_without_body_changes_nothing(self, ask, behind):
        sent = answer("Content-Length: 500", status="304 Not Modified", length=False) + behind
        assert isinstance(await ask("/", sent, validators=Validators(etag='"a"')), Unchanged)

    async def test_not_modified_is_unchanged_where_we_asked(self, ask):
        outcome = await ask(
            "/", answer('ETag: "b"', status="304 Not Modified", length=False), validators=Validators(etag='"a"')
        )
        assert isinstance(outcome, Unchanged)
        assert outcome.validators == Validators(etag='"b"')

    async def test_validators_are_kept_byte_for_byte_if_they_can_be_sent_back(self, ask):
        good = answer('ETag: W/"١٢ x"', "Last-Modified: yesterday", body=b"x")
        assert (await ask("/", good, Again)).validators == Validators(etag='W/"١٢ x"', last_modified="yesterday")
        odd = b'HTTP/1.1 200 OK\r\nETag: "\xff"\r\nLast-Modified: ' + b"y" * 2000 + b"\r\nContent-Length: 1\r\n\r\nx"
        assert (await ask("/", odd)).validators == Validators()


class TestRedirects:
    @pytest.mark.parametrize(("status", "permanent"), [(301, True), (302, False), (303, False), (307, False), (308, True)])
    async def test_a_redirect_is_told_and_not_followed(self, ask, server, status, permanent):
        outcome = await ask("/a/b", answer("Location: ../c?d#e", status=f"{status} Moved", body=b"x"))
        assert isinstance(outcome, Redirected)
        assert (outcome.target, outcome.permanent) == (f"{server.base}/c?d", permanent)
        assert server.paths() == ["/a/b"]

    async def test_raw_arabic_in_a_location_is_understood(self, ask, server):
        outcome = await ask("/", answer("Location: /خبر", status="302 Found"))
        assert outcome.target == f"{server.base}/%D8%AE%D8%A8%D8%B1"

    async def test_latin1_in_a_location_is_no_crash(self, ask, server):
        outcome = await ask("/", b"HTTP/1.1 302 Found\r\nLocation: /caf\xe9\r\nContent-Length: 0\r\n\r\n")
        assert outcome.target == f"{server.base}/caf%C3%A9"

    @pytest.mark.parametrize("location", ["javascript:alert(1)", "file:///etc/passwd", "http://", "ftp://a/"])
    async def test_a_redirect_to_nowhere_is_refused(self, ask, location):
        outcome = await ask("/", answer(f"Location: {location}", status="302 Found"))
        assert (outcome.reason, len(outcome.exchanges)) == ("hops", 1)


async def test_a_page_that_comes_in_pieces_is_whole_and_its_digest_that_of_the_page(ask):
    body = bytes(range(250)) * 40
    pieces = [body[at : at + 2500] for at in range(0, len(body), 2500)]
    whole = await ask("/whole", answer(body=body), Again)
    outcome = await ask("/pieces", answer(body=body)[: -len(body)], *[step for piece in pieces for step in (0.01, piece)])
    assert outcome.exchanges[0].response == whole.exchanges[0].response
    assert outcome.exchanges[0].payload_digest == whole.exchanges[0].payload_digest
