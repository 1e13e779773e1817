"""`warraq doctor`: whether this machine is fit for a crawl, and what to do where not."""

from __future__ import annotations

import os
from pathlib import Path

import click

from crawler.cli.columns import json_line
from crawler.cli.errors import Exit
from crawler.cli.options import config_option
from crawler.doctor import Checkup, checkups
from crawler.showing import safe


@click.command(
    epilog="""\b
Examples:
  warraq doctor
  warraq doctor --json | jq 'select(.state != "ok")'"""
)
@click.option("--json", "as_json", is_flag=True, help="A JSON object a check.")
@config_option
def doctor(*, as_json: bool, config_path: Path | None) -> int:
    """Check Python, packages, configuration, folders, disk, store, limits, clock, names and certificates, a line each.

    Changes nothing. `warn`: it works, but not as well or not for long; `fail`: a crawl won't work, and it ends with 9.
    """
    failed = False
    for one in checkups(config_path, os.environ, Path.cwd()):
        failed |= one.state == "fail"
        if as_json:
            json_line(one)
        else:
            click.echo(_line(one))
    return Exit.UNHEALTHY if failed else Exit.OK


def _line(one: Checkup) -> str:
    advice = f" - {safe(one.advice)}" if one.advice else ""
    return f"{one.state:4}  {one.name:10}  {safe(one.said)}{advice}"
