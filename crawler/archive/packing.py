"""A record as one gzip member of ours (RFC 1952), of which no byte can change unnoticed. Pure.

The header is the same for all, but for a subfield `WQ` that holds the CRC-32 of the compressed data. gzip's own checksum
speaks of what comes out, and a flipped bit may leave that as it was: behind the last block, in a distance within a run.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import Final, Literal, Protocol

from isal import isal_zlib

from crawler.archive.appending import Pack
from crawler.archive.warc import Record

Compression = Literal["isal", "zlib"]

HEADER: Final = bytes.fromhex("1f8b08 04 00000000 00 ff 0800") + b"WQ" + bytes.fromhex("0400")
"""What every member begins with: deflate, an extra field, no time, no name, any system; then the subfield's name and length."""

BODY: Final = len(HEADER) + 4
"""Where a member's compressed data begin."""

TRAILER: Final = 8
"""gzip's own CRC-32 and length, behind the data."""

_GZIP_BITS: Final = 31
_ISAL_LEVEL: Final = 2
"""Of 0 to 3. On 100 news pages of 169 KB level 3 takes 1.8 times the CPU of 2 (0.48, 0.26 ms) to save 3.3 % of the bytes."""
_MOST_WHOLE: Final = 1 << 20
"""Longer ones aren't copied to be packed; shorter ones are, which takes half the time."""
_PLAIN_HEADER: Final = 10  # a gzip header without extra fields (RFC 1952, section 2.3)


class _Packer(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self) -> bytes: ...


def _isal(record: Record) -> bytes:
    if sum(map(len, record)) <= _MOST_WHOLE:
        return _checked(isal_zlib.compress(b"".join(record), _ISAL_LEVEL, _GZIP_BITS))
    return _checked(_stepwise(isal_zlib.compressobj(_ISAL_LEVEL, isal_zlib.DEFLATED, _GZIP_BITS), record))


def _zlib(record: Record) -> bytes:
    return _checked(_stepwise(zlib.compressobj(6, zlib.DEFLATED, _GZIP_BITS), record))


def _stepwise(packer: _Packer, record: Record) -> bytes:
    packed = BytesIO()
    for part in record:
        packed.write(packer.compress(part))
    packed.write(packer.flush())
    return packed.getvalue()


PACKS: Final[Mapping[Compression, Pack]] = {"isal": _isal, "zlib": _zlib}


def checksum(data: bytes | memoryview) -> bytes:
    """Of a member's compressed data, as it stands in its header."""
    return int(isal_zlib.crc32(data)).to_bytes(4, "little")


def _checked(packed: bytes) -> bytes:
    return b"".join((HEADER, checksum(memoryview(packed)[_PLAIN_HEADER:-TRAILER]), packed[_PLAIN_HEADER:]))
