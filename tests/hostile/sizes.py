"""Behaviours: content codings, bombs, and what has no end (RFC 9110, section 8.4)."""

from __future__ import annotations

import gzip
import zlib
from functools import cache
from typing import Final

import brotli

from tests.hostile.behaviours import (
    CHUNKED,
    PACKED,
    PAGE,
    PARAGRAPHS,
    SHORTENED,
    STAY,
    Behaviour,
    Flood,
    answer,
    bad,
    chunked,
    chunks,
    coded,
    good,
    head,
    html,
    marked,
)

MEGABYTE: Final = 1 << 20


def raw_deflate(data: bytes) -> bytes:
    """Without zlib's wrapping, as some servers understand `deflate`."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def members(data: bytes, number: int) -> bytes:
    """So many gzip members, one behind the other."""
    size = -(-len(data) // number)
    return b"".join(gzip.compress(data[at : at + size], mtime=0) for at in range(0, len(data), size))


def named(data: bytes) -> bytes:
    """Gzip with all that its head may hold: extra field, name, comment, checksum (RFC 1952, section 2.3)."""
    plain = gzip.compress(data, mtime=0)
    begin = plain[:3] + bytes([0b0001_1110]) + plain[4:10] + b"\x04\x00ab\x00\x00" + b"page.html\0" + b"a comment\0"
    return begin + (zlib.crc32(begin) & 0xFFFF).to_bytes(2, "little") + plain[10:]


def spoilt(data: bytes, at: int) -> bytes:
    """One bit turned."""
    changed = bytearray(data)
    changed[at] ^= 4
    return bytes(changed)


@cache
def gzip_bomb() -> tuple[bytes, bytes]:
    """How a gzip stream of zeros begins, and a megabyte more of it, to be said again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    begin = packer.compress(html().encode()) + packer.flush(zlib.Z_FULL_FLUSH)
    return begin, packer.compress(bytes(MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)


@cache
def brotli_bomb() -> tuple[bytes, bytes]:
    """The same as brotli."""
    packer = brotli.Compressor(quality=5)
    begin = packer.process(html().encode()) + packer.flush() + packer.process(bytes(MEGABYTE)) + packer.flush()
    return begin, packer.process(bytes(MEGABYTE)) + packer.flush()


@cache
def deflate_bomb() -> tuple[bytes, bytes]:
    """The same as deflate."""
    packer = zlib.compressobj(9)
    begin = packer.compress(html().encode()) + packer.flush(zlib.Z_FULL_FLUSH)
    return begin, packer.compress(bytes(MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)


def nested_bomb() -> bytes:
    """Ten gigabytes of zeros, packed twice."""
    begin, more = gzip_bomb()
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = more * 100
    return packer.compress(begin) + b"".join(packer.compress(block) for _ in range(100)) + packer.flush()


def bomb(coding: str, parts: tuple[bytes, bytes]) -> tuple[bytes, Flood]:
    """10 GB, once it is unpacked."""
    begin, more = parts
    return head(f"Content-Encoding: {coding}") + begin, Flood(piece=more, times=10_000)


def endless(*before: str, mime: str = "text/html; charset=utf-8") -> tuple[bytes, Flood]:
    """A page whose text never ends."""
    begin = PAGE.partition(b"</article>")[0]
    return head(*before, mime=mime) + begin, Flood(piece="".join(f"<p>{p}</p>" for p in PARAGRAPHS[:2]).encode() * 16)


_ZSTD: Final = b"\x28\xb5\x2f\xfd\x04\x58" + b"\x99\x07\x00" + PAGE
_COMPRESS: Final = b"\x1f\x9d\x90" + PAGE

CODINGS: Final[tuple[Behaviour, ...]] = (
    good("gzip", coded("gzip", PACKED)),
    good("gzip labelled x-gzip", coded("x-gzip", PACKED)),
    good("gzip labelled in capitals", coded("GZIP", PACKED)),
    good("gzip with a full head", coded("gzip", named(PAGE))),
    good("gzip in several members", coded("gzip", members(PAGE, 5))),
    good("gzip with zeros behind it", coded("gzip", PACKED + bytes(100))),
    good("gzip with junk behind it", coded("gzip", PACKED + b"junk")),
    good(
        "gzip in tiny pieces",
        head("Content-Encoding: gzip"),
        *[part for at in range(0, len(PACKED), 60) for part in (PACKED[at : at + 60], 0.01)],
    ),
    good("gzip stored, not packed", coded("gzip", gzip.compress(PAGE, 0, mtime=0))),
    good("deflate with its wrapping", coded("deflate", zlib.compress(PAGE))),
    good("deflate without", coded("deflate", raw_deflate(PAGE))),
    good("gzip labelled deflate", coded("deflate", PACKED)),
    good("brotli", coded("br", brotli.compress(PAGE))),
    good("gzip twice, labelled twice", coded("gzip, gzip", gzip.compress(PACKED))),
    good(
        "gzip in brotli, in two lines", answer("Content-Encoding: gzip", "Content-Encoding: br", body=brotli.compress(PACKED))
    ),
    good("gzip twice, labelled once", coded("gzip", gzip.compress(PACKED))),
    good("gzip without a label", answer(body=PACKED)),
    good("plain, labelled gzip", coded("gzip", PAGE)),
    good("plain, labelled deflate", coded("deflate", PAGE)),
    good("plain, labelled brotli", coded("br", PAGE)),
    good("identity by name", coded("identity", PAGE)),
    good("an empty coding", coded("", PAGE)),
    good("a charset for a coding", coded("utf-8", PAGE)),
    good("no coding, by that name", coded("none", PAGE)),
    good("a coding named with a quality", coded("gzip;q=1.0", PACKED)),
    good("zlib labelled gzip", coded("gzip", zlib.compress(PAGE))),
    good("deflate with junk behind it", coded("deflate", zlib.compress(PAGE) + b"junk")),
    good("gzip once, labelled twice", answer("Content-Encoding: gzip", "Content-Encoding: gzip", body=PACKED)),
    good("identity and gzip", coded("identity, gzip", PACKED)),
    good("an empty member of gzip first", coded("gzip", gzip.compress(b"", mtime=0) + PACKED)),
    bad("gzip cut", "cut", coded("gzip", PACKED[:-200])),
    bad("gzip without its last byte", "cut", coded("gzip", PACKED[:-1])),
    bad("gzip without its check", "cut", coded("gzip", PACKED[:-8])),
    bad(
        "gzip cut, in whole chunks", "cut", head("Transfer-Encoding: chunked", "Content-Encoding: gzip") + chunks(PACKED[:-200])
    ),
    bad("gzip cut in its head", "cut", coded("gzip", PACKED[:6])),
    bad("gzip with a bad check", "cut", coded("gzip", spoilt(PACKED, -6))),
    bad("gzip with a bad length", "cut", coded("gzip", spoilt(PACKED, -2))),
    bad("gzip spoilt inside", "cut", coded("gzip", spoilt(PACKED, 300))),
    bad("the last member of gzip cut", "cut", coded("gzip", members(PAGE, 3)[:-30])),
    bad(
        "the second member of gzip spoilt", "cut", coded("gzip", gzip.compress(SHORTENED) + b"\x1f\x8bnonsense and more of it")
    ),
    bad("gzip cut, labelled twice", "cut", coded("gzip, gzip", gzip.compress(PACKED[:-50]))),
    bad("gzip cut, without a label", "cut", answer(body=PACKED[:-50])),
    bad("gzip's magic and nonsense", "cut", coded("gzip", b"\x1f\x8b" + b"nonsense" * 100)),
    bad("deflate cut", "cut", coded("deflate", zlib.compress(PAGE)[:-60])),
    bad("deflate with a bad check", "cut", coded("deflate", spoilt(zlib.compress(PAGE), -1))),
    bad("raw deflate cut", "cut", coded("deflate", raw_deflate(PAGE)[:-60])),
    bad("brotli cut", "cut", coded("br", brotli.compress(PAGE)[:-40])),
    bad("brotli spoilt", "cut", coded("br", b"\xff" * 20 + brotli.compress(PAGE)[20:])),
    bad("zstd, which nobody asked for", "unusable", coded("zstd", _ZSTD)),
    bad("compress, which nobody has any more", "unusable", coded("compress", _COMPRESS)),
    bad("a coding nobody knows", "unusable", coded("rot13", PAGE.swapcase())),
    bad("twelve codings", "unusable", coded(", ".join(["gzip"] * 12), PACKED)),
)

SIZES: Final[tuple[Behaviour, ...]] = (
    good("a page of 150 KB", answer(body=html(*PARAGRAPHS[:2] * 150, PARAGRAPHS[2]).encode())),
    good(
        "the same, packed a hundred times smaller",
        coded("gzip", gzip.compress(html(*PARAGRAPHS[:2] * 150, PARAGRAPHS[2]).encode())),
    ),
    marked("a gzip bomb of 10 GB", *bomb("gzip", gzip_bomb()), bounded=True),
    marked("a brotli bomb of 10 GB", *bomb("br", brotli_bomb()), bounded=True),
    marked("a deflate bomb of 10 GB", *bomb("deflate", deflate_bomb()), bounded=True),
    marked("a gzip bomb, without a label", head() + gzip_bomb()[0], Flood(piece=gzip_bomb()[1], times=10_000), bounded=True),
    marked("a bomb packed twice", coded("gzip, gzip", nested_bomb()), bounded=True),
    marked("a body without end", *endless(), bounded=True),
    marked("a body of many gigabytes, by its length", *endless("Content-Length: 99999999999"), bounded=True),
    marked(
        "chunks without end",
        CHUNKED + chunks(PAGE.partition(b"</article>")[0], end=b""),
        Flood(piece=chunks(b"<p>more and more text</p>" * 999, 24_975, end=b"")),
        bounded=True,
    ),
    marked("chunks of one byte without end", CHUNKED, Flood(piece=b"1\r\na\r\n" * 999), bounded=True),
    bad("an extension of a chunk without end", "", CHUNKED + b"5;", Flood(piece=b"x" * 9999), bounded=True),
    marked("trailers without end", chunked(chunks(end=b"0\r\n")), Flood(piece=b"X-T: 1\r\n" * 999), bounded=True),
    bad("a header without end", "too_large", b"HTTP/1.1 200 OK\r\nX: ", Flood(piece=b"y" * 9999), bounded=True),
    bad("headers without end", "too_large", b"HTTP/1.1 200 OK\r\n", Flood(piece=b"X-Header: y\r\n" * 500), bounded=True),
    bad("headers of a megabyte, whole", "too_large", head(*["X-Header: " + "y" * 1000] * 1000) + PAGE, bounded=True),
    bad("a hundred thousand headers", "too_large", head(*["A: b"] * 100_000) + PAGE, bounded=True),
    bad("a status line without end", "too_large", b"HTTP/1.1 200 ", Flood(piece=b"O" * 9999), bounded=True),
    bad(
        "folded lines without end", "too_large", b"HTTP/1.1 200 OK\r\nX: y\r\n", Flood(piece=b" folded\r\n" * 999), bounded=True
    ),
    bad("interim answers without end", "too_large", Flood(piece=b"HTTP/1.1 100 Continue\r\n\r\n" * 99), bounded=True),
    bad("empty lines without end", "too_large", Flood(piece=b"\r\n" * 999), bounded=True),
    bad("zeros without end", "protocol", Flood(piece=bytes(9999)), bounded=True),
    bad(
        "a body without end behind 404",
        "missing",
        head(status="HTTP/1.1 404 Not Found"),
        Flood(piece=b"no " * 9999),
        bounded=True,
    ),
)


__all__ = ["CODINGS", "SIZES", "STAY"]
