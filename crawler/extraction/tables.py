"""Tables in a text: the cells of a row as one line, unless the table only lays out a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from crawler import layout
from crawler.extraction.blocks import Block, Box, joined

_MOST_LEVELS: Final = 4
_CELL: Final = 200
"""No cell of a table that holds figures and names weighs more; one with an article in it does."""


def rows(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, those of a row joined into one of the tag `tr`."""
    homes = {block.box.parent or block.box for block in blocks}
    if "tr" not in {block.tag for block in blocks} and not any(_around(home, ("tr",)) for home in homes):
        return list(blocks)  # most pages have no table: a look at each box takes as long as parsing a tenth of the page
    return [block for row, run in groupby(blocks, key=_row_of) for block in _as_row(row, list(run))]


def _as_row(row: Box | None, run: list[Block]) -> Iterator[Block]:
    cells = {id(_cell_of(block)) for block in run}
    if row is None or len(run) < 2 or len(cells) < len(run) or any(block.weight > _CELL for block in run):
        yield from run
    else:
        yield joined(run, row, layout.CELLS)


def _row_of(block: Block) -> Box | None:
    return _around(block.box, ("tr",))


def _cell_of(block: Block) -> Box | None:
    return _around(block.box, ("td", "th"))


def _around(box: Box | None, tags: tuple[str, ...]) -> Box | None:
    """The nearest of such boxes; None if there is none close by."""
    for _ in range(_MOST_LEVELS):
        if box is None or box.tag in tags:
            return box
        box = box.parent
    return None
