"""Which lines stand around a text: between the headline and it, above the headline, below it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Final, NamedTuple

from crawler.extraction.blocks import Block, Box, Page
from crawler.extraction.lines import repeats
from crawler.extraction.places import is_other

_ABOVE: Final = 12
_BEFORE: Final = 5
_BELOW: Final = 10
_HEADING_WITHIN: Final = 40
_HEADING_INTO: Final = 20
_SLACK: Final = 20
_SHORT: Final = 150
_CAPTIONS: Final = frozenset({"figcaption", "caption"})
INSIDE: Final = 3
"""Paragraphs that may open with a day or their writer."""


class Around(NamedTuple):
    """Short lines by where they stand: between the headline and the text, above the headline, below the text; in its order."""

    above: list[str]
    before: list[str]
    below: list[str]
    text: Sequence[Block]
    """All of it, or nothing where it has no blocks."""


def around(page: Page, text: list[Block], title: str | None) -> Around:
    """What stands around the main text's blocks."""
    if not text:
        return Around([], [], [], [])
    start, end = text[0].index, text[-1].index + 1
    heading = _heading(page.blocks, start, end, title) if title else None
    first = max(0, start - _ABOVE) if heading is None else heading + 1
    inside = text[min(len(text) - 1, 2 * INSIDE)].index
    tail = text[max(-len(text), -INSIDE)].index  # with what wasn't kept in between: who posted it when, under the text
    return Around(
        [block.text for block in _short(page.blocks[first : min(inside + 1, max(start, first) + _ABOVE)], heading)],
        [block.text for block in _short(page.blocks[max(0, first - 1 - _BEFORE) : first], heading)][::-1],
        [block.text for block in _own(_short(page.blocks[tail : end + _BELOW], heading), start)],
        text,
    )


def _heading(found: list[Block], start: int, end: int, title: str) -> int | None:
    """Where the headline stands: above the text's start, or where a forum's rules stand above it, within the text."""
    above = _nearest(found[max(0, start + 1 - _HEADING_WITHIN) : start + 1][::-1], title)
    return above if above is not None else _nearest(found[start : min(end, start + _HEADING_INTO)], title)


def _nearest(blocks: list[Block], title: str) -> int | None:
    """The first of these blocks that repeats the title; rather a headline: a caption or a trail may have it again, nearer."""
    longest, shortest = 2 * len(title) + _SLACK, 0.5 * len(title)
    may = [block for block in blocks if shortest < len(block.text) < longest]
    headlines = (block for block in may if block.tag == "h1")
    return next((block.index for block in chain(headlines, may) if repeats(block.text, title)), None)


def _short(found: list[Block], heading: int | None) -> list[Block]:
    short = [block for block in found if block.weight <= _SHORT]
    return [block for block in short if block.tag not in _CAPTIONS or not _is_caption(block, heading)]


def _is_caption(block: Block, heading: int | None) -> bool:
    """Whether a caption belongs to a picture: not where the headline stands in it, too, laid over the picture."""
    return heading is None or not block.box.first <= heading < block.box.end


def _own(blocks: list[Block], start: int) -> list[Block]:
    """Without those in a box that doesn't hold the text too and is called other stories or comments."""
    fine: set[int] = set()
    return [block for block in blocks if not _of_others(block.box, start, fine)]


def _of_others(box: Box | None, start: int, fine: set[int]) -> bool:
    """Whether a box or one around it is called so; `fine` are those that were asked before, most are."""
    asked: list[int] = []
    while box is not None and box.first > start and box.index not in fine:
        if "footer" in box.attributes or is_other(box.attributes):
            return True
        asked.append(box.index)
        box = box.parent
    fine.update(asked)
    return False
