"""Records as CSV (RFC 4180) that a spreadsheet may open: UTF-8 with its mark, every cell quoted, no cell a formula. Pure.

A cell that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV Injection").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from crawler.export.columns import COLUMNS, Cell, row
from crawler.model import Record

MARK: Final = b"\xef\xbb\xbf"
"""Without it, Excel takes UTF-8 for a Western code page."""

_FORMULA: Final = re.compile(r"[\s\u200e\u200f\ufeff]*[=+\-@＝＋－＠\t\r]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
MOST_CELL: Final = 32_000
"""Excel drops what lies behind 32,767 characters of a cell, and says nothing; so it is cut here, with a mark."""


def head() -> bytes:
    """The mark and the names of the columns."""
    return MARK + _line([name for name, _ in COLUMNS])


def line(record: Record) -> bytes:
    """One record."""
    return _line([_text(cell) for cell in row(record).values()])


def lines(records: Iterator[Record]) -> Iterator[bytes]:
    """A whole file."""
    yield head()
    yield from map(line, records)


def _line(cells: Sequence[str]) -> bytes:
    return (",".join(f'"{_safe(cell)}"' for cell in cells) + "\r\n").encode()


def _text(cell: Cell) -> str:
    if isinstance(cell, list):
        return "; ".join(cell)
    return "" if cell is None else str(cell)


def _safe(cell: str) -> str:
    text = _CONTROL.sub(" ", cell)
    shown = f"{text[:MOST_CELL]} […]" if len(text) > MOST_CELL else text
    return ("'" if _FORMULA.match(shown) else "") + shown.replace('"', '""')
