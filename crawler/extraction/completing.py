"""What was kept of a page, made whole: nobody reads half a table or a list without its middle, nor a line far from the text."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from operator import sub
from typing import Final

from crawler.extraction.blocks import Block, Box

_CELLS: Final = frozenset({"td", "th"})
_TABLES: Final = frozenset({"table", "tbody"})
_LISTS: Final = frozenset({"ul", "ol"})
_COLONS: Final = frozenset({":", "："})
_HEADS: Final = frozenset({"h2", "h3", "h4"})
_MOST_CELLS: Final = 12
_CELL: Final = 200
"""A row of more cells, or of heavier ones, lays out a page."""
_LEAST_ROWS: Final = 3
_LINKED: Final = 0.5
_APART: Final = 12
"""Blocks that weren't kept, between two that were: behind so many no text goes on without a sentence."""
_STRAY: Final = 0.03
"""Of all that is kept."""
_REST: Final = 1 / 3
_MOST_ITEMS: Final = 500
"""Blocks of a list that is looked at: lists may stand in each other, 20,000 deep."""


def complete(blocks: list[Block], kept: set[int]) -> None:
    """Keep all of a table's row, of a table of figures, of a list of which half is kept or that a line announces; and headings.

    For lists, and headings between two paragraphs, of 2,200 pages 45 got what they had lost, and three a line too many.
    """
    boxes = [blocks[place].box for place in kept]
    for row in _once([box.parent for box in boxes if box.tag in _CELLS]):
        if _is_row(blocks[row.first : row.end]):
            kept.update(range(row.first, row.end))
    # Rows first: a table of which half is kept may be one only with them.
    for table in _once(_table(blocks[place].box) for place in kept):
        kept.update(_rest(blocks[table.first : table.end], kept))
    for items in _once([box.parent for box in boxes if box.tag == "li"]):
        if _is_list(items):
            kept.update(_of_list(blocks[items.first : items.end], kept))
    gaps = [place for place in kept if place + 1 not in kept]
    kept.update([place + 1 for place in gaps if place + 2 in kept and _heads(*blocks[place : place + 3])])
    for place in gaps:
        if blocks[place].text[-1:] in _COLONS:
            kept.update(_announced(blocks[place], blocks[place + 1 : place + 2], blocks))


def _heads(above: Block, block: Block, below: Block) -> bool:
    """Whether a block is a heading between two others of one box."""
    return block.tag in _HEADS and not block.linked and above.box.parent is block.box.parent is below.box.parent


def _is_list(box: Box) -> bool:
    return box.tag in _LISTS and box.end - box.first <= _MOST_ITEMS


def _announced(above: Block, below: list[Block], blocks: list[Block]) -> Iterable[int]:
    """The places of the list that a line with a colon at its end announces, if it hardly has a link."""
    found = _upwards(below[0].box, _LISTS) if below else None
    if found is None or not _is_list(found) or found.first != below[0].index or found.parent is not above.box.parent:
        return ()
    items = blocks[found.first : found.end]
    return range(found.first, found.end) if sum([item.linked for item in items]) <= _LINKED * _weight(items) else ()


def _of_list(items: list[Block], kept: set[int]) -> list[int]:
    """The places of a list that weren't kept: all, if they are few and hardly links; else those between two that were."""
    rest = [item for item in items if item.index not in kept]
    if not rest:
        return []
    weight = _weight(rest)
    if weight <= _REST * _weight(items) and sum([item.linked for item in rest]) <= _LINKED * weight:
        return [item.index for item in rest]
    places = [item.index for item in items if item.index in kept]
    between = [item for item in rest if places[0] < item.index < places[-1]]
    return [item.index for item in between] if _weight(between) <= _weight(items) / 2 else []


def _once(boxes: Iterable[Box | None]) -> list[Box]:
    return list({box.index: box for box in boxes if box is not None}.values())


def _is_row(cells: list[Block]) -> bool:
    """Whether what stands in a row are cells of a table, each a line, and no columns a page is laid out in."""
    apart = len({cell.box.index for cell in cells}) == len(cells)
    return apart and len(cells) <= _MOST_CELLS and all(cell.weight <= _CELL for cell in cells)


def without_strays(blocks: list[Block], kept: list[int]) -> list[int]:
    """Without lines far from all else that was kept: a calendar's days, the head of a list. Few, and none reads well."""
    if not kept or max(map(sub, kept[1:], kept), default=0) <= _APART:
        return kept
    groups = [[kept[0]]]
    for before, place in pairwise(kept):
        if place - before > _APART:
            groups.append([])
        groups[-1].append(place)
    least = _STRAY * _weight([blocks[place] for place in kept])
    return [place for group in groups if _is_text(blocks, group, least) for place in group]


def _is_text(blocks: list[Block], group: list[int], least: float) -> bool:
    return any(blocks[place].good for place in group) or _weight([blocks[place] for place in group]) >= least


def _table(box: Box) -> Box | None:
    """The table of whose cells it is one, or the text of one."""
    if box.tag not in _CELLS and (box.parent is None or box.parent.tag not in _CELLS):
        return None
    return _upwards(box, _TABLES)


def _upwards(box: Box | None, tags: frozenset[str]) -> Box | None:
    while box is not None and box.tag not in tags:
        box = box.parent
    return box


def _rest(table: list[Block], kept: set[int]) -> list[int]:
    """The places of a table that weren't kept, if it is one and they belong to the rest of it."""
    rest = [block for block in table if block.index not in kept]
    return [block.index for block in rest] if rest and _goes_along(rest, table) and _is_of_cells(table) else []


def _goes_along(rest: list[Block], table: list[Block]) -> bool:
    """Whether a part of a table is its lesser half, and hardly a link."""
    weight = _weight(rest)
    return weight <= _weight(table) / 2 and sum([block.linked for block in rest]) <= _LINKED * weight


def _is_of_cells(table: list[Block]) -> bool:
    """Whether blocks stand in several rows and columns, and none is long."""
    if any(block.weight > _CELL for block in table):
        return False
    cells = _once(_upwards(block.box, _CELLS) for block in table)
    rows = {cell.parent.index for cell in cells if cell.parent is not None}
    return len(rows) >= _LEAST_ROWS and len(cells) >= 2 * len(rows)


def _weight(blocks: list[Block]) -> float:
    return sum([block.weight for block in blocks])
