"""Which blocks are the text of a page that is no article: posts of a thread, items of a list, what is said of a thing for sale.

One forest for all these kinds, over the numbers of `traits`: a page's own numbers are among them, so nobody tells it the kind.
Unlike an article's, such a text has holes: names, buttons and counts stand between the posts.
"""

from __future__ import annotations

from typing import Final

from crawler.extraction import body, forest, roles, taught, traits
from crawler.extraction.blocks import Block
from crawler.extraction.body import Found
from crawler.extraction.measures import Survey
from crawler.model import PageKind

LEAST: Final = -0.2
"""Log-odds; a little below even, for a missing block breaks two neighbours' order and a strange one none."""
_SIGN: Final = 60.0
_QUICK: Final = forest.read(taught.QUICK)
_FOREST: Final = forest.read(taught.BLOCKS)
CLEARLY_NOT, CLEARLY = -1.3, 0.9
"""Log-odds of the first forest between which the second one decides alone, on two blocks of five: with the same texts."""


def find(survey: Survey, kind: PageKind) -> Found:
    """The text of a page, and what is below it; as of an article if nothing is worth keeping."""
    page = survey.page
    odds = _judged(traits.rows(page, survey.kept))
    text = [block for block, one in zip(page.blocks, odds, strict=True) if one > LEAST]
    if kind == "forum":
        text = [block for block in text if not _signs(block)]
    return body.around(survey, [block.index for block in text]) if text else body.find(survey)


def _judged(rows: list[traits.Row]) -> list[float]:
    """The log-odds of each block; one forest after the other, for the same reason as in `body`."""
    odds = list(map(_QUICK, rows))
    doubtful = [n for n, first in enumerate(odds) if CLEARLY_NOT < first < CLEARLY]
    for n, second in zip(doubtful, map(_FOREST, [rows[n] for n in doubtful]), strict=True):
        odds[n] = second
    return odds


def _signs(block: Block) -> bool:
    """Whether a short block is named for who wrote a post, for when, or for a button: F1 of threads .815 -> .819."""
    return block.weight < _SIGN and bool(roles.named(block.box.attributes).roles & (roles.WHO | roles.LABEL))
