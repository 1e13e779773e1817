"""Fields of documents nobody promised us the shape of: what has the wrong type isn't there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from crawler.model import Value

Fields = Mapping[str, object]
"""A JSON object, or one of feedparser's dictionaries."""

LONGEST_AUTHOR: Final = 300
"""Characters; feedparser looks for an address in an author with an expression that takes squared time (1 MB: hours)."""

MOST_TAGS: Final = 200
"""Of an item; feedparser compares each with all before it (8,000: 1.5 s)."""


class Soup(Value, frozen=True, kw_only=True):
    """An XML feed in feedparser's words."""

    channel: Fields
    entries: list[Fields]
    version: str
    fault: str | None = None
    """Why the reading ended early."""


def text(fields: Fields, name: str) -> str | None:
    """A field's text without the blanks around it; None for an empty one."""
    # dict.get: feedparser's own puts other fields in the place of missing ones
    value = dict.get(fields, name) if isinstance(fields, dict) else fields.get(name)
    return value.strip() or None if isinstance(value, str) else None


def mapping(value: object) -> Fields:
    """The value if it has fields, else none."""
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> Sequence[object]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else ()


def count(fields: Fields, name: str) -> int | None:
    """A field's whole number, written as one or as text; None for anything else, and for none."""
    value = fields.get(name)
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 16:
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
