"""`warraq replay`: the archive as a browser shows it."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import click

from crawler.cli.options import config_option, known_store
from crawler.replay.serving import serving
from crawler.store.shelf import open_shelf


@click.command(epilog="Example: warraq replay --port 8091")
@click.option("--port", type=click.IntRange(0, 65_535), default=8091, show_default=True, help="0: any that is free.")
@config_option
def replay(*, port: int, config_path: Path | None) -> None:
    """Show what is archived in a browser on this machine, until Ctrl-C.

    Each capture stands in a frame from an origin of its own in which no script runs and nothing is loaded but from the archive;
    above it when it was captured, its digests, and whether it is as it was written.
    """
    root, store = known_store(None, config_path)
    with open_shelf(store):
        pass
    asyncio.run(_serve(root, store, port))


async def _serve(root: Path, store: Path, port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with serving(root, store, port) as address:
        click.echo(address)
        await stop.wait()
