"""Pages whose text stands in `<noscript>`: put there for those without scripts, as forum software does, or fallen into it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from crawler.extraction import blocks
from crawler.extraction.blocks import Page

_THIN: Final = 3_000.0
"""Letters; a page with more has its text elsewhere, and its noscripts hold pictures and counters."""
_MORE: Final = 2.0
_MOST: Final = 50
_LONG: Final = 800
"""Bytes with the tags; a picture or a counter takes less."""
_TAG: Final = re.compile(
    r"<(/?)(?:div|p|section|article|main|aside|header|center|table|tr|td|ul|ol|li|form|h[1-6])\b", re.IGNORECASE
)
"""Where such an element begins in a noscript and isn't closed in it, the parser puts all the rest of the page there."""


def uncovered(text: bytes | str, page: Page) -> Page:
    """The page with what stands in its noscripts, if that is most of its text; else `page` as it is."""
    weight = page.weights[-1]
    if weight >= _THIN or not any(len(one) > _LONG or _is_torn(one) for one in _noscripts(text)):
        return page
    tree = LexborHTMLParser(text)
    for covered in tree.css("body noscript")[:_MOST]:
        covered.unwrap()
    other = blocks.parse(tree)
    return other if other.weights[-1] > _MORE * weight else page


def _noscripts(text: bytes | str) -> Iterator[str]:
    pieces = text.split("<noscript")[1:] if isinstance(text, str) else map(_characters, text.split(b"<noscript")[1:])
    return (piece.partition("</noscript")[0] for piece in pieces)


def _characters(markup: bytes) -> str:
    return markup[: 2 * _LONG].decode("latin-1")


def _is_torn(markup: str) -> bool:
    tags: list[str] = _TAG.findall(markup)
    return 2 * tags.count("") > len(tags)
