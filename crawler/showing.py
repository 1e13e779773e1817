"""Texts from outside, made fit to be shown: in a terminal, in a log, as JSON. Pure, and the only place that knows how."""

from __future__ import annotations

import re
from typing import Final

# What a terminal or the bidi algorithm would obey rather than show. ZWJ, ZWNJ, LRM, RLM, ALM stay: words need them.
_OBEYED: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")
_BREAKS: Final = re.compile("[\\s\u2028\u2029]+")
# The same in UTF-8, but for what JSON itself never holds raw.
_IN_JSON: Final = re.compile(rb"\x7f|\xc2[\x80-\x9f]|\xe2\x80[\xa8-\xae]|\xe2\x81[\xa6-\xa9]")


def safe(text: str) -> str:
    """A text in one line, without anything that a terminal obeys (controls, bidi overrides and isolates)."""
    visible = _BREAKS.sub(" ", _OBEYED.sub("", text)).strip()
    return visible.encode("utf-8", "replace").decode()


def many(number: int, what: str) -> str:
    """A number of things: "1 page", "2 pages", "2 addresses", "2 tries"."""
    if number == 1:
        return f"1 {what}"
    return f"{number} {what[:-1]}ies" if what.endswith("ry") else f"{number} {what}{'es' if what.endswith('s') else 's'}"


def safe_json(encoded: bytes) -> bytes:
    """JSON in which all that a terminal obeys is written as an escape (U+202E as six characters): nothing is lost."""
    return _IN_JSON.sub(_escape, encoded)


def _escape(found: re.Match[bytes]) -> bytes:
    return b"\\u%04x" % ord(found[0].decode())
