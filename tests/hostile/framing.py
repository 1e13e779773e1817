"""Behaviours: how an answer is framed (RFC 9112)."""

from __future__ import annotations

from typing import Final

from tests.hostile.behaviours import (
    CHUNKED,
    PACKED,
    PAGE,
    RESET,
    SHORTENED,
    STAY,
    Behaviour,
    answer,
    bad,
    chunked,
    chunks,
    coded,
    good,
    head,
)

LENGTH: Final = f"Content-Length: {len(PAGE)}"
_TYPED: Final = "Content-Type: text/html; charset=utf-8"


def lines(*of: str, body: bytes = PAGE, end: str = "\r\n") -> bytes:
    """An answer of these lines, whatever they are."""
    return end.join([*of, "", ""]).encode("latin-1") + body


ODD: Final = (
    good("chunks with extensions", chunked(chunks(extension=b';name=value;quoted="a;b"'))),
    good("chunks with trailers", chunked(chunks(end=b"0\r\nX-Checksum: 1\r\nServer-Timing: total;dur=1\r\n\r\n"))),
    good("upper-case chunk sizes", chunked(b"%X\r\n%b\r\n0\r\n\r\n" % (len(PAGE), PAGE))),
    good("chunk sizes with leading zeros", chunked(b"%020x\r\n%b\r\n000\r\n\r\n" % (len(PAGE), PAGE))),
    good("chunk sizes padded with spaces", chunked(b"%x  \r\n%b\r\n0\r\n\r\n" % (len(PAGE), PAGE))),
    good("chunks of one byte", chunked(chunks(size=1))),
    good("chunks that end in bare LF", chunked(chunks(line=b"\n", end=b"0\n\n"))),
    good("a last chunk without its empty line", chunked(chunks(end=b"0\r\n"))),
    good(
        "chunks that come piece by piece",
        CHUNKED,
        *[part for at in range(0, len(chunks()), 300) for part in (chunks()[at : at + 300], 0.01)],
    ),
    good("chunked spelt in capitals", head("TRANSFER-ENCODING: Chunked") + chunks()),
    good("identity as transfer coding", answer("Transfer-Encoding: identity")),
    good("gzip as transfer coding", head("Transfer-Encoding: gzip, chunked") + chunks(PACKED)),
    good("no reason phrase", answer(status="HTTP/1.1 200")),
    good("no reason phrase but its space", answer(status="HTTP/1.1 200 ")),
    good("an odd reason phrase", answer(status="HTTP/1.1 200 تمام \t(ok)")),
    good("a wrong reason phrase", answer(status="HTTP/1.1 200 Not Found")),
    good("two spaces in the status line", answer(status="HTTP/1.1  200  OK")),
    good("lines that end in bare LF", answer().replace(b"\r\n", b"\n", 4)),
    good("line ends mixed", answer("X-A: 1", "X-B: 2").replace(b"X-A: 1\r\n", b"X-A: 1\n")),
    good("an empty line before the answer", b"\r\n" + answer()),
    good("a folded header", answer("X-Long: one\r\n\ttwo\r\n   three")),
    good("a folded content type", answer("Content-Type: text/html;\r\n charset=utf-8", mime=None)),
    good("the same length twice", answer(LENGTH)),
    good("the same length in one line", head(f"Content-Length: {len(PAGE)}, {len(PAGE)}") + PAGE),
    good("a length with leading zeros", head(f"Content-Length: 000{len(PAGE)}") + PAGE),
    good("HTTP/1.0 that ends with the connection", head(status="HTTP/1.0 200 OK") + PAGE),
    good("HTTP/1.1 that ends with the connection", head() + PAGE),
    good("keep-alive without a length, closed", head("Connection: keep-alive") + PAGE),
    good("HTTP/1.0 with a length, kept alive", answer("Connection: keep-alive", status="HTTP/1.0 200 OK"), STAY),
    good("a length, and the connection stays open", answer(), STAY),
    good("a reset behind a whole body", answer(), 0.02, RESET),
    good("empty header values", answer("X-Empty:", "X-Blank:   ", "ETag:", "Expires:", "Location:")),
    good(
        "names in odd case", lines("HTTP/1.1 200 OK", "cOnTeNt-TyPe: text/html; charset=utf-8", f"CONTENT-LENGTH:{len(PAGE)}")
    ),
    good(
        "no space behind the colons",
        lines("HTTP/1.1 200 OK", "Content-Type:text/html;charset=utf-8", f"Content-Length:{len(PAGE)}"),
    ),
    good("spaces around a length", head(f"Content-Length: \t {len(PAGE)}  ") + PAGE),
    good("a space before a colon", answer("Server : nginx")),
    good("a header name with a space", answer("X Powered By: cms")),
    good("a header name with odd signs", answer("X-(odd)@name: 1", "X-[]: 2")),
    good("a header line without a colon", answer("this is no header")),
    good("a header without a name", answer(": nothing")),
    good("raw UTF-8 in headers", answer("X-Title: خبر عاجل", "Set-Cookie: القسم=1")),
    good("raw latin-1 in headers", head("X-Caf: \udce9t\udce9", LENGTH) + PAGE),
    good("control characters in a value", answer("X-Odd: a\x01b\x1bc")),
    good("a header twice", answer("Vary: a", "Vary: b", "Server: x", "Server: y")),
    good(
        "long but legal headers",
        answer("Link: <https://cdn.example/" + "a" * 7000 + ">", *[f"Set-Cookie: c{n}=1" for n in range(60)]),
    ),
    good("a content type of its own twice", answer("Content-Type: text/html; charset=utf-8")),
    good("100 Continue before", b"HTTP/1.1 100 Continue\r\n\r\n" + answer()),
    good("early hints before", b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n", 0.02, answer()),
    good("four interim answers before", b"HTTP/1.1 102 Processing\r\n\r\n" * 4 + answer()),
    good("a line end behind the body", answer() + b"\r\n\r\n"),
    good("junk behind a whole body, kept alive", answer("Connection: keep-alive") + b"\0\0junk\r\n\r\n"),
    good("an answer nobody asked for behind", answer() + answer(body=b"<p>another</p>")),
    good("an alternative protocol offered", answer('Alt-Svc: h3=":443"', "Upgrade: h2,h2c", "Connection: Upgrade")),
    good("lower-case protocol name", answer(status="http/1.1 200 ok")),
)

CUT: Final = (
    bad("a body shorter than its length", "cut", answer()[:-200]),
    bad("a body shorter than its length, then silence", "timeout", answer()[:-200], STAY),
    bad("a body shorter than its length, then a reset", "cut", answer()[:-200], 0.02, RESET),
    bad("a reset in a body without a length", "cut", head() + SHORTENED, 0.05, RESET),
    bad("a length far beyond the body", "cut", head("Content-Length: 9000000") + PAGE),
    bad("chunks without the last one", "cut", chunked(chunks(end=b""))),
    bad("chunks that end inside one", "cut", chunked(chunks()[:700])),
    bad("chunks that end inside a size", "cut", chunked(chunks(SHORTENED, end=b"2"))),
    bad("chunks cut between two", "cut", chunked(chunks(SHORTENED, end=b""))),
    bad("a length behind which the text goes on", "protocol", head(f"Content-Length: {len(SHORTENED)}") + PAGE),
    bad("a length of ten", "protocol", head("Content-Length: 10") + PAGE),
    bad("headers that end early", "cut", head()[:-20]),
    bad("a status line and no more", "cut", b"HTTP/1.1 200 OK\r\n"),
    bad("nothing at all", "cut"),
    bad("a reset at once", "cut", RESET),
    bad("an interim answer and no more", "cut", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
)

WRONG: Final = (
    bad("two lengths", "protocol", head(LENGTH, f"Content-Length: {len(SHORTENED)}") + PAGE),
    bad("two lengths in a line", "protocol", head(f"Content-Length: {len(SHORTENED)}, {len(PAGE)}") + PAGE),
    bad("a negative length", "protocol", head("Content-Length: -1") + PAGE),
    bad("a signed length", "protocol", head(f"Content-Length: +{len(PAGE)}") + PAGE),
    bad("a length in words", "protocol", head("Content-Length: many") + PAGE),
    bad("a length in hex", "protocol", head(f"Content-Length: {len(PAGE):#x}") + PAGE),
    bad("a length with a point", "protocol", head(f"Content-Length: {len(PAGE)}.0") + PAGE),
    bad("an empty length", "protocol", head("Content-Length:") + PAGE),
    bad("a length of 30 digits", "protocol", head("Content-Length: " + "9" * 30) + PAGE),
    bad(
        "a length in Arabic digits",
        "protocol",
        lines("HTTP/1.1 200 OK", _TYPED).replace(b"\r\n\r\n", "\r\nContent-Length: ٩٩\r\n\r\n".encode(), 1),
    ),
    bad("a length and chunks", "protocol", head(LENGTH, "Transfer-Encoding: chunked") + chunks()),
    bad("chunked twice", "protocol", head("Transfer-Encoding: chunked, chunked") + chunks()),
    bad("chunked not last", "protocol", head("Transfer-Encoding: chunked, gzip") + chunks()),
    bad("an unknown transfer coding", "protocol", head("Transfer-Encoding: xchunked") + chunks()),
    bad("a quoted transfer coding", "protocol", head('Transfer-Encoding: "chunked"') + chunks()),
    bad("a space before the colon of the framing", "protocol", head("Transfer-Encoding : chunked") + chunks()),
    bad("a length hidden by a space", "protocol", head(f"Content-Length : {len(SHORTENED)}") + PAGE),
    bad("framing behind a bare CR", "protocol", head("X: y\rTransfer-Encoding: chunked") + chunks()),
    bad("a bare CR in a header", "protocol", head("X: a\rb", LENGTH) + PAGE),
    bad("a name with a control character", "protocol", head("\x0bTransfer-Encoding: chunked") + chunks()),
    bad("NUL in a header", "protocol", answer("X-Odd: a\0b")),
    bad("chunks of a body that has none", "cut", CHUNKED + PAGE),
    bad("a chunk size that is no number", "cut", chunked(b"xyz\r\n" + PAGE)),
    bad("a negative chunk size", "cut", chunked(b"-5\r\n" + PAGE)),
    bad("a chunk size with 0x", "cut", chunked(b"0x%x\r\n%b\r\n0\r\n\r\n" % (len(PAGE), PAGE))),
    bad("a chunk size beyond all bounds", "cut", chunked(b"f" * 20 + b"\r\n" + PAGE)),
    bad("a chunk longer than its size", "cut", chunked(b"10\r\n" + PAGE + b"\r\n0\r\n\r\n")),
    bad("chunks without line ends between", "cut", chunked(b"5\r\n<html0\r\n\r\n")),
    bad("a bad chunk behind good ones", "cut", chunked(chunks(SHORTENED, end=b"zz\r\n")), 0.05),
    bad("no status line (HTTP/0.9)", "protocol", PAGE),
    bad("another protocol's greeting", "protocol", b"SSH-2.0-OpenSSH_9.2\r\n\r\n"),
    bad("a mail server's greeting", "protocol", b"220 mail.example ESMTP\r\n"),
    bad("a preface of HTTP/2", "protocol", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    bad("frames of HTTP/2", "protocol", b"\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64\r\n\r\n"),
    bad("the version missing", "protocol", answer(status="HTTP 200 OK")),
    bad("a version there isn't", "protocol", answer(status="HTTP/9.9 200 OK")),
    bad("a radio's status line", "protocol", answer(status="ICY 200 OK")),
    bad("a status of two digits", "protocol", answer(status="HTTP/1.1 20 OK")),
    bad("a status of four digits", "protocol", answer(status="HTTP/1.1 2000 OK")),
    bad("a status in words", "protocol", answer(status="HTTP/1.1 OK")),
    bad("a negative status", "protocol", answer(status="HTTP/1.1 -200 OK")),
    bad("junk before the answer", "protocol", b"Warning: something\r\n" + answer()),
)

FRAMING: Final[tuple[Behaviour, ...]] = (
    *ODD,
    *CUT,
    *WRONG,
    good("a body with its own coding in chunks", head("Transfer-Encoding: chunked", "Content-Encoding: gzip") + chunks(PACKED)),
    good("a packed body kept alive", coded("gzip", PACKED), STAY),
)
