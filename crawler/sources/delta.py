"""Which items of an XML feed we have read before: these are cut out, and only the rest is parsed. Pure.

At one new item of twenty the parser has a twentieth to do. What is read must be what a parse of the whole would give, so that
whatever is not plain (no strict XML, items in items, a count that differs) is parsed whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final
from xml.parsers import expat

from crawler.model import Value

# CDATA or a comment without end takes all the rest, so that the look stays linear.
_ITEM: Final = re.compile(
    r"<!\[CDATA\[(?:.*?\]\]>|.*)|<!--(?:.*?-->|.*)|<(?P<close>/?)(?P<name>item|entry)(?=[\s>])[^<>]*>", re.DOTALL
)
# What an item takes over from the elements around it: names, the base of links, the language.
_TAG: Final = re.compile(r"<[^<>!?]*>")
_WHOLE: Final = True  # for expat: nothing more follows


class Piece(Value, frozen=True, kw_only=True):
    """One item as it stands in the document."""

    start: int
    end: int
    mark: str
    """A hash of what stands there and of what it takes over, as 16 hex digits: the same mark, the same item."""


def pieces(text: str, url: str) -> tuple[Piece, ...]:
    """The items of a document that came from `url`, in its order; none where one isn't closed or holds another."""
    spans = _spans(text)
    if not spans:
        return ()
    around = "".join(tag for tag in _TAG.findall(text[: spans[0][0]]) if "xml" in tag)
    seed = blake2b(f"{url}\n{around}".encode(), digest_size=8)
    found = []
    for start, end in spans:
        said = seed.copy()
        said.update(text[start:end].encode())
        found.append(Piece(start=start, end=end, mark=said.hexdigest()))
    return tuple(found)


def _spans(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    opened: tuple[str, int] | None = None
    for tag in _ITEM.finditer(text):
        if tag["name"] is None or tag[0].endswith("/>"):
            continue
        if bool(tag["close"]) != (opened is not None and opened[0] == tag["name"]):
            return []
        if opened:
            spans.append((opened[1], tag.end()))
        opened = None if opened else (tag["name"], tag.start())
    return [] if opened else spans


def without(text: str, known: Sequence[Piece]) -> str:
    """The document without these items; all else stays where it was."""
    kept, at = [], 0
    for piece in known:
        kept.append(text[at : piece.start])
        at = piece.end
    return "".join([*kept, text[at:]])


def is_strict(document: bytes) -> bool:
    """Whether UTF-8 is XML without a fault, names included: a fault in a known item would change how all others are read."""
    parser = expat.ParserCreate("utf-8", " ")
    try:
        parser.Parse(document, _WHOLE)
    except expat.ExpatError:
        return False
    return True
