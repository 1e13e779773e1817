"""A record as one gzip member of ours (RFC 1952), of which no byte can change unnoticed. Pure.

The header is the same for all, but for a subfield `WQ` that holds the CRC-32 of the compressed data. gzip's own checksum
speaks of what comes out, and a flipped bit may leave that as it was: behind the last block, in a distance within a run.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Final, Literal

from isal import isal_zlib

from crawler.archive.appending import Pack

Compression = Literal["isal", "zlib"]

HEADER: Final = bytes.fromhex("1f8b08 04 00000000 00 ff 0800") + b"WQ" + bytes.fromhex("0400")
"""What every member begins with: deflate, an extra field, no time, no name, any system; then the subfield's name and length."""

BODY: Final = len(HEADER) + 4
"""Where a member's compressed data begin."""

TRAILER: Final = 8
"""gzip's own CRC-32 and length, behind the data."""

_GZIP_BITS: Final = 31
_PLAIN_HEADER: Final = 10


def _isal(record: bytes) -> bytes:
    return _checked(isal_zlib.compress(record, 3, _GZIP_BITS))


def _zlib(record: bytes) -> bytes:
    return _checked(zlib.compress(record, 6, _GZIP_BITS))


PACKS: Final[Mapping[Compression, Pack]] = {"isal": _isal, "zlib": _zlib}


def checksum(data: bytes | memoryview) -> bytes:
    """Of a member's compressed data, as it stands in its header."""
    return int(isal_zlib.crc32(data)).to_bytes(4, "little")


def _checked(packed: bytes) -> bytes:
    return b"".join((HEADER, checksum(memoryview(packed)[_PLAIN_HEADER:-TRAILER]), packed[_PLAIN_HEADER:]))
