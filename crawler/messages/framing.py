"""An answer's head made plain: read by one set of rules before any parser sees it (RFC 9112, sections 2 to 7). Pure.

What a header *says* may be sloppy: odd names, lines that are none, folds, bare LF. Where the body *ends* may not: whatever two
readers could understand in two ways is no answer. A parser behind this sees names that are tokens and one plain framing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from crawler.model import Value

_PLAIN: Final = re.compile(rb"HTTP/1\.[01] [1-9]\d\d(?: [\x20-\x7e]*)?\r\n(?:[!#$%&'*+\-.^_`|~\w]+:[\t\x20-\x7e]*\r\n)*\r\n")
"""A head of which only the framing has yet to be looked at: nearly all of them (a sixth of the long way)."""

_START: Final = re.compile(rb"HTTP/1\.(\d)[ \t]+([1-9]\d\d)(?:[ \t].*)?", re.IGNORECASE)
_BEGINS: Final = b"HTTP/1."
_FRAMES: Final = re.compile(rb"\n(?:content-length|transfer-encoding|upgrade)[ \t]*:", re.IGNORECASE)
_ONE_FRAME: Final = re.compile(rb"\n(?:content-length: *(\d{1,18})|transfer-encoding: *chunked)\r\n", re.IGNORECASE)
"""What is written otherwise is mended: behind `chunked` and a tab llhttp sees no chunks."""
_FOLD: Final = re.compile(rb"\r?\n[ \t]+")
_FOLDED_START: Final = re.compile(rb"[^\n]*\n[ \t]")
_BARE_CR: Final = re.compile(rb"\r(?!\n)")
_TOKEN: Final = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_NO_LETTER: Final = re.compile(rb"[^a-z-]")
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_DIGITS: Final = re.compile(rb"0*(\d{1,18})")
_FRAMING: Final = frozenset({b"content-length", b"transfer-encoding"})
_PASSED_OVER: Final = frozenset({b"set-cookie", b"upgrade"})
"""Nothing we act on: cookies are never sent, protocols never changed."""
_TRANSFER: Final = frozenset({b"gzip", b"x-gzip", b"deflate", b"chunked"})


class FramingError(ValueError):
    """A head that is none, or that doesn't say beyond doubt where its body ends; says why."""


class Plain(Value, frozen=True, kw_only=True):
    """A head as a strict parser likes it."""

    data: bytes
    length: int | None = None
    """Of the body; None: it ends with its last chunk, with the connection, or there is none."""
    chunked: bool = False


def can_begin(block: bytes) -> bool:
    """Whether these bytes, few or many, may be the beginning of an HTTP/1 answer."""
    begin = block[: len(_BEGINS)].upper()
    return _BEGINS.startswith(begin) if len(begin) < len(_BEGINS) else begin == _BEGINS


def plain_head(block: bytes) -> Plain:
    """Make a head, its empty line included, plain. What a transfer coding packs is named as a content coding.

    Raises:
        FramingError: it can't be done without guessing.
    """
    if _PLAIN.fullmatch(block):
        frames = _FRAMES.findall(block)
        if not frames:
            return Plain(data=block)
        if len(frames) == 1 and (frame := _ONE_FRAME.search(block)):
            return Plain(data=block, length=int(frame[1]) if frame[1] else None, chunked=frame[1] is None)
    return _mended(block)


def _mended(block: bytes) -> Plain:
    first, lines = _lines(block)
    fields = list(_fields(lines))
    length, codings = _framing(fields)
    kept = [b"%b: %b" % field for field in fields if field[0].lower() not in _FRAMING | _PASSED_OVER]
    if length is not None:
        kept.append(b"Content-Length: %d" % length)
    if codings:
        kept.append(b"Transfer-Encoding: chunked")
        kept += [b"Content-Encoding: " + coding for coding in codings[:-1]]
    return Plain(data=b"\r\n".join([first, *kept, b"", b""]), length=length, chunked=bool(codings))


def _lines(block: bytes) -> tuple[bytes, list[bytes]]:
    """A status line as it should be, and the other lines, unfolded."""
    if b"\0" in block or _BARE_CR.search(block):
        raise FramingError("NUL or a bare CR in the headers")
    if _FOLDED_START.match(block):
        raise FramingError("a folded status line")
    start, *lines = _FOLD.sub(b" ", block.rstrip(b"\r\n")).replace(b"\r\n", b"\n").split(b"\n")
    status = _START.fullmatch(start)
    if status is None:
        raise FramingError(f"bad status line {start[:60]!r}")
    version = b"0" if status[1] == b"0" else b"1"  # HTTP/1.2 and above are read as 1.1 (RFC 9110, section 2.5)
    return b"HTTP/1.%b %b OK" % (version, status[2]), lines


def _fields(lines: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Headers a parser takes; of others, those that could be meant to frame the body are an error, the rest is left out."""
    for line in lines:
        name, colon, value = line.partition(b":")
        told = name.rstrip(b" \t") if name.lower().strip() not in _FRAMING else name
        if colon and _TOKEN.fullmatch(told):
            yield told, _CONTROLS.sub(b" ", value).strip(b" \t")
        elif _NO_LETTER.sub(b"", name.lower()) in _FRAMING:
            raise FramingError(f"odd framing header {name[:40]!r}")


def _codings(listed: bytes) -> list[bytes]:
    return [name for part in listed.lower().split(b",") if (name := part.strip(b" \t")) not in (b"", b"identity")]


def _framing(fields: list[tuple[bytes, bytes]]) -> tuple[int | None, list[bytes]]:
    """The length, or the transfer codings, `chunked` last; neither, where the body ends with the connection."""
    length, transfer = _joined(fields, b"content-length"), _joined(fields, b"transfer-encoding")
    codings = _codings(transfer or b"")
    if not codings:
        return (None if length is None else _agreed(length)), []
    if length is not None:  # one reader would end the body by the one, another by the other: requests are smuggled so
        raise FramingError("both a Content-Length and a Transfer-Encoding")
    if not _TRANSFER.issuperset(codings) or codings.count(b"chunked") != 1 or codings[-1] != b"chunked":
        raise FramingError(f"transfer coding {(transfer or b'')[:60]!r}")
    return None, codings


def _joined(fields: list[tuple[bytes, bytes]], wanted: bytes) -> bytes | None:
    """All values of a field as one list (RFC 9110, section 5.3); None where there is no such field."""
    values = [value for name, value in fields if name.lower() == wanted]
    return b",".join(values) if values else None


def _agreed(listed: bytes) -> int:
    """The one length all say (RFC 9112, section 6.3, rule 5)."""
    found = {int(match[1]) if (match := _DIGITS.fullmatch(part.strip(b" \t"))) else None for part in listed.split(b",")}
    only = found.pop() if len(found) == 1 else None
    if only is None:
        raise FramingError(f"Content-Length {listed[:60]!r}")
    return only
