"""How an answer's content begins, without a look at each line of its head: nearly all are framed in one of a few ways. Pure."""

from __future__ import annotations

import re
from typing import Final, cast

from isal import isal_zlib
from isal.igzip_lib import IsalError

_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")
# No head that is let in becomes so long.
_MOST_HEAD: Final = 1 << 20
_STARTS: Final = (b"http/1.1 200 ", b"http/1.0 200 ")
_ENCODED: Final = re.compile(rb"\n(content-encoding|transfer-encoding):[ \t]*([a-z]+)[ \t]*(?=\r?\n(?![ \t]))")
_NAMES: Final = (b"content-encoding", b"transfer-encoding")
# Five digits: longer than what is looked at of it.
_LONG: Final = re.compile(rb"\ncontent-length:[ \t]*\d{5,15}\r?\n")
_CHUNK: Final = re.compile(rb"0*([0-9A-Fa-f]{1,8})\r\n")
_GZIP: Final = b"\x1f\x8b"
_GZIP_BITS: Final = 31
# isal's stub says its error is an instance.
_CORRUPT: Final = cast("type[Exception]", IsalError)


def beginning(block: bytes, most: int) -> bytes:
    """What the first `most` bytes of a body say; b"" where that is in doubt, and each line has to be looked at.

    A fifth of the time that takes, for each page archived.
    """
    end = _HEAD_END.search(block, 0, _MOST_HEAD)
    if end is None or len(block) < end.end() + most:
        return b""
    head = block[: end.end()].lower()
    said = dict(told := _ENCODED.findall(head))
    odd = len(said) < sum(map(head.count, _NAMES)) or len(said) < len(told)
    if odd or not head.startswith(_STARTS) or said.get(b"content-encoding", b"gzip") != b"gzip":
        return b""
    first = _entity(head, said.get(b"transfer-encoding"), block[end.end() : end.end() + most])
    if first.startswith(_GZIP):
        return _unpacked(first, most) if b"content-encoding" in said else b""
    return b"" if b"content-encoding" in said else first


def _entity(head: bytes, transfer: bytes | None, first: bytes) -> bytes:
    """Without the line of a first chunk, if it goes on beyond what is looked at."""
    if transfer is None:
        return first if _LONG.search(head) else b""
    size = _CHUNK.match(first) if transfer == b"chunked" else None
    return first[size.end() :] if size and int(size[1], 16) >= len(first) else b""


def _unpacked(first: bytes, most: int) -> bytes:
    inflater = isal_zlib.decompressobj(wbits=_GZIP_BITS)
    try:
        told = inflater.decompress(first, most)
    except _CORRUPT:
        return b""
    return b"" if inflater.eof or told.startswith(_GZIP) else told
