"""Pages that are drawn by a script, and carry their text for those without one in `<noscript>`: much forum software does."""

from __future__ import annotations

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
_NEXT_TO_NOTHING: Final = 500.0
"""Letters. Where an element begins in a noscript and isn't closed in it, the parser puts all the rest of the page there."""


def uncovered(text: bytes | str, page: Page) -> Page:
    """The page with what stands in its noscripts, if that is most of its text; else `page` as it is."""
    weight = page.weights[-1]
    if weight >= _THIN or not _has_one(text, _LONG if weight >= _NEXT_TO_NOTHING else 0):
        return page
    tree = LexborHTMLParser(text)
    for covered in tree.css("body noscript")[:_MOST]:
        covered.unwrap()
    other = blocks.parse(tree)
    return other if other.weights[-1] > _MORE * weight else page


def _has_one(text: bytes | str, longer: int) -> bool:
    if isinstance(text, bytes):
        return any(len(one.partition(b"</noscript")[0]) > longer for one in text.split(b"<noscript")[1:])
    return any(len(one.partition("</noscript")[0]) > longer for one in text.split("<noscript")[1:])
