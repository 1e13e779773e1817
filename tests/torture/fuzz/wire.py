"""Who fetches an answer and who reads it in the archive end its body in one place."""

from __future__ import annotations

import asyncio
import re
from functools import cache
from typing import Final

from aiohttp import ClientPayloadError
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http import HttpResponseParser
from aiohttp.http_exceptions import HttpProcessingError

from crawler.messages import FramingError, entity, plain_head, read_head, read_response

_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")
# llhttp takes an LF for the CR behind a chunk's size, and then the LF that follows; for us that one is content.
_TWO_LFS: Final = re.compile(rb"\n[ \t]*[0-9A-Fa-f]+[^\n]*\n\n")


def wire(data: bytes) -> None:
    """An answer, in which the connection ends behind the last byte."""
    end = _HEAD_END.search(data)
    if end is None or read_head(data).status < 200:  # no answer, or one that comes before it
        return
    head, body = data[: end.end()], data[end.end() :]
    try:
        plain = plain_head(head)
    except FramingError:
        return
    whole = _as_fetched(plain.data, body)
    if whole is None or (plain.chunked and _TWO_LFS.search(b"\n" + body)):
        return
    assert b"".join(entity(data)) == whole
    read = read_response(data, 10 * len(data) + 1_000)
    assert read.note != "the chunked body ends early"
    assert not (read.note or "").startswith("the body ends early")


def _as_fetched(head: bytes, body: bytes) -> bytes | None:
    """What aiohttp makes of it; None: it is no whole answer."""
    loop = _loop()
    parser = HttpResponseParser(
        BaseProtocol(loop), loop, 1 << 20, read_until_eof=True, auto_decompress=False, payload_exception=ClientPayloadError
    )
    try:
        ((_, content),) = parser.feed_data(head)[0]
        parser.feed_data(body)
        if not content.is_eof():
            parser.feed_eof()
    except (HttpProcessingError, ClientPayloadError, ValueError):
        return None
    return content.read_nowait() if content.is_eof() and content.exception() is None else None


@cache
def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.new_event_loop()
