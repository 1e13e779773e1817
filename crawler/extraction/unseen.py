"""What stands in a text and isn't seen: words for screen readers, and cards that open when the pointer rests on a name.

Boxes that are hidden are judged by `judging`; this is for what runs within a text, or stands in it as a line of its own, and
looks only at what was kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

import msgspec

from crawler.extraction.blocks import Block, reading
from crawler.extraction.tags import unescape
from crawler.extraction.words import weigh

_HIDES: Final = re.compile(
    r'(?:^|\s)hidden="(?:hidden|true)?"|style="[^"]*(?:display:\s*none|visibility:\s*hidden|clip:\s*rect\()'
    r'|class="(?:[^"]*[\s_-])?(?:sr-only|visually-?hidden|screen-reader-text)[\s"]'
)
"""As `names.verdict` has it of boxes, but for `aria-hidden`: within a line that is what is seen, beside what is read out."""
_LABEL: Final = 150
"""Letters: of 130 hidden boxes with a line so short, on 12 sites, two were said to be text; of 18 longer ones the half, which
a script may show."""
_END: Final = "/span"
"""Most texts have no span that ends in them, and that is all there is to ask."""
_FEWEST: Final = 2
"""Links of a card: of 2,900 pages two had a span of a picture and, behind it, nothing but links; both opened on a name."""


def without(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks with only what is seen of their texts; of which nothing is seen, that is none."""
    for block in blocks:
        if block.weight < _LABEL and block.box.attributes and _is_hidden(block.box.attributes):
            continue
        seen = _seen(block) if _END in block.pieces[2 * block.first + 1 : 2 * block.end : 2] and block.read is None else block
        if seen.text:
            yield seen


def _is_hidden(attributes: str) -> bool:
    """Whether a box is; most have no word of it, which is seen in a fifth of the time."""
    may = (
        "hid" in attributes or "none" in attributes or "-only" in attributes or "screen-" in attributes or "clip:" in attributes
    )
    return may and _hides(attributes)


@lru_cache(maxsize=1024)
def _hides(head: str) -> bool:
    return _HIDES.search(head) is not None


def _seen(block: Block) -> Block:
    """The block made anew of the tags and texts that are left."""
    heads = block.pieces[2 * block.first + 1 : 2 * block.end + 1 : 2]
    if not _may_hide(heads):
        return block
    texts = block.pieces[2 * block.first + 2 : 2 * block.end + 2 : 2]
    gone = {n for first, end in _spans(heads) if _is_unseen(heads[first:end], texts[first:end]) for n in range(first, end)}
    if not gone:
        return block
    left = [n for n in range(len(heads)) if n not in gone]
    pieces = ["", *(piece for n in left for piece in (heads[n], texts[n]))]
    parts, spots, _ = reading(msgspec.structs.replace(block, first=0, end=len(left), pieces=pieces))
    text = " ".join(unescape("".join(parts)).split())
    weight = weigh(text)
    share = min(_linked(parts, spots) / len(text), 1.0) if text else 0.0
    return msgspec.structs.replace(
        block, text=text, weight=weight, linked=share * weight, first=0, end=len(left), pieces=pieces
    )


def _linked(parts: Sequence[str], spots: Sequence[int]) -> int:
    """Letters within links."""
    links = zip(spots[::2], [*spots[1::2], len(parts)], strict=False)
    return sum([len("".join(parts[first:end]).strip()) for first, end in links])


def _may_hide(heads: Sequence[str]) -> bool:
    """Whether it has a span that hides, or one and a picture."""
    return any(_hides(head) for head in heads if head[:4] == "span") or any(head[:4] == "img " for head in heads)


def _spans(heads: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where spans begin and end that do both here: their tags' numbers."""
    opened: list[int] = []
    for n, head in enumerate(heads):
        if head == "span" or head[:5] == "span ":
            opened.append(n)
        elif head == _END and opened:
            yield opened.pop(), n


def _is_unseen(heads: Sequence[str], texts: Sequence[str]) -> bool:
    return _hides(heads[0]) or ("img" in {head[:3] for head in heads} and _is_card(heads, texts))


def _is_card(heads: Sequence[str], texts: Sequence[str]) -> bool:
    """Whether it is a picture and, behind it, nothing but links."""
    links, within, pictured = 0, False, False
    for head, text in zip(heads, texts, strict=True):
        if head[:2] == "a ":
            links, within = links + 1, True
        elif head == "/a":
            within = False
        pictured = pictured or head[:4] == "img "
        if not (within and pictured) and not text.isspace() and text:
            return False
    return links >= _FEWEST
