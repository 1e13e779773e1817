"""`warraq sources import` and `export`: OPML and plain lists."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, Literal

import click
from msgspec.structs import replace

from crawler.cli.columns import table
from crawler.cli.errors import Exit
from crawler.cli.options import config_option, loaded
from crawler.cli.output import replacing
from crawler.cli.sources.listing import known_sources
from crawler.cli.targets import listed
from crawler.clock import SystemClock
from crawler.config import Config, SourceConfig
from crawler.fetching.files import read_document
from crawler.model import Details, Kind, Url
from crawler.showing import many, safe
from crawler.sources import read_list, sniff
from crawler.sources.opml import OpmlFeed, document_of, read_opml, written
from crawler.sources.unpack import unpacked
from crawler.store.roster import Enrolled
from crawler.watchlist import Added, open_watchlist

_MOST_TOLD: Final = 10


@click.command(
    "import",
    epilog="""\b
Examples:
  warraq sources import subscriptions.opml
  warraq sources import --tag عربي feeds.txt""",
)
@click.argument("file", metavar="FILE|-")
@click.option(
    "--tag", "tags", multiple=True, help="For all of them, besides the folders and categories they are in. May be repeated."
)
@click.option("--dry-run", is_flag=True, help="Only tell what would be added.")
@config_option
def import_list(*, file: str, tags: tuple[str, ...], dry_run: bool, config_path: Path | None) -> int:
    """Watch all feeds that FILE names: OPML (folders and categories become tags) or one address a line.

    Nobody is asked yet: the first polls are spread, so that 10,000 new feeds take an hour. What is watched already stays as it
    is. Exit 2 if there is no feed in it, 7 if a line of a list is no address: it is told, and the others are added.
    """
    config = loaded(config_path)
    named, bad = _read(file)
    found = [_tagged(one, tags) for one in named]
    if found:
        _tell_bad(file, bad)
    else:
        raise click.UsageError(f"{file}: no feed is named in it - OPML or a list of addresses, one a line, will do")
    if dry_run:
        table(("address", "name", "tags"), [(one.url, one.name, ", ".join(one.tags)) for one in found])
        return Exit.PARTIAL if bad else Exit.OK
    added = asyncio.run(_add(config, found))
    click.echo(f"{many(len(added.new), 'source')} added, {len(added.known) + len(added.configured)} known already")
    return Exit.PARTIAL if bad else Exit.OK


def _tell_bad(file: str, bad: Sequence[str]) -> None:
    for line in bad[:_MOST_TOLD]:
        click.echo(safe(f"warraq: {file}: {line}"), err=True)
    if len(bad) > _MOST_TOLD:
        click.echo(safe(f"warraq: {file}: {many(len(bad) - _MOST_TOLD, 'line')} more that are no address"), err=True)


async def _add(config: Config, found: Sequence[SourceConfig]) -> Added:
    async with open_watchlist(config, SystemClock()) as watchlist:
        return await watchlist.add(found, change=False)


def _read(file: str) -> tuple[list[SourceConfig], Sequence[str]]:
    """The sources of a file, and what is wrong with lines of it."""
    document = read_document(sys.stdin.buffer if file == "-" else Path(file), file)
    body = document.body
    match sniff(body, None):
        case "html" | "feed" | "sitemap" if not read_opml(body):
            raise click.UsageError(f"{file}: a document of its own, no list - `warraq sources add` takes addresses")
        case "list" | "text":
            wrong = () if unpacked(body) != body else listed(document).bad
            return [SourceConfig(kind=Kind.FEED, url=url) for url in read_list(body)], [said for _, said in wrong]
        case _:
            return [_source(feed) for feed in read_opml(body)], ()


def _source(feed: OpmlFeed) -> SourceConfig:
    details = Details(home=feed.home, description=feed.description, language=feed.language or None)
    return SourceConfig(kind=Kind.FEED, url=feed.url, name=feed.title, tags=feed.tags, details=details)


def _tagged(one: SourceConfig, tags: Iterable[str]) -> SourceConfig:
    return replace(one, tags=tuple(dict.fromkeys((*one.tags, *tags))))


@click.command(epilog="Example: warraq sources export -o subscriptions.opml")
@click.option("--opml", "form", flag_value="opml", default="opml", help="OPML 2.0, for any reader of feeds (the default).")
@click.option("--list", "form", flag_value="list", help="One address a line, of all kinds.")
@click.option("--tag", help="Only with this tag.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write it here instead of stdout.")
@config_option
def export(*, form: Literal["opml", "list"], tag: str | None, output: Path | None, config_path: Path | None) -> int:
    """Write the feeds that are watched as OPML: by the first of their tags in folders, with all of them as categories.

    Sitemaps, sections and sites aren't feeds: OPML has no place for them, the list has. Secrets are never in it.
    """
    found = list(_chosen(config_path, tag))
    told = [one for one in found if one.source.kind is Kind.FEED] if form == "opml" else found
    data = _as_list(told) if form == "list" else written(document_of(map(_feed, told), title="Warraq"))
    if output is None:
        click.echo(data, nl=False)
    else:
        with replacing(output) as file:
            file.write(data)
    others = len(found) - len(told)
    left_out = f", {others} left out: no feeds" if others else ""
    click.echo(f"{many(len(told), 'source')} written{left_out}", err=True)
    return Exit.OK


def _chosen(config_path: Path | None, tag: str | None) -> Iterator[Enrolled]:
    """Without what their sites were found to have: that is found again wherever the list is taken in."""
    for one in known_sources(config_path):
        if one.source.parent is None and (tag is None or tag in one.source.tags):
            yield one


def _as_list(told: Iterable[Enrolled]) -> bytes:
    return "".join(f"{one.source.url}\n" for one in told).encode()


def _feed(one: Enrolled) -> OpmlFeed:
    source, details = one.source, one.source.details
    return OpmlFeed(
        url=Url(one.status.moved or source.url),
        title=source.name or one.title or "",
        tags=source.tags,
        home=details.home,
        description=details.description,
        language=details.language or "",
    )
