"""A page as a row of blocks: runs of text between block-level tags, each in its box, with what is needed to judge it.

Lexbor repairs the page and takes away what is never text; it then writes it out again, and that is read tag by tag. So every
tag is closed and the walk is a loop: no depth can break it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec
from selectolax.lexbor import LexborHTMLParser

from crawler.extraction.words import weigh

MOST_BLOCKS: Final = 20_000
MOST_CHARS: Final = 4_000_000
"""Of a serialised page; what is behind isn't read."""

_RAW_TAGS: Final = "script style noscript template iframe xmp noembed noframes plaintext svg button select"
_RAW: Final = _RAW_TAGS.split()
"""Their text would be written out as it is; with them gone, each `<` begins a tag. A name here costs a walk over the tree."""
_SKIPPED: Final = frozenset({"object", "canvas", "audio", "video", "map", "option", "textarea", "datalist", "math", "title"})
"""Never text either, but cheaper to step over."""
_MENU_CHARS: Final = 3_000
"""A navigation with more text isn't one: its end was forgotten, and the article fell into it."""
_MOST_MENUS: Final = 60
_INLINE_TAGS: Final = (
    "abbr acronym b bdi bdo big blink cite code data del dfn em embed font i ins kbd label mark nobr o:p q rp rt ruby s samp "
    "small span strike strong sub sup time tt u var wbr input link meta source track"
)
_INLINE: Final = frozenset(_INLINE_TAGS.split())
"""Tags that don't end a run of text."""
_VOID: Final = frozenset({"br", "area", "base", "col", "hr", "param", "basefont", "bgsound", "frame", "keygen"})
"""Tags that do, and hold nothing."""

_NOTHING, _LINK, _UNLINK, _IMAGE, _SKIP, _COMMENT, _BREAK, _OPEN, _CLOSE = range(9)
"""What a tag does to the walk over a page."""


class Box(msgspec.Struct, gc=False, eq=False):
    """A block-level element; its sums go over all blocks that lie in it.

    Made in C: there are 350 of them on a page, and with an `__init__` of ours they cost half as much as parsing it.
    """

    index: int
    parent: Box | None
    tag: str
    attributes: str
    level: int
    first: int
    end: int
    bad: bool | None = None
    """Whether its text isn't the article's; None until judged."""
    hinted: bool | None = None
    """Whether it, or a box around it, is called an article's body; None until judged."""
    good: float = 0.0
    whole: float = 0.0
    """Good text in it: as counted at the moment, and before any box was judged."""
    weight: float = 0.0
    linked: float = 0.0
    count: float = 0.0


class Block(msgspec.Struct, gc=False, eq=False):
    """A run of text; `weight` is its length in letters of a spaced script, `linked` the part of it within links.

    `parts` is what the text was made of, `spots` where in that links begin and end, in turns, `anchors` their tags: read only
    of what is kept.
    """

    text: str
    box: Box
    tag: str
    weight: float
    linked: float
    parts: list[str]
    anchors: list[str]
    spots: list[int]
    good: float = 0.0
    raw: float = 0.0
    """What of it reads well: as counted at the moment, and before any box was judged."""


def joined(blocks: Sequence[Block], box: Box, by: str) -> Block:
    """Several blocks as one, with something between their texts; their links stay where they are."""
    run = Run()
    for block in blocks:
        if run.parts:
            run.parts.append(by)
        ends = [*block.spots, len(block.parts)] if len(block.spots) % 2 else block.spots
        run.spots += [len(run.parts) + spot for spot in ends]
        run.anchors += block.anchors
        run.parts += block.parts
    return run.block(by.join(block.text for block in blocks), box, sum(block.linked for block in blocks))


class Page:
    """Blocks and boxes in the order of the page."""

    __slots__ = ("blocks", "boxes", "images")

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.images: list[tuple[int, Box, str]] = []
        """How many blocks stand before it, its box, its attributes."""
        self.boxes: list[Box] = [Box(0, None, "body", "", 0, 0, 0)]


class Run:
    """The run of text being read, and whether it lies in links."""

    __slots__ = ("anchors", "linked", "links", "parts", "spots")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.anchors: list[str] = []
        self.spots: list[int] = []
        self.linked = 0.0
        self.links = 0

    def link(self, head: str) -> None:
        """A link begins; one may hold whole blocks."""
        spots, at = self.spots, len(self.parts)
        if len(spots) & 1:
            spots.append(at)
        spots.append(at)
        self.anchors.append(head)
        self.links += 1

    def unlink(self) -> None:
        """A link ends."""
        if len(self.spots) & 1:
            self.spots.append(len(self.parts))
        if self.links:
            self.links -= 1

    def end(self, page: Page, box: Box) -> None:
        """Make a block of it."""
        parts = self.parts
        text = " ".join((parts[0] if len(parts) == 1 else "".join(parts)).split())
        if len(page.blocks) < MOST_BLOCKS:
            page.blocks.append(self.block(unescape(text) if "&" in text else text, box, self.linked))
        self.parts, self.linked = [], 0.0
        if self.spots:  # else blocks share the empty lists
            self.anchors, self.spots = [], []

    def block(self, text: str, box: Box, linked: float) -> Block:
        """The block of what was read."""
        weight = weigh(text)
        return Block(text, box, box.tag, weight, min(linked, weight), self.parts, self.anchors, self.spots)


def parse(tree: LexborHTMLParser) -> Page:
    """The blocks of a page. Changes the tree: what is never text goes, and menus."""
    tree.strip_tags(_RAW)
    for menu in reversed(tree.css("nav,footer")[-_MOST_MENUS:]):  # inner ones first: never touch a destroyed node
        if len(menu.text(deep=True) or "") <= _MENU_CHARS:
            menu.decompose()
    body = tree.body
    return _read((body.html or "")[:MOST_CHARS] if body is not None else "")


def _read(html: str) -> Page:
    """A serialiser writes each `<` and `>` of a text or an attribute as an entity: so it can be cut up at them.

    Long, for a tag must not cost a call: there are a thousand on a page.
    """
    page, run = Page(), Run()
    blocks, boxes = page.blocks, page.boxes
    box = boxes[0]
    acts = _Acts(_ACTS)
    pieces = iter([*html.split("<"), "/>"])  # so that the last run ends, too
    for piece in pieces:
        head, _, text = piece.partition(">")
        act = acts[head]
        if act >= _BREAK:
            if run.parts:
                run.end(page, box)
            if act == _OPEN:
                tag, _, attributes = head.partition(" ")
                box = Box(len(boxes), box, tag, attributes, box.level + 1, len(blocks), len(blocks))
                boxes.append(box)
            elif act == _CLOSE and box.parent is not None:
                box.end = len(blocks)
                box = box.parent
        elif act == _LINK:
            run.link(head)
        elif act == _UNLINK:
            run.unlink()
        elif act == _IMAGE:
            page.images.append((len(blocks), box, head[3:]))
        elif act:
            text = _skipped(act, head, piece, pieces)
        if text and (run.parts or not text.isspace()):
            run.parts.append(text)
            if run.links:
                run.linked += weigh(text.strip())
    boxes[0].end = len(blocks)
    return page


def _skipped(act: int, head: str, piece: str, pieces: Iterator[str]) -> str:
    """Step over a comment, or an element whose text is none; what is given is the text behind it."""
    end = "-->" if act == _COMMENT else "/" + head.partition(" ")[0] + ">"
    while end not in piece:
        piece = next(pieces, end)
    return piece.partition(end)[2]


_ACTS: Final = {
    **dict.fromkeys(_INLINE, _NOTHING), **{f"/{tag}": _NOTHING for tag in _INLINE}, "": _NOTHING,
    "a": _LINK, "/a": _UNLINK, "img": _IMAGE, "image": _IMAGE,
    **dict.fromkeys(_VOID, _BREAK), **dict.fromkeys(_SKIPPED, _SKIP),
}  # fmt: skip


class _Acts(dict[str, int]):
    """What the tags of one page do: most are written alike many times, but for links."""

    def __missing__(self, head: str) -> int:
        if head.startswith("a "):
            return _LINK
        act = self[head] = _act(head)
        return act


def _act(head: str) -> int:
    tag = head.partition(" ")[0]
    known = _ACTS.get(tag)
    if known is not None:
        return known
    if tag.startswith("!--"):
        return _COMMENT
    if tag[0] in "!?":
        return _NOTHING
    return _CLOSE if tag[0] == "/" else _OPEN


def unescape(text: str) -> str:
    """Undo what a serialiser escapes in text: four entities, nothing else."""
    if "&" not in text:
        return text
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&amp;", "&")
