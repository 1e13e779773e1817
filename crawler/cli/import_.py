"""`warraq import`: other people's archives into ours."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from crawler.cli import logs
from crawler.cli.columns import json_line
from crawler.cli.errors import Exit
from crawler.cli.options import config_option, loaded
from crawler.cli.pace import Pace
from crawler.importing.order import Imported, import_files
from crawler.showing import many, safe


@click.command("import", epilog="Example: warraq import warc crawl-*.warc.gz")
@click.argument("form", type=click.Choice(["warc", "wacz"]))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="A JSON object a file.")
@config_option
def import_(form: str, files: tuple[Path, ...], *, as_json: bool, config_path: Path | None) -> int:  # noqa: ARG001 - content decides
    """Take archives of others in: WARC files, packed or not, or WACZ.

    Their records are copied into segments of ours, with their ids and dates; pages are read for articles, and can be searched.
    A file that is damaged is refused as a whole. What is there already is passed over: a second time adds nothing, and an
    import that was interrupted goes on. Nothing is fetched. Exit 7 if a file couldn't be taken.
    """
    done: list[Imported] = []
    config = loaded(config_path)
    logs.set_up("warning", config.log.format)
    with Pace("captures") as pace:

        def tell(one: Imported) -> None:
            done.append(one)
            _tell(one, as_json=as_json)

        asyncio.run(import_files(config, files, tell, pace))
    failed = sum(one.failed is not None for one in done)
    return Exit.OK if not failed else Exit.LOCAL if failed == len(done) else Exit.PARTIAL


def _tell(one: Imported, *, as_json: bool) -> None:
    if as_json:
        json_line(one)
        return
    if one.failed is not None:
        click.echo(f"warraq: {safe(one.failed)}", err=True)
        return
    taken, read = many(one.taken, "capture"), many(one.read, "page")
    click.echo(safe(f"{one.file}: {taken} taken in, {one.known} known already, {read} read"))
    for why, number in sorted(one.passed_over.items()):
        click.echo(safe(f"note: {number} passed over: {why}"), err=True)
