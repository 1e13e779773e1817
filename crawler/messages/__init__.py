"""HTTP/1 answers as bytes: head, entity, content coding. Pure.

Lenient where servers are sloppy (bare LF, folded lines, odd spacing, wrong labels), strict where a cut page could pass as a
whole one. RFC 9112 (messages) and RFC 9110, section 8.4 (content codings).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Final

from crawler.messages.beginnings import beginning
from crawler.messages.codings import STEP, Decoder, Flaw, at_once, coding_names
from crawler.messages.entities import Chunked, Counted, Entity, Nothing
from crawler.messages.framing import FramingError, can_begin, plain_head
from crawler.model import Value

__all__ = [
    "STEP", "Body", "Decoder", "Flaw", "FramingError", "Head", "Headers", "Response", "at_once", "by_name", "can_begin",
    "coding_names", "entity", "first_bytes", "header", "media_type", "plain_head", "read_chunks", "read_head", "read_response",
    "split_interim",
]  # fmt: skip

Headers = tuple[tuple[str, str], ...]
"""Names as sent, values without surrounding space and unfolded: UTF-8 where they are, else Latin-1."""

_STATUS: Final = re.compile(rb"(?i:HTTP)/\d(?:\.\d)?[ \t]+(\d{3})(?!\d)")
_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")
_BLANKS: Final = re.compile(rb"[\r\n]*")
_SLICE: Final = 1 << 16
# No head that is let in becomes so long.
_MOST_HEAD: Final = 1 << 20
# Of a body, as it came over the wire: enough to see what it is.
_FIRST: Final = 2048
# Pieces of a member: a page of ours is in two.
_FEW: Final = 3
# What a value can't hold counts as a blank (RFC 9110, section 5.5), as it did where `framing` told the body's end.
_AS_BLANKS: Final = bytes.maketrans(bytes({*range(32), 127} - {ord("\t")}), b" " * 32)
_BODILESS: Final = frozenset({204, 304})


class Head(Value, frozen=True, kw_only=True):
    """Status line and headers of an answer."""

    status: int
    """0: what came doesn't begin like an HTTP/1 answer."""
    headers: Headers
    size: int
    """Bytes up to the body, the empty line included; all there are if the head doesn't end."""
    whole: bool = True


_NONE: Final = Head(status=0, headers=(), size=0, whole=False)


class Body(Value, frozen=True, kw_only=True):
    """An answer's content, ready to read: de-chunked and decoded."""

    status: int
    headers: Headers
    body: bytes
    whole: bool
    note: str | None = None
    """Why it isn't whole; or what had to be overlooked to read it."""


def header(headers: Headers, name: str) -> str | None:
    """The value of a header, any case; several lines of it joined by `, ` (RFC 9110, section 5.2). None: not there."""
    values = [value for key, value in headers if key.lower() == name.lower()]
    return ", ".join(values) if values else None


def by_name(headers: Headers) -> dict[str, str]:
    """All of them as `header` gives them, under lower-case names: to ask for each takes time by the square of their number."""
    found: dict[str, str] = {}
    for key, value in headers:
        name = key.lower()
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def media_type(content_type: str | None) -> str | None:
    """The media type of a Content-Type, lower-case and without parameters; None if it has none."""
    return (content_type or "").partition(";")[0].partition(",")[0].strip().lower() or None


def read_head(block: bytes) -> Head:
    """Status and headers at the beginning of a block. Never fails: status 0 and no headers where there is no answer."""
    status = _STATUS.match(block)
    if status is None:
        return _NONE
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


def entity(block: bytes) -> Iterator[bytes]:
    """The body of an answer without chunk framing, still content-encoded, in pieces: what a payload digest speaks of."""
    head = read_head(block)
    framed = _entity(head.status, by_name(head.headers))
    return (framed.feed(part) for part in _sliced(block, head.size))


def read_chunks(body: bytes) -> bytes | None:
    """What a chunked body holds; None where its last chunk is missing, or any is wrong."""
    framed = Chunked()
    data = framed.feed(body)
    return data if framed.finish() is None else None


def first_bytes(block: bytes) -> bytes:
    """How the decoded content of an answer begins, a few KB at the most; b"" where nothing can be read."""
    return beginning(block, _FIRST) or _looked_through(block)


def _looked_through(block: bytes) -> bytes:
    head = read_head(block)
    if not head.whole:
        return b""
    named = by_name(head.headers)
    return _decoder(named, _FIRST).feed(_entity(head.status, named).feed(block[head.size : head.size + _FIRST]))


class Response:
    """An answer that comes in pieces, interim answers taken off: iterate over its decoded content, then ask for its `body`.

    Never more than `limit` decoded bytes, and never an exception of ours: what ends early, is corrupt or has a coding we don't
    know gives what could be read. All pieces are taken, also of what is left out: who gives them may look at their end.
    """

    def __init__(self, pieces: Iterable[bytes], limit: int) -> None:
        self._pieces = iter(pieces)
        begin = b""
        self._head = _NONE
        while not self._head.whole and len(begin) < _MOST_HEAD and (piece := next(self._pieces, None)) is not None:
            begin += piece
            self._head = read_head(begin)
        self._first = begin[self._head.size :]
        named = by_name(self._head.headers)  # asked for five times: of an answer with 20 lines that is 100 comparisons
        self._entity = _entity(self._head.status, named)
        self._limit = limit
        self._coding = _codings(named)
        self._decoder = Decoder(self._coding, limit, media_type(named.get("content-type")))

    def __iter__(self) -> Iterator[bytes]:
        """The decoded content, once, in pieces of some 100 KB at most, if the answer comes in such."""
        pieces = chain([self._first], self._pieces)
        begun = list(islice(pieces, _FEW)) if self._head.whole else []
        data = self._entity.feed(b"".join(begun))
        whole = at_once(data, self._coding, self._limit) if len(begun) < _FEW else None
        yield from self._decoder.steps(data) if whole is None else (whole,)
        for piece in pieces:
            if self._head.whole and self._decoder.flaw != "limit":
                yield from self._decoder.steps(self._entity.feed(piece))
        yield self._decoder.finish()

    def body(self, content: bytes) -> Body:
        """The answer with its content, as it was iterated over; `whole` and `note` tell what is wrong with it."""
        head, decoder = self._head, self._decoder
        if not head.whole:
            why = "the headers end early" if head.status else "not an HTTP answer"
            return Body(status=head.status, headers=head.headers, body=b"", whole=False, note=why)
        framing = None if decoder.flaw == "limit" else self._entity.finish()
        return Body(
            status=head.status,
            headers=head.headers,
            body=b"" if decoder.flaw == "unknown" else content,
            whole=framing is None and decoder.flaw is None,
            note=framing or decoder.note,
        )


def read_response(block: bytes, limit: int) -> Body:
    """Read an answer as it came over the wire: as `Response`, all at once."""
    response = Response(_sliced(block, 0), limit)
    return response.body(b"".join(response))


def _sliced(block: bytes, begin: int) -> Iterator[bytes]:
    return (block[at : at + _SLICE] for at in range(begin, len(block), _SLICE))


def _codings(named: Mapping[str, str]) -> str:
    """All that packs a body, in the order it was applied: content codings, then transfer codings but `chunked`."""
    transfer = [name for name in coding_names(named.get("transfer-encoding")) if name != "chunked"]
    return ", ".join([*coding_names(named.get("content-encoding")), *transfer])


def _decoder(named: Mapping[str, str], limit: int) -> Decoder:
    return Decoder(_codings(named), limit, media_type(named.get("content-type")))


def _unfold(head: bytes) -> bytes:
    return re.sub(rb"\r?\n[ \t]+", b" ", head)


def _header_line(line: bytes) -> tuple[str, str]:
    name, _, value = line.partition(b":")
    return name.strip().decode("latin-1"), _text(value.translate(_AS_BLANKS).strip())


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


# --- entity ------------------------------------------------------------------------------------------------------------


def _entity(status: int, named: Mapping[str, str]) -> Entity:
    if status in _BODILESS or 100 <= status < 200:
        return Nothing()
    if "chunked" in named.get("transfer-encoding", "").lower():
        return Chunked()
    return Counted(_content_length(named.get("content-length", "")))


def _content_length(said: str) -> int | None:
    """The one length all Content-Length lines agree on; None: the connection's end is the body's end."""
    lengths = {_number(part.strip()) for part in said.split(",")}
    return lengths.pop() if len(lengths) == 1 else None


def _number(said: str) -> int | None:
    digits = said.lstrip("0") or said[:1]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None
