"""Paths of robots.txt and of addresses, brought to one form, and matched (RFC 9309, sections 2.2.2 and 2.2.3). Pure.

No regular expression is made of what a file says: a pattern is cut at its stars, and the parts are looked for in their order,
so that the dearest pattern costs one walk through the path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

_PATH: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:/?/?[^/?#]*([^#]*)")

# All that RFC 3986 neither reserves nor leaves unreserved, and every escape: what two writers may write differently.
_ODD: Final = re.compile(r"%[0-9A-Fa-f]{2}|[^A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%\n-]")
_UNRESERVED: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# In a query these delimit nothing: the RFC's own table lets `?baz=https://x` match `?baz=https%3A%2F%2Fx`.
_LOOSE_IN_QUERY: Final = re.compile(r"%(?:3A|2F|3F|40)")
_LITERAL: Final = str.maketrans({"*": "%2A", "$": "%24"})


def _escapes() -> Iterator[tuple[str, str]]:
    for octet in range(256):
        plain = chr(octet) if octet in _UNRESERVED else f"%{octet:02X}"
        yield chr(octet), plain
        high, low = tuple(f"{octet:02x}")
        yield from ((f"%{one}{two}", plain) for one in {high, high.upper()} for two in {low, low.upper()})


# A table, not a calculation: a file may have 170,000 escapes.
_NORMAL: Final = dict(_escapes())


def patterns(texts: Sequence[str]) -> list[str]:
    """The paths of rules in their normal form; `*` and a `$` at the end are signs still. Each is bytes read as Latin-1.

    They are made normal all at once: 40,000 calls for 40,000 rules take longer than all the rest.
    """
    normal = _normal("\n".join(texts)).split("\n") if texts else []
    return [_signs(_query_loosened(text)) if "$" in text or "%" in text else text for text in normal]


def needle(pattern: str) -> str:
    """A text that a path must hold to match a pattern, to pass over most patterns quickly: its longer end."""
    text = pattern.strip("*$")
    first, star, rest = text.partition("*")
    if not star:
        return text
    last = rest.rpartition("*")[2]
    return first if len(first) > len(last) else last


def matches(pattern: str, path: str) -> bool:
    """Whether a path in its normal form is one of those a pattern in its normal form means."""
    ends = pattern.endswith("$")
    first, *later = (pattern[:-1] if ends else pattern).split("*")
    if not path.startswith(first):
        return False
    if not later:
        return not ends or path == first
    last = later.pop() if ends else ""
    at = len(first)
    for part in later:
        at = path.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return path.endswith(last) and len(path) - len(last) >= at


def forms(url: str) -> tuple[str, ...]:
    """Path and query of an absolute address in their normal form; two where a rule may be meant in either."""
    found = _PATH.match(url)
    path = found[1] if found else url
    if not path.startswith("/"):
        path = f"/{path}"
    if not path.isascii():
        path = path.encode("utf-8", "replace").decode("latin-1")
    strict = _normal(path.translate(_LITERAL) if "*" in path or "$" in path else path)
    loose = _query_loosened(strict)
    return (strict,) if loose == strict else (strict, loose)


def _normal(path: str) -> str:
    return _ODD.sub(lambda found: _NORMAL[found[0]], path)


def _signs(pattern: str) -> str:
    """A `$` that isn't at the end is a letter like any other; addresses have it escaped, as the RFC wants it."""
    if "$" not in pattern[:-1]:
        return pattern
    return pattern[:-1].replace("$", "%24") + pattern[-1]


def _query_loosened(path: str) -> str:
    before, mark, query = path.partition("?")
    if "%" not in query:
        return path
    return before + mark + _LOOSE_IN_QUERY.sub(lambda found: chr(int(found[0][1:], 16)), query)
