"""Awkward answers, each with what an archive must make of it. All of it is written down here, nothing is worked out."""

from __future__ import annotations

import gzip
import random
import zlib
from dataclasses import dataclass, field
from typing import Final

import brotli

HOLD: Final = -1.0
"""A step: keep the connection for another request."""
RESET: Final = -2.0
"""A step: end the connection at once."""

Step = bytes | float
"""Bytes to send, or seconds to wait; HOLD and RESET."""


@dataclass(frozen=True)
class Case:
    """What is sent, and what must be kept."""

    steps: tuple[Step, ...]
    entity: bytes | None
    """The body without framing, still coded. None: there is no telling, since it isn't HTTP."""
    status: int = 200
    """0: aiohttp can't parse it."""
    interim: bytes = b""
    truncated: str | None = None
    conditional: bool = False
    sniffed: str | None = None
    """The media type that is seen in the payload."""
    kept: bytes | None = None
    """What must be in the record, if that isn't all that was sent but the interim answers."""
    raw: bytes = field(init=False)

    def __post_init__(self) -> None:
        sent = b"".join(step for step in self.steps if isinstance(step, bytes))
        object.__setattr__(self, "raw", sent.removeprefix(self.interim) if self.kept is None else self.kept)


HTML = "<!doctype html><html lang=ar><title>خبر</title><p>وصل الرئيس إلى العاصمة صباح اليوم.</p></html>".encode()
GZ = gzip.compress(HTML * 9, mtime=0)
BR = brotli.compress(HTML * 9)
ZLIB = zlib.compress(HTML * 9)
RAW_DEFLATE = zlib.compress(HTML * 9)[2:-4]
_CHANCE = random.Random(7)
STORY = HTML + "".join(_CHANCE.choices("ابتثجحخدذرز سشصضطظ عغفقكلم نهوي", k=9_000)).encode()
LONG = gzip.compress(STORY, mtime=0)  # 6 KB: from 2 KB on what came packed is stored and not deflated
PHOTO = b"\xff\xd8\xff\xe0" + _CHANCE.randbytes(200_000)  # more than three stored blocks hold
BOMB = gzip.compress(HTML + _CHANCE.randbytes(5_000) + bytes(2_000_000), mtime=0)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n"
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
WHOLE = OK + b"Content-Length: 1\r\n\r\nx"


def sized(body: bytes, *headers: bytes, line: bytes = OK) -> bytes:
    return b"".join([line, *(header + b"\r\n" for header in headers), b"Content-Length: %d\r\n\r\n" % len(body), body])


def chunks(body: bytes, size: int) -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def one(sent: bytes, entity: bytes | None, **more: object) -> Case:
    """All in one piece, then the connection ends."""
    return Case(steps=(sent,), entity=entity, **more)  # type: ignore[arg-type]


CODINGS = {
    "plain": one(sized(HTML), HTML, sniffed="text/html"),
    "gzip": one(sized(GZ, b"Content-Encoding: gzip"), GZ, sniffed="text/html"),
    "gzip of two members": one(sized(GZ + GZ, b"Content-Encoding: gzip"), GZ + GZ, sniffed="text/html"),
    "brotli": one(sized(BR, b"Content-Encoding: br"), BR, sniffed="text/html"),
    "deflate": one(sized(ZLIB, b"Content-Encoding: deflate"), ZLIB, sniffed="text/html"),
    "deflate without its wrapping": one(sized(RAW_DEFLATE, b"Content-Encoding: deflate"), RAW_DEFLATE, sniffed="text/html"),
    "gzip, then brotli": one(
        sized(brotli.compress(GZ), b"Content-Encoding: gzip, br"), brotli.compress(GZ), sniffed="text/html"
    ),
    "two lines of codings": one(
        sized(brotli.compress(GZ), b"Content-Encoding: gzip", b"Content-Encoding: br"), brotli.compress(GZ), sniffed="text/html"
    ),
    "zstd unasked": one(sized(b"(\xb5/\xfd\x04\x00\x01\x02", b"Content-Encoding: zstd"), b"(\xb5/\xfd\x04\x00\x01\x02"),
    "false gzip label": one(sized(HTML, b"Content-Encoding: gzip"), HTML, sniffed="text/html"),
    "false brotli label": one(sized(HTML, b"Content-Encoding: br"), HTML),
    "gzip cut": one(sized(GZ[:-9], b"Content-Encoding: gzip"), GZ[:-9], truncated="disconnect", sniffed="text/html"),
    "every byte there is": one(sized(bytes(range(256)) * 40, b"Content-Type: image/png"), bytes(range(256)) * 40),
    "a picture called html": one(sized(PNG, b"Content-Type: text/html"), PNG, sniffed="image/png"),
}

PACKED = {
    "long gzip": one(sized(LONG, b"Content-Encoding: gzip"), LONG, sniffed="text/html"),
    "long gzip of two members": one(sized(LONG + LONG, b"Content-Encoding: gzip"), LONG + LONG, sniffed="text/html"),
    "long gzip, junk behind it": one(sized(LONG + b"junk", b"Content-Encoding: gzip"), LONG + b"junk", sniffed="text/html"),
    "long gzip cut": one(sized(LONG[:-9], b"Content-Encoding: gzip"), LONG[:-9], truncated="disconnect", sniffed="text/html"),
    "long gzip, a byte of it wrong": one(
        sized(LONG[:4000] + b"\xff" + LONG[4001:], b"Content-Encoding: gzip"),
        LONG[:4000] + b"\xff" + LONG[4001:],
        sniffed="text/html",
    ),
    "long gzip that no label tells of": one(sized(LONG, b"Content-Type: text/html"), LONG, sniffed="text/html"),
    "long and plain, labelled gzip": one(sized(STORY, b"Content-Encoding: gzip"), STORY, sniffed="text/html"),
    "a photo, labelled gzip": one(sized(PHOTO, b"Content-Encoding: gzip"), PHOTO, sniffed="image/jpeg"),
    "a photo": one(sized(PHOTO, b"Content-Type: image/jpeg"), PHOTO, sniffed="image/jpeg"),
    "a chunked photo": one(CHUNKED + b"\r\n" + chunks(PHOTO, 7_001), PHOTO, sniffed="image/jpeg"),
    "a photo behind a head of 60 KB": one(sized(PHOTO, b"X: " + b"y" * 60_000), PHOTO, sniffed="image/jpeg"),
    "a bomb that is packed": one(sized(BOMB, b"Content-Encoding: gzip"), BOMB, truncated="length"),
}

CHUNKS = {
    "chunked": one(CHUNKED + b"\r\n" + chunks(HTML, 7), HTML, sniffed="text/html"),
    "chunked, extensions": one(CHUNKED + b'\r\n3;a=b;c="d;e"\r\nabc\r\n2;x\r\nde\r\n0;last\r\n\r\n', b"abcde"),
    "a blank in a chunk's extension": one(CHUNKED + b"\r\n3; x\r\nabc\r\n0\r\n\r\n", b"abc"),
    "chunked, trailers": one(CHUNKED + b"Trailer: X-Sum\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\nX-Word: \xd8\xae\r\n\r\n", b"abc"),
    "chunked, sizes with zeros and capitals": one(
        CHUNKED + b"\r\n0000A\r\n0123456789\r\n00B\r\nabcdefghijk\r\n000\r\n\r\n", b"0123456789abcdefghijk"
    ),
    "chunked gzip": one(CHUNKED + b"Content-Encoding: gzip\r\n\r\n" + chunks(GZ, 11), GZ, sniffed="text/html"),
    "chunked brotli, a byte a chunk": one(CHUNKED + b"Content-Encoding: br\r\n\r\n" + chunks(BR, 1), BR, sniffed="text/html"),
    "chunked, shouted": one(OK + b"TRANSFER-ENCODING: CHUNKED\r\n\r\n" + chunks(HTML, 50), HTML, sniffed="text/html"),
    "chunked, a tab behind it": one(OK + b"Transfer-Encoding: chunked\t\r\n\r\n" + chunks(HTML, 9), HTML, sniffed="text/html"),
    "chunked, nothing in it": one(CHUNKED + b"\r\n0\r\n\r\n", b""),
    "chunked, without its end": one(CHUNKED + b"\r\n3\r\nabc\r\n", b"abc", truncated="disconnect"),
    "chunked, cut in a chunk": one(CHUNKED + b"\r\n9\r\nabc", b"abc", truncated="disconnect"),
    "a bad chunk": Case(steps=(CHUNKED + b"\r\n3\r\nabc\r\n", 0.03, b"zz\r\nabc\r\n"), entity=b"abc", truncated="disconnect"),
    "a bad chunk at once": one(CHUNKED + b"\r\n3\r\nabc\r\nzz\r\nabc\r\n", b"abc", truncated="disconnect"),
    "length and chunks": one(CHUNKED + b"Content-Length: 3\r\n\r\n3\r\nabc\r\n0\r\n\r\n", b"abc", status=0),
    "dripping chunks": Case(
        steps=(CHUNKED + b"\r\n", *(step for at in b"3\r\nabc\r\n0\r\n\r\n" for step in (bytes([at]), 0.001))), entity=b"abc"
    ),
}  # fmt: skip

HEADS = {
    "latin-1 in a header": one(sized(b"x", b"X: caf\xe9"), b"x"),
    "utf-8 in a header": one(sized(b"x", "X: خبر عاجل".encode()), b"x"),
    "nul in a header": one(sized(b"x", b"X: a\0b"), b"x", status=0),
    "other control characters": one(sized(b"x", b"X: a\x01\x7fb"), b"x"),
    "control characters in the length": one(OK + b"Content-Length: 1\x1b\r\n\r\nx", b"x"),
    "http/1.0": one(b"HTTP/1.0 200 OK\r\n\r\n" + HTML, HTML, sniffed="text/html"),
    "http/1.0 kept alive": Case(steps=(sized(b"x", b"Connection: keep-alive", line=b"HTTP/1.0 200 OK\r\n"), HOLD), entity=b"x"),
    "http/1.7": one(sized(b"x", line=b"HTTP/1.7 200 OK\r\n"), b"x"),
    "small letters": one(sized(b"x", line=b"http/1.1 200 ok\r\n"), b"x"),
    "no http at all": one(b"SSH-2.0-OpenSSH_9.2\r\n", None, status=0),
    "http/0.9": one(HTML, None, status=0),
    "no reason": one(sized(b"x", line=b"HTTP/1.1 200\r\n"), b"x"),
    "no reason but its blank": one(sized(b"x", line=b"HTTP/1.1 200 \r\n"), b"x"),
    "arabic reason": one(sized(b"x", line="HTTP/1.1 200 حسنا\r\n".encode()), b"x"),
    "latin-1 reason": one(sized(b"x", line=b"HTTP/1.1 200 tr\xe8s bien\r\n"), b"x"),
    "status 999": one(sized(b"denied", line=b"HTTP/1.1 999 Request denied\r\n"), b"denied", status=999),
    "the same header many times": one(sized(b"x", b"Set-Cookie: a=1", b"set-cookie: b=2", b"X: 1", b"SET-COOKIE: a=1"), b"x"),
    "folded": one(sized(b"x", b"X: one\r\n two\r\n\tthree"), b"x"),
    "odd spacing": one(OK + b"X:   1  \r\nY:\t2\t\r\nContent-Length:1\r\n\r\nx", b"x"),
    "a shouted type": one(sized(HTML, b"Content-Type: Text/HTML;Charset=UTF-8"), HTML, sniffed="text/html"),
    "a folded type": one(sized(HTML, b"Content-Type: text/html\r\n ;charset=utf-8"), HTML, sniffed="text/html"),
    "two types": one(sized(HTML, b"Content-Type: text/html, text/plain", b"Content-Type: a/b"), HTML, sniffed="text/html"),
    "no type in the type": one(sized(b"x", b"Content-Type: ; charset=utf-8"), b"x"),
    "a word for a type": one(sized(b"x", "Content-Type: نص".encode()), b"x"),
    "an empty value": one(sized(b"x", b"X:", b"Y: ", b"Content-Type:"), b"x"),
    "bare lf": one(b"HTTP/1.1 200 OK\nX: 1\nContent-Length: 1\n\nx", b"x"),
    "lf and crlf": one(b"HTTP/1.1 200 OK\nX: 1\r\nContent-Length: 1\r\n\nx", b"x"),
    "a blank in a name": one(sized(b"x", b"X Y: a"), b"x"),
    "a blank before the colon": one(sized(b"x", b"X : a"), b"x"),
    "a line without colon": one(sized(b"x", b"nothing"), b"x"),
    "a huge header": one(sized(b"x", b"X: " + b"y" * 60_000), b"x"),
    "many headers": one(sized(b"x", *[b"X-%d: %d" % (n, n) for n in range(900)]), b"x"),
    "headers byte by byte": Case(steps=tuple(bytes([at]) for at in sized(b"x", b"X: 1")), entity=b"x"),
    "no headers": one(OK + b"\r\n" + HTML, HTML, sniffed="text/html"),
    "utf-8 in a location": one(sized(b"", "Location: /خبر".encode(), line=b"HTTP/1.1 302 Found\r\n"), b"", status=302),
    "a head that doesn't end": one(OK + b"Content-Le", None, status=0, truncated="disconnect"),
}

LENGTHS = {
    "a length too great": one(OK + b"Content-Length: 9\r\n\r\nabc", b"abc", truncated="disconnect"),
    "a length too small": one(OK + b"Content-Length: 3\r\n\r\nabcdef", b"abc"),
    "the same length twice": one(OK + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\nx", b"x"),
    "two lengths": one(OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxy", b"xy", status=0),
    "a length that is none": one(OK + b"Content-Length: many\r\n\r\nx", b"x", status=0),
    "reset in the body": Case(steps=(OK + b"Content-Length: 9\r\n\r\nabc", 0.05, RESET), entity=b"abc", truncated="disconnect"),
    "no end in time": Case(steps=(OK + b"Content-Length: 9\r\n\r\nabc", 9.0), entity=b"abc", truncated="time"),
    "junk behind the body": Case(steps=(WHOLE + b"junk", HOLD), entity=b"x"),
    "another answer behind the body": Case(steps=(WHOLE + sized(b"forged"), HOLD), entity=b"x"),
    "a large body": one(sized(b"0123456789" * 30_000), b"0123456789" * 30_000),
}

STATUSES = {
    "early hints": one(HINTS + sized(HTML), HTML, interim=HINTS, sniffed="text/html"),
    "hints, continue, hints": Case(
        steps=(HINTS, 0.02, CONTINUE, HINTS, 0.02, sized(b"x")), entity=b"x", interim=HINTS + CONTINUE + HINTS
    ),
    "switching protocols unasked": one(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nabc", b"", status=101
    ),
    "204": one(b"HTTP/1.1 204 No Content\r\n\r\n", b"", status=204),
    "204 with a body": one(sized(b"body", line=b"HTTP/1.1 204 No Content\r\n"), b"", status=204),
    "205 with a body": one(sized(b"body", line=b"HTTP/1.1 205 Reset Content\r\n"), b"body", status=205),
    "304": Case(steps=(b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n', HOLD), entity=b"", status=304, conditional=True),
    "304 with the length of the page": Case(
        steps=(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9999\r\n\r\n", HOLD), entity=b"", status=304, conditional=True
    ),
    "304 with a body": one(sized(b"body", line=b"HTTP/1.1 304 Not Modified\r\n"), b"", status=304, conditional=True),
    "404": one(sized(HTML, line=b"HTTP/1.1 404 Not Found\r\n"), HTML, status=404, sniffed="text/html"),
    "500 chunked": one(
        CHUNKED.replace(b"200 OK", b"500 Oops") + b"\r\n" + chunks(HTML, 30), HTML, status=500, sniffed="text/html"
    ),
}  # fmt: skip

CASES: dict[str, Case] = {**CODINGS, **PACKED, **CHUNKS, **HEADS, **LENGTHS, **STATUSES}
