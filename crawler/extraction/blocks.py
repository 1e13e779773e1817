"""A page as a row of blocks: runs of text between block-level tags, each in its box, with what is needed to judge it.

Lexbor repairs the page and takes away what is never text; it then writes it out again, and one regular expression reads that.
So every tag is closed and the walk is a loop: no depth can break it.
"""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from crawler.extraction.words import weigh

MOST_BLOCKS: Final = 20_000
MOST_CHARS: Final = 4_000_000
"""Of a serialised page; what is behind isn't read."""

_NEVER_TEXT: Final = (
    "script style noscript template svg iframe object embed canvas audio video map button select option textarea datalist "
    "noembed "
    "noframes xmp plaintext input link meta source track"
)
_MENU_CHARS: Final = 3_000
"""A navigation with more text isn't one: its end was forgotten, and the article fell into it."""
_MOST_MENUS: Final = 60
_TOKEN: Final = re.compile(
    r"<(?:!--.*?-->|[!?][^>]*+>"
    r'|(/?)([a-z][^ \t\n\f\r/>]*+)((?: =?[^ \t\n\f\r=>]*+="[^"]*+")*+)>)(\s++(?=<))?'  # end, tag, attributes, blanks
    r"|([^<]++)",
    re.DOTALL,
)
"""Attributes as a serialiser writes them, always with a value; a name may hold a quotation mark."""
_INLINE_TAGS: Final = (
    "abbr acronym b bdi bdo big blink cite code data del dfn em font i ins kbd label mark nobr o:p q rp rt ruby s samp "
    "small span "
    "strike strong sub sup time tt u var wbr"
)
_INLINE: Final = frozenset(["", "a", *_INLINE_TAGS.split()])
"""Tags that don't end a run of text; the empty name is a comment's."""
_VOID: Final = frozenset({"br", "area", "base", "col", "hr", "param", "basefont", "bgsound", "frame", "keygen"})


class Box:
    """A block-level element; `good` sums up over all blocks that lie in it."""

    __slots__ = ("attributes", "bad", "end", "first", "good", "index", "parent", "tag", "whole")

    def __init__(self, index: int, parent: Box | None, tag: str, attributes: str, first: int) -> None:
        self.index, self.parent, self.tag, self.attributes = index, parent, tag, attributes
        self.first = self.end = first
        self.bad: bool | None = None
        """Whether its text isn't the article's; None until judged."""
        self.good = self.whole = 0.0
        """Good text in it: as counted at the moment, and before any box was judged."""


class Block:
    """A run of text; `weight` is its length in letters of a spaced script, `linked` the part of it within links.

    `parts` is what the text was made of, `spots` where in that links begin and end, in turns: read only of what is kept.
    """

    __slots__ = ("anchors", "box", "good", "linked", "parts", "spots", "tag", "text", "weight")

    def __init__(self, text: str, box: Box, linked: float, run: _Run) -> None:
        self.text, self.box, self.tag, self.anchors = text, box, box.tag, run.anchors
        self.parts, self.spots = run.parts, run.spots
        self.weight = weigh(text)
        self.linked = min(linked, self.weight)
        self.good = 0.0


class Page:
    """Blocks and boxes in the order of the page."""

    __slots__ = ("blocks", "boxes", "images")

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.images: list[tuple[int, Box, str]] = []
        """How many blocks stand before it, its box, its attributes."""
        self.boxes: list[Box] = [Box(0, None, "body", "", 0)]


class _Run:
    """The run of text being read, and whether it lies in links."""

    __slots__ = ("anchors", "linked", "links", "parts", "spots")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.anchors: list[str] = []
        self.spots: list[int] = []
        self.linked = 0.0
        self.links = 0

    def add(self, text: str) -> None:
        self.parts.append(text)
        if self.links:
            self.linked += weigh(text.strip())

    def inline(self, tag: str, closing: str, attributes: str, blanks: str) -> None:
        """A tag that doesn't end the run; a link may hold whole blocks."""
        if blanks:
            self.parts.append(" ")
        if tag == "a" and closing:
            self.links = max(0, self.links - 1)
            if len(self.spots) % 2:
                self.spots.append(len(self.parts))
        elif tag == "a":
            self.links += 1
            if len(self.spots) % 2:
                self.spots.append(len(self.parts))
            self.spots.append(len(self.parts))
            self.anchors.append(attributes)

    def end(self, page: Page, box: Box) -> None:
        """Make a block of it, if there is text."""
        text = " ".join("".join(self.parts).split())
        if text and len(page.blocks) < MOST_BLOCKS:
            page.blocks.append(Block(unescape(text), box, self.linked, self))
        self.parts, self.anchors, self.spots, self.linked = [], [], [], 0.0


def parse(tree: LexborHTMLParser) -> Page:
    """The blocks of a page. Changes the tree: what is never text goes, and menus."""
    tree.strip_tags(_NEVER_TEXT.split())
    for menu in reversed(tree.css("nav,footer")[-_MOST_MENUS:]):  # inner ones first: never touch a destroyed node
        if len(menu.text(deep=True) or "") <= _MENU_CHARS:
            menu.decompose()
    body = tree.body
    return _read((body.html or "")[:MOST_CHARS] if body is not None else "")


def _read(html: str) -> Page:
    page, run = Page(), _Run()
    box = page.boxes[0]
    stack: list[Box] = []
    for closing, tag, attributes, blanks, text in _TOKEN.findall(html):
        if text:
            run.add(text)
        elif tag in _INLINE:
            run.inline(tag, closing, attributes, blanks)
        elif tag == "img":
            page.images.append((len(page.blocks), box, attributes))
        else:
            if run.parts:
                run.end(page, box)
            if closing and stack:
                box.end = len(page.blocks)
                box = stack.pop()
            elif not closing and tag not in _VOID:
                stack.append(box)
                box = Box(len(page.boxes), box, tag, attributes, len(page.blocks))
                page.boxes.append(box)
    run.end(page, box)
    page.boxes[0].end = len(page.blocks)
    return page


def unescape(text: str) -> str:
    """Undo what a serialiser escapes in text: four entities, nothing else."""
    if "&" not in text:
        return text
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&amp;", "&")
