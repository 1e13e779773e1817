"""`warraq alike`: articles that say the same, such as one wire story in many papers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from crawler.alike import groups
from crawler.cli.columns import json_line
from crawler.cli.errors import Exit
from crawler.cli.failures import Since
from crawler.cli.options import config_option, store_path
from crawler.records import rfc3339
from crawler.showing import many, safe
from crawler.store.ledger import Fingerprinted, open_ledger

_MOST: Final = 100_000
"""Articles that are compared at once: some seconds of work."""


@click.command(epilog="Example: warraq alike --since 24h")
@click.argument("article_id", required=False, metavar="[ID]")
@click.option(
    "--since", type=Since(), default="7d", show_default=True, metavar="SPAN|DATE", help="Only articles fetched since then."
)
@click.option("--json", "as_json", is_flag=True, help="A JSON array a group, a line each.")
@config_option
def alike(*, article_id: str | None, since: int, as_json: bool, config_path: Path | None) -> int:
    """List groups of articles whose texts say the same, the oldest of each first; or those that say what article ID says."""
    _, store = store_path(None, config_path)
    with open_ledger(store) as ledger:
        if article_id is not None:
            found = [ledger.alike(article_id)]
        else:
            all_of_them = ledger.fingerprinted(since, _MOST)
            numbers = groups([one.fingerprint for one in all_of_them])
            found = [[all_of_them[number] for number in group] for group in numbers]
    for group in found:
        _tell(group, as_json=as_json)
    if not any(found):
        click.echo("no article of this id has a fingerprint" if article_id else "no two articles say the same", err=True)
    return Exit.OK


def _tell(group: Sequence[Fingerprinted], *, as_json: bool) -> None:
    if not group:
        return
    if as_json:
        json_line(group)
        return
    click.echo(f"{many(len(group), 'article')}: {safe(group[0].title or group[0].url)}")
    for one in group:
        click.echo(f"  {one.article_id}  {rfc3339(one.fetched_at)[:16]}Z  {safe(one.url)}")
