"""What stands where something was erased: records and lines of exactly its length, so that no offset moves. Pure.

The same order gives the same bytes, whatever lies there: it may be carried out again after a crash in the middle of a write.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from itertools import count
from typing import Final

from isal import isal_zlib

from crawler.archive import marks, warc
from crawler.archive.packing import BODY, HEADER, TRAILER, checksum
from crawler.model import SegmentId
from crawler.model.takedowns import ErasedMember, Takedown
from crawler.ports import ArchiveError

FIELD: Final = "Warraq-Takedown"
"""The header of a record that stands for an erased one; its value is the order's name."""

LINE: Final = b'{"taken_down":"'
"""What a line begins with that stands for an erased one."""

_STORED: Final = 65_535
"""Bytes of a stored block at most; each has a head of 5 (RFC 1951, section 3.2.4)."""
_MOST_REASON: Final = 2_000  # it has to fit, packed, where the erased record lay; 40 characters or none do otherwise
_END: Final = b"\r\n\r\n"
_FILLER: Final = b"."


def member(order: Takedown, segment: SegmentId, place: ErasedMember) -> bytes:
    """A gzip member of ours of the same length: a `metadata` record that says what became of the one that was here.

    What varies in it is stored and not compressed: so its length can be set to the byte, and a reader that unpacks some
    kilobytes at a time gets something of each.

    Raises:
        ArchiveError: there is no room even for the shortest; no record we write is that short.
    """
    room = place.length - BODY - TRAILER
    for reason in (order.reason[:_MOST_REASON], order.reason[:40], ""):
        head = _squeezed(_head(order, segment, place))
        said = warc.block_of((("takenDown", order.at), ("reason", reason)))
        text = _text(room - len(head), said)
        if text is not None:
            return _packed(head, text, _head(order, segment, place), place.length)
    raise ArchiveError(f"{segment} at {place.offset}: {place.length} bytes are too few for the record of a takedown")


def line(order: Takedown, length: int) -> bytes:
    """A line of records of the same length, with its check and its line end.

    Raises:
        ArchiveError: there is no room for it; no line we write is that short.
    """
    bare = marks.marked(LINE + order.order.encode() + b'","at":"' + order.at.encode() + b'","filler":""}')
    filler = length - len(bare)
    if filler < 0:
        raise ArchiveError(f"a line of {length} bytes is too short for the record of a takedown")
    body = LINE + order.order.encode() + b'","at":"' + order.at.encode() + b'","filler":"' + _FILLER * filler + b'"}'
    return marks.marked(body)


def is_line(text: bytes) -> bool:
    """Whether a line, with its line end, stands for an erased one, and is as it was written."""
    return text.startswith(LINE) and marks.holds(text)


def _head(order: Takedown, segment: SegmentId, place: ErasedMember) -> bytes:
    """All lines but the last two, which depend on the length."""
    fields = (
        ("WARC-Type", "metadata"),
        ("WARC-Record-ID", warc.named(f"{order.archive_id}\0{segment}\0{place.offset}\0takedown")),
        ("WARC-Date", warc.date(place.at)),
        ("WARC-Warcinfo-ID", warc.warcinfo_id(order.archive_id, segment)),
        (FIELD, order.order),
        ("Content-Type", warc.FIELDS_TYPE),
    )
    return b"WARC/1.1\r\n" + warc.block_of(fields)


def _squeezed(head: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(head) + packer.flush(zlib.Z_SYNC_FLUSH)


def _text(room: int, said: bytes) -> bytes | None:
    """What is stored: the last two header lines and the block, filled up so that it takes `room` bytes; None: it can't."""
    length = room - 5 * -(-room // (_STORED + 5))
    begin = b"filler: "
    for blanks in (b" ", b"  "):  # a filler that is a digit's length too long or too short for the number that tells it
        for digits in range(1, 12):
            rest = length - len(_tail(b"", blanks)) - digits - len(_END)
            filler = rest - len(said) - len(begin) - 2
            if filler >= 0 and len(str(rest)) == digits:
                block = said + begin + _FILLER * filler + b"\r\n"
                return _tail(block, blanks).replace(b"\0", str(rest).encode()) + block + _END
    return None


def _tail(block: bytes, blanks: bytes) -> bytes:
    """The last header lines; a NUL stands for the number, and counts as nothing in a block's place."""
    number = b"\0" if block else b""
    digest = warc.digest(block).encode()
    return b"WARC-Block-Digest: " + digest + b"\r\nContent-Length:" + blanks + number + _END


def _packed(head: bytes, text: bytes, plain: bytes, length: int) -> bytes:
    body = head + b"".join(_blocks(text, length - BODY - TRAILER - len(head)))
    whole = plain + text
    trailer = int(isal_zlib.crc32(whole)).to_bytes(4, "little") + (len(whole) & 0xFFFFFFFF).to_bytes(4, "little")
    return b"".join((HEADER, checksum(body), body, trailer))


def _blocks(text: bytes, room: int) -> Iterator[bytes]:
    """Stored blocks, as many as there were counted on; the last may be empty."""
    most = -(-room // (_STORED + 5))
    for number in count():
        part = text[number * _STORED : (number + 1) * _STORED]
        last = number == most - 1
        yield bytes([last]) + len(part).to_bytes(2, "little") + (len(part) ^ 0xFFFF).to_bytes(2, "little") + part
        if last:
            return
