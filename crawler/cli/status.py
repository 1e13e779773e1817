"""`warraq status`: how it stands, and what to do where it isn't as it should be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import click

from crawler import health
from crawler.cli.columns import json_line, table
from crawler.cli.errors import Exit
from crawler.cli.options import config_option, loaded
from crawler.clock import SystemClock
from crawler.config import Config
from crawler.health import Ailment, Signs
from crawler.holder import Holder, holder
from crawler.model import Cause, Condition, Millis, Standing, Value
from crawler.records import rfc3339
from crawler.showing import many, safe
from crawler.store.standing import open_standing
from crawler.watermark import disk

_YEARS: Final = 1000
"""Days ahead of which the pace of a week tells nothing."""


class Status(Value, frozen=True, kw_only=True, omit_defaults=False):
    """What `--json` prints, in one line. Times in ms since 1970."""

    healthy: bool
    ailments: tuple[Ailment, ...]
    daemon: Holder | None
    """None: none runs."""
    articles: int
    since_success: float | None
    """Seconds since an answer came that could be used; None: none ever came."""
    disk_free: int
    days_left: float | None
    """Until the disk is full at the pace of the last week; None: it doesn't get fuller."""
    standing: Standing


@click.command(
    epilog="""\b
Examples:
  warraq status
  warraq status --json | jq .standing.sources
  warraq status >/dev/null || echo "look at it"     # 9: something isn't as it should be"""
)
@click.option("--json", "as_json", is_flag=True, help="All of it as one JSON object.")
@config_option
def status(*, as_json: bool, config_path: Path | None) -> int:
    """Tell how sources, queue, rates and disk stand, what went wrong lately, and what to do about it.

    It reads the store, with or without a daemon. Ends with 9 where something isn't as it should be (docs/operating.md lists
    what may be), with 4 if there is no store.
    """
    found = _look(loaded(config_path))
    if as_json:
        json_line(found)
    else:
        for name, line in _lines(found):
            click.echo(f"{name:9}{safe(line)}")
        _show_causes(found.standing.causes)
    return Exit.OK if found.healthy else Exit.UNHEALTHY


def _look(config: Config) -> Status:
    path = config.store.path or config.archive.dir / "warraq.db"
    with open_standing(path) as reader:
        standing, articles = reader.standing(SystemClock().now()), reader.articles()
    places = [disk(place, config.archive.free_least) for place in (config.archive.dir, path.parent)]
    days = health.days_until_full(places[0].free, standing.bytes_a_day)
    runs = holder(path)
    low = next((str(one.place) for one in places if one.low), None)
    ailments = health.ailments(standing, Signs(daemon=runs is not None, disk_low=low, days_left=days))
    last = standing.last_success
    return Status(
        healthy=not ailments,
        ailments=ailments,
        daemon=runs,
        articles=articles,
        since_success=None if last is None else max(0.0, (standing.at - last) / 1000),
        disk_free=places[0].free,
        days_left=days,
        standing=standing,
    )


def _lines(found: Status) -> Iterator[tuple[str, str]]:
    one = found.standing
    yield "daemon", _daemon(found.daemon)
    yield "sources", _sources(one.sources)
    yield "articles", f"{found.articles}; {one.hour.articles} in the last hour, {one.day.articles} in the last day"
    yield "answers", f"{one.hour.answers} in the last hour, {one.day.answers} in the last day; {_success(found.since_success)}"
    yield "to do", f"{one.queue} in the queue, {one.outbox} to be read"
    for stuck in one.untold:
        yield "untold", f"{stuck.name}: {stuck.waiting} set aside, {many(stuck.fails, 'failure')} in a row: {stuck.error}"
    for late in one.late[:1]:
        yield "late", f"{late.name or late.url}, due since {_minute(late.since)}"
    yield "disk", f"{one.bytes / 1e9:.2f} GB archived, {found.disk_free / 1e9:.1f} GB free, {_forecast(found.days_left)}"
    for ailment in found.ailments:
        yield "UNWELL", f"{ailment.text} - {ailment.hint}"


def _daemon(runs: Holder | None) -> str:
    return f"process {runs.pid} on {runs.host} since {_minute(runs.since)}" if runs else "none runs"


def _sources(counts: Mapping[Condition, int]) -> str:
    return ", ".join(f"{number} {condition}" for condition, number in counts.items() if number) or "none"


def _forecast(days_left: float | None) -> str:
    if days_left is None:
        return "not getting fuller"
    return f"full in {days_left:.0f} days at this pace" if days_left < _YEARS else "room for years at this pace"


def _show_causes(causes: tuple[Cause, ...]) -> None:
    if causes:
        click.echo()
        head = ("why", "sources", "pages a day", "last", "address", "what to do")
        table(head, [_row(cause) for cause in causes])


def _row(cause: Cause) -> tuple[str, ...]:
    counts = (str(cause.sources), str(cause.pages))
    return (cause.reason, *counts, _minute(cause.at), cause.url, health.advice(cause.reason))


def _success(since: float | None) -> str:
    if since is None:
        return "none of use yet"
    return f"the last of use {since:.0f} s ago" if since < 120 else f"the last of use {since / 60:.0f} min ago"


def _minute(at: Millis) -> str:
    return f"{rfc3339(at)[:16]}Z"
