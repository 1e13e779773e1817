"""A page as a row of blocks: runs of text between block-level tags, each in its box, with what is needed to judge it.

Lexbor repairs the page and takes away what is never text; it then writes it out again, and that is read tag by tag. So every
tag is closed and the walk is a loop: no depth can break it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, count
from typing import Final, NamedTuple

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.extraction.clearing import clear, left_out
from crawler.extraction.tags import (
    ACTS,
    BREAK,
    CLOSE,
    LINK,
    NOTHING,
    OPEN,
    SKIP,
    UNLINK,
    Other,
    StrayError,
    any_other,
    cut,
    mended,
    other,
    past,
    unescape,
)
from crawler.extraction.words import weigh, weighed

MOST_BLOCKS: Final = 20_000
MOST_CHARS: Final = 4_000_000
"""Of a serialised page; what is behind isn't read."""

_OF_LINKS: Final = frozenset({LINK, UNLINK})


class Box(msgspec.Struct, gc=False, eq=False):
    """A block-level element that has text in it: the page's blocks from `first` to before `end`.

    Made in C: there are 200 of them on a page, and with an `__init__` of ours they cost half as much as parsing it.
    """

    index: int
    parent: Box | None
    tag: str
    attributes: str
    name: str
    """How it is written: equal for boxes made from one template. Of one without attributes, those of the box around it."""
    level: int
    first: int
    end: int
    bad: bool | None = None
    """Whether its text isn't the article's; None until judged."""
    hinted: bool | None = None
    """Whether it, or a box around it, is called an article's body; None until judged."""


class Reading(NamedTuple):
    """What a block was made of: its texts, where in them links begin and end, in turns, and the links' tags."""

    parts: list[str]
    spots: list[int]
    anchors: list[str]


class Block(msgspec.Struct, gc=False, eq=False):
    """A run of text, the `index`th of its page.

    `weight` is its length in letters of a spaced script, `linked` the part of it within links.
    `first` and `end` are its tags among the page's `pieces`: they are read again (`reading`) of what is kept.
    """

    index: int
    text: str
    box: Box
    tag: str
    weight: float
    linked: float
    first: int
    end: int
    pieces: list[str]
    good: float = 0.0
    raw: float = 0.0
    """What of it reads well: as counted at the moment, and before any box was judged."""
    read: Reading | None = None
    """Of what was made of several."""


Run = tuple[str, Box, int, int, int]
"""What a block is made of: its text and box, its letters within links, its first tag and the one behind it."""


class Page:
    """Blocks and boxes in the order of the page."""

    __slots__ = ("blocks", "borne", "boxes", "goods", "headline", "images", "links", "pieces", "raws", "weights")

    def __init__(self, pieces: list[str]) -> None:
        self.pieces = pieces
        self.blocks: list[Block] = []
        self.images: list[tuple[int, Box, str]] = []
        """How many blocks stand before it, its box, its attributes."""
        self.boxes: list[Box] = [Box(0, None, "body", "", "body", 0, 0, 0)]
        self.weights: list[float] = [0.0]
        self.links: list[float] = [0.0]
        self.goods: list[float] = [0.0]
        self.raws: list[float] = [0.0]
        """What all blocks before one weigh, and so on: a box holds the difference of two."""
        self.borne: dict[str, float] = {}
        """By how boxes are written: what reads well in all that are written so, before any was judged."""
        self.headline: int | None = None
        """Which block says the title."""

    def entered(self, box: Box, waiting: list[str], place: int) -> Box:
        """The innermost of boxes that are open; of half of a page's nothing is made, for there is no text in them."""
        boxes = self.boxes
        level, index = box.level, len(boxes)
        for head in waiting:
            level += 1
            if " " in head:
                tag, _, attributes = head.partition(" ")
                box = Box(index, box, tag, attributes, head, level, place, place)
            else:
                box = Box(index, box, head, "", f"{head} {box.attributes}", level, place, place)
            index += 1
            boxes.append(box)
        waiting.clear()
        return box

    def pictured(self, box: Box, waiting: list[str], head: str, place: int) -> Box:
        """Note a picture; the box it stands in."""
        box = self.entered(box, waiting, place) if waiting else box
        self.images.append((place, box, head.partition(" ")[2]))
        return box

    def ended(self, box: Box, runs: list[Run]) -> Page:
        """All was read, and is made blocks of at once; `box` is the innermost that is still open."""
        around: Box | None = box
        while around is not None:
            around.end = len(runs)
            around = around.parent
        for one in self.boxes if len(runs) == MOST_BLOCKS else ():  # what is behind was read, and isn't kept
            one.first, one.end = min(one.first, len(runs)), min(one.end, len(runs))
        weights, pieces = weighed([run[0] for run in runs]), self.pieces
        shares = [
            min(linked * weight / len(text), weight) if linked else 0.0
            for (text, _, linked, _, _), weight in zip(runs, weights, strict=True)
        ]
        self.blocks = [
            Block(index, text, home, home.tag, weight, share, first, end, pieces)
            for index, (text, home, _, first, end), weight, share in zip(count(), runs, weights, shares, strict=False)
        ]
        self.weights += accumulate(weights)
        self.links += accumulate(shares)
        return self

    def weight(self, box: Box) -> float:
        """Of all blocks in a box."""
        return self.weights[box.end] - self.weights[box.first]

    def linked(self, box: Box) -> float:
        """The part of it within links."""
        return self.links[box.end] - self.links[box.first]

    def good(self, box: Box) -> float:
        """What of it reads well, as counted at the moment."""
        return self.goods[box.end] - self.goods[box.first]

    def raw(self, box: Box) -> float:
        """The same before any box was judged."""
        return self.raws[box.end] - self.raws[box.first]


def parse(tree: LexborHTMLParser, found: Sequence[LexborNode] | None = None) -> Page:
    """The blocks of a page. Changes the tree: what is never text goes, and menus; those are `found` already, or looked for."""
    clear(left_out(tree) if found is None else found)
    body = tree.body
    html = (body.html or "")[:MOST_CHARS] if body is not None else ""
    try:
        return _read(html, other)
    except StrayError:
        return _read(mended(html), any_other)


def _read(html: str, unknown: Other) -> Page:
    """A page as a serialiser writes it; StrayError where that holds a `<` of a text, and `unknown` looks out for such.

    Long, for a tag must not cost a call: there are a thousand on a page.
    """
    pieces = cut(html)
    page, runs = Page(pieces), list[Run]()
    box, waiting, said = page.boxes[0], list[str](), ""
    links, linked, first = 0, 0, 0
    known = ACTS.get
    steps = zip(pieces[1::2], pieces[2::2], range(len(pieces)), strict=False)
    for head, behind, at in steps:
        act, text = known(head.partition(" ")[0] if " " in head else head), behind
        if act is None:
            act, text = unknown(head, text, steps)
        if act >= BREAK:
            if said:
                if words := _said(said):
                    box = page.entered(box, waiting, len(runs)) if waiting else box
                    runs.append((words, box, linked, first, at))
                    first = at
                said, linked = "", 0
            if act == OPEN:
                waiting.append(head)
            elif act == CLOSE and waiting:
                waiting.pop()
            elif act == CLOSE:
                box.end = len(runs)
                box = box.parent or box
        elif act < NOTHING:
            links += 1 if act == LINK else -(links > 0)
        elif act > NOTHING:
            skipped = act == SKIP
            box, text = (box, past(head, steps, unknown)) if skipped else (page.pictured(box, waiting, head, len(runs)), text)
        if text and (said or not text.isspace()):
            said += text
            linked += len(text.strip()) if links else 0
    return page.ended(box, runs[:MOST_BLOCKS])


def _said(text: str) -> str:
    """A text with its blanks made one: most have no others, and to see that takes a third of splitting and joining."""
    text = unescape(text).strip() if "&" in text else text.strip()
    return text if text.isprintable() and "  " not in text else " ".join(text.split())


def reading(block: Block) -> Reading:
    """What a block was made of, read once more: of most blocks nobody asks."""
    if block.read is not None:
        return block.read
    parts: list[str] = []
    spots: list[int] = []
    anchors: list[str] = []
    known, span = ACTS.get, block.pieces[2 * block.first + 1 : 2 * block.end + 1]
    steps = zip(span[::2], span[1::2], range(len(span)), strict=False)
    for head, behind, _ in steps:
        act, text = known(head.partition(" ")[0] if " " in head else head), behind
        if act in _OF_LINKS and len(spots) % 2:  # also where the next one begins: links can't stand in each other
            spots.append(len(parts))
        if act == LINK:
            spots.append(len(parts))
            anchors.append(head)
        elif act == SKIP:
            text = past(head, steps, any_other)
        elif act is None and head[:3] == "!--":
            text = other(head, text, steps)[1]
        if text and (parts or not text.isspace()):
            parts.append(text)
    return Reading(parts, spots, anchors)


def joined(blocks: Sequence[Block], box: Box, by: str) -> Block:
    """Several blocks as one, with something between their texts; their links stay where they are."""
    whole = Reading([], [], [])
    for one in map(reading, blocks):
        if whole.parts:
            whole.parts.append(by)
        ends = [*one.spots, len(one.parts)] if len(one.spots) % 2 else one.spots
        whole.spots.extend(len(whole.parts) + spot for spot in ends)
        whole.anchors.extend(one.anchors)
        whole.parts.extend(one.parts)
    text, last = by.join(block.text for block in blocks), blocks[-1]
    linked = sum(block.linked for block in blocks)
    return Block(blocks[0].index, text, box, box.tag, weigh(text), linked, blocks[0].first, last.end, last.pieces, read=whole)
