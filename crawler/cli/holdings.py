"""`warraq archive list` and `du`: what is there, and what it takes."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from crawler.archive.holdings import Holding, holdings
from crawler.cli.columns import json_line, table
from crawler.cli.options import config_option, store_path
from crawler.cli.shelves import looked
from crawler.store.ledger import By, open_ledger

_folder = click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[DIR]")


@click.command("list", epilog="Example: warraq archive list --json | jq -r 'select(.waiting > 0).segment'")
@_folder
@click.option("--json", "as_json", is_flag=True, help="A JSON object a segment.")
@config_option
def list_segments(folder: Path | None, *, as_json: bool, config_path: Path | None) -> None:
    """List the segments of the archive in DIR (else the configuration's): state, size, captures, what waits, dates.

    Without a store: what the list of sealed files and the folders say.
    """
    root, store = store_path(folder, config_path)
    listing = looked(root, store)
    if store.exists():
        with open_ledger(store) as ledger:
            shelved = ledger.shelved()
        held = list(holdings(listing, shelved))
    else:
        held = list(holdings(listing, None))
    if as_json:
        for one in held:
            json_line(one)
    else:
        table(("segment", "state", "MB", "captures", "waiting", "first", "last"), [_row(one) for one in held])


@click.command(epilog="Example: warraq archive du --by source")
@_folder
@click.option("--by", type=click.Choice(get_args(By)), default="day", show_default=True, help="What to sum up by.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line.")
@config_option
def du(folder: Path | None, *, by: By, as_json: bool, config_path: Path | None) -> None:
    """Tell how much room captures take in the WARCs, by day, source, kind or host.

    What belongs to no source (robots.txt, redirects, what was fetched once) stands under a dash.
    """
    _, store = store_path(folder, config_path)
    with open_ledger(store) as ledger:
        sizes = ledger.sizes(by)
    if as_json:
        for size in sizes:
            json_line(size)
        return
    rows = [(size.name, str(size.captures), _megabytes(size.bytes)) for size in sizes]
    total = ("in all", str(sum(size.captures for size in sizes)), _megabytes(sum(size.bytes for size in sizes)))
    table((by, "captures", "MB"), [*rows, total])


def _row(one: Holding) -> tuple[str, ...]:
    counts = ("?" if number is None else str(number) for number in (one.captures, one.waiting))
    state = one.state if one.file or not one.bytes else f"{one.state}, missing"
    return (one.segment, state, _megabytes(one.bytes), *counts, (one.first or "-")[:19], (one.last or "-")[:19])


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.2f}"
