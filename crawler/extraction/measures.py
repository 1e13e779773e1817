"""What is known of each block that may be the article's, in numbers: its shape, its boxes, its kin, its place.

No number depends on a language: lengths are weighed, links counted, and the names of boxes are English the world over. The
forest of `body` was taught these columns in this order by `bench/body.py`: whoever changes them teaches it anew.
"""

from __future__ import annotations

from collections.abc import Iterator
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

_SHAPE: Final = "weight linked words capitals title_words summary twins good raw share"
_BOXES: Final = (
    "tag box_weight box_linked box_count box_good parent_tag parent_weight parent_linked parent_count parent_good parent_raw "
    "grand_tag grand_weight grand_linked bad hinted depth"
)
_KIN: Final = "same_good alike alike_weight alike_linked alike_good alike_raw run"
_PLACE: Final = "inside climb from_title from_good to_good from_first from_last position"
_BESIDE: Final = "next_weight next_linked next_good second_weight before_weight before_linked"
_PAGE: Final = "main_linked main_share main_good hinted_share"
COLUMNS: Final = tuple(f"{_SHAPE} {_BOXES} {_KIN} {_PLACE} {_BESIDE} {_PAGE}".split())
"""The names of the numbers of a row."""


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
    """A page as a whole, that its blocks are measured against; boxes must have been judged and summed up."""

    def __init__(self, page: Page, main: Box, hints: Hints) -> None:
        self.page, self.main, self.hints = page, main, hints
        self.words = frozenset(key(hints.title or "").split())
        self.summary = key(hints.summary or "")
        self.chain = list(_upwards(main))
        self.good = [n for n in range(main.first, main.end) if page.blocks[n].good]
        self.total = sum(page.blocks[n].weight for n in self.good) or 1.0
        self.depth = sum(page.blocks[n].box.level * page.blocks[n].weight for n in self.good) / self.total
        self.alike: dict[tuple[str, str], _Alike] = {}
        self.same: dict[tuple[int, str], float] = {}
        self.twins: dict[str, int] = {}
        self._add_up()
        whole = page.boxes[0].weight or 1.0
        self.whole, self.all_raw = whole, page.boxes[0].whole or 1.0
        hinted = sum(block.good for block in page.blocks if block.good and in_hinted(block.box))
        hinted /= page.boxes[0].good or 1.0
        self.shared = (main.linked / (main.weight or 1.0), main.weight / whole, float(len(self.good)), hinted)
        """What the page gives to the row of each of its blocks."""

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
    chain: list[Box] = []
    around: Box | None = box
    while around is not None and around.hinted is None:
        chain.append(around)
        around = around.parent
    hinted = bool(around is not None and around.hinted)
    for inner in reversed(chain):
        hinted = inner.hinted = hinted or (bool(inner.attributes) and verdict(inner.attributes).hinted)
    return hinted


def candidates(survey: Survey) -> Iterator[tuple[int, Row]]:
    """Blocks that may be the article's, in order: their places in the page and their numbers (`COLUMNS`)."""
    blocks, main, good = survey.page.blocks, survey.main, survey.good
    first, last = (good[0], good[-1]) if good else (main.first, main.end - 1)
    since, until = _distances(survey)
    before = 0.0
    runs = _runs(blocks)
    for n, block in enumerate(blocks):
        near = since[n] <= _NEAR or until[n] <= _NEAR or main.first <= n < main.end
        if block.raw or (near and not (n < first and until[n] > _NEAR)):
            place = float(since[n]), float(until[n]), _clip(n - first), _clip(n - last), before / survey.whole
            own = *_shape(block, survey), *_boxes(block, survey), *_kin(block, survey), runs[n], *_climb(n, survey)
            yield n, (*own, *place, *_beside(n, blocks), *survey.shared)
        before += block.weight


def _clip(distance: int) -> float:
    return float(max(-_FAR, min(_FAR, distance)))


def _distances(survey: Survey) -> tuple[list[int], list[int]]:
    """For each block: how far the last good one of the main box is behind it, and the next ahead."""
    count = len(survey.page.blocks)
    since, until = [2 * _FAR] * count, [2 * _FAR] * count
    for before, after in zip(survey.good, [*survey.good[1:], count], strict=False):
        since[before + 1 : after + 1] = range(1, min(after + 1, count) - before)
    for before, after in zip([-1, *survey.good], survey.good, strict=False):
        until[max(before, 0) : after] = range(after - max(before, 0), 0, -1)
    return since, until


def _runs(blocks: list[Block]) -> list[float]:
    """For each block: how many like it, in tag and box around, stand in a row with it."""
    runs: list[float] = []
    start = 0
    for n in range(1, len(blocks) + 1):
        if n == len(blocks) or _home(blocks[n].box) != _home(blocks[start].box):
            runs += [float(n - start)] * (n - start)
            start = n
    return runs


def _shape(block: Block, survey: Survey) -> Row:
    text, weight = block.text, block.weight or 1.0
    capitals = sum(map(str.isupper, text[:_CAPITALS])) / min(_CAPITALS, len(text))
    words, twins = float(text.count(" ") + 1), float(survey.twins[text])
    said = float(weight >= 20 and _says(text, survey.summary))
    repeated = _repeated(text, survey.words) if weight <= _SHORT else 0.0
    return weight, block.linked / weight, words, capitals, repeated, said, twins, block.good, block.raw, weight / survey.total


def _repeated(text: str, title: frozenset[str]) -> float:
    """The part of the title's words that stand in a text."""
    return len(title & frozenset(key(text).split())) / len(title) if title else 0.0


def _says(text: str, summary: str) -> bool:
    """Whether a text begins as the summary does, or as a sentence of it."""
    begins = key(text[: 2 * _SAID])[:_SAID] if summary else ""
    return len(begins) > 20 and (begins in summary or summary.startswith(begins))


def _boxes(block: Block, survey: Survey) -> Row:
    box = block.box
    parent = box.parent or box
    grand = parent.parent or parent
    weight, around, outer = box.weight or 1.0, parent.weight or 1.0, grand.weight or 1.0
    own = _SHAPES.get(box.tag, 0.0), weight, box.linked / weight, float(box.count), box.good / weight
    over = _SHAPES.get(parent.tag, 0.0), around, parent.linked / around, float(parent.count), parent.good / around
    above = parent.whole / survey.all_raw, _SHAPES.get(grand.tag, 0.0), outer, grand.linked / outer
    return *own, *over, *above, float(bool(box.bad)), float(in_hinted(box)), box.level - survey.depth


def _kin(block: Block, survey: Survey) -> Row:
    group, same = survey.alike[_name(block.box)], survey.same.get(_home(block.box), 0.0)
    linked, good, raw = group.linked / (group.weight or 1.0), group.good / survey.total, group.raw / survey.all_raw
    return same / survey.total, float(group.count), group.weight, linked, good, raw


def _climb(place: int, survey: Survey) -> tuple[float, float, float]:
    """Whether a block lies in the main box, else how many boxes farther out; and how far it is behind the title."""
    climb = next((up for up, box in enumerate(survey.chain) if box.first <= place < box.end), len(survey.chain))
    anchor = survey.hints.anchor
    return float(climb == 0), float(climb), _clip(place - anchor) if anchor is not None else 2.0 * _FAR


def _beside(place: int, blocks: list[Block]) -> Row:
    after = blocks[place + 1] if place + 1 < len(blocks) else None
    second = blocks[place + 2].weight if place + 2 < len(blocks) else 0.0
    before = blocks[place - 1] if place else None
    return *_seen(after), after.good if after else 0.0, second, *_seen(before)


def _seen(block: Block | None) -> tuple[float, float]:
    return (block.weight, block.linked / (block.weight or 1.0)) if block is not None else (0.0, 0.0)
