"""What is known of each block that may be the article's, in numbers: its shape, its boxes, its kin, its place.

No number depends on a language: lengths are weighed, links counted, and the names of boxes are English the world over. The
forests of `body` were taught these columns in this order by `bench/body.py`: whoever changes them teaches it anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import Final, NamedTuple

from crawler.extraction.blocks import Block, Box, Page
from crawler.extraction.names import verdict
from crawler.extraction.words import key

Row = tuple[float, ...]

_NEAR: Final = 12
"""Blocks from a good one of the main box; what is farther, and reads like nothing, is no candidate: .3 % of the text of 1,300
pages."""
_FAR: Final = 50
_SHORT: Final = 300
"""What is longer doesn't repeat a title."""
_SAID: Final = 60
"""Letters by which a summary is known again."""
_CAPITALS: Final = 60
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
    "parent_tag parent_weight parent_linked parent_count parent_good parent_raw grand_tag grand_weight grand_linked hinted"
)
_PLACE: Final = "same_good climb from_good to_good from_first from_last next_good"
_PAGE: Final = "main_linked main_share main_good hinted_share"
_TEXT: Final = "words capitals title_words summary twins share run from_title position"
_ALIKE: Final = "alike alike_weight alike_linked alike_good alike_raw"
_BESIDE: Final = "next_weight next_linked second_weight before_weight before_linked"
QUICK: Final = tuple(f"{_OWN} {_AROUND} {_PLACE} {_PAGE}".split())
"""The names of the numbers `Survey.candidates` gives: cheap, and enough for most blocks."""
COLUMNS: Final = (*QUICK, *f"{_TEXT} {_ALIKE} {_BESIDE}".split())
"""Those, and the ones of `Survey.closely`."""


class Hints(NamedTuple):
    """What is known before: the title and where it stands, and the summary."""

    title: str | None
    anchor: int | None
    summary: str | None


class _Alike:
    """Sums over the blocks whose boxes are written alike."""

    __slots__ = ("count", "good", "linked", "raw", "weight")

    def __init__(self) -> None:
        self.count = 0
        self.good = self.linked = self.raw = self.weight = 0.0

    def add(self, block: Block) -> None:
        self.count += 1
        self.weight += block.weight
        self.linked += block.linked
        self.good += block.good
        self.raw += block.raw


class Survey:
    """A page as a whole, that its blocks are measured against; boxes must have been judged, and what is good summed up."""

    def __init__(self, page: Page, main: Box, hints: Hints) -> None:
        blocks = page.blocks
        self.page, self.main, self.hints = page, main, hints
        self.words = frozenset(key(hints.title or "").split())
        self.summary = key(hints.summary or "")
        self.good = [n for n in range(main.first, main.end) if blocks[n].good]
        self.total = sum(blocks[n].weight for n in self.good) or 1.0
        self.depth = sum(blocks[n].box.level * blocks[n].weight for n in self.good) / self.total
        self.alike: dict[tuple[str, str], _Alike] = {}
        self.same: dict[tuple[int, str], float] = {}
        self.twins: dict[str, int] = {}
        self.around: dict[int, Row] = {}
        self._add_up()
        self.before = [0.0, *accumulate(block.weight for block in blocks)]
        self.raw = page.boxes[0].whole or 1.0
        hinted = sum(block.good for block in blocks if block.good and in_hinted(block.box)) / (page.boxes[0].good or 1.0)
        shared = main.linked / (main.weight or 1.0), main.weight / (self.before[-1] or 1.0)
        self.shared = (*shared, float(len(self.good)), hinted)

    def _add_up(self) -> None:
        for block in self.page.blocks:
            box = block.box
            box.weight += block.weight
            box.linked += block.linked
            box.count += 1
            name = _name(box)
            group = self.alike.get(name)
            if group is None:
                group = self.alike[name] = _Alike()
            group.add(block)
            if block.good:
                home = _home(box)
                self.same[home] = self.same.get(home, 0.0) + block.good
            self.twins[block.text] = self.twins.get(block.text, -1) + 1
        for box in reversed(self.page.boxes):
            if box.count and box.parent is not None:
                box.parent.weight += box.weight
                box.parent.linked += box.linked
                box.parent.count += box.count

    def candidates(self) -> Iterator[tuple[int, Row]]:
        """Blocks that may be the article's, in order: their places in the page and their first numbers (`QUICK`)."""
        blocks, good, total = self.page.blocks, self.good, self.total
        first, last = (good[0], good[-1]) if good else (self.main.first, self.main.end - 1)
        since, until, climbs = *_distances(good, len(blocks)), self._climbs()
        for n, block in enumerate(blocks):
            ahead = until[n]
            if block.raw or (ahead <= _NEAR or (n >= first and (since[n] <= _NEAR or climbs[n] == 0))):
                box = block.box
                next_good = blocks[n + 1].good if n + 1 < len(blocks) else 0.0
                same = self.same.get(_home(box), 0.0) / total
                place = same, climbs[n], float(since[n]), float(ahead), _clip(n - first), _clip(n - last), next_good
                yield n, (*self._own(block, box), *self._around(box), *place, *self.shared)

    def _climbs(self) -> list[float]:
        """For each block: how many boxes one must leave, from the main one, to have it inside."""
        chain = list(_upwards(self.main))
        climbs = [float(len(chain))] * len(self.page.blocks)
        for up, box in reversed(list(enumerate(chain))):
            climbs[box.first : box.end] = [float(up)] * (box.end - box.first)
        return climbs

    def _own(self, block: Block, box: Box) -> Row:
        weight, within = block.weight or 1.0, box.weight or 1.0
        own = weight, block.linked / weight, block.good, block.raw, _SHAPES.get(box.tag, 0.0)
        return *own, within, box.linked / within, float(box.count), box.good / within, box.level - self.depth

    def _around(self, box: Box) -> Row:
        """Of the two boxes around a box, and whether it lies in one that is called an article's body."""
        parent = box.parent or box
        found = self.around.get(parent.index)
        if found is None:
            grand = parent.parent or parent
            within, outer = parent.weight or 1.0, grand.weight or 1.0
            of_parent = within, parent.linked / within, float(parent.count), parent.good / within, parent.whole / self.raw
            of_grand = _SHAPES.get(grand.tag, 0.0), outer, grand.linked / outer
            found = self.around[parent.index] = (_SHAPES.get(parent.tag, 0.0), *of_parent, *of_grand, float(in_hinted(parent)))
        return found

    def closely(self, place: int) -> Row:
        """The other numbers of a block, which cost more."""
        block, anchor = self.page.blocks[place], self.hints.anchor
        text, weight = block.text, block.weight
        words, capitals = float(text.count(" ") + 1), sum(map(str.isupper, text[:_CAPITALS])) / min(_CAPITALS, len(text))
        repeated = _repeated(text, self.words) if weight <= _SHORT else 0.0
        said = float(weight >= 20 and says(text, self.summary))
        own = words, capitals, repeated, said, float(self.twins[text]), weight / self.total, _run(place, self.page.blocks)
        position = _clip(place - anchor) if anchor is not None else 2.0 * _FAR, self.before[place] / (self.before[-1] or 1.0)
        return *own, *position, *self._kin(block), *_beside(place, self.page.blocks)

    def _kin(self, block: Block) -> Row:
        kin = self.alike[_name(block.box)]
        return float(kin.count), kin.weight, kin.linked / (kin.weight or 1.0), kin.good / self.total, kin.raw / self.raw


def _upwards(box: Box | None) -> Iterator[Box]:
    while box is not None:
        yield box
        box = box.parent


def _name(box: Box) -> tuple[str, str]:
    """How a box is written; one without attributes is told by those of the box around it."""
    return box.tag, box.attributes or (box.parent.attributes if box.parent is not None else "")


def _home(box: Box) -> tuple[int, str]:
    return box.parent.index if box.parent is not None else 0, box.tag


def in_hinted(box: Box) -> bool:
    """Whether a box or one around it is called an article's body; each box is judged once."""
    if box.hinted is not None:
        return box.hinted
    chain: list[Box] = []
    around: Box | None = box
    while around is not None and around.hinted is None:
        chain.append(around)
        around = around.parent
    hinted = bool(around is not None and around.hinted)
    for inner in reversed(chain):
        hinted = inner.hinted = hinted or (bool(inner.attributes) and verdict(inner.attributes).hinted)
    return hinted


def _clip(distance: int) -> float:
    return float(max(-_FAR, min(_FAR, distance)))


def _distances(good: list[int], count: int) -> tuple[list[int], list[int]]:
    """For each block: how far the last good one of the main box is behind it, and the next ahead."""
    since, until = [2 * _FAR] * count, [2 * _FAR] * count
    for before, after in zip(good, [*good[1:], count], strict=False):
        since[before + 1 : after + 1] = range(1, min(after + 1, count) - before)
    for before, after in zip([0, *good], good, strict=False):
        until[before:after] = range(after - before, 0, -1)
    return since, until


def _run(place: int, blocks: list[Block]) -> float:
    """How many blocks like it, in tag and box around, stand in a row with a block, itself counted."""
    home = _home(blocks[place].box)
    start, end = place, place + 1
    while start > 0 and end - start < _FAR and _home(blocks[start - 1].box) == home:
        start -= 1
    while end < len(blocks) and end - start < _FAR and _home(blocks[end].box) == home:
        end += 1
    return float(end - start)


def _repeated(text: str, title: frozenset[str]) -> float:
    """The part of the title's words that stand in a text."""
    return len(title & frozenset(key(text).split())) / len(title) if title else 0.0


def says(text: str, summary: str) -> bool:
    """Whether a text begins as the summary does, or as a sentence of it."""
    begins = key(text[: 2 * _SAID])[:_SAID] if summary else ""
    return len(begins) > 20 and (begins in summary or summary.startswith(begins))


def _beside(place: int, blocks: list[Block]) -> Row:
    second = blocks[place + 2].weight if place + 2 < len(blocks) else 0.0
    after, before = blocks[place + 1 : place + 2], blocks[max(0, place - 1) : place]
    return *_seen(after), second, *_seen(before)


def _seen(one: list[Block]) -> tuple[float, float]:
    return (one[0].weight, one[0].linked / (one[0].weight or 1.0)) if one else (0.0, 0.0)
