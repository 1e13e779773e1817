"""`warraq archive`: what is kept, and where."""

from __future__ import annotations

from typing import Final

import click

from crawler.cli.lazy import LazyGroup, Table

COMMANDS: Final[Table] = {
    "list": ("crawler.cli.holdings:list_segments", "List the segments."),
    "du": ("crawler.cli.holdings:du", "Tell how much room what takes."),
    "seal": ("crawler.cli.seal:seal", "Make final what nobody writes to."),
    "move": ("crawler.cli.move:move", "Move sealed segments to another disk."),
    "redact": ("crawler.cli.redact:redact", "Take a page out, for good."),
    "rebuild": ("crawler.cli.rebuild:rebuild", "Make the store again from the archive."),
}


class _Commands(LazyGroup):
    table = COMMANDS


@click.group(cls=_Commands)
def archive() -> None:
    """List, seal, move or rebuild what is kept."""
