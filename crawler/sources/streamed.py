"""Large XML documents in pieces, each fit for a strict parser, so that no more than some hundred KB of one are in memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from crawler.charset import decode_xml
from crawler.sources.mending import escaped, mended, xml_text
from crawler.sources.unpack import CHUNK

_WHOLE: Final = 4 * CHUNK
"""Smaller documents are read in one piece, in any encoding; of larger ones those in UTF-8 are read in several."""
_LONGEST: Final = 16 * CHUNK
"""A piece may be so long, if no element ends in it."""
# Behind one of these no character, CDATA section or tag is cut in two.
_END: Final = re.compile(rb"</(?:[\w.-]{1,32}:)?(?:url|sitemap)\s*>", re.IGNORECASE)
# Begins with a plain character, so looking for it costs a tenth of mending; most pieces need none.
_TO_MEND: Final = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,6});)")
_CONTROL: Final = bytes(code for code in range(32) if code not in b"\t\n\r")
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


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
