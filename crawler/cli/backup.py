"""`warraq backup` and `warraq restore`: the store in one file, and back."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from crawler import backup as backups
from crawler.cli.errors import Exit
from crawler.cli.options import config_option, loaded
from crawler.clock import SystemClock
from crawler.showing import many, safe


@click.command(epilog="Example: warraq backup /mnt/other/warraq.tar")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@config_option
def backup(*, file: Path, config_path: Path | None) -> None:
    """Copy the store and the list of sealed files into FILE (a tar); a daemon may go on meanwhile.

    The archive's own files aren't in it: once sealed they never change, and FILE says which there are, with their sha256.
    """
    made = backups.backup(loaded(config_path), file.absolute(), SystemClock().now())
    names = many(len(made.sealed), "sealed segment")
    click.echo(f"{safe(str(file))}: the store ({made.store_bytes} bytes) and the names of {names}")


@click.command(epilog="Example: warraq restore /mnt/other/warraq.tar")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--force", is_flag=True, help="Also where there is a store; it is moved aside (.bak).")
@config_option
def restore(*, file: Path, force: bool, config_path: Path | None) -> int:
    """Put the store back from FILE; what the archive got since then is taken in.

    Nobody may work in the archive meanwhile. Without a backup, `warraq archive rebuild` makes the catalog again.
    """
    done = asyncio.run(backups.restore(loaded(config_path), file, force=force))
    click.echo(
        f"{safe(done.store)}: as it was at {done.made_at}, with what came since: "
        f"{many(done.captures, 'capture')}, {many(done.articles, 'article')}"
    )
    for segment in done.newer:
        click.echo(f"  taken in: {segment}")
    if done.moved_to:
        click.echo(f"  the old store is {safe(done.moved_to)}")
    for finding in done.findings:
        place = finding.file if finding.offset is None else f"{finding.file} at {finding.offset}"
        click.echo(safe(f"{place}: {finding.what}"), err=True)
    return Exit.UNHEALTHY if done.findings else Exit.OK
