"""Documents that are gzip themselves (`sitemap.xml.gz` and the like), whatever their name or declared type."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

MOST_BYTES: Final = 52_428_800
"""Of an unpacked document; the limit of the sitemap protocol. What lies behind it is not read."""

_MAGIC: Final = b"\x1f\x8b"
_GZIP_BITS: Final = 31  # zlib's way to say: gzip, and nothing else
_LAYERS: Final = 2  # a .gz file sent with Content-Encoding: gzip a second time by mistake
CHUNK: Final = 65_536


def unpacked(data: bytes) -> bytes:
    """The document inside gzip, found by its magic bytes; anything else as it is. At most `MOST_BYTES`.

    A file that ends early or breaks gives what was read up to there.
    """
    return b"".join(unzipped(chunks_of(data))) if data.startswith(_MAGIC) else data[:MOST_BYTES]


def chunks_of(data: bytes) -> Iterator[bytes]:
    """A document in chunks, without a copy of it."""
    return (data[at : at + CHUNK] for at in range(0, len(data), CHUNK))


def unzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same as a stream, once or twice packed."""
    for _ in range(_LAYERS):
        chunks = _layer(iter(chunks))
    left = MOST_BYTES
    for chunk in chunks:
        yield chunk[:left]
        left -= len(chunk)
        if left <= 0:
            return


def _layer(chunks: Iterator[bytes]) -> Iterator[bytes]:
    chunk = next(filter(None, chunks), b"")  # an empty member gives an empty one
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
