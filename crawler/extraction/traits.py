"""What every block of a page looks like, in numbers: its own shape, the boxes around it, its neighbours, and the page's.

No number depends on a language: lengths are weighed, links counted, names of boxes are English everywhere. The order of the
columns is the one the forest in `others` was taught by `bench/others.py`: whoever changes it teaches it anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log1p
from typing import Final

import msgspec

from crawler.extraction import roles
from crawler.extraction.blocks import Block, Box, Page

Row = tuple[float, ...]

_FAR: Final = 60.0
"""Blocks; what is farther away is as far as can be."""
_SHAPES: Final = {
    **dict.fromkeys(("p", "font", "center"), 0.0),
    **dict.fromkeys(("li", "ul", "ol"), 1.0),
    "h1": 2.0,
    "h2": 3.0,
    "h3": 4.0,
    **dict.fromkeys(("h4", "h5", "h6"), 5.0),
    **dict.fromkeys(("td", "th", "tr", "table", "tbody"), 6.0),
    **dict.fromkeys(("div", "section", "main", "article", "body"), 7.0),
    **dict.fromkeys(("dt", "dd", "dl"), 8.0),
    "pre": 9.0,
    "blockquote": 10.0,
    **dict.fromkeys(("figcaption", "figure"), 11.0),
    **dict.fromkeys(("label", "legend"), 12.0),
}
_OTHER_SHAPE: Final = 13.0
_BITS: Final = {"main": 1, "article": 2}
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4"})

_BLOCK: Final = "shape spaces place read from_h1 kept from_kept from_heading"
_BOX: Final = "depth chrome label main article in2 in4 share3 share4 good2 good3 good4"
_GROUP: Final = "alike alike_weight alike_linked"
_PAGE: Final = "blocks total all_linked all_good all_headings all_talk all_kept"
COLUMNS: Final = tuple(f"{_BLOCK} {_BOX} {_GROUP} {_PAGE}".split())
"""The names of the numbers of a row. Of neighbours, hidden boxes, and eight more roles nothing is asked: without them F1 on
sites not learned from is the same."""


class _Box(msgspec.Struct, gc=False, frozen=True):
    """What the boxes inside of it take over from a box. Made in C: a named tuple takes three times as long."""

    depth: int
    roles: int
    """Of it and all around it."""
    own: int
    """Of it alone."""
    places: int
    classes: str


def rows(page: Page, kept: Sequence[Block]) -> list[Row]:
    """A row for each block. `kept` is what reads well in the main box; `body.surveyed` must have judged the boxes."""
    boxes = _inherited(page.boxes)
    total = page.weights[-1] or 1.0
    of_box = _of_boxes(page, boxes, total)
    of_page = _of_page(page, boxes, total, kept)
    templates = [_template(block.box, boxes) for block in page.blocks]
    groups = _groups(page, templates)
    own = _of_blocks(page, kept)
    return [
        own[n] + of_box[block.box.index] + groups[templates[n]] + of_page  # added in C: a fifth faster
        for n, block in enumerate(page.blocks)
    ]


def _template(box: Box, boxes: list[_Box]) -> tuple[str, str, str]:
    """Equal for blocks that were made alike, such as the names of all items of a list."""
    return box.tag, boxes[box.index].classes, boxes[box.parent.index].classes if box.parent else ""


def _inherited(boxes: list[Box]) -> list[_Box]:
    found = [_Box(0, 0, 0, 0, "")]
    named, bits = roles.named, _BITS.get
    for box in boxes[1:]:
        outer = found[box.parent.index] if box.parent else found[0]
        said, classes = named(box.attributes) if box.attributes else roles.NOTHING
        found.append(_Box(outer.depth + 1, outer.roles | said, said, outer.places | bits(box.tag, 0), classes))
    return found


def _of_boxes(page: Page, boxes: list[_Box], total: float) -> dict[int, Row]:
    """The numbers of each box that has a block of its own; what is around it is counted once for its neighbours."""
    found: dict[int, Row] = {}
    beside: dict[int, Row] = {}
    for box in [block.box for block in page.blocks]:
        if box.index in found:
            continue
        outer = box.parent or box
        around = beside.get(outer.index)
        if around is None:
            around = beside[outer.index] = _around(page, outer, total)
        taken = boxes[box.index]
        found[box.index] = (
            float(taken.depth),
            *_called(taken.roles, taken.own),
            float(taken.places & 1),
            float(taken.places >> 1),
            *around,
        )
    return found


def _around(page: Page, second: Box, total: float) -> Row:
    third = second.parent or second
    fourth = third.parent or third
    weights, links, goods = page.weights, page.links, page.goods
    weight = weights[second.end] - weights[second.first] or 1.0
    outer = weights[third.end] - weights[third.first] or 1.0
    outmost = weights[fourth.end] - weights[fourth.first] or 1.0
    return (
        (links[second.end] - links[second.first]) / weight,
        (links[fourth.end] - links[fourth.first]) / outmost,
        outer / total,
        outmost / total,
        (goods[second.end] - goods[second.first]) / weight,
        (goods[third.end] - goods[third.first]) / outer,
        (goods[fourth.end] - goods[fourth.first]) / outmost,
    )


def _called(all_around: int, own: int) -> Row:
    """In how many of the two a page's chrome is named, and a label."""
    return (
        float((all_around & roles.CHROME > 0) + (own & roles.CHROME > 0)),
        float((all_around & roles.LABEL > 0) + (own & roles.LABEL > 0)),
    )


def _of_page(page: Page, boxes: list[_Box], total: float, kept: Sequence[Block]) -> Row:
    count = float(len(page.blocks) or 1)
    return (
        count,
        log1p(total),
        page.links[-1] / total,
        page.goods[-1] / total,
        sum([block.tag in ("h2", "h3") for block in page.blocks]) / count,
        sum([boxes[block.box.index].roles & roles.TALK > 0 for block in page.blocks]) / count,
        sum([block.weight for block in kept]) / total,
    )


def _groups(page: Page, templates: list[tuple[str, str, str]]) -> dict[tuple[str, str, str], Row]:
    """For each template: how many blocks, how long they are on average, and how much of them is links."""
    found: dict[tuple[str, str, str], list[Block]] = {}
    for block, template in zip(page.blocks, templates, strict=True):
        found.setdefault(template, []).append(block)
    return {template: _of_group(same) for template, same in found.items()}


def _of_group(same: list[Block]) -> Row:
    weight = sum([block.weight for block in same])
    return float(len(same)), weight / len(same), sum([block.linked for block in same]) / (weight or 1.0)


def _of_blocks(page: Page, kept: Sequence[Block]) -> list[Row]:
    """The numbers of each block alone and of its place. Distances are taken from floats, so that they are such."""
    count, weights, total = len(page.blocks), page.weights, page.weights[-1] or 1.0
    taken = {block.index for block in kept}
    first, last = float(min(taken, default=2 * count)), float(max(taken, default=2 * count))
    h1 = next((float(block.index) for block in page.blocks if block.tag == "h1"), None)
    heading, shapes = -_FAR, _SHAPES.get
    found: list[Row] = []
    for n, block in enumerate(page.blocks):
        text, below = block.text, n - heading
        found.append(
            (
                shapes(block.tag, _OTHER_SHAPE),
                text.count(" ") / len(text),
                n / count,
                weights[n] / total,
                n - h1 if h1 is not None else -10 * _FAR,
                1.0 if n in taken else 0.0,
                first - n if n <= first else n - last if n >= last else -1.0,
                below if below < _FAR else _FAR,  # noqa: FURB136 - min() takes three times as long
            )
        )
        if block.tag in _HEADINGS:
            heading = float(n)
    return found
