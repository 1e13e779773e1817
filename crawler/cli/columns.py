"""Rows as aligned columns on stdout."""

from __future__ import annotations

from collections.abc import Sequence

import click

from crawler.showing import safe


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print columns, the numbers to the right; whatever stands in a cell is made safe."""
    cells = [tuple(head), *(tuple(safe(cell) for cell in row) for row in rows)]
    columns = [_aligned(column) for column in zip(*cells, strict=True)]
    for row in zip(*columns, strict=True):
        click.echo("  ".join(row).rstrip())


def _aligned(column: Sequence[str]) -> list[str]:
    width = max(map(len, column))
    numbers = all(cell == "?" or cell.replace(".", "").isdecimal() for cell in column[1:])
    return [cell.rjust(width) if numbers else cell.ljust(width) for cell in column]
