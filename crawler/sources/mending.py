"""An XML document made fit for a strict parser, without changing what it says. No entity of its own is ever expanded."""

from __future__ import annotations

import re
from html.entities import html5
from typing import Final

from msgspec.structs import replace

from crawler.charset import Decoded, decode_xml
from crawler.sources import codepages
from crawler.sources.prolog import end_of_doctype, is_doctype, past_asides
from crawler.sources.unpack import unpacked

_DECLARATION: Final = '<?xml version="1.0" encoding="utf-8"?>'
_OLD_DECLARATION: Final = re.compile(r"<\?xml\b[^>]*>")
_ENTITY: Final = re.compile(r"<!ENTITY\b[^>]*>?", re.IGNORECASE)
_FIRST_ELEMENT: Final = re.compile(r"<[^\W\d]")
# Characters XML 1.0 has no place for (section 2.2), and half surrogates.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# CDATA is passed over; one without end takes all the rest, so that the look stays linear.
_AMPERSAND: Final = re.compile(
    r"<!\[CDATA\[(?:.*?\]\]>|.*)"
    r"|&(?:(?:amp|lt|gt|quot|apos);|#(?P<decimal>[0-9]+);|#[xX](?P<hex>[0-9a-fA-F]+);|(?P<name>[A-Za-z][A-Za-z0-9]{1,31};))?",
    re.DOTALL,
)


def xml_text(data: bytes, content_type: str | None) -> Decoded:
    """An XML document, unpacked and decoded, from its first `<` on; no doctype, no control characters."""
    data = unpacked(data)
    read = codepages.decoded(data) or decode_xml(data, content_type)
    text = _FORBIDDEN.sub("", read.text)
    start = text.find("<")
    return replace(read, text=_without_doctype(text[max(start, 0) :].lstrip("\ufeff")))


def mended(text: str) -> bytes:
    """UTF-8 with a declaration that says so; names of HTML become their characters, stray ampersands are escaped."""
    body = _OLD_DECLARATION.sub("", text, count=1) if text.startswith("<?xml") else text
    return (_DECLARATION + escaped(body)).encode("utf-8")


def escaped(text: str) -> str:
    """The same for a part of a document, which has no declaration: names as characters, stray ampersands escaped."""
    return _AMPERSAND.sub(_escaped, text)


def _without_doctype(text: str) -> str:
    at = past_asides(text)
    if is_doctype(text, at):
        text = text[:at] + text[end_of_doctype(text, at) :]
    first = _FIRST_ELEMENT.search(text)
    end = first.start() if first else len(text)
    return _ENTITY.sub("", text[:end]) + text[end:]


def _escaped(found: re.Match[str]) -> str:
    if found["name"]:
        return html5.get(found["name"]) or f"&amp;{found['name']}"
    digits = found["decimal"] or found["hex"]
    if digits:
        return found[0] if _is_character(digits, 10 if found["decimal"] else 16) else "\ufffd"
    return "&amp;" if found[0] == "&" else found[0]


def _is_character(digits: str, radix: int) -> bool:
    """Whether a reference by number means a character; one in ten digits or more never does."""
    return len(digits) < 10 and (code := int(digits, radix)) <= 0x10FFFF and not _FORBIDDEN.match(chr(code))
