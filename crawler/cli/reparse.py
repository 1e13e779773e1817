"""`warraq reparse`: today's extractor over what is archived."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from pathlib import Path

import click

from crawler.cli import logs
from crawler.cli.columns import json_line
from crawler.cli.errors import Exit
from crawler.cli.failures import Since
from crawler.cli.options import config_option, loaded
from crawler.cli.pace import Pace
from crawler.config import Config
from crawler.model import Millis
from crawler.reparse import order
from crawler.reparse.order import Change, Done
from crawler.showing import many, safe


@click.command(epilog="Example: warraq reparse --since 30d")
@click.option("--since", type=Since(), metavar="DATE|SPAN", help="Only segments with answers since then (UTC).")
@click.option("--json", "as_json", is_flag=True, help="A JSON object a segment, as they are done.")
@config_option
def reparse(*, since: Millis | None, as_json: bool, config_path: Path | None) -> int:
    """Read sealed segments anew, into STEM.rN.jsonl beside the records they have.

    Says what would differ. Neither the old records nor the store's catalog are changed; a daemon may run meanwhile.
    """
    config = loaded(config_path)
    logs.set_up("warning", config.log.format)
    return asyncio.run(_reparse(config, since, as_json=as_json))


async def _reparse(config: Config, since: Millis | None, *, as_json: bool) -> int:
    started = time.monotonic()
    total: Counter[Change] = Counter()
    lost: list[int] = []

    with Pace("segments") as pace:

        def tell(done: Done) -> None:
            total.update(done.changes)
            lost.append(done.lost)
            with pace.aside():
                if as_json:
                    json_line(done)
                else:
                    click.echo(_line(done))

        segments = await order.reparse(config, since=since, tell=tell, begun=pace.at)
    if not as_json:
        click.echo(
            f"{many(segments, 'segment')} in {time.monotonic() - started:.1f} s: {_told(total)}. "
            "The catalog still points to the first records; nothing of it was changed."
            if segments
            else f"{safe(str(config.archive.dir))}: no sealed segment to read"
        )
    return Exit.PARTIAL if any(lost) else Exit.OK


def _line(done: Done) -> str:
    missing = f"; of {many(done.lost, 'capture')} the payload lies in no sealed segment" if done.lost else ""
    return f"{safe(done.file)}: {many(done.records, 'record')}: {_told(done.changes)}{missing}"


def _told(changes: dict[Change, int] | Counter[Change]) -> str:
    return ", ".join(f"{count} {change}" for change, count in sorted(changes.items())) or "none"
