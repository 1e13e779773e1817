"""What was kept of a page, made whole: nobody reads half a table, nor a line far from the text that says nothing alone."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from crawler.extraction.blocks import Block, Box

_CELLS: Final = frozenset({"td", "th"})
_TABLES: Final = frozenset({"table", "tbody"})
_MOST_CELLS: Final = 12
_CELL: Final = 200
"""A row of more cells, or of heavier ones, lays out a page."""
_LEAST_ROWS: Final = 3
_LINKED: Final = 0.5
_APART: Final = 12
"""Blocks that weren't kept, between two that were: behind so many no text goes on without a sentence."""
_STRAY: Final = 0.03
"""Of all that is kept."""


def complete(blocks: list[Block], kept: set[int]) -> None:
    """Keep the whole of a table's row, and of a table of figures or names of which half is kept."""
    rows = {box.parent.index: box.parent for box in (blocks[place].box for place in kept) if box.tag in _CELLS and box.parent}
    for row in rows.values():
        cells = blocks[row.first : row.end]
        apart = len({cell.box.index for cell in cells}) == len(cells)
        if apart and len(cells) <= _MOST_CELLS and all(cell.weight <= _CELL for cell in cells):
            kept.update(range(row.first, row.end))
    tables = {table.index: table for table in (_table(blocks[place].box) for place in kept) if table is not None}
    for table in tables.values():
        kept.update(_rest(blocks, table, kept))


def without_strays(blocks: list[Block], kept: list[int]) -> list[int]:
    """Without lines far from all else that was kept: a calendar's days, the head of a list. Few, and none reads well."""
    if not kept or kept[-1] - kept[0] < _APART:
        return kept
    groups = [[kept[0]]]
    for before, place in pairwise(kept):
        if place - before > _APART:
            groups.append([])
        groups[-1].append(place)
    least = _STRAY * sum([blocks[place].weight for place in kept])
    return [place for group in groups if _is_text(blocks, group, least) for place in group]


def _is_text(blocks: list[Block], group: list[int], least: float) -> bool:
    return any(blocks[place].good for place in group) or sum([blocks[place].weight for place in group]) >= least


def _table(box: Box) -> Box | None:
    """The table of whose cells it is one, or the text of one."""
    if box.tag not in _CELLS and (box.parent is None or box.parent.tag not in _CELLS):
        return None
    return _upwards(box, _TABLES)


def _upwards(box: Box | None, tags: frozenset[str]) -> Box | None:
    while box is not None and box.tag not in tags:
        box = box.parent
    return box


def _rest(blocks: list[Block], table: Box, kept: set[int]) -> list[int]:
    """The places of a table that weren't kept, if it is one: of several rows and columns, nothing long, and hardly a link."""
    within = blocks[table.first : table.end]
    rest = [block for block in within if block.index not in kept]
    weight = sum([block.weight for block in rest])
    if not rest or any(block.weight > _CELL for block in within) or weight > sum([block.weight for block in within]) / 2:
        return []
    cells = {cell.index: cell for cell in (_upwards(block.box, _CELLS) for block in within) if cell is not None}
    rows = {cell.parent.index for cell in cells.values() if cell.parent is not None}
    if len(rows) < _LEAST_ROWS or len(cells) < 2 * len(rows) or sum([block.linked for block in rest]) > _LINKED * weight:
        return []
    return [block.index for block in rest]
