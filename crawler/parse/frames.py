"""How the pool and a child talk: frames of four bytes of length (big-endian) and as many bytes of msgpack. Pure.

The child says an empty frame when it is ready. Then, again and again: the pool sends a `Batch`, the child answers each of its
tasks with a `Discovery`, in order.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from crawler.model import Discovery, ParseTask, Value

HEAD: Final = 4
MOST: Final = 256 << 20
"""A longer frame is nonsense: a child that lost its mind must not fill our memory."""

OUT_OF_MEMORY: Final = 77
"""The exit code of a child that got no more memory."""

READY: Final = bytes(HEAD)

_LONE: Final = re.compile("[\ud800-\udfff]")


class Batch(Value, frozen=True, kw_only=True):
    """What a child is asked to read."""

    tasks: tuple[ParseTask, ...]


_batch: Final = msgspec.msgpack.Decoder(Batch)
_found: Final = msgspec.msgpack.Decoder(Discovery)


def frame(content: bytes) -> bytes:
    """Content with its length before it."""
    return len(content).to_bytes(HEAD, "big") + content


def length(head: bytes | bytearray) -> int:
    """How many bytes follow.

    Raises:
        ValueError: more than `MOST`.
    """
    size = int.from_bytes(head, "big")
    if size > MOST:
        raise ValueError(f"a frame of {size} bytes")
    return size


def pack_batch(batch: Batch) -> bytes:
    """A batch, as a frame."""
    return frame(msgspec.msgpack.encode(batch))


def unpack_batch(content: bytes) -> Batch:
    """A batch from a frame's content."""
    return _batch.decode(content)


def pack_found(found: Discovery) -> bytes:
    """An answer, as a frame; a lone surrogate (JSON can write one, UTF-8 can't) becomes U+FFFD."""
    try:
        return frame(msgspec.msgpack.encode(found))
    except UnicodeEncodeError:
        return frame(msgspec.msgpack.encode(_encodable(msgspec.to_builtins(found))))


def unpack_found(content: bytes) -> Discovery:
    """An answer from a frame's content.

    Raises:
        msgspec.DecodeError: it is none.
    """
    return _found.decode(content)


def _encodable(value: object) -> object:
    if isinstance(value, str):
        return _LONE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_encodable(key): _encodable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_encodable(item) for item in value]
    return value
