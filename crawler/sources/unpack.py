"""Documents that are gzip themselves (`sitemap.xml.gz` and the like), whatever their name or declared type."""

from __future__ import annotations

import zlib
from typing import Final

MOST_BYTES: Final = 52_428_800
"""Of an unpacked document; the limit of the sitemap protocol. What lies behind it is not read."""

_MAGIC: Final = b"\x1f\x8b"
_GZIP_BITS: Final = 31  # zlib's way to say: gzip, and nothing else
_LAYERS: Final = 2  # a .gz file sent with Content-Encoding: gzip a second time by mistake
_CHUNK: Final = 65_536


def unpacked(data: bytes) -> bytes:
    """The document inside gzip, found by its magic bytes; anything else as it is. At most `MOST_BYTES`.

    A file that ends early or breaks gives what was read up to there.
    """
    for _ in range(_LAYERS):
        if not data.startswith(_MAGIC):
            break
        data = _gunzip(data)
    return data[:MOST_BYTES]


def _gunzip(data: bytes) -> bytes:
    out = bytearray()
    while data.startswith(_MAGIC) and len(out) < MOST_BYTES:
        member, data = _member(data, MOST_BYTES - len(out))
        out += member
    return bytes(out)


def _member(data: bytes, most: int) -> tuple[bytes, bytes]:
    """The first gzip member's content, and what follows it."""
    inflate = zlib.decompressobj(_GZIP_BITS)
    out = bytearray()
    for at in range(0, len(data), _CHUNK):
        try:
            out += inflate.decompress(data[at : at + _CHUNK], most - len(out) or 1)
        except zlib.error:
            return bytes(out), b""
        if inflate.eof:
            return bytes(out), inflate.unused_data + data[at + _CHUNK :]
        if len(out) >= most:
            break
    return bytes(out), b""
