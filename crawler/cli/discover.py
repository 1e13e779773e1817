"""`warraq discover`: what of a site can be watched."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import click

from crawler import urls, wiring
from crawler.cli import logs
from crawler.cli.columns import json_line, table
from crawler.cli.errors import Exit
from crawler.cli.fetch import NETWORK
from crawler.cli.options import SpanType, config_option, loaded
from crawler.clock import SystemClock
from crawler.config import Config
from crawler.model import Millis, Seconds, Url, Value
from crawler.records import rfc3339
from crawler.scouting import How, Tried, open_scout
from crawler.scouting import discover as look
from crawler.showing import many, safe
from crawler.sources.glance import Watchable
from crawler.store.looking import writable

_PATIENCE: Final[Seconds] = 30
"""For a host that a daemon is asking."""


class Line(Value, frozen=True, kw_only=True, omit_defaults=False):
    """An address that was tried, as `--json` tells it."""

    url: Url
    how: How
    kind: Watchable | None
    title: str | None
    items: int
    newest: str | None
    said: str | None


class Site(click.ParamType[Url]):
    """The address of a site; `https://` may be left out."""

    name = "site"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Url:
        """The address; else a usage error."""
        text = str(value)
        try:
            return urls.parse(text if "://" in text else f"https://{text}")
        except urls.UrlError as error:
            self.fail(str(error), param, ctx)


@click.command(
    epilog="""\b
Examples:
  warraq discover paper.example
  warraq discover https://paper.example/ --json | jq -r 'select(.kind == "feed").url'"""
)
@click.argument("site", type=Site(), metavar="SITE")
@click.option("--all", "thorough", is_flag=True, help="Also try the usual places where the site names its feeds itself.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object for each address that was tried.")
@click.option("--timeout", type=SpanType(0.1, 86_400), default="5m", show_default=True, metavar="SPAN", help="For all of it.")
@config_option
def discover(*, site: Url, thorough: bool, as_json: bool, timeout: Seconds, config_path: Path | None) -> int:
    """Look for what of SITE can be watched: feeds, sitemaps, sections; politely, and nothing is kept.

    Tried are the page itself, what its head, the header of its answer and robots.txt name, and, where these name nothing, the
    places where feeds and sitemaps usually are. What was tried in vain is told on stderr, with the reason.

    Ends with 0 if there is a feed, sitemap or section; 5 if the site can't be reached, 6 if nothing of it can be watched; 8 if
    the time was too short for all of it.
    """
    config = loaded(config_path)
    tried: list[Tried] = []
    whole = asyncio.run(survey(config, site, _teller(tried, as_json=as_json), thorough=thorough, within=timeout))
    found = [one for one in tried if one.kind is not None]
    if found and not as_json:
        now = SystemClock().now()
        table(("kind", "items", "newest", "found by", "title", "address"), [_row(one, now) for one in found])
    if not whole:
        click.echo(f"warraq: not done within {timeout:g} s; --timeout gives it more", err=True)
        return Exit.LIMIT
    if not found:
        click.echo(f"warraq: {safe(site)}: nothing to watch among {many(len(tried), 'address')} that were tried", err=True)
    return exit_code(tried)


async def survey(config: Config, site: Url, tell: Callable[[Tried], None], *, thorough: bool = False, within: Seconds) -> bool:
    """Look at a site with the tools of a one-shot; under the hosts' delays of the configuration's store, if it has one.

    `tell` is given each address that was tried. False: the time was over before all were.
    """
    logs.set_up("warning", config.log.format)
    # Only where there is a store its hosts' delays are known, and can be noted; looking at a site makes none.
    path = config.store.path or config.archive.dir / "warraq.db"
    ttl = round(config.store.lease_ttl * 1000)
    async with (
        wiring.open_oneshot(config, archive=writable(path)) as shot,
        open_scout(shot.tools, ttl=ttl, waits=_PATIENCE) as scout,
    ):
        try:
            async with asyncio.timeout(within):
                await look(site, scout, tell, thorough=thorough)
        except TimeoutError:
            return False
    return True


def exit_code(tried: Sequence[Tried]) -> Exit:
    """0 where something can be watched, 5 where nobody answered, else 6."""
    if any(one.kind is not None for one in tried):
        return Exit.OK
    return Exit.NETWORK if tried and tried[0].reason in NETWORK else Exit.REMOTE


def _teller(tried: list[Tried], *, as_json: bool) -> Callable[[Tried], None]:
    def tell(one: Tried) -> None:
        tried.append(one)
        if as_json:
            json_line(_line(one))
        elif one.kind is None:
            click.echo(f"{safe(one.url)} ({one.how}): {safe(one.said or 'nothing to watch')}", err=True)

    return tell


def _line(one: Tried) -> Line:
    newest = rfc3339(one.newest) if one.newest is not None else None
    return Line(url=one.url, how=one.how, kind=one.kind, title=one.title, items=one.items, newest=newest, said=one.said)


def _row(one: Tried, now: Millis) -> tuple[str, ...]:
    items = str(one.items) if one.how != "menu" else "?"
    return (str(one.kind), items, _age(one.newest, now), one.how, (one.title or "-")[:60], one.url)


def _age(newest: Millis | None, now: Millis) -> str:
    if newest is None:
        return "-"
    hours = max(0, now - newest) // 3_600_000
    return f"{hours} h ago" if hours < 72 else f"{hours // 24} d ago"
