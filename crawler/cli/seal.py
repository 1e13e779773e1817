"""`warraq archive seal`: make final what nobody writes to."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import click

from crawler import wiring
from crawler.cli import logs
from crawler.cli.columns import json_line
from crawler.cli.errors import Exit
from crawler.cli.options import config_option, known_store, loaded
from crawler.closing import Closed, seal_free
from crawler.config import Config
from crawler.showing import many, safe


@click.command(epilog="Example: warraq archive seal && warraq archive move /mnt/attic")
@click.option("--json", "as_json", is_flag=True, help="A JSON object a segment.")
@config_option
def seal(*, as_json: bool, config_path: Path | None) -> int:
    """Make every segment final that no running process holds: its name, its index, its line in the list of sealed files.

    What waits in it for a parser is read before. What is held is told, and left alone. Exit 7 if one can't be sealed.
    """
    known_store(None, config_path)
    config = loaded(config_path)
    logs.set_up("warning", config.log.format)
    closed = asyncio.run(_seal(config))
    for one in closed:
        if as_json:
            json_line(one)
        else:
            click.echo(_line(one))
    failed, skipped = sum(one.failed is not None for one in closed), sum(one.skipped is not None for one in closed)
    click.echo(f"{many(len(closed) - failed - skipped, 'segment')} sealed, {skipped} left alone, {failed} failed", err=True)
    return Exit.PARTIAL if failed else Exit.OK


async def _seal(config: Config) -> Sequence[Closed]:
    async with wiring.open_tools(config, "run") as tools:
        return await seal_free(tools)


def _line(one: Closed) -> str:
    why = one.failed or one.skipped
    if why is not None:
        return safe(f"{one.segment}: not sealed: {why}")
    return f"{one.segment}: sealed" + (f", {many(one.read, 'capture')} read before" if one.read else "")
