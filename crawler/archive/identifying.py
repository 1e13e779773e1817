"""What a payload is, by its first bytes: for WARC-Identified-Payload-Type. Pure.

A small part of the WHATWG's MIME Sniffing Standard (sections 5 and 7.1), with feeds and JSON added; None where that is unsure.
"""

from __future__ import annotations

import re
from typing import Final

_MOST: Final = 2048  # the standard looks at 1,445 (section 5.2); comments before an XML root may be longer

_MAGIC: Final = (
    (b"%PDF-", "application/pdf"),
    (b"%!PS-Adobe-", "application/postscript"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"PK\x03\x04", "application/zip"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"OggS\0", "application/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"wOFF", "font/woff"),
    (b"wOF2", "font/woff2"),
)
_MAGICS: Final = tuple(magic for magic, _ in _MAGIC)
_RIFF: Final = re.compile(rb"RIFF....(WEBPVP|WAVE)", re.DOTALL)
_RIFF_TYPES: Final = {b"WEBPVP": "image/webp", b"WAVE": "audio/wav"}

_UTF8_MARK: Final = b"\xef\xbb\xbf"
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_HTML: Final = re.compile(
    rb"<(?:!doctype\s+html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|meta|link)[\s/>]",
    re.IGNORECASE,
)
_HTML_DOCTYPE: Final = re.compile(rb"\s*<!doctype\s+html", re.IGNORECASE)
# What may come before a root element; each ends within what is looked at, or nothing is found.
_ASIDES: Final = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->|<!doctype\s[^>\[]*>)*", re.DOTALL | re.IGNORECASE)
_ROOT: Final = re.compile(rb"<(?:[A-Za-z][\w-]*:)?([A-Za-z][\w-]*)[\s/>]")
_ROOTS: Final = {
    b"rss": "application/rss+xml",
    b"feed": "application/atom+xml",
    b"rdf": "application/rdf+xml",
    b"html": "application/xhtml+xml",
    b"svg": "image/svg+xml",
}
_JSON: Final = re.compile(rb"\s*(?:\{\s*[\"}]|\[\s*[\[{\"\]])")
# "Binary data bytes" of the standard, section 3.
_BINARY: Final = bytes({*range(0x20)} - set(b"\t\n\x0c\r\x1b"))


def identify(beginning: bytes) -> str | None:
    """The media type of content that begins like this, without parameters; None: it could be anything, or there is none."""
    data = beginning[:_MOST]
    if data.startswith(_MAGICS):
        return next(kind for magic, kind in _MAGIC if data.startswith(magic))
    riff = _RIFF.match(data)
    if riff is not None:
        return _RIFF_TYPES[riff[1]]
    return _text(_narrow(data))


def _narrow(data: bytes) -> bytes:
    """Text without its byte order mark, in a charset where markup is ASCII."""
    if data.startswith(_UTF16_MARKS):
        return data[: len(data) // 2 * 2].decode("utf-16", "replace").encode()
    return data.removeprefix(_UTF8_MARK)


def _text(data: bytes) -> str | None:
    if not data or len(data.translate(None, _BINARY)) < len(data):  # a third of the time of looking for the first one
        return None
    asides = _ASIDES.match(data)
    at = asides.end() if asides else 0
    if data.lstrip().startswith(b"<?xml"):
        return _ROOTS.get(_root(data, at), "text/xml")
    if _HTML.match(data, at) or _HTML_DOCTYPE.match(data):
        return "text/html"
    if data.startswith(b"<", at):
        return _ROOTS.get(_root(data, at))
    return "application/json" if _JSON.match(data) else "text/plain"


def _root(data: bytes, at: int) -> bytes:
    """The name of the element that begins there, without its namespace's prefix."""
    found = _ROOT.match(data, at)
    return found[1].lower() if found else b""
