"""Which blocks are the text of a page that is no article: posts of a thread, items of a list, what is said of a thing for sale.

One forest for all these kinds, over the numbers of `traits`: a page's own numbers are among them, so nobody tells it the kind.
Unlike an article's, such a text has holes: names, buttons and counts stand between the posts.
"""

from __future__ import annotations

from typing import Final

from crawler.extraction import forest, taught, traits
from crawler.extraction.blocks import Page
from crawler.extraction.body import Found

_LEAST: Final = -0.2
"""Log-odds; a little below even, for a missing block breaks two neighbours' order and a strange one none."""
_FOREST: Final = forest.read(taught.BLOCKS)


def find(page: Page, found: Found) -> Found:
    """The text of a page, of which `found` is what reads like an article; that itself if nothing else is worth keeping."""
    rows = traits.rows(page, found.good)
    text = [block for block, row in zip(page.blocks, rows, strict=True) if forest.vote(_FOREST, row) > _LEAST]
    return found._replace(text=text) if text else found
