"""`warraq config`: check, show, schema."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from crawler.cli.options import config_option, loaded
from crawler.config import Config, as_yaml
from crawler.config import schema as config_schema
from crawler.showing import safe


@click.group()
def config() -> None:
    """Check, show or describe the configuration."""


@config.command(epilog="Example: warraq config check --config /etc/warraq.yaml")
@config_option
def check(config_path: Path | None) -> None:
    """Tell every mistake there is, each with its line; exit 3 if there is one."""
    found = loaded(config_path)
    click.echo(f"{_origin(found)}: no mistake, {len(found.sources)} sources")


@config.command(epilog="Example: warraq config show | less")
@config_option
def show(config_path: Path | None) -> None:
    """Print what holds here, defaults included, as a file that could be used."""
    found = loaded(config_path)
    click.echo(f"# {_origin(found)}\n{as_yaml(found)}", nl=False)


@config.command(epilog="Example: warraq config schema > config.schema.json")
def schema() -> None:
    """Print the JSON Schema of config.yaml, for an editor that knows such."""
    click.echo(msgspec.json.format(msgspec.json.encode(config_schema()), indent=2))


def _origin(found: Config) -> str:
    return safe(str(found.origin)) if found.origin else "defaults (there is no config.yaml here; `warraq init` writes one)"
