"""What a capture holds, as it lies in its WARC: apart from all that reads it, so that who only shows it starts at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import SEEK_END, BytesIO
from typing import Final

from crawler.archive.reading import stream_member
from crawler.messages import Body, Response
from crawler.model import Span
from crawler.preflight import LARGE_BYTES, MOST_BYTES

Beware = Callable[[], None]
"""Called when a page turns out to be large, before the most of it is in memory; it may wait. More than once."""

_MOST_HEAD: Final = 1 << 20


def content(span: Span, limit: int, most: int = MOST_BYTES, beware: Beware = lambda: None) -> Body:
    """What one capture holds, unpacked; of at most `limit` bytes the first `most`.

    Raises:
        MemberError: there is no such capture, or it can't be read.
    """
    member = stream_member(span, limit + _MOST_HEAD)
    limit = min(limit, most)
    if member.kind != "resource":
        return content_of(member.pieces, limit, beware)
    headers = tuple(pair for pair in member.headers if pair[0].lower() == "content-type")
    body = _joined(member.pieces, limit + 1, beware)
    return Body(status=200, headers=headers, body=body[:limit], whole=len(body) <= limit)


def content_of(pieces: Iterable[bytes], limit: int, beware: Beware = lambda: None) -> Body:
    """The same of an answer as it came over the wire, of which it is given in pieces."""
    response = Response(pieces, limit)
    return response.body(_joined(response, limit, beware))


def _joined(pieces: Iterable[bytes], most: int, beware: Beware) -> bytes:
    """At most so many bytes of them, though all are taken: whoever gives them looks at their end."""
    left = iter(pieces)
    joined = BytesIO(next(left, b"")[:most])  # not copied, where it is all there is
    joined.seek(0, SEEK_END)
    for piece in left:
        joined.write(piece[: most - joined.tell()])
        if joined.tell() > LARGE_BYTES:
            beware()
    return joined.getvalue()  # what was written, not a copy
