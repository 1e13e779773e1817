"""Reading what was archived: one member by its span."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final, cast

from isal import isal_zlib
from isal.igzip_lib import IsalError

from crawler.archive.member import Member
from crawler.archive.names import OPEN
from crawler.archive.places import elsewhere
from crawler.model import Span, Value
from crawler.ports import ArchiveError

MOST_MEMBER: Final = 1 << 30
"""A compressed member longer than this is not read: no answer is let in that becomes so long."""

_GZIP_BITS: Final = 31
_STEP: Final = 1 << 16
_BEGINNING: Final = 1 << 12
"""Of a member: the record's head and the answer's, taken apart without a copy of what follows them."""
# isal's stub says its error is an instance.
_CORRUPT: Final = cast("type[Exception]", IsalError)
MOST_HEADERS: Final = 1 << 20
"""Of a record's own head."""
_MOST_DIGITS: Final = 16  # of a length: no record has a petabyte, and of 4,300 digits Python makes no number
_END: Final = b"\r\n\r\n"
"""Of a record, as of its head."""


class MemberError(ArchiveError):
    """There is no readable record where one should be; names the file and the place."""


class Streamed(Value, frozen=True, kw_only=True):
    """One record, its block still to come."""

    kind: str
    headers: tuple[tuple[str, str], ...]
    """As written, in order."""
    pieces: Iterator[bytes]
    """The block, once. Whoever takes all of them gets a `MemberError` where it isn't whole."""


def read_member(span: Span, limit: int) -> Member:
    """The record at a span, its block at most `limit` bytes long. A file that was sealed or moved meanwhile is found.

    Raises:
        MemberError: the file is gone, or what lies there is no whole record, or a longer one.
    """
    streamed = stream_member(span, limit)
    return Member(kind=streamed.kind, headers=streamed.headers, block=b"".join(streamed.pieces))


def stream_member(span: Span, limit: int) -> Streamed:
    """As `read_member`, without having all of it in memory at once.

    Raises:
        MemberError: as `read_member`; where it takes the block to see it, not before its pieces are taken.
    """
    where = f"{span.path} at {span.offset}"
    if not 0 < span.length <= MOST_MEMBER:
        raise MemberError(f"{where}: a member of {span.length} bytes is not read")
    unpacked = _unpacked(span, where)
    text = b""
    while _END not in text and len(text) < MOST_HEADERS and (piece := next(unpacked, None)) is not None:
        text += piece
    head = _head(text, where, limit)
    return Streamed(
        kind=head.kind, headers=head.headers, pieces=_block(chain((text[head.size :],), unpacked), head.length, where)
    )


def first_member(path: Path) -> bytes:
    """The first member of a file, packed as it lies there, if it is whole and a warcinfo; else nothing."""
    with path.open("rb") as file:
        packed = file.read(_STEP)
    inflater = zlib.decompressobj(_GZIP_BITS)
    try:
        text = inflater.decompress(packed, MOST_HEADERS)
    except zlib.error:
        return b""
    whole = inflater.eof and text.startswith(b"WARC/1.1\r\nWARC-Type: warcinfo\r\n")
    return packed[: len(packed) - len(inflater.unused_data)] if whole else b""


def open_file(path: Path) -> BinaryIO:
    """Open a WARC to read it; also one that was sealed or moved since its path was told.

    Raises:
        OSError: it can't be opened.
    """
    try:
        return path.open("rb")
    except FileNotFoundError:
        there = _renamed(path)
        if there is None:
            raise
        return there.open("rb")


def _renamed(path: Path) -> Path | None:
    sealed = Path(str(path).removesuffix(OPEN))
    return sealed if sealed.exists() else elsewhere(sealed)


def _descriptor(path: str) -> int:
    """As `open_file`, without the objects around a file: for each page that is read, a twentieth of all but its parsing."""
    try:
        return os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        there = _renamed(Path(path))
        if there is None:
            raise
        return os.open(there, os.O_RDONLY)


def _unpacked(span: Span, where: str) -> Iterator[bytes]:
    """What a member holds, in pieces."""
    inflater, first = isal_zlib.decompressobj(wbits=_GZIP_BITS), _BEGINNING
    try:
        for packed in _packed(span):
            yield from _inflated(inflater, packed, first)
            first = _STEP
    except _CORRUPT:
        raise MemberError(f"{where}: the member is damaged") from None
    except OSError as error:
        raise MemberError(f"{where}: {error.strerror or error}") from error
    if not inflater.eof:
        raise MemberError(f"{where}: the member ends early")


def _inflated(inflater: isal_zlib.Decompress, packed: bytes, first: int) -> Iterator[bytes]:
    full, step = True, first
    # All input may be taken while output still waits inside: only a short piece says that none does.
    while not inflater.eof and (packed or full):
        piece = inflater.decompress(packed, step)
        yield piece
        packed, full, step = inflater.unconsumed_tail, len(piece) == step, _STEP


def _packed(span: Span) -> Iterator[bytes]:
    file = _descriptor(span.path)
    try:
        for at in range(0, span.length, _STEP):
            yield os.pread(file, min(_STEP, span.length - at), span.offset + at)
    finally:
        os.close(file)


def _block(pieces: Iterable[bytes], length: int, where: str) -> Iterator[bytes]:
    """The block, of what is behind a record's head: so long, and then the two empty lines."""
    left = length
    for piece in pieces:
        if left > 0:
            yield piece[:left]
        left -= len(piece)
        if left < -len(_END):
            break
    if left != -len(_END):
        raise MemberError(f"{where}: no whole record")


def parse_member(text: bytes, where: str, limit: int) -> Member:
    """A record from its bytes; `where` is what an error names.

    Raises:
        MemberError: it is no whole record, or its block is longer than `limit`.
    """
    head = _head(text, where, limit)
    if len(text) - head.size != head.length + len(_END):
        raise MemberError(f"{where}: no whole record")
    return Member(kind=head.kind, headers=head.headers, block=text[head.size : -len(_END)])


class _Head(Value, frozen=True, kw_only=True):
    kind: str
    headers: tuple[tuple[str, str], ...]
    size: int
    length: int
    """Of the block."""


def _head(text: bytes, where: str, limit: int) -> _Head:
    end = text.find(_END)
    version, *lines = text[: max(end, 0)].decode("utf-8", "replace").split("\r\n")
    headers = tuple([(name.strip(), value.strip()) for name, _, value in [line.partition(":") for line in lines]])
    named = {name.lower(): value for name, value in headers}
    length = named.get("content-length", "")
    if not version.startswith("WARC/1.") or not (length.isascii() and length.isdecimal() and len(length) < _MOST_DIGITS):
        raise MemberError(f"{where}: no whole record")
    if int(length) > limit:
        raise MemberError(f"{where}: a block of {length} bytes; {limit} are read at most")
    return _Head(kind=named.get("warc-type", "unknown"), headers=headers, size=end + len(_END), length=int(length))
