"""Content codings, taken off a stream within limits: gzip, deflate, brotli, several in a row (RFC 9110, section 8.4). Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, Literal, Protocol, cast

import brotli
from isal import isal_zlib
from isal.igzip_lib import IsalError

Flaw = Literal["limit", "early", "corrupt", "unknown"]
"""Why decoded bytes aren't the whole: our limit; it ends early; it is no such coding; a coding we can't read."""

STEP: Final = 1 << 18
"""About the most bytes handed out at once: so a bomb is counted while it goes off, not after."""

MOST_RATIO: Final = 250
"""Decoded bytes a received one, once `_FREE` are decoded: text packs 3 to 30 times smaller, a page of zeros 1,000 times."""

_FREE: Final = 8 << 20
_SLICE: Final = 1 << 16
_FEW: Final = 8
_MOST_LAYERS: Final = 4
_MOST_MEMBERS: Final = 4096
_GZIP_BITS: Final = 31
_GZIP_MAGIC: Final = b"\x1f\x8b"
_GZIP_FILE: Final = re.compile(r"application/(?:x-)?(?:gzip|gunzip|tar|octet-stream|binary)|(?:image|audio|video|font)/")
# What servers write into Content-Encoding where they mean none: charsets, transfer encodings of mail, media types.
_NO_CODING: Final = re.compile(r"|identity|none|null|utf-?8|utf-16|iso-8859-\d+|windows-\d+|ascii|[78]bit|binary|plain|text/.*")
_ZLIB_BEGINS: Final = frozenset({b"x\x01", b"x\x9c", b"x\xda"})
_MARKUP: Final = frozenset({b"<!", b"<?", b"<h", b"<H"})
# isal's stub says its error is an instance.
_CORRUPT: Final = (cast("type[Exception]", IsalError), brotli.error)


@lru_cache(_FEW)
def coding_names(content_encoding: str | None) -> tuple[str, ...]:
    """The codings a header names, lower-case, in its order, without parameters and without what means none."""
    # Asked for four times of each answer, nearly always with one of three words.
    parts = (part.partition(";")[0].strip().lower() for part in (content_encoding or "").split(","))
    return tuple([name for name in parts if not _NO_CODING.fullmatch(name)])


def at_once(body: bytes, content_encoding: str, limit: int) -> bytes | None:
    """What a body in gzip or no coding holds, if it is short, one member of it, and whole: a `Decoder` would say nothing else.

    Three quarters of its time, for a page of 60 KB. None: let it say what is wrong, or how it goes on.
    """
    if not content_encoding and len(body) <= min(limit, STEP):
        return None if body.startswith(_GZIP_MAGIC) else body
    size = int.from_bytes(body[-4:], "little")  # as the member's end tells it (RFC 1952, section 2.3.1)
    if content_encoding != "gzip" or len(body) > _SLICE or not len(body) // 2 < size < min(limit, STEP):
        return None
    inflater = isal_zlib.decompressobj(wbits=_GZIP_BITS)
    try:
        told = inflater.decompress(body, STEP)
    except _CORRUPT:
        return None
    return told if inflater.eof and not inflater.unused_data and not told.startswith(_GZIP_MAGIC) else None


class Decoder:
    """Takes the layers of a content coding off a stream, never giving more than `limit` bytes (nor may a layer between).

    `gzip`, `deflate` (zlib or raw), `br` and `identity`, several in a row. A body labelled so that isn't is passed through as
    it is; gzip that no label tells of is taken off too, unless `content_type` says that the document is a packed file. After a
    flaw whatever is fed is dropped; a coding we don't know drops everything.
    """

    def __init__(self, content_encoding: str | None, limit: int, content_type: str | None = None) -> None:
        names = coding_names(content_encoding)
        self.flaw: Flaw | None = None
        self.note: str | None = None
        """Why there is a flaw; or, without one, which wrong label was overlooked."""
        unknown = [name for name in names if name not in _LAYERS]
        if unknown:
            self._spoil("unknown", f"unknown content coding {unknown[0][:40]}")
        elif len(names) > _MOST_LAYERS:
            self._spoil("unknown", f"{len(names)} content codings; {_MOST_LAYERS} are the most")
        # The coding named last was applied last and comes off first.
        layers = [_Layer(name, limit, _LAYERS[name]) for name in reversed(names)] if self.flaw is None else []
        last = _Layer("identity", limit, _plain) if _GZIP_FILE.match(content_type or "") else _Layer("gzip", limit, _inner)
        self._layers: tuple[_Layer, ...] = (*layers, last)
        self._taken = self._given = 0

    def steps(self, chunk: bytes) -> Iterator[bytes]:
        """Decode what has come, in pieces of at most `STEP` bytes (empty ones too), so that a caller may pause in between."""
        for begin in range(0, len(chunk), _SLICE):
            if self.flaw is not None:
                return
            part = chunk[begin : begin + _SLICE]
            self._taken += len(part)
            try:
                yield from self._weighed(_through(self._layers, part))
            except _SpoiltError as spoilt:
                self._spoil(spoilt.flaw, str(spoilt))

    def _weighed(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self._given += len(piece)
            yield piece
            if self._given > _FREE and self._given > self._taken * MOST_RATIO:
                raise _SpoiltError("limit", f"cut at {self._given} bytes: packed more than {MOST_RATIO} times smaller")

    def feed(self, chunk: bytes) -> bytes:
        """Decode what has come, all at once."""
        return b"".join(self.steps(chunk))

    def finish(self) -> bytes:
        """Say that nothing more comes; `flaw` and `note` tell then whether that was early. Gives what was held back.

        Twice does no harm.
        """
        if self.flaw is not None:
            return b""
        last = b"".join(self._last_pieces())
        if self.flaw is None:
            self._look_at_the_end()
        return last

    def _look_at_the_end(self) -> None:
        early = [layer.name for layer in self._layers if not layer.ended]
        wrong = [layer.name for layer in self._layers if layer.mislabelled]
        if early:
            self._spoil("early", f"the {early[0]} body ends early")
        elif wrong:
            self.note = f"labelled {wrong[0]}, but isn't"

    def _last_pieces(self) -> Iterator[bytes]:
        for index, layer in enumerate(self._layers):
            try:
                for piece in layer.rest():
                    yield from _through(self._layers[index + 1 :], piece)
            except _SpoiltError as spoilt:
                self._spoil(spoilt.flaw, str(spoilt))
                return

    def _spoil(self, flaw: Flaw, note: str) -> None:
        self.flaw, self.note = flaw, note


class _SpoiltError(Exception):
    def __init__(self, flaw: Flaw, note: str) -> None:
        super().__init__(note)
        self.flaw: Flaw = flaw


def _through(layers: Sequence[_Layer], data: bytes) -> Iterator[bytes]:
    if not layers:
        yield data
        return
    for piece in layers[0].push(data):
        yield from _through(layers[1:], piece)


class _Layer:
    """One coding: an engine, found out by the first two bytes, and the count of what it gave."""

    def __init__(self, name: str, limit: int, start: Callable[[bytes], _Engine]) -> None:
        self.name = name
        self._begin = start
        self.mislabelled = False
        self._left = limit
        self._limit = limit
        self._held = b""
        self._engine: _Engine | None = None

    @property
    def ended(self) -> bool:
        """Whether the coding says itself that it is complete; an empty body is."""
        return self._engine is None or self._engine.ended

    def push(self, data: bytes) -> Iterator[bytes]:
        if self._engine is None:
            self._held += data
            if len(self._held) < 2:
                return
            data, self._held = self._held, b""
            self._engine = self._start(data)
        yield from self._counted(self._engine, data)

    def rest(self) -> Iterator[bytes]:
        """What was held back: a body of a single byte."""
        if self._held:
            data, self._held = self._held, b""
            self._engine = self._start(data)
            yield from self._counted(self._engine, data)

    def _start(self, data: bytes) -> _Engine:
        engine = self._begin(data)
        self.mislabelled = isinstance(engine, _Mislabelled)
        return engine

    def _counted(self, engine: _Engine, data: bytes) -> Iterator[bytes]:
        try:
            for piece in engine.push(data):
                yield piece[: self._left]
                if len(piece) > self._left:
                    raise _SpoiltError("limit", f"cut at {self._limit} bytes")
                self._left -= len(piece)
        except _CORRUPT:
            raise _SpoiltError("corrupt", f"the {self.name} body is corrupt") from None


class _Engine(Protocol):
    """Decodes one coding in pieces of about `STEP` bytes; raises its library's error on corrupt data."""

    @property
    def ended(self) -> bool: ...

    def push(self, data: bytes) -> Iterator[bytes]: ...


class _Plain:
    ended = True

    def push(self, data: bytes) -> Iterator[bytes]:
        yield data


class _Mislabelled(_Plain):
    """Isn't what its label says."""


class _Inflate:
    """Deflate in any wrapping. What follows the end is ignored, as browsers do, unless it is another gzip member."""

    def __init__(self, window_bits: int) -> None:
        self._inflater = isal_zlib.decompressobj(wbits=window_bits)
        self._members_left = _MOST_MEMBERS if window_bits == _GZIP_BITS else 0
        self._held = b""

    @property
    def ended(self) -> bool:
        return self._inflater.eof

    def push(self, data: bytes) -> Iterator[bytes]:
        data, self._held = self._held + data, b""
        while self._open(data):
            piece = self._inflater.decompress(data, STEP)
            over = self._inflater.eof
            data = self._inflater.unused_data if over else self._inflater.unconsumed_tail
            yield piece
            # All input may be taken while output still waits inside: only a short piece says that none does.
            if not over and not data and len(piece) < STEP:
                return

    def _open(self, data: bytes) -> bool:
        """Whether there is a member to go on with; begins the next one where another follows."""
        if not self._inflater.eof:
            return True
        if self._members_left == 0 or len(data) < len(_GZIP_MAGIC):
            self._held = data if self._members_left else b""
            return False
        another = data.startswith(_GZIP_MAGIC)
        if another and self._members_left == 1:
            raise _SpoiltError("limit", f"more than {_MOST_MEMBERS} members of gzip")
        self._members_left = self._members_left - 1 if another else 0
        if another:
            self._inflater = isal_zlib.decompressobj(wbits=_GZIP_BITS)
        return another


class _Brotli:
    def __init__(self) -> None:
        self._decompressor = brotli.Decompressor()

    @property
    def ended(self) -> bool:
        return bool(self._decompressor.is_finished())

    def push(self, data: bytes) -> Iterator[bytes]:
        if self.ended:
            return
        piece = self._decompressor.process(data, output_buffer_limit=STEP)
        # `can_accept_more_data` says only that the input was taken; output may wait inside all the same.
        while piece:
            yield piece
            piece = self._decompressor.process(b"", output_buffer_limit=STEP)


def _gzip(begin: bytes) -> _Engine:
    if _GZIP_MAGIC.startswith(begin[:2]):
        return _Inflate(_GZIP_BITS)
    return _Inflate(15) if begin[:2] in _ZLIB_BEGINS else _Mislabelled()


def _inner(begin: bytes) -> _Engine:
    """What no label tells of: servers that pack what is packed, or forget to say that they do."""
    return _Inflate(_GZIP_BITS) if begin.startswith(_GZIP_MAGIC) else _Plain()


def _deflate(begin: bytes) -> _Engine:
    """RFC 9110 means zlib by it; some servers send raw deflate, a few gzip."""
    if begin.startswith(_GZIP_MAGIC):
        return _Inflate(_GZIP_BITS)
    if begin[:2] in _MARKUP:
        return _Mislabelled()
    zlib = begin[0] & 0x0F == 8 and int.from_bytes(begin[:2], "big") % 31 == 0
    return _Inflate(15 if zlib else -15)


def _brotli(begin: bytes) -> _Engine:
    return _Mislabelled() if begin[:2] in _MARKUP else _Brotli()


def _plain(_begin: bytes) -> _Engine:
    return _Plain()


_LAYERS: Final[Mapping[str, Callable[[bytes], _Engine]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
}
