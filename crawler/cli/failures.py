"""`warraq failures`: what couldn't be had, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, get_args

import click
import msgspec

from crawler import setbacks, urls
from crawler.cli.columns import json_line, table
from crawler.cli.options import config_option, store_path
from crawler.clock import SystemClock
from crawler.config.problems import Mistake
from crawler.config.units import seconds
from crawler.model import Failure, Millis, SourceId, Url, Value
from crawler.records import rfc3339
from crawler.setbacks import Class
from crawler.showing import many
from crawler.store.ledger import Ledger, Troubled, open_ledger

_LONGEST: Final = 100 * 366 * 86_400.0


class Since(click.ParamType[Millis]):
    """A span back from now (`24h`, `7d`), or a day or time (`2026-11-22`, `2026-11-22T07:00`, UTC unless it says otherwise)."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Millis:
        """The time in ms since 1970; else a usage error."""
        if isinstance(value, int):
            return value
        try:
            then = datetime.fromisoformat(str(value))
        except ValueError:
            return self._ago(str(value), param, ctx)
        return round((then if then.tzinfo else then.replace(tzinfo=UTC)).timestamp() * 1000)

    def _ago(self, text: str, param: click.Parameter | None, ctx: click.Context | None) -> Millis:
        try:
            return SystemClock().now() - round(min(seconds(text), _LONGEST) * 1000)
        except Mistake:
            said = f"{text[:80]!r} is no time - write a day (2026-11-22), a moment (2026-11-22T07:00Z) or a span (7d)"
            self.fail(said, param, ctx)


class Trouble(Value, frozen=True, kw_only=True, omit_defaults=False):
    """A page that was given up, or a source that fails: a line of the list."""

    at: str
    sort: Class = msgspec.field(name="class")
    reason: str
    state: Literal["given up", "failing", "blocked", "gone"]
    """`given up`: a page, for good. All others: a source, which is asked again and again."""
    kind: str
    tries: int
    """Of a source: failures in a row."""
    url: str
    detail: str
    source: SourceId | None
    via: str | None = None
    """Where the address was found."""


@click.command(
    epilog="""\b
Examples:
  warraq failures --since 24h
  warraq failures --class tls --json | jq -r .url"""
)
@click.option("--class", "sort", type=click.Choice(get_args(Class)), help="Only of this class (docs/politeness.md).")
@click.option("--host", metavar="NAME", help="Only of this host, and of hosts below it.")
@click.option("--since", type=Since(), default=0, metavar="WHEN", help="Only since then: 24h, 7d, 2026-11-22.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line.")
@config_option
def failures(*, sort: Class | None, host: str | None, since: Millis, as_json: bool, config_path: Path | None) -> None:
    """List pages that were given up, oldest first, then sources that fail, are blocked or gone.

    A page is listed once for each time it was given up; its bytes are archived where any came. Sources are never given up.
    Ends with 0, also if there are none; with 4 if there is no store.
    """
    _, store = store_path(None, config_path)
    with open_ledger(store) as ledger:
        found = [one for one in _troubles(ledger, since) if _wanted(one, sort, host)]
    if as_json:
        for one in found:
            json_line(one)
    elif found:
        table(("at", "class", "state", "tries", "kind", "address", "why"), [_row(one) for one in found])
    pages = sum(one.state == "given up" for one in found)
    click.echo(f"{many(pages, 'page')} given up, {many(len(found) - pages, 'failing source')}", err=True)


def _troubles(ledger: Ledger, since: Millis) -> Iterator[Trouble]:
    for failure in ledger.failures(since):
        yield _given_up(failure)
    for source in ledger.troubled():
        if source.last_at >= since:
            yield _failing(source)


def _given_up(failure: Failure) -> Trouble:
    return Trouble(
        at=rfc3339(failure.at),
        sort=setbacks.sort_of(failure.reason),
        reason=failure.reason,
        state="given up",
        kind=failure.kind.name.lower(),
        tries=failure.tries,
        url=failure.url,
        detail=failure.detail,
        source=failure.context.source,
        via=failure.context.via,
    )


def _failing(source: Troubled) -> Trouble:
    return Trouble(
        at=rfc3339(source.last_at),
        sort=setbacks.sort_of(source.outcome),
        reason=source.outcome,
        state="blocked" if source.state == "blocked" else "gone" if source.state == "gone" else "failing",
        kind=source.kind.name.lower(),
        tries=source.failures,
        url=source.url,
        detail=source.detail,
        source=source.source_id,
    )


def _wanted(one: Trouble, sort: Class | None, host: str | None) -> bool:
    if sort is not None and one.sort != sort:
        return False
    return host is None or f".{urls.hostname(Url(one.url))}".endswith(f".{host.lower().lstrip('.')}")


def _row(one: Trouble) -> tuple[str, ...]:
    why = f"{one.reason}: {one.detail}" if one.detail and not one.detail.startswith(one.reason) else one.detail or one.reason
    return (one.at[:19], one.sort, one.state, str(one.tries), one.kind, one.url, why)
