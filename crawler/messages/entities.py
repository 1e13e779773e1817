"""The body of an answer, taken out of its framing piece by piece (RFC 9112, sections 6 and 7). Pure."""

from __future__ import annotations

import re
from typing import Final, Protocol

_MOST_LINE: Final = 8192
_CHUNK_SIZE: Final = re.compile(rb"[ \t]*0*([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\n]*)?\r?\n")


class Entity(Protocol):
    """Takes what follows a head, in order; gives what the body holds of it, still content-encoded."""

    def feed(self, data: bytes) -> bytes:
        """As much as can be told from what has come."""

    def finish(self) -> str | None:
        """Say that nothing more comes: why the body isn't whole, or None."""


class Nothing:
    """Of an answer that has no body, whatever follows."""

    def feed(self, data: bytes) -> bytes:
        """Never anything."""
        del data
        return b""

    def finish(self) -> str | None:
        """It is whole."""
        return None


class Counted:
    """So many bytes; None: as many as come. What is beyond is none of it."""

    def __init__(self, length: int | None) -> None:
        self._length = length
        self._came = 0

    def feed(self, data: bytes) -> bytes:
        """As `Entity.feed`."""
        begin, self._came = self._came, self._came + len(data)
        return data if self._length is None or self._came <= self._length else data[: max(0, self._length - begin)]

    def finish(self) -> str | None:
        """As `Entity.finish`."""
        if self._length is None or self._came >= self._length:
            return None
        return f"the body ends early: {self._came} of {self._length} bytes"


class Chunked:
    """As far as it is chunked; the last chunk ends it, whatever follows (RFC 9112, section 7.1)."""

    def __init__(self) -> None:
        self._held = b""
        """What has come of a line that doesn't end yet."""
        self._left = 0
        """What is to come of the chunk we are in."""
        self._inside = False
        """Its line end isn't seen yet."""
        self._behind: int | None = None
        """How much came behind the last chunk."""
        self._bad = False

    def feed(self, data: bytes) -> bytes:
        """As `Entity.feed`."""
        data, self._held = self._held + data, b""
        parts: list[bytes] = []
        at = 0
        while at < len(data) and not self._bad and self._behind is None:
            if self._left:
                parts.append(part := data[at : at + self._left])
                self._left -= len(part)
                at += len(part)
                continue
            end = self._end_of_chunk(data, at) if self._inside else self._begin_chunk(data, at)
            if end is None:
                self._held = data[at:]
                break
            at = end
        if self._behind is not None:
            self._behind += len(data) - at
        return b"".join(parts)

    def finish(self) -> str | None:
        """As `Entity.finish`."""
        if self._behind is not None:
            return "trailers without end" if self._behind > _MOST_LINE else None
        cut_there = self._inside and bool(self._held)  # a CR alone
        return "bad chunk in the body" if self._bad or cut_there else "the chunked body ends early"

    def _begin_chunk(self, data: bytes, at: int) -> int | None:
        """Where its data begin; None: its line isn't all there."""
        size = _CHUNK_SIZE.match(data, at, at + _MOST_LINE)
        if size is None:
            self._bad = len(data) - at >= _MOST_LINE or b"\n" in data[at:]
            return None
        self._left = int(size[1], 16)
        self._inside = self._left > 0
        self._behind = None if self._inside else 0
        return size.end()

    def _end_of_chunk(self, data: bytes, at: int) -> int | None:
        """Where the next chunk begins: after the line end that follows a chunk's data. None: it isn't all there."""
        if data[at : at + 1] == b"\r" and len(data) == at + 1:
            return None
        length = 2 if data[at : at + 2] == b"\r\n" else 1 if data[at : at + 1] == b"\n" else 0
        self._bad = length == 0
        self._inside = False
        return at + length
