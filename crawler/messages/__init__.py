"""HTTP/1 answers as bytes: head, entity, content coding. Pure.

Lenient where servers are sloppy (bare LF, folded lines, odd spacing, wrong labels), strict where a cut page could pass as a
whole one. RFC 9112 (messages) and RFC 9110, section 8.4 (content codings).
"""

from __future__ import annotations

import re
from typing import Final

from crawler.messages.codings import STEP, Decoder, Flaw, coding_names
from crawler.messages.framing import FramingError, can_begin, plain_head
from crawler.model import Value

__all__ = [
    "STEP", "Body", "Decoder", "Flaw", "FramingError", "Head", "Headers", "can_begin", "coding_names", "entity", "first_bytes",
    "header", "media_type", "plain_head", "read_chunks", "read_head", "read_response", "split_interim",
]  # fmt: skip

Headers = tuple[tuple[str, str], ...]
"""Names as sent, values without surrounding space and unfolded: UTF-8 where they are, else Latin-1."""

_MOST_LINE: Final = 8192

_STATUS: Final = re.compile(rb"(?i:HTTP)/\d(?:\.\d)?[ \t]+(\d{3})(?!\d)")
_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")
_BLANKS: Final = re.compile(rb"[\r\n]*")
_CHUNK_SIZE: Final = re.compile(rb"[ \t]*0*([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\n]*)?\r?\n")
# Of a body, as it came over the wire: enough to see what it is.
_FIRST: Final = 2048
_BODILESS: Final = frozenset({204, 304})


class Head(Value, frozen=True, kw_only=True):
    """Status line and headers of an answer."""

    status: int
    """0: what came doesn't begin like an HTTP/1 answer."""
    headers: Headers
    size: int
    """Bytes up to the body, the empty line included; all there are if the head doesn't end."""
    whole: bool = True


class Body(Value, frozen=True, kw_only=True):
    """An answer's content, ready to read: de-chunked and decoded."""

    status: int
    headers: Headers
    body: bytes
    whole: bool
    note: str | None = None
    """Why it isn't whole; or what had to be overlooked to read it."""


class _Entity(Value, frozen=True, kw_only=True):
    data: bytes
    note: str | None = None


def header(headers: Headers, name: str) -> str | None:
    """The value of a header, any case; several lines of it joined by `, ` (RFC 9110, section 5.2). None: not there."""
    values = [value for key, value in headers if key.lower() == name.lower()]
    return ", ".join(values) if values else None


def media_type(content_type: str | None) -> str | None:
    """The media type of a Content-Type, lower-case and without parameters; None if it has none."""
    return (content_type or "").partition(";")[0].partition(",")[0].strip().lower() or None


def read_head(block: bytes) -> Head:
    """Status and headers at the beginning of a block. Never fails: status 0 and no headers where there is no answer."""
    status = _STATUS.match(block)
    if status is None:
        return Head(status=0, headers=(), size=0, whole=False)
    end = _HEAD_END.search(block)
    size = end.end() if end else len(block)
    lines = _unfold(block[: end.start() if end else size]).split(b"\n")[1:]
    headers = tuple(_header_line(line) for line in lines if b":" in line)
    return Head(status=int(status[1]), headers=headers, size=size, whole=end is not None)


def split_interim(block: bytes) -> tuple[bytes, bytes]:
    """Part what came before the answer (empty lines; 1xx but 101, each a head without body) from the answer."""
    begin = _behind_blanks(block, 0)
    while (status := _STATUS.match(block, begin)) and 100 <= int(status[1]) < 200 and int(status[1]) != 101:
        end = _HEAD_END.search(block, begin)
        if end is None:
            break
        begin = _behind_blanks(block, end.end())
    return block[:begin], block[begin:]


def _behind_blanks(block: bytes, at: int) -> int:
    blanks = _BLANKS.match(block, at)
    return blanks.end() if blanks else at


def entity(block: bytes) -> bytes:
    """The body of an answer without chunk framing, still content-encoded: what a payload digest speaks of."""
    head = read_head(block)
    return _entity(head, block).data


def read_chunks(body: bytes) -> bytes | None:
    """What a chunked body holds; None where its last chunk is missing, or any is wrong."""
    read = _unchunk(body)
    return read.data if read.note is None else None


def first_bytes(block: bytes) -> bytes:
    """How the decoded content of an answer begins, a few KB at the most; b"" where nothing can be read."""
    head = read_head(block)
    if not head.whole:
        return b""
    decoder = _decoder(head.headers, _FIRST)
    return decoder.feed(_entity(head, block[: head.size + _FIRST]).data)


def read_response(block: bytes, limit: int) -> Body:
    """Read an answer as it came over the wire, interim answers taken off: status, headers and decoded content.

    Never more than `limit` decoded bytes, and never an exception: what ends early, is corrupt or has a coding we don't know
    gives what could be read, `whole` False, and a note.
    """
    head = read_head(block)
    if not head.whole:
        why = "the headers end early" if head.status else "not an HTTP answer"
        return Body(status=head.status, headers=head.headers, body=b"", whole=False, note=why)
    raw = _entity(head, block)
    decoder = _decoder(head.headers, limit)
    body = decoder.feed(raw.data) + decoder.finish()
    note = decoder.note if decoder.flaw == "limit" else raw.note or decoder.note
    return Body(
        status=head.status,
        headers=head.headers,
        body=b"" if decoder.flaw == "unknown" else body,
        whole=raw.note is None and decoder.flaw is None,
        note=note,
    )


def _codings(headers: Headers) -> str:
    """All that packs a body, in the order it was applied: content codings, then transfer codings but `chunked`."""
    transfer = [name for name in coding_names(header(headers, "transfer-encoding")) if name != "chunked"]
    return ", ".join([*coding_names(header(headers, "content-encoding")), *transfer])


def _decoder(headers: Headers, limit: int) -> Decoder:
    return Decoder(_codings(headers), limit, media_type(header(headers, "content-type")))


def _unfold(head: bytes) -> bytes:
    return re.sub(rb"\r?\n[ \t]+", b" ", head)


def _header_line(line: bytes) -> tuple[str, str]:
    name, _, value = line.partition(b":")
    return name.strip().decode("latin-1"), _text(value.strip())


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


# --- entity ------------------------------------------------------------------------------------------------------------


def _entity(head: Head, block: bytes) -> _Entity:
    rest = block[head.size :]
    if head.status in _BODILESS or 100 <= head.status < 200:
        return _Entity(data=b"")
    if "chunked" in (header(head.headers, "transfer-encoding") or "").lower():
        return _unchunk(rest)
    length = _content_length(head.headers)
    if length is None or len(rest) == length:
        return _Entity(data=rest)
    note = None if len(rest) > length else f"the body ends early: {len(rest)} of {length} bytes"
    return _Entity(data=rest[:length], note=note)


def _content_length(headers: Headers) -> int | None:
    """The one length all Content-Length lines agree on; None: the connection's end is the body's end."""
    lengths = {part.strip() for part in (header(headers, "content-length") or "").split(",")}
    only = lengths.pop() if len(lengths) == 1 else ""
    return int(only) if only.isascii() and only.isdigit() and len(only) < 16 else None


def _unchunk(rest: bytes) -> _Entity:
    """As far as it is chunked; the last chunk ends it, whatever follows (RFC 9112, section 7.1)."""
    parts: list[bytes] = []
    at = 0
    while size := _CHUNK_SIZE.match(rest, at, at + _MOST_LINE):
        begin, length = size.end(), int(size[1], 16)
        if length == 0:
            endless = len(rest) - begin > _MOST_LINE
            return _Entity(data=b"".join(parts), note="trailers without end" if endless else None)
        parts.append(rest[begin : begin + length])
        at = begin + length
        ended = _line_end(rest, at)
        if ended == at and at < len(rest):
            return _Entity(data=b"".join(parts), note="bad chunk in the body")
        at = ended
    note = "the chunked body ends early" if len(rest) < at + _MOST_LINE and b"\n" not in rest[at:] else "bad chunk in the body"
    return _Entity(data=b"".join(parts), note=note)


def _line_end(data: bytes, at: int) -> int:
    """Where the next chunk begins: after the line end that follows a chunk's data; there, where none does."""
    return at + 2 if data[at : at + 2] == b"\r\n" else at + 1 if data[at : at + 1] == b"\n" else at
