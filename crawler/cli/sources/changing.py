"""`warraq sources poll`, `pause`, `resume`, `rm`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import click

from crawler.cli.options import config_option, loaded
from crawler.cli.sources.listing import known_sources
from crawler.cli.sources.naming import meant, shown_name, source_arguments, tag_option
from crawler.clock import SystemClock
from crawler.config import Config
from crawler.config.find import line_of
from crawler.showing import safe
from crawler.store.roster import Enrolled
from crawler.watchlist import Watchlist, open_watchlist

Change = Callable[[Watchlist, Sequence[Enrolled]], Awaitable[None]]


@click.command(epilog="Example: warraq sources poll https://news.example.com/rss.xml")
@source_arguments
@tag_option
@config_option
def poll(*, words: tuple[str, ...], tag: str | None, config_path: Path | None) -> None:
    """Ask SOURCE... now: a running daemon does so within a second or so, as the hosts' gaps allow; else the next run does."""
    config, wanted = loaded(config_path), meant(words, known_sources(config_path), tag)
    for one in wanted:
        if one.status.state == "paused":
            raise click.UsageError(f"{shown_name(one)} is paused - `warraq sources resume` wakes it")
    _change(config, wanted, Watchlist.poll)
    _tell(wanted, "is due now")


@click.command(epilog="Example: warraq sources pause --tag عربي")
@source_arguments
@tag_option
@config_option
def pause(*, words: tuple[str, ...], tag: str | None, config_path: Path | None) -> None:
    """Ask SOURCE... no more, until they are resumed; what is known of them stays. Also holds for sources of config.yaml."""
    config, wanted = loaded(config_path), meant(words, known_sources(config_path), tag)
    _change(config, wanted, Watchlist.pause)
    _tell(wanted, "is paused")


@click.command(epilog="Example: warraq sources resume الأخبار")
@source_arguments
@tag_option
@config_option
def resume(*, words: tuple[str, ...], tag: str | None, config_path: Path | None) -> None:
    """Ask SOURCE... again, beginning now."""
    config, wanted = loaded(config_path), meant(words, known_sources(config_path), tag)
    _change(config, [_resumable(one, config) for one in wanted], Watchlist.resume)
    _tell(wanted, "is asked again")


@click.command(epilog="Example: warraq sources rm https://news.example.com/rss.xml")
@source_arguments
@tag_option
@config_option
def rm(*, words: tuple[str, ...], tag: str | None, config_path: Path | None) -> None:
    """Watch SOURCE... no more, and forget how they fared; pages and articles that came of them stay in the archive."""
    config, wanted = loaded(config_path), meant(words, known_sources(config_path), tag)
    for one in wanted:
        _refuse_configured(one, config)
    _change(config, wanted, Watchlist.remove)
    _tell(wanted, "is watched no more")


def _change(config: Config, wanted: Sequence[Enrolled], change: Change) -> None:
    async def work() -> None:
        async with open_watchlist(config, SystemClock()) as watchlist:
            await change(watchlist, wanted)

    asyncio.run(work())


def _tell(wanted: Sequence[Enrolled], what: str) -> None:
    for one in wanted:
        click.echo(safe(f"{shown_name(one)} ({one.source.url}) {what}"))


def _line(one: Enrolled, config: Config) -> int | None:
    return line_of(config.origin, one.source.url) if config.origin is not None else None


def _resumable(one: Enrolled, config: Config) -> Enrolled:
    """A source that was taken out of the file isn't the file's any more, and nobody else's."""
    if one.source.origin == "config" and _line(one, config) is None:
        raise click.UsageError(f"{shown_name(one)} was taken out of {config.origin or 'config.yaml'} - put it back there")
    return one


def _refuse_configured(one: Enrolled, config: Config) -> None:
    number = _line(one, config)
    if number is not None:
        raise click.UsageError(f"{shown_name(one)} is in the configuration - edit {config.origin} line {number}")
    if one.source.parent is not None:
        raise click.UsageError(f"{shown_name(one)} was found in another source - remove that, or exclude its address there")
