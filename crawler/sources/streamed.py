"""Large XML documents in pieces, each fit for a strict parser, so that no more than some hundred KB of one are in memory."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from crawler.charset import decode_xml
from crawler.sources.mending import escaped, mended, xml_text
from crawler.sources.unpack import MOST_BYTES

CHUNK: Final = 65_536
_WHOLE: Final = 4 * CHUNK
"""Smaller documents are read in one piece, in any encoding; of larger ones those in UTF-8 are read in several."""
_LONGEST: Final = 16 * CHUNK
"""A piece may be so long, if no element ends in it."""
_MAGIC: Final = b"\x1f\x8b"
_GZIP_BITS: Final = 31  # zlib's way to say: gzip, and nothing else
_LAYERS: Final = 2  # a .gz file sent with Content-Encoding: gzip a second time by mistake
# Behind one of these no character, CDATA section or tag is cut in two.
_END: Final = re.compile(rb"</(?:[\w.-]{1,32}:)?(?:url|sitemap)\s*>", re.IGNORECASE)
# Begins with a plain character, so looking for it costs a tenth of mending; most pieces need none.
_TO_MEND: Final = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,6});)")
_CONTROL: Final = bytes(code for code in range(32) if code not in b"\t\n\r")
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def chunks_of(data: bytes) -> Iterator[bytes]:
    """A document in chunks, without a copy of it."""
    return (data[at : at + CHUNK] for at in range(0, len(data), CHUNK))


def unzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """What lies inside gzip, once or twice, found by its magic bytes; anything else as it is. At most `MOST_BYTES`.

    A file that ends early or breaks gives what was read up to there.
    """
    for _ in range(_LAYERS):
        chunks = _layer(iter(chunks))
    left = MOST_BYTES
    for chunk in chunks:
        yield chunk[:left]
        left -= len(chunk)
        if left <= 0:
            return


def pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """An XML document in UTF-8 with a declaration that says so, in pieces, mended as `mended` does it."""
    rest = iter(chunks)
    head = _gathered(rest)
    if len(head) < _WHOLE or decode_xml(head[: head.rfind(b">") + 1], None).charset != "utf-8":
        yield mended(xml_text(head + b"".join(rest), None).text)
        return
    cut = _cut(head)
    yield mended(xml_text(head[:cut], None).text)
    pending = head[cut:]
    for chunk in rest:
        pending += chunk
        cut = _cut(pending)
        yield _fit(pending[:cut])
        pending = pending[cut:]
    yield _fit(pending)


def _gathered(chunks: Iterator[bytes]) -> bytes:
    head = bytearray()
    for chunk in chunks:
        head += chunk
        if len(head) >= _WHOLE:
            break
    return bytes(head)


def _cut(pending: bytes) -> int:
    """Where a piece may end; 0 if it had better go on."""
    for mark in (b"</url>", b"</sitemap>"):
        at = pending.rfind(mark)
        if at >= 0:
            return at + len(mark)
    ends = [found.end() for found in _END.finditer(pending)]
    return ends[-1] if ends else len(pending) if len(pending) >= _LONGEST else 0


def _fit(piece: bytes) -> bytes:
    if _is_fit(piece):
        return piece
    return escaped(_FORBIDDEN.sub("", piece.decode("utf-8", "replace"))).encode("utf-8")


def _is_fit(piece: bytes) -> bool:
    """Whether nothing is to mend, as in most: to look takes half as long as to make the same once more."""
    if len(piece.translate(None, _CONTROL)) < len(piece) or _TO_MEND.search(piece):
        return False
    try:
        text = piece.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return "\ufffe" not in text and "\uffff" not in text


def _layer(chunks: Iterator[bytes]) -> Iterator[bytes]:
    chunk = next(chunks, b"")
    if not chunk.startswith(_MAGIC):
        yield chunk
        yield from chunks
        return
    while chunk.startswith(_MAGIC):
        inflate = zlib.decompressobj(_GZIP_BITS)
        try:
            yield from _member(inflate, chain([chunk], chunks))
        except zlib.error:
            return
        chunk = inflate.unused_data or next(chunks, b"")
        if len(chunk) < len(_MAGIC):
            chunk += next(chunks, b"")


def _member(inflate: zlib._Decompress, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The content of one gzip member, never more than a chunk at a time."""
    for packed in chunks:
        out = inflate.decompress(packed, CHUNK)
        yield out
        # the last of it may lie in the decompressor with all its input taken
        while not inflate.eof and (inflate.unconsumed_tail or len(out) == CHUNK):
            out = inflate.decompress(inflate.unconsumed_tail, CHUNK)
            yield out
        if inflate.eof:
            return
