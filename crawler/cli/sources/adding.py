"""`warraq sources add`: what is said of a source is checked as in config.yaml; a site is looked at first."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final, get_args

import click

from crawler.cli.discover import Site, exit_code, survey
from crawler.cli.errors import Exit
from crawler.cli.options import config_option, loaded
from crawler.clock import SystemClock
from crawler.config import Config, SourceConfig
from crawler.config.find import line_of
from crawler.config.sources import KINDS, said
from crawler.model import Assets, Seconds, Source, Url
from crawler.scouting import Tried
from crawler.showing import safe
from crawler.watchlist import Added, open_watchlist

_WITHIN: Final[Seconds] = 300
"""For looking at a site."""
_TABLES: Final = ("headers", "cookies")


@click.command(
    epilog="""\b
Examples:
  warraq sources add paper.example --name الجريدة --tag عربي
  warraq sources add https://news.example.com/rss.xml --kind feed --every 5m
  warraq sources add https://paper.example/ --kind site --user salma --password '${PAPER_PASSWORD}'"""
)
@click.argument("address", type=Site(), metavar="SITE|FEED")
@click.option("--kind", type=click.Choice(tuple(KINDS)), help="What it is; else it is looked at, and a site's feed is taken.")
@click.option("--name", help="What you call it.")
@click.option("--every", metavar="SPAN", help="How often it is asked; else as often as it has news.")
@click.option("--cron", metavar="FIELDS", help="When it is asked instead: minute, hour, day, month, weekday in UTC.")
@click.option("--tag", "tags", multiple=True, help="A word of your own; may be repeated.")
@click.option("--priority", type=click.Choice(("low", "normal", "high")), help="What its news are worth beside others'.")
@click.option("--language", metavar="TAG", help="What it is written in.")
@click.option("--include", multiple=True, metavar="PATTERN", help="Only such addresses, as in robots.txt; may be repeated.")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="No such addresses; may be repeated.")
@click.option("--max-age", metavar="SPAN", help="No articles that are older when they are found.")
@click.option("--only-language", "languages", multiple=True, metavar="TAG", help="Only articles in it; may be repeated.")
@click.option("--depth", type=int, help="Of a site: how far from its first page on sections are looked for.")
@click.option(
    "--assets",
    type=click.Choice(get_args(Assets)),
    help="Archive also its articles' pictures, or all their pages are drawn with.",
)
@click.option("--delay", metavar="SPAN", help="Between two requests to its host.")
@click.option("--header", "headers", multiple=True, metavar="NAME=VALUE", help="For its own site; may be repeated.")
@click.option("--cookie", "cookies", multiple=True, metavar="NAME=PLACE", help="From ${NAME} or file:/path; may be repeated.")
@click.option("--user", metavar="NAME", help="Who asks (HTTP Basic).")
@click.option("--password", metavar="PLACE", help="Where it is to be had: ${NAME} or file:/path.")
@click.option("--user-agent", metavar="TEXT", help="Sent to its own site, our name behind it.")
@click.option("--proxy", metavar="URL", help="Asked through it: http://host:port, socks5://host:port.")
@config_option
def add(*, address: Url, kind: str | None, config_path: Path | None, **options: object) -> int:
    """Watch a feed, sitemap, section or whole site from now on; what is said of one that was added before is replaced.

    Without --kind the address is asked for and looked at (as `warraq discover` does): a feed or sitemap is taken as it is, of a
    site its first feed, else its sitemap; the others are told. Ends with 5 or 6 where that finds nothing.
    """
    config = loaded(config_path)
    values = _values(options)
    if kind is not None:
        return _tell(_add(config, [_checked(config, kind, address, values)]), config)
    _checked(config, "feed", address, {key: value for key, value in values.items() if key != "depth"})
    tried: list[Tried] = []
    asyncio.run(survey(config, address, tried.append, within=_WITHIN))
    chosen, others = _choice(tried)
    if chosen is None:
        return _nothing(address, tried)
    added = _add(config, [_checked(config, str(chosen.kind), chosen.url, {"name": _name(chosen), **values})])
    for one in others:
        click.echo(safe(f"also there: {one.kind} {one.url}{f' ({one.title})' if one.title else ''}"), err=True)
    return _tell(added, config)


def _values(options: dict[str, object]) -> dict[str, object]:
    """Options as the keys of a source; what wasn't given isn't there."""
    found: dict[str, object] = {}
    for name, given in options.items():
        value = given if not isinstance(given, tuple) else _pairs(name, given) if name in _TABLES else list(given)
        if value not in (None, [], {}):
            found[name] = value
    return found


def _pairs(name: str, words: Sequence[str]) -> dict[str, str]:
    parted = [word.partition("=") for word in words]
    for key, sign, _ in parted:
        if not sign:
            raise click.UsageError(f"--{name[:-1]} {key}: no value - write name=value")
    return {key: value for key, _, value in parted}


def _checked(config: Config, kind: str, address: Url, values: dict[str, object]) -> SourceConfig:
    """The source, by the rules of config.yaml.

    Raises:
        click.UsageError: one of the values can't be taken.
    """
    source, problems = said({kind: address, **values}, config.schedule)
    if source is None or problems:
        first = problems[0]
        option = {"languages": "only-language"}.get(first.key, first.key.replace("_", "-"))
        option = option[:-1] if option in ("tags", "headers", "cookies") else option
        raise click.UsageError(f"--{option}: {first.text}" if first.key not in KINDS else first.text)
    return source


def _choice(tried: Sequence[Tried]) -> tuple[Tried | None, list[Tried]]:
    """What of a site is watched: its first feed with something in it, else its first sitemap; and what else there is."""
    found = [one for one in tried if one.kind in ("feed", "sitemap")]
    best = sorted(found, key=lambda one: (one.kind != "feed", not one.items))
    return (best[0], best[1:]) if best else (None, [])


def _name(chosen: Tried) -> str | None:
    """What it calls itself, as far as it fits a line of ours."""
    return safe(chosen.title).strip()[:200] or None if chosen.title else None


def _nothing(address: Url, tried: Sequence[Tried]) -> int:
    if any(one.kind == "section" for one in tried):
        hint = "it has neither feed nor sitemap; --kind site watches its pages"
        click.echo(safe(f"warraq: {address}: {hint}"), err=True)
        return Exit.REMOTE
    said_first = tried[0].said if tried else None
    click.echo(safe(f"warraq: {address}: {said_first or 'nothing to watch'}; --kind adds it all the same"), err=True)
    return exit_code(tried)


def _add(config: Config, sources: Sequence[SourceConfig]) -> Added:
    async def work() -> Added:
        async with open_watchlist(config, SystemClock()) as watchlist:
            return await watchlist.add(sources, change=True)

    return asyncio.run(work())


def _tell(added: Added, config: Config) -> int:
    for what, sources in (("added", added.new), ("changed", added.changed), ("as before", added.known)):
        for source in sources:
            click.echo(safe(f"{what}: {source.name or source.url} ({source.url})"))
    for source in added.configured:
        raise click.UsageError(f"{source.url} is in the configuration - edit {_place(source, config)}")
    return Exit.OK


def _place(source: Source, config: Config) -> str:
    number = line_of(config.origin, source.url) if config.origin else None
    return f"{config.origin} line {number}" if number else "that"
