"""What readers say below an article, which is none of it; beside a short one it is most of what a page says.

Boxes that hold as much aren't believed to be bad (`judging`), for names lie. Below paragraphs that read well they don't.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from crawler.extraction import names
from crawler.extraction.blocks import Block, Box

_SAID: Final = re.compile(r"-(?:com+ent(?!ary|at)|kom+ent|disqus|reacties|yorum)")
"""In English, the Romance, Slavic and Germanic languages; Turkish, Dutch."""
_SIGNS: Final = ("omment", "oment", "disqus", "reacties", "yorum")
"""One of these stands in each, and in few others: to take all names apart would cost as much as all else here."""
_LETTERS: Final = 300
"""Of what reads well above it, for it may be the opinion of a writer, too, under a summary. On 1,300 pages of articles ten
such boxes stood so low, and no line in them was text."""
_LAST: Final = 3
"""Lines of the text that are asked where they stand: a button or a notice may follow."""
_AROUND: Final = 20
"""Boxes around a block that are asked."""


def without(blocks: list[Block], kept: list[int]) -> list[int]:
    """Those places of a text that don't stand in a box called comments, below enough of it."""
    if not any(_is_said_in(blocks[place].box, kept[0]) for place in kept[-_LAST:]):
        return kept
    left, letters = list[int](), 0.0
    for place in kept:
        block = blocks[place]
        if not _is_said_in(block.box, kept[0]):
            left.append(place)
            letters += block.weight if block.good else 0.0
        elif letters < _LETTERS:
            return kept
    return left


def _is_said_in(box: Box | None, start: int) -> bool:
    """Whether a box or one around it that begins behind a place is called comments."""
    for _ in range(_AROUND):
        if box is None or box.first <= start:
            return False
        if box.attributes and _is_called_so(box.attributes):
            return True
        box = box.parent
    return False


@lru_cache(maxsize=4096)
def _is_called_so(attributes: str) -> bool:
    if not any(sign in attributes for sign in _SIGNS) or names.verdict(attributes).hinted:
        return False
    return any(_SAID.search("-" + names.apart(name).replace("_", "-")) for name in names.named(attributes))
