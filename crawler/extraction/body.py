"""Which blocks of a page are the article's text: by structure, length, links and place, in any language.

1. A block is *good* when it reads like running text: long enough, few links. Class names only vote, and never against a box
   with half of the page's good text.
2. From the page downwards, go into the child that holds most of the good text, until none does: there is the main box.
3. Each block in it and around it is measured (`measures`), and a small forest of decision trees says which are the article's.
   It was taught on pages of many languages by `bench/body.py`, and sees numbers only.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final, NamedTuple

from crawler.extraction import forest, taught_body
from crawler.extraction.blocks import Block, Box, Page
from crawler.extraction.completing import complete, without_strays
from crawler.extraction.echoes import says
from crawler.extraction.judging import LEAST, in_hinted, judge, summed
from crawler.extraction.lines import repeats
from crawler.extraction.measures import Hints, Survey, upwards

_ABOVE: Final = 12
_BELOW: Final = 6
_SHORT: Final = 150
_MOST: Final = 0.8
_BEFORE_TITLE: Final = 0.2
_UNHINTED: Final = 0.3
_HINTED_LEAST: Final = 0.35
_FIRST, _THEN = forest.read(taught_body.FIRST), forest.read(taught_body.THEN)
_CLOSE: Final = forest.read(taught_body.CLOSE)
CLEARLY_NOT, CLEARLY = -1.6, 0.8
"""Log-odds of the quick forest between which the other one decides alone. Within -1.1 and 0.8 it would be asked of a quarter
fewer blocks, and F1 on sites neither has seen would fall by .001."""
AT_ONCE: Final = 1.4
"""Log-odds of the quick forest's first trees above which the rest isn't asked; nor is it below `CLEARLY_NOT`: half in all."""
LEAST_ODDS: Final = -0.32
"""Log-odds above which a block is kept: of the article with 42 % or more. To lose text costs more than a line too many."""
_BESIDE_ODDS: Final = -1.8
"""The same beside a paragraph that is kept: 14 %; a short last sentence has few other friends."""
_EMBEDDED: Final = "twitter-tweet"
_LEAVES: Final = frozenset({"p", "li", "ul", "ol", "blockquote", "pre", "tr", "dl"})


class Found(NamedTuple):
    """The main text, and the short blocks right after it."""

    text: list[Block]
    below: list[Block]


def find(survey: Survey) -> Found:
    """The blocks of the main text, in order, and the short ones below it."""
    kept = _chosen(survey)
    return around(survey, _standfirst(survey, kept) + kept)


def around(survey: Survey, kept: Sequence[int]) -> Found:
    """The blocks at these places, which are the text, and the short ones below it."""
    blocks, end = survey.page.blocks, kept[-1] + 1 if kept else 0
    below = [block for block in blocks[end : end + _BELOW] if block.weight <= _SHORT] if kept else []
    return Found([blocks[place] for place in kept], below)


def _chosen(survey: Survey) -> list[int]:
    """The places of the blocks the forests take for the article's; where they take none, of those that read well."""
    kept = survey.plainly()
    judged = _judged(survey, frozenset(kept))
    kept.update([place for place, odds in judged if odds > LEAST_ODDS])
    _carry(survey.page.blocks, [place for place, odds in judged if _BESIDE_ODDS < odds <= LEAST_ODDS], kept)
    complete(survey.page.blocks, kept)
    kept.update(_embedded(survey.page, kept))
    return without_strays(survey.page.blocks, sorted(kept)) or survey.good


def _judged(survey: Survey, known: frozenset[int]) -> list[tuple[int, float]]:
    """The places of the other candidates, and the log-odds that they are the article's.

    Step by step for all, not block by block: a forest is 20 KB of code and numbers, which stay in the nearest cache then.
    """
    candidates = list(survey.candidates(known))
    odds = [_FIRST(row) for _, row in candidates]
    unsure = [n for n, said in enumerate(odds) if CLEARLY_NOT < said < AT_ONCE]
    for n in unsure:
        odds[n] += _THEN(candidates[n][1])
    doubtful = [n for n in unsure if CLEARLY_NOT < odds[n] < CLEARLY]  # one in three: only these are looked at closely
    more = survey.closely([candidates[n][0] for n in doubtful])
    rows = [candidates[n][1] + rest for n, rest in zip(doubtful, more, strict=True)]
    for n, said in zip(doubtful, map(_CLOSE, rows), strict=True):
        odds[n] = said
    return [(place, said) for (place, _), said in zip(candidates, odds, strict=True)]


def _embedded(page: Page, kept: set[int]) -> list[int]:
    """The posts among what is kept as the network of that name has them embedded: quoted, so part of the text around them."""
    if not kept:
        return []
    blocks, first, last = page.blocks, min(kept), max(kept)
    home = blocks[first].box
    around = [box.attributes for box in upwards(home)]
    inside = [box.attributes for box in page.boxes[home.index : blocks[last].box.index + 1]]
    if _EMBEDDED not in "\n".join(around + inside):  # of 50 pages 49 have none
        return []
    end = next((box.end for box in upwards(blocks[last].box) if _EMBEDDED in box.attributes), last)
    return [block.index for block in blocks[first:end] if _is_embedded(block.box)]


def _is_embedded(box: Box) -> bool:
    return _EMBEDDED in box.attributes or (box.parent is not None and _EMBEDDED in box.parent.attributes)


def _carry(blocks: list[Block], doubtful: list[int], kept: set[int]) -> None:
    """Keep a doubtful paragraph that stands right after (or before) one that is kept, in the same box."""
    for step, places in ((1, doubtful), (-1, doubtful[::-1])):
        for place in places:
            if place - step in kept and _fellows(blocks[place], blocks[place - step]):
                kept.add(place)


def _fellows(one: Block, other: Block) -> bool:
    return one.tag == other.tag == "p" and one.box.parent is other.box.parent


def _standfirst(survey: Survey, kept: list[int]) -> list[int]:
    """The place of the block between title and text that says what the summary says; none if it is kept anyway."""
    start, anchor = kept[0] if kept else 0, survey.hints.anchor
    first = anchor + 1 if anchor is not None and anchor < start else start - _ABOVE // 2
    above = survey.page.blocks[max(0, first, start - _ABOVE) : start]
    return [block.index for block in above if _may_stand_first(block) and says(block.text, survey.summary)][:1]


def _may_stand_first(block: Block) -> bool:
    return block.tag != "h1" and block.weight >= LEAST and not block.linked


def surveyed(page: Page, title: str | None, summary: str | None) -> Survey:
    """A page with its boxes judged, and its main box."""
    anchor = _title_at(page, title)
    reads_well = judge(page, anchor)
    _favour(page, anchor, [block for block in reads_well if block.good])
    return Survey(page, _descend(page), Hints(title, anchor, summary), reads_well)


def _title_at(page: Page, title: str | None) -> int | None:
    """Where the title stands: its first heading, one of the first level before all others."""
    if not title:
        return None
    for level in ("h1", "h2"):
        for block in [block for block in page.blocks if block.tag == level]:
            if repeats(block.text, title):
                return block.index
    return None


def _favour(page: Page, anchor: int | None, good: list[Block]) -> None:
    """Text above the title counts little; so does text outside of boxes that are called an article's body and hold enough."""
    for block in _above(good, anchor):
        block.good *= _BEFORE_TITLE
    for block in _outside(good):
        block.good *= _UNHINTED
    page.goods = summed(page, good, [block.good for block in good])


def _above(good: list[Block], anchor: int | None) -> list[Block]:
    """Those above the title; none where all stand there, for then that heading isn't the article's."""
    if anchor is None or not good or good[-1].index < anchor:
        return []
    return [block for block in good if block.index < anchor]


def _outside(good: list[Block]) -> list[Block]:
    """Those in no box that is called an article's body; none where such boxes hold too little to be believed."""
    outside = [block for block in good if not in_hinted(block.box)]
    return outside if _sum(outside) < (1 - _HINTED_LEAST) * _sum(good) else []


def _sum(blocks: list[Block]) -> float:
    return sum([block.good for block in blocks])


def _descend(page: Page) -> Box:
    """The smallest box on the way down that still holds most of what its parent holds.

    Most of it lies where the middle of it lies: so of its children only the one there is looked at.
    """
    goods, box = page.goods, page.boxes[0]
    while (held := page.good(box)) > 0:
        inner = _child(box, page.blocks[bisect_left(goods, goods[box.first] + held / 2, box.first + 1, box.end) - 1].box)
        if inner is None or inner.tag in _LEAVES or page.good(inner) < _MOST * held:
            break
        box = inner
    return box


def _child(box: Box, inner: Box) -> Box | None:
    """The child of a box in which another lies; None if that is the box itself."""
    while inner is not box and inner.parent is not box and inner.parent is not None:
        inner = inner.parent
    return None if inner is box else inner
