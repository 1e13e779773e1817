"""`warraq config`: check, show, schema."""

from __future__ import annotations

import os
from pathlib import Path

import click
import msgspec

from crawler.cli.options import config_option, loaded
from crawler.config import Config, as_yaml, origins, with_origins
from crawler.config import schema as config_schema
from crawler.config.arming import check_secrets
from crawler.showing import many, safe


@click.group()
def config() -> None:
    """Check, show or describe the configuration."""


@config.command(epilog="Example: warraq config check --config /etc/warraq.yaml")
@config_option
def check(config_path: Path | None) -> None:
    """Tell every mistake there is, each with its line; exit 3 if there is one.

    Looks also whether the secrets of sources, hooks and alerts are to be had.
    """
    found = loaded(config_path)
    check_secrets(found, os.environ)
    click.echo(f"{_origin(found)}: no mistake, {many(len(found.sources), 'source')}")


@config.command(
    epilog="""\b
Examples:
  warraq config show | less
  WARRAQ_FETCH__TIMEOUT=10s warraq config show --origin"""
)
@click.option("--origin", is_flag=True, help="Say behind each key where its value comes from.")
@config_option
def show(*, origin: bool, config_path: Path | None) -> None:
    """Print what holds here, defaults included, as a file that could be used. Of secrets: where they are to be had."""
    found = loaded(config_path)
    text = as_yaml(found)
    if origin:
        text = with_origins(text, origins(config_path, os.environ, Path.cwd()))
    click.echo(f"# {_origin(found)}\n{text}", nl=False)


@config.command(epilog="Example: warraq config schema > config.schema.json")
def schema() -> None:
    """Print the JSON Schema of config.yaml, for an editor that knows such."""
    click.echo(msgspec.json.format(msgspec.json.encode(config_schema()), indent=2))


def _origin(found: Config) -> str:
    return safe(str(found.origin)) if found.origin else "defaults (there is no config.yaml here; `warraq init` writes one)"
