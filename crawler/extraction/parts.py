"""What a block of a page is to a reader: heading, item, row, quotation; its links where they stand; the pictures between."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, NamedTuple

from crawler import layout
from crawler.extraction import metadata
from crawler.extraction.blocks import Block, Box, Page, reading
from crawler.extraction.lines import Line, Span
from crawler.extraction.tags import unescape
from crawler.model import Anchor, Picture

MOST_LINKS: Final = 500
MOST_PICTURES: Final = 50
_AROUND: Final = 4
"""Boxes above a block that may make it an item or a quotation."""
_TOO_SMALL: Final = 64
"""Pixels; smaller pictures are signs, not pictures."""
_ATTRIBUTE: Final = re.compile(r'([a-z][a-z-]*)="([^"]*)"')
_LATER: Final = ("data-src", "data-original", "data-lazy-src", "src")
"""Where the address of a picture stands that is loaded when it is scrolled to; `src` then holds a placeholder."""
_WRAPS: Final = frozenset({"figure", "picture"})
_SAME: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "pre"})
_SETS: Final = frozenset({"li", "blockquote"})


def lines(blocks: Sequence[Block], base: str | None) -> list[Line]:
    """The blocks that say something, as lines; addresses are absolute."""
    return [_line(block, base) for block in blocks if block.text[:1].isalnum() or any(map(str.isalnum, block.text))]


def _line(block: Block, base: str | None) -> Line:
    kind = _kind(block)
    if not block.linked:  # as most are: so they cost half
        return Line(block.text, (), kind[0] == "h", kind)
    spans = tuple(_spans(block, base))
    return Line(block.text, tuple([span.href for span in spans]), kind[0] == "h", kind, spans)


def _kind(block: Block) -> str:
    if block.tag in _SAME:
        return block.tag
    if block.tag == "tr" and layout.CELLS in block.text:
        return "row"
    box: Box | None = block.box
    for _ in range(_AROUND):
        if box is None:
            break
        if box.tag in _SETS:
            return "quote" if box.tag == "blockquote" else "ol" if box.parent is not None and box.parent.tag == "ol" else "li"
        box = box.parent
    return "p"


def _spans(block: Block, base: str | None) -> Iterator[Span]:
    """Each link with the place of its words in the text. A link without words, or to nowhere, is none."""
    at = 0
    parts, spots, anchors = reading(block)
    prefix, text = None, block.text
    for tag, first, end in zip(anchors[:MOST_LINKS], spots[::2], [*spots[1::2], len(parts)], strict=False):
        words = unescape(" ".join("".join(parts[first:end]).split()))
        start = text.find(words, at) if words else -1
        if start >= 0 and text.find(words, start + 1) >= 0:  # which of them? One link in ten asks
            prefix = prefix or _Prefix(parts)
            start = text.find(words, max(at, prefix.length(first)))
        if start >= 0:
            at = start + len(words)
            href = _href(tag)
            address = metadata.absolute(href, base) if href else None
            if address:
                yield Span(start, len(words), address)


class _Prefix:
    """How long the parts before a link are, with their blanks made one; each is read once, however many links ask."""

    __slots__ = ("_apart", "_found", "_parts", "_read")

    def __init__(self, parts: list[str]) -> None:
        self._parts = parts
        self._found = self._read = 0
        self._apart = False

    def length(self, end: int) -> int:
        """Up to a part; it never goes back."""
        text = "".join(self._parts[self._read : end])
        self._read = end
        words = unescape(" ".join(text.split()))
        if words:
            self._found += len(words) + (self._found > 0 and (self._apart or text[0].isspace()))
        self._apart = text[-1:].isspace() or (self._apart and not words)
        return self._found


def _href(tag: str) -> str | None:
    """The address of a link, as `_attributes` would find it among the others."""
    value = tag.partition(' href="')[2].partition('"')[0]
    return _plain(value) if value else None


def pictures(page: Page, kept: Sequence[Block], lines_of: Sequence[str], base: str | None) -> tuple[Picture, ...]:
    """Pictures that stand in the boxes of the text, with the line each stands before; `lines_of` are the texts of the lines."""
    if not page.images or not kept:
        return ()
    first, end = kept[0].index, kept[-1].index + 1
    amid = [image for image in page.images if first <= image[0] <= end]  # between the blocks that were kept, or right behind
    homes = _homes(kept) if amid else frozenset()
    within = [(before, attributes) for before, box, attributes in amid if _home(box).index in homes]
    last = {block.text: block.index for block in kept} if within else {}
    found: dict[str, Picture] = {}
    for before, attributes in within:
        picture = _picture(attributes, base) if len(found) < MOST_PICTURES else None
        if picture is not None and picture.src not in found:
            line = next((number for number, line in enumerate(lines_of) if last.get(line, -1) >= before), len(lines_of))
            found[picture.src] = Picture(line=line, src=picture.src, alt=picture.alt)
    return tuple(found.values())


def _homes(kept: Sequence[Block]) -> frozenset[int]:
    """The boxes the blocks stand in, and those around these."""
    boxes = [block.box for block in kept]
    return frozenset([*[box.index for box in boxes], *[box.parent.index for box in boxes if box.parent is not None]])


def _home(box: Box) -> Box:
    while box.tag in _WRAPS and box.parent is not None:
        box = box.parent
    return box


def _picture(attributes: str, base: str | None) -> Picture | None:
    said = _attributes(attributes)
    if any(said.get(side, "").isdecimal() and int(said[side][:9]) < _TOO_SMALL for side in ("width", "height")):
        return None
    source = next((said[name] for name in _LATER if said.get(name) and not said[name].startswith("data:")), None)
    address = metadata.absolute(source, base) if source else None
    return Picture(line=0, src=address, alt=" ".join(said.get("alt", "").split())[:500]) if address else None


def _attributes(text: str) -> dict[str, str]:
    """As a serialiser writes them: in quotation marks, these and `&` escaped."""
    return {name: _plain(value) for name, value in _ATTRIBUTE.findall(text)}


def _plain(value: str) -> str:
    return value.replace("&quot;", '"').replace("&nbsp;", " ").replace("&amp;", "&") if "&" in value else value


class Composed(NamedTuple):
    """A text, and what lies over it (`crawler.layout`)."""

    text: str
    layout: str
    links: tuple[str, ...]
    anchors: tuple[Anchor, ...]


def compose(of: Sequence[Line], most: int) -> Composed:
    """Lines as one text of at most so many characters; of its links the first `MOST_LINKS`, each address once."""
    text = "\n".join([line.text for line in of])[:most]
    hrefs = dict.fromkeys([href for line in of for href in line.hrefs])  # each once, in their order
    numbers = {href: number for number, href in enumerate(islice(hrefs, MOST_LINKS))}
    fitting = tuple([anchor for anchor in _anchors(of, numbers) if anchor[0] + anchor[1] <= len(text)]) if numbers else ()
    return Composed(text, layout.kinds([line.kind for line in of]), tuple(numbers), fitting)


def _anchors(of: Sequence[Line], numbers: Mapping[str, int]) -> Iterator[Anchor]:
    """The links that have a number, by where in the whole text they stand."""
    start = 0
    for line in of:
        for span in line.spans:
            if span.href in numbers:
                yield start + span.start, span.length, numbers[span.href]
        start += len(line.text) + 1  # and the line's end
