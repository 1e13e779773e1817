"""What is known of each block that may be the article's, in numbers: its shape, its boxes, its kin, its place.

No number depends on a language: lengths are weighed, links counted, and the names of boxes are English the world over. The
forests of `body` were taught these columns in this order by `bench/body.py`: whoever changes them teaches it anew.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import cached_property
from operator import itemgetter
from typing import Final, NamedTuple

from crawler.extraction.blocks import Block, Box, Page
from crawler.extraction.echoes import repeated, words
from crawler.extraction.judging import WHOLE, in_hinted, is_bad
from crawler.extraction.words import key

Row = tuple[float, ...]

_ABOVE, _BESIDE, _BELOW = 12, 2, 5
"""Blocks. What reads like nothing is no candidate where it stands farther above the first good one of the main box or below the
last; nor are links alone that don't stand beside a good one. Without these, one in seven, forests are right more often."""
_ALL_LINK: Final = 0.9
_FAR: Final = 50.0
_NEVER: Final = 2.0 * _FAR
_FEW_LINKS: Final = 0.2
_LONG: Final = 90
_SHORT: Final = 300
"""What is longer doesn't repeat a title."""
_HOLDING: Final = {"main": 1, "article": 2}
_HELD_BY: Final = tuple((float(n & 1), float(n >> 1 & 1)) for n in range(4))
_SHAPES: Final = {
    "p": 1.0, **dict.fromkeys(("li", "ul", "ol"), 2.0),
    "h1": 3.0, "h2": 4.0, "h3": 5.0, **dict.fromkeys(("h4", "h5", "h6"), 6.0),
    **dict.fromkeys(("td", "th", "tr"), 7.0), **dict.fromkeys(("div", "center"), 8.0), "blockquote": 9.0, "pre": 10.0,
    **dict.fromkeys(("figcaption", "figure"), 11.0), **dict.fromkeys(("dd", "dt"), 12.0),
    **dict.fromkeys(("section", "article", "main", "body"), 13.0), "header": 14.0,
    **dict.fromkeys(("aside", "form", "label"), 15.0),
}  # fmt: skip

_OWN: Final = "good raw tag box_good depth to_good from_first from_last"
_AROUND: Final = "parent_linked parent_good parent_raw grand_weight grand_linked same_good"
_PAGE: Final = "main_linked main_good"
_CLOSELY: Final = "weight linked share title_words from_title from_good climb position hinted in_main in_article"
_ALIKE: Final = "alike alike_weight alike_linked alike_good alike_raw"
QUICK: Final = tuple(f"{_OWN} {_AROUND} {_PAGE}".split())
"""The names of the numbers `Survey.candidates` gives: cheap, and enough for most blocks."""
COLUMNS: Final = (*QUICK, *f"{_CLOSELY} {_ALIKE} in_bad main_share hinted_share".split())
"""Those, and the ones of `Survey.closely`. Thirteen more that were asked before, of neighbours, tags, and sizes of boxes, told
nothing that these don't: without them F1 on sites not learned from is the same."""


class Hints(NamedTuple):
    """What is known before: the title and where it stands, and the summary."""

    title: str | None
    anchor: int | None
    summary: str | None


class Survey:
    """A page as a whole, that its blocks are measured against; boxes must have been judged, and what is good summed up."""

    def __init__(self, page: Page, main: Box, hints: Hints, reads_well: Sequence[Block]) -> None:
        """`reads_well` is what does by itself, whatever its box is called."""
        self.page, self.main, self.hints = page, main, hints
        self.words = words(hints.title)
        good = [block for block in reads_well if block.good]
        self.kept = [block for block in good if main.first <= block.index < main.end]
        """What reads well in the main box, before a forest is asked: what kind of page it is shows in that."""
        self.good = [block.index for block in self.kept]
        self.total = sum([block.weight for block in self.kept]) or 1.0

        self.around: dict[tuple[int, str], Row] = {}
        self.tags: dict[int, int] = {}
        self.whole, self.raw = page.weights[-1] or 1.0, page.raws[-1] or 1.0
        self.raws = [block.index for block in reads_well if block.raw]
        self.same = _by_home(good)
        weight = page.weight(main)
        self.shared = page.linked(main) / (weight or 1.0), float(len(self.good))
        """What is the same for all blocks: of the main box; and for a close look, how much it holds, and hinted boxes."""
        self.shared_closely = weight / self.whole, self._hinted(good)

    def _hinted(self, good: Sequence[Block]) -> float:
        """How much of what is good stands in boxes that are called an article's body."""
        return sum([block.good for block in good if in_hinted(block.box)]) / (self.page.goods[-1] or 1.0)

    @cached_property
    def summary(self) -> str:
        """What the page says in short, as `key` has it."""
        return key(self.hints.summary or "")

    @cached_property
    def span(self) -> tuple[int, int]:
        """Where what reads well begins and ends; the whole main box where nothing does."""
        return (self.good[0], self.good[-1]) if self.good else (self.main.first, self.main.end - 1)

    @cached_property
    def depth(self) -> float:
        """How deep in boxes what reads well lies on average, by letters."""
        return sum([block.box.level * block.weight for block in self.kept]) / self.total

    def plainly(self) -> set[int]:
        """The places of long paragraphs side by side, with hardly a link, where more than half of the good text stands.

        Of 12,600 on 1,400 pages the forests took all but one for the article's: so they aren't asked, and nothing is measured.
        """
        (home, tag), most = max(self.same.items(), key=itemgetter(1), default=((0, ""), 0.0))
        if tag != "p" or most <= self.total / 2:
            return set()
        long = (block for block in self.kept if block.tag == "p" and block.weight > _LONG)
        return {block.index for block in long if block.linked < _FEW_LINKS * block.weight and _home(block.box)[0] == home}

    def candidates(self, known: Container[int] = ()) -> Iterator[tuple[int, Row]]:
        """Other blocks that may be the article's, in order: their places in the page and their first numbers (`QUICK`)."""
        page, depth, shared, ahead, (first, last) = self.page, self.depth, self.shared, self._ahead(), self.span
        blocks, weights, sums, around, near, far = page.blocks, page.weights, page.goods, self.around, float(first), float(last)
        for n in self._near(known):
            block = blocks[n]
            box, tag = block.box, block.tag
            parent, start, end = box.parent or box, box.first, box.end
            yield n, (  # inline, and added in C: there are thirty a page
                (
                    block.good, block.raw, _SHAPES.get(tag, 0.0),
                    (sums[end] - sums[start]) / (weights[end] - weights[start] or 1.0), box.level - depth,
                    ahead[n] - n, n - near, n - far,
                )
                + (around.get((parent.index, tag)) or self._around(parent, tag))
                + shared
            )  # fmt: skip

    def _near(self, known: Container[int]) -> list[int]:
        """Where the candidates stand. A page's head and foot, more than half of all, aren't looked at."""
        blocks, raw, (first, last) = self.page.blocks, self.raws, self.span
        start = max(0, first - _ABOVE) if self.good else first
        end = min(self.main.end, last + _BELOW + 1)
        found = raw[: bisect_left(raw, start)]
        for n in range(start, end):
            block = blocks[n]
            if block.raw or (block.weight < WHOLE and (block.linked <= _ALL_LINK * block.weight or self._beside(n))):
                found.append(n)
        found += raw[bisect_left(raw, end) :]
        return [n for n in found if n not in known]

    def _beside(self, place: int) -> bool:
        """Whether a place in the main box has a good block beside it."""
        after = bisect_left(self.good, place - _BESIDE)
        return place >= self.main.first and after < len(self.good) and self.good[after] <= place + _BESIDE

    def _ahead(self) -> list[float]:
        """For each block: where the next good one of the main box stands."""
        found: list[float] = []
        for place in self.good:
            found += [float(place)] * (place - len(found))
        end = len(self.page.blocks)
        return [*found, *[end + _NEVER] * (end - len(found))]

    def _around(self, parent: Box, tag: str) -> Row:
        """Of the two boxes around a box, and of all of one tag in the first."""
        page, grand, start, end = self.page, parent.parent or parent, parent.first, parent.end
        weights, links = page.weights, page.links
        weight = weights[end] - weights[start] or 1.0
        outer = weights[grand.end] - weights[grand.first] or 1.0
        found = self.around[parent.index, tag] = (
            (links[end] - links[start]) / weight, (page.goods[end] - page.goods[start]) / weight,
            (page.raws[end] - page.raws[start]) / self.raw,
            outer, (links[grand.end] - links[grand.first]) / outer,
            self.same.get((parent.index, tag), 0.0) / self.total,
        )  # fmt: skip
        return found

    def closely(self, places: Sequence[int]) -> Iterator[Row]:
        """The other numbers of the blocks at these places, which cost more: of one after the other."""
        page, anchor, title, kin = self.page, self.hints.anchor, self.words, self._kin(places)
        chain = [(box.first, box.end) for box in upwards(self.main)]
        for place in places:
            block = page.blocks[place]
            box, weight = block.box, block.weight
            parent = box.parent or box
            yield (
                weight, block.linked / (weight or 1.0), weight / self.total,
                repeated(block.text, title) if weight <= _SHORT else 0.0,
                _clip(place - anchor) if anchor is not None else _NEVER,
                self._behind(place),
                next((float(up) for up, (first, end) in enumerate(chain) if first <= place < end), _NEVER),
                page.weights[place] / self.whole,
                float(in_hinted(parent)), *_HELD_BY[self._held(parent)],
                *kin[box.name],
                float(is_bad(box, page)), *self.shared_closely,
            )  # fmt: skip

    def _behind(self, place: int) -> float:
        """How many blocks back the last good one of the main box is."""
        before = bisect_left(self.good, place)
        return float(place - self.good[before - 1]) if before else _NEVER

    def _kin(self, places: Sequence[int]) -> dict[str, Row]:
        """Of the blocks whose boxes are written like that of one of these, by how."""
        blocks = self.page.blocks
        found: dict[str, list[Block]] = {blocks[place].box.name: [] for place in places}
        for block in blocks:
            kin = found.get(block.box.name)
            if kin is not None:
                kin.append(block)
        return {name: self._alike(kin) for name, kin in found.items()}

    def _alike(self, kin: list[Block]) -> Row:
        """How many blocks, and what they weigh, in all; in links; good; raw."""
        weight = sum([block.weight for block in kin])
        return (
            float(len(kin)),
            weight,
            sum([block.linked for block in kin]) / (weight or 1.0),
            sum([block.good for block in kin]) / self.total,
            sum([block.raw for block in kin]) / self.raw,
        )

    def _held(self, box: Box) -> int:
        """The bits of the tags a box lies in; each box is looked at once."""
        if box.parent is not None and box.parent.index in self.tags:
            bits = self.tags[box.index] = self.tags[box.parent.index] | _HOLDING.get(box.tag, 0)
            return bits
        chain: list[Box] = []
        around: Box | None = box
        while around is not None and around.index not in self.tags:
            chain.append(around)
            around = around.parent
        bits = self.tags[around.index] if around is not None else 0
        for inner in reversed(chain):
            bits = self.tags[inner.index] = bits | _HOLDING.get(inner.tag, 0)
        return bits


def upwards(box: Box | None) -> Iterator[Box]:
    """A box and those around it, the innermost first."""
    while box is not None:
        yield box
        box = box.parent


def _home(box: Box) -> tuple[int, str]:
    return box.parent.index if box.parent is not None else 0, box.tag


def _by_home(blocks: Iterable[Block]) -> dict[tuple[int, str], float]:
    """How much good text stands side by side in boxes of one tag."""
    found: dict[tuple[int, str], float] = {}
    for block in blocks:
        home = _home(block.box)
        found[home] = found.get(home, 0.0) + block.good
    return found


def _clip(distance: int) -> float:
    return float(distance) if -_FAR < distance < _FAR else math.copysign(_FAR, distance)
