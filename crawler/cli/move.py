"""`warraq archive move`: sealed segments to another disk."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from crawler.archive.manifest import SealedFile
from crawler.archive.moving import Mover, only_one
from crawler.cli.errors import Exit
from crawler.cli.options import config_option, store_path
from crawler.ports import ArchiveError
from crawler.showing import many, safe
from crawler.store.sqlite import SqliteStore


@click.command(epilog="Example: warraq archive move /mnt/attic")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="DIR")
@click.argument("segments", nargs=-1, metavar="[SEGMENT]...")
@config_option
def move(folder: Path, segments: tuple[str, ...], config_path: Path | None) -> int:
    """Move sealed segments (all, or these) to DIR, which must be there: a disk that isn't mounted shall not be written beside.

    Each is copied, synced, compared with what it was sealed with, entered in the manifest and in the store, and removed here.
    Readers find it. It may be done again after a crash, beside a daemon, and back again: `warraq archive move ARCHIVE`.
    """
    root, store = store_path(None, config_path)
    with only_one(root):
        mover = Mover(root.resolve(), folder.resolve())
        wanted = _wanted(mover, segments)
        return asyncio.run(_move(mover, wanted, store if store.exists() else None))


def _wanted(mover: Mover, segments: tuple[str, ...]) -> list[SealedFile]:
    named: dict[str, SealedFile] = {listed.segment: listed for listed in mover.listed}
    unknown = [name for name in segments if name not in named]
    if unknown:
        raise click.UsageError(f"{unknown[0]!r} is no sealed segment - warraq archive list shows them")
    return [named[name] for name in segments] if segments else mover.listed


async def _move(mover: Mover, wanted: list[SealedFile], path: Path | None) -> int:
    store = await SqliteStore.open(path) if path is not None else None
    moved = failed = 0
    try:
        for listed in wanted:
            try:
                moved += await _move_one(mover, listed, store)
            except ArchiveError as error:
                failed += 1
                click.echo(f"warraq: {safe(str(error))}", err=True)
    finally:
        if store is not None:
            await store.close()
    click.echo(f"{many(moved, 'segment')} moved, {len(wanted) - moved - failed} there already, {failed} failed", err=True)
    return Exit.PARTIAL if failed else Exit.OK


async def _move_one(mover: Mover, listed: SealedFile, store: SqliteStore | None) -> bool:
    """In this order: a crash between any two steps leaves what the next time takes up."""
    brought = await asyncio.to_thread(mover.bring, listed)
    if store is not None:
        await store.place_segment(listed.segment, mover.place())
    if await asyncio.to_thread(mover.clear, listed):
        click.echo(f"{listed.file}: {listed.bytes / 1e6:.2f} MB")
    return brought
