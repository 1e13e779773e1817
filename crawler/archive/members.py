"""Reading a WARC of ours distrustfully: every byte of every member is looked at. Blocking."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO, Final, cast

from isal import isal_zlib
from isal.igzip_lib import IsalError

from crawler.archive.member import Member
from crawler.archive.packing import BODY, HEADER, TRAILER, checksum
from crawler.archive.reading import MOST_HEADERS, MOST_MEMBER, MemberError, parse_member
from crawler.model import Value

_GZIP_BITS: Final = 31  # zlib's way to say: gzip, and nothing else
_STEP: Final = 1 << 16
_CHUNK: Final = 1 << 20
# isal's stub says its error is an instance.
_CORRUPT: Final = cast("type[Exception]", IsalError)


class Piece(Value, frozen=True, kw_only=True):
    """A member that is as it was written; or the bytes up to where the next one may begin, and what is wrong there."""

    offset: int
    length: int
    member: Member | None = None
    fault: str = ""


class _Damage(Exception):  # noqa: N818 - what was found, not what went wrong
    """A member that isn't as it was written."""


def pieces(file: BinaryIO, end: int, seen: Callable[[bytes], object]) -> Iterator[Piece]:
    """All of a file up to `end`, in order and without gaps. `seen` is given every byte of it, once."""
    window = _Window(file, end, seen)
    while window.more():
        try:
            member, length = _member(window)
        except _Damage as damage:
            length = _to_next(window)
            yield Piece(offset=window.offset, length=length, fault=str(damage))
        else:
            yield Piece(offset=window.offset, length=length, member=member)
        window.drop(length)


class _Window:
    """What was read of a file and isn't done with."""

    def __init__(self, file: BinaryIO, end: int, seen: Callable[[bytes], object]) -> None:
        self.offset = 0
        """Of its first byte in the file."""
        self.held = bytearray()
        self._file = file
        self._unread = end
        self._seen = seen

    def more(self) -> bool:
        """Whether anything is left."""
        return bool(self.held) or self.grow()

    def grow(self) -> bool:
        """Read on; False: there is no more."""
        chunk = self._file.read(min(_CHUNK, self._unread))
        self._unread = self._unread - len(chunk) if chunk else 0
        self._seen(chunk)
        self.held += chunk
        return bool(chunk)

    def part(self, begin: int, length: int) -> bytes:
        """Some of what is held; read as far as it must be, shorter only at the end."""
        while len(self.held) < begin + length and self.grow():
            pass
        return bytes(memoryview(self.held)[begin : begin + length])

    def drop(self, length: int) -> None:
        """Be done with the first bytes."""
        del self.held[:length]
        self.offset += length


def _member(window: _Window) -> tuple[Member, int]:
    """The member that begins here, with its length."""
    head = window.part(0, BODY)
    if not head.startswith(HEADER):
        raise _Damage("the member's header isn't the one we write")
    text, length = _inflated(window)
    if checksum(window.part(BODY, length - BODY - TRAILER)) != head[len(HEADER) :]:
        raise _Damage("the member's bytes were changed")
    try:
        return parse_member(text, "", MOST_MEMBER), length
    except MemberError as error:
        raise _Damage(str(error).removeprefix(": ")) from None


def _inflated(window: _Window) -> tuple[bytes, int]:
    inflater = isal_zlib.decompressobj(wbits=_GZIP_BITS)
    parts: list[bytes] = []
    size = used = 0
    while not inflater.eof:
        step = window.part(used, _STEP)
        if not step:
            raise _Damage("the member ends early")
        try:
            parts.append(bytes(inflater.decompress(step)))
        except _CORRUPT:
            raise _Damage("the member can't be unpacked") from None
        used += len(step)
        size += len(parts[-1])
        if size > MOST_MEMBER + MOST_HEADERS:
            raise _Damage(f"the record is longer than {MOST_MEMBER} bytes")
    return b"".join(parts), used - len(inflater.unused_data)


def _to_next(window: _Window) -> int:
    """How far it is to what looks like the next member; to the end where nothing does."""
    begin = 1
    while (found := window.held.find(HEADER, begin)) < 0:
        begin = max(1, len(window.held) - len(HEADER) + 1)
        if not window.grow():
            return len(window.held)
    return found
