"""What a command lists on stdout: as aligned columns, or as a JSON object a line."""

from __future__ import annotations

from collections.abc import Sequence

import click
import msgspec

from crawler.showing import safe, safe_json


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print columns, the numbers to the right; whatever stands in a cell is made safe."""
    cells = [tuple(head), *(tuple(safe(cell) for cell in row) for row in rows)]
    columns = [_aligned(column) for column in zip(*cells, strict=True)]
    for row in zip(*columns, strict=True):
        click.echo("  ".join(row).rstrip())


def json_line(value: object) -> None:
    """Print a value as one line of JSON that does nothing to a terminal."""
    click.echo(safe_json(msgspec.json.encode(value)))


def _aligned(column: Sequence[str]) -> list[str]:
    width = max(map(len, column))
    numbers = all(cell == "?" or cell.replace(".", "").isdecimal() for cell in column[1:])
    return [cell.rjust(width) if numbers else cell.ljust(width) for cell in column]
