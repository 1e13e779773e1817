"""`warraq sources list` and `health`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from crawler.cli.columns import json_line, table
from crawler.cli.errors import Exit
from crawler.cli.options import config_option, loaded, store_path
from crawler.cli.sources.naming import ago, every_of, kind_of, line, shown_name
from crawler.clock import SystemClock
from crawler.model import Millis
from crawler.model.standing import CONDITIONS, Condition
from crawler.ports import ArchiveError
from crawler.showing import many, safe
from crawler.store.roster import Enrolled, condition, listing

_WELL: Final = frozenset({"active", "paused"})
LATE: Final[Millis] = 3_600_000
"""A source that is due for so long is told: its host may have many pages, the network may have been away."""

_HINTS: Final[dict[Condition, str]] = {
    "quiet": "silent for far longer than usual: look whether it moved",
    "failing": "asked again and again, ever more seldom",
    "blocked": "a guard wants a browser: ask its owner, or set user_agent",
    "gone": "410: asked monthly; take it out, or find its new address (`warraq discover`)",
}


def known_sources(config_path: Path | None) -> list[Enrolled]:
    """All sources of the configuration's store.

    Raises:
        ArchiveError: there is no store yet.
    """
    root, store = store_path(None, config_path)
    if not store.exists():
        raise ArchiveError(f"{root}: there is no store yet; `warraq sources add` or `warraq run` makes one")
    return listing(store)


def _fits(one: Enrolled, tag: str | None, wanted: Condition | None, now: Millis) -> bool:
    return (tag is None or tag in one.source.tags) and (wanted is None or condition(one, now) == wanted)


@click.command(
    "list",
    epilog="""\b
Examples:
  warraq sources list --tag عربي
  warraq sources list --condition failing --json | jq -r .url""",
)
@click.option("--tag", help="Only with this tag.")
@click.option("--condition", "wanted", type=click.Choice(CONDITIONS), help="Only those that fare so.")
@click.option("--json", "json_wanted", is_flag=True, help="A JSON object a source.")
@config_option
def list_sources(*, tag: str | None, wanted: Condition | None, json_wanted: bool, config_path: Path | None) -> int:
    """List what is watched: sources of config.yaml and those that were added, and what was found in them."""
    loaded(config_path)
    now = SystemClock().now()
    found = [one for one in known_sources(config_path) if _fits(one, tag, wanted, now)]
    if json_wanted:
        for one in found:
            json_line(line(one, now))
    elif found:
        table(("condition", "kind", "every", "last", "next", "new", "name", "address"), [_row(one, now) for one in found])
    click.echo(many(len(found), "source"), err=True)
    return Exit.OK


@click.command(epilog="Example: warraq sources health || mail -s 'warraq' me@example.org")
@click.option("--json", "json_wanted", is_flag=True, help="A JSON object a source.")
@config_option
def health(*, json_wanted: bool, config_path: Path | None) -> int:
    """List the sources that are quiet, failing, blocked, gone, or due for more than an hour; with why, and what to do.

    Exit 9 if there are any. Nothing of this is given up: each is asked again, see `next`.
    """
    now = SystemClock().now()
    known = known_sources(config_path)
    ill = [one for one in known if condition(one, now) not in _WELL or _late(one, now)]
    if json_wanted:
        for one in ill:
            json_line(line(one, now))
    else:
        _tell(ill, now)
    click.echo(f"{many(len(known), 'source')}, {len(ill)} not as they should be", err=True)
    return Exit.UNHEALTHY if ill else Exit.OK


def _tell(ill: Sequence[Enrolled], now: Millis) -> None:
    for one in ill:
        status, how = one.status, condition(one, now)
        hint = _HINTS.get(how) or f"due {ago(status.due_at, now)}: does `warraq run` run?"
        said = f"{one.status.outcome or ''} {one.detail}".strip()
        times = f"last {ago(status.last_at, now)}, next {ago(status.due_at, now)}"
        click.echo(safe(f"{how}: {shown_name(one)} ({one.source.url})"))
        click.echo(safe(f"  {said or 'never asked'}; {many(status.failures, 'failure')} in a row; {times}"))
        click.echo(f"  {hint}")


def _late(one: Enrolled, now: Millis) -> bool:
    return one.status.state != "paused" and one.status.due_at is not None and now - one.status.due_at > LATE


def _row(one: Enrolled, now: Millis) -> tuple[str, ...]:
    status = one.status
    every = every_of(one) or "-"
    times = (ago(status.last_at, now), ago(status.due_at, now))
    name = shown_name(one) if one.source.parent is None else f"  {shown_name(one)}"
    return (condition(one, now), kind_of(one), every, *times, str(one.found_new), name[:40], one.source.url)
