"""Advertisements that stand among an article's paragraphs as if they were some."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from crawler.extraction.blocks import Block, Box

_LONGEST: Final = 400
"""Letters: of 194 boxes so named and so short, on 925 pages of the world, one was part of the text; longer ones may hold it."""
_NAMED: Final = re.compile(
    r"\b(?:class|id)=\"(?:[^\"]*\s)?(?:ads?|advert(?:s|isements?|ising)?|adsbygoogle|ad-?(?:slot|box|banner|container|wrapper)"
    r"|sponsored(?:-content|-link)?|promo(?:ted)?|newsletter(?:-[a-z]+)?)(?:[\s\"]|-\d)"
)


def without(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks that don't stand in a short box that is called an advertisement, by a name of its own."""
    for block in blocks:
        if block.weight > _LONGEST or not (_named(block.box.attributes) or _within(block.box)):
            yield block


def _within(box: Box) -> bool:
    """Whether the box around it is one, with little else in it."""
    around = box.parent
    return around is not None and around.end - around.first <= 3 and _named(around.attributes)


@lru_cache(maxsize=4096)
def _named(attributes: str) -> bool:
    return _NAMED.search(attributes) is not None
