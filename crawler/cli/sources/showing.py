"""`warraq sources show`: all that is known of a source."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import click
import yaml

from crawler.cli.columns import json_line
from crawler.cli.options import config_option, loaded, store_path
from crawler.cli.sources.listing import known_sources
from crawler.cli.sources.naming import ago, every_of, kind_of, line, meant
from crawler.clock import SystemClock
from crawler.config import Config
from crawler.config.find import line_of
from crawler.config.show import details_said
from crawler.model import Millis
from crawler.records import rfc3339
from crawler.rhythm import rate
from crawler.showing import safe
from crawler.store.roster import Enrolled, condition, polls

_POLLS: Final = 10


@click.command(epilog="Example: warraq sources show https://news.example.com/rss.xml")
@click.argument("word", metavar="SOURCE")
@click.option("--json", "json_wanted", is_flag=True, help="One JSON object.")
@config_option
def show(*, word: str, json_wanted: bool, config_path: Path | None) -> None:
    """Tell all that is known of SOURCE (its address, id or name): what is said of it, how it fares, how its last polls went."""
    config = loaded(config_path)
    (one,) = meant([word], known_sources(config_path))
    now = SystemClock().now()
    if json_wanted:
        json_line(line(one, now))
        return
    for name, text in _said(one, config, now):
        if text:
            click.echo(f"{name:<10} {safe(text)}")
    for poll in polls(store_path(None, config_path)[1], one.source.source_id, _POLLS):
        said = f"{rfc3339(poll.at)[:19]}Z {poll.status or '-'} {poll.outcome} {poll.detail}"
        click.echo(f"{'poll':<10} {safe(said).rstrip()}")


def _said(one: Enrolled, config: Config, now: Millis) -> Iterable[tuple[str, str | None]]:
    """Name and text of each line; without a text there is nothing to say."""
    source, status = one.source, one.status
    return (
        ("address", source.url),
        ("id", source.source_id),
        ("kind", kind_of(one)),
        ("from", _origin(one, config)),
        ("name", _called(one)),
        ("tags", ", ".join(source.tags)),
        *((key, _flow(value)) for key, value in details_said(source.details).items()),
        ("condition", condition(one, now) + (" (by a command)" if one.held else "")),
        ("asked", _asked(one, now)),
        ("moved to", status.moved),
        ("news", f"{one.found_new} new, {one.found_changed} changed; about {rate(status.rhythm) * 86_400:.1f} a day"),
        ("failures", f"{status.failures} in a row: {status.outcome} {one.detail}" if status.failures else None),
    )


def _called(one: Enrolled) -> str | None:
    ours, its = one.source.name, one.title
    return f"{ours or '-'} (it calls itself {its or '-'})" if ours or its else None


def _flow(value: object) -> str:
    """As it would stand in config.yaml, on one line."""
    # Without end, or what is longer than 80 characters would go on in a second line; behind a word alone stands a line `...`.
    dumped: str = yaml.dump(value, Dumper=yaml.CSafeDumper, allow_unicode=True, default_flow_style=True, width=-1)
    return dumped.partition("\n")[0]


def _asked(one: Enrolled, now: Millis) -> str:
    often = every_of(one) or "as often as it has news"
    return f"{often}; last {ago(one.status.last_at, now)}, next {ago(one.status.due_at, now)}"


def _origin(one: Enrolled, config: Config) -> str:
    if one.source.origin == "command":
        return "a command"
    if one.source.origin == "config" and config.origin is not None:
        number = line_of(config.origin, one.source.url)
        return f"{config.origin} line {number}" if number else f"{config.origin}, which has it no more"
    return f"source {one.source.parent}" if one.source.parent else "the configuration"
