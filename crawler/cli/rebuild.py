"""`warraq archive rebuild`: the store made again from the archive."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from crawler.cli.columns import json_line
from crawler.cli.errors import Exit
from crawler.cli.options import config_option, loaded
from crawler.cli.pace import Pace
from crawler.clock import SystemClock
from crawler.rebuild.order import Report
from crawler.rebuild.order import rebuild as make_again
from crawler.showing import many, safe


@click.command(epilog="Example: warraq archive rebuild --config /etc/warraq.yaml")
@click.option("--force", is_flag=True, help="Also where there is a store; it is moved aside (.bak).")
@click.option("--json", "as_json", is_flag=True, help="The result as one JSON object.")
@config_option
def rebuild(*, force: bool, as_json: bool, config_path: Path | None) -> int:
    """Make the store again from the archive alone, after it was lost.

    Captures, articles and their versions become what they were; addresses that were asked aren't asked again; the sources of
    the configuration are due at once. Nobody may work in the archive meanwhile. Exit 9 if something couldn't be taken in.
    """
    config = loaded(config_path)
    with Pace("segments") as pace:
        report = asyncio.run(make_again(config, force=force, now=SystemClock().now(), tell=pace.at))
    if as_json:
        json_line(report)
    else:
        _show(report)
    return Exit.UNHEALTHY if report.findings else Exit.OK


def _show(report: Report) -> None:
    click.echo(
        f"{safe(report.store)}: made again from {many(report.segments, 'segment')} ({report.unsealed} unsealed) "
        f"in {report.seconds:.1f} s\n"
        f"  {many(report.captures, 'capture')}, {many(report.payloads, 'payload')}, {many(report.articles, 'article')} "
        f"in {many(report.versions, 'version')}, {many(report.seen, 'address')} seen\n"
        f"  for the next `warraq run`: {many(report.waiting, 'capture')} to be parsed, {many(report.sources, 'source')} due"
    )
    if report.moved_to:
        click.echo(f"  the old store is {safe(report.moved_to)}")
    for finding in report.findings:
        place = finding.file if finding.offset is None else f"{finding.file} at {finding.offset}"
        click.echo(safe(f"{place}: {finding.what}"), err=True)
