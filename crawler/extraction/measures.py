"""What is known of each block that may be the article's, in numbers: its shape, its boxes, its kin, its place.

No number depends on a language: lengths are weighed, links counted, and the names of boxes are English the world over. The
forests of `body` were taught these columns in this order by `bench/body.py`: whoever changes them teaches it anew.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import cached_property
from operator import itemgetter
from typing import Final, NamedTuple

from crawler.extraction.blocks import Block, Box, Page
from crawler.extraction.echoes import repeated, words
from crawler.extraction.judging import WHOLE, in_hinted, is_bad
from crawler.extraction.words import key

Row = tuple[float, ...]

_NEAR: Final = 12
"""Blocks from a good one of the main box; what is farther, and reads like nothing, is no candidate: .3 % of the text of 1,300
pages."""
_ALL_LINK: Final = 0.9
"""Links alone outside of the main box, and what stands there behind the last good block, are no candidates either: of 200,000
one in six, with .1 % of the text."""
_FAR: Final = 50.0
_NO_GOOD: Final = 1_000_000
"""Blocks: more than any page has."""
_NEVER: Final = 2.0 * _FAR
_FEW_LINKS: Final = 0.2
_LONG: Final = 90
_SHORT: Final = 300
"""What is longer doesn't repeat a title."""
_HOLDING: Final = {"main": 1, "article": 2, "section": 4}
_HELD_BY: Final = tuple((float(n & 1), float(n >> 1 & 1), float(n >> 2 & 1)) for n in range(8))
_STOP: Final = re.compile(r"[.!?…。！？؟۔][\"'”»’)\]]*$")
_SHAPES: Final = {
    "p": 1.0, **dict.fromkeys(("li", "ul", "ol"), 2.0),
    "h1": 3.0, "h2": 4.0, "h3": 5.0, **dict.fromkeys(("h4", "h5", "h6"), 6.0),
    **dict.fromkeys(("td", "th", "tr"), 7.0), **dict.fromkeys(("div", "center"), 8.0), "blockquote": 9.0, "pre": 10.0,
    **dict.fromkeys(("figcaption", "figure"), 11.0), **dict.fromkeys(("dd", "dt"), 12.0),
    **dict.fromkeys(("section", "article", "main", "body"), 13.0), "header": 14.0,
    **dict.fromkeys(("aside", "form", "label"), 15.0),
}  # fmt: skip

_OWN: Final = "weight linked good raw tag box_weight box_linked box_count box_good depth"
_AROUND: Final = (
    "parent_tag parent_weight parent_linked parent_count parent_good parent_raw grand_tag grand_weight grand_linked hinted "
    "in_main in_article in_section"
)
_PLACE: Final = "same_good climb from_good to_good from_first from_last next_good position"
_PAGE: Final = "main_linked main_share main_good hinted_share"
_TEXT: Final = "words title_words share from_title stop copies"
_ALIKE: Final = "alike alike_weight alike_linked alike_good alike_raw"
_BESIDE: Final = "in_bad next_weight next_linked before_weight before_linked"
QUICK: Final = tuple(f"{_OWN} {_AROUND} {_PLACE} {_PAGE}".split())
"""The names of the numbers `Survey.candidates` gives: cheap, and enough for most blocks."""
COLUMNS: Final = (*QUICK, *f"{_TEXT} {_ALIKE} {_BESIDE}".split())
"""Those, and the ones of `Survey.closely`."""


_NOTHING: Final = Block(0, "", Box(0, None, "body", "", "body", 0, 0, 0), "body", 0.0, 0.0, 0, 0, [])


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

        self.around: dict[int, Row] = {}
        self.tags: dict[int, int] = {}
        self.whole, self.raw = page.weights[-1] or 1.0, page.raws[-1] or 1.0
        self.raws = [block.index for block in reads_well if block.raw]
        self.same = _by_home(good)
        self.shared = self._of_page(good)

    def _of_page(self, good: Sequence[Block]) -> Row:
        """What is the same for all blocks: of the main box, and of boxes that are called an article's body."""
        page, weight = self.page, self.page.weight(self.main)
        hinted = sum([block.good for block in good if in_hinted(block.box)])
        return (
            page.linked(self.main) / (weight or 1.0),
            weight / self.whole,
            float(len(self.good)),
            hinted / (page.goods[-1] or 1.0),
        )

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
        page, (first, last), total, depth, shared, whole = self.page, self.span, self.total, self.depth, self.shared, self.whole
        blocks, weights, links, sums, same, around = page.blocks, page.weights, page.links, page.goods, self.same, self.around
        climbs, end = self._climbs(), len(blocks) - 1
        for n, since, until in self._near(known, climbs):
            block = blocks[n]
            box, weight, good = block.box, block.weight or 1.0, block.good
            tag, parent, start, behind = box.tag, box.parent or box, box.first, box.end
            within, from_first, from_last = weights[behind] - weights[start] or 1.0, float(n - first), float(n - last)
            yield n, (  # inline, and added in C: there are forty a page
                (
                    weight, block.linked / weight, good, block.raw, _SHAPES.get(tag, 0.0),
                    within, (links[behind] - links[start]) / within, float(behind - start),
                    (sums[behind] - sums[start]) / within, box.level - depth,
                )
                + (around.get(parent.index) or self._around(parent))
                + (
                    same.get((parent.index, tag), 0.0) / total, climbs[n],
                    float(since) if since < _NO_GOOD else _NEVER, float(until) if until < _NO_GOOD else _NEVER,
                    from_first if -_FAR < from_first < _FAR else math.copysign(_FAR, from_first),
                    from_last if -_FAR < from_last < _FAR else math.copysign(_FAR, from_last),
                    blocks[n + 1].good if n < end else 0.0, weights[n] / whole,
                )
                + shared
            )  # fmt: skip

    def _near(self, known: Container[int], climbs: list[float]) -> Iterator[tuple[int, int, int]]:
        """Where the candidates stand, and how many blocks behind a good one and before the next.

        What doesn't read well is none where it stands well before the first that does, nor below the main box: a page's
        head and foot, half of all, aren't looked at.
        """
        blocks, main_end = self.page.blocks, self.main.end
        start = max(0, self.span[0] - _NEAR)
        raw = self.raws
        coming = iter([*self.good, len(blocks) + _NO_GOOD])
        behind, ahead = -_NO_GOOD, next(coming)
        for n in (*raw[: bisect_left(raw, start)], *range(start, main_end), *raw[bisect_left(raw, main_end) :]):
            since = n - behind
            if n == ahead:
                behind, ahead = n, next(coming)
            if n not in known and (blocks[n].raw or self._may_belong(blocks[n], since, ahead - n, climbs[n])):
                yield n, since, ahead - n

    def _may_belong(self, block: Block, since: int, until: int, climb: float) -> bool:
        """Whether a block that doesn't read well may be the article's: it is near one that does, and isn't links elsewhere."""
        if until > _NEAR and (block.index < self.span[0] or (since > _NEAR and climb)):
            return False
        return block.weight < WHOLE and not (climb and (until > _FAR or block.linked > _ALL_LINK * block.weight))

    def _climbs(self) -> list[float]:
        """For each block: how many boxes one must leave, from the main one, to have it inside."""
        chain = list(upwards(self.main))
        climbs = [float(len(chain))] * len(self.page.blocks)
        for up, box in reversed(list(enumerate(chain))):
            climbs[box.first : box.end] = [float(up)] * (box.end - box.first)
        return climbs

    def _around(self, parent: Box) -> Row:
        """Of the two boxes around a box, and what it lies in: called an article's body, or by its tag a part of a page."""
        page, grand, start, end = self.page, parent.parent or parent, parent.first, parent.end
        weights, links = page.weights, page.links
        weight = weights[end] - weights[start] or 1.0
        outer = weights[grand.end] - weights[grand.first] or 1.0
        found = self.around[parent.index] = (
            _SHAPES.get(parent.tag, 0.0), weight, (links[end] - links[start]) / weight, float(end - start),
            (page.goods[end] - page.goods[start]) / weight, (page.raws[end] - page.raws[start]) / self.raw,
            _SHAPES.get(grand.tag, 0.0), outer, (links[grand.end] - links[grand.first]) / outer, float(in_hinted(parent)),
            *_HELD_BY[self._held(parent)],
        )  # fmt: skip
        return found

    def closely(self, places: Sequence[int]) -> Iterator[Row]:
        """The other numbers of the blocks at these places, which cost more: of one after the other."""
        blocks, anchor, title, total = self.page.blocks, self.hints.anchor, self.words, self.total
        copies, kin = (self._copies(places), self._kin(places)) if places else (Counter[str](), {})
        for place in places:
            block = blocks[place]
            text, weight = block.text, block.weight
            after = blocks[place + 1] if place + 1 < len(blocks) else _NOTHING
            before = blocks[place - 1] if place else _NOTHING
            yield (
                float(text.count(" ") + 1),
                repeated(text, title) if weight <= _SHORT else 0.0,
                weight / total,
                _clip(place - anchor) if anchor is not None else _NEVER,
                float(_STOP.search(text, len(text) - 4) is not None),
                float(copies[text]),
                *kin[block.box.name],
                float(is_bad(block.box, self.page)),
                after.weight, after.linked / (after.weight or 1.0), before.weight, before.linked / (before.weight or 1.0),
            )  # fmt: skip

    def _copies(self, places: Sequence[int]) -> Counter[str]:
        """How often each text that isn't long stands on the page: captions and buttons come again.

        Counted among those that weigh as much: to look at the texts of all blocks takes three times as long.
        """
        blocks = self.page.blocks
        alike = {weight for weight in [blocks[place].weight for place in places] if weight <= _SHORT}
        return Counter([block.text for block in blocks if block.weight in alike])

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
