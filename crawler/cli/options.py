"""What several commands have in common on their command line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import click

from crawler import urls
from crawler.config import Config, load
from crawler.config.problems import Mistake
from crawler.config.units import seconds, span_text
from crawler.model import Seconds, Url
from crawler.ports import ArchiveError


class SpanType(click.ParamType[Seconds]):
    """A span of time as in config.yaml: `90s`, `5m`, or seconds."""

    name = "time"

    def __init__(self, least: Seconds, most: Seconds) -> None:
        self.least, self.most = least, most

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Seconds:
        """The span in seconds, within the bounds; else a usage error."""
        try:
            length = seconds(str(value))
        except Mistake as mistake:
            self.fail(str(mistake), param, ctx)
        if not self.least <= length <= self.most:
            bounds = f"{span_text(self.least)} to {span_text(self.most)}"
            self.fail(f"{span_text(length)} is out of bounds - anything from {bounds} will do", param, ctx)
        return length


STORE: Final = "warraq.db"
"""The store's file, where the configuration names no other."""

config_option: Final = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The configuration; else $WARRAQ_CONFIG, else ./config.yaml, else defaults.",
)
quiet_option: Final = click.option("-q", "--quiet", is_flag=True, help="Only what went wrong on stderr.")
verbose_option: Final = click.option("-v", "--verbose", count=True, help="Say more on stderr; twice, everything.")


def address_of(word: str) -> Url:
    """The address a word is, as the crawler would ask it.

    Raises:
        click.UsageError: it is none.
    """
    try:
        return urls.parse(word)
    except urls.UrlError as error:
        raise click.UsageError(str(error)) from None


def loaded(config_path: Path | None) -> Config:
    """The configuration that holds here.

    Raises:
        ConfigError: see `crawler.config.load`.
    """
    return load(config_path, os.environ, Path.cwd())


def store_path(folder: Path | None, config_path: Path | None) -> tuple[Path, Path]:
    """An archive's folder and its store's file: of the folder that was named, else of the configuration.

    Raises:
        ConfigError: see `crawler.config.load`.
    """
    if folder is not None:
        return folder, folder / STORE
    config = loaded(config_path)
    return config.archive.dir, config.store.path or config.archive.dir / STORE


def known_store(folder: Path | None, config_path: Path | None) -> tuple[Path, Path]:
    """As `store_path`, of a store that is there: for what would begin one.

    Raises:
        ConfigError: see `crawler.config.load`.
        ArchiveError: there is none.
    """
    root, store = store_path(folder, config_path)
    if not store.exists():
        raise ArchiveError(f"{store}: there is no store; `warraq archive rebuild` makes one for {root}")
    return root, store
