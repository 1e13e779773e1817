"""`warraq sources`: what is watched."""

from __future__ import annotations

from typing import Final

import click

from crawler.cli.lazy import LazyGroup, Table

COMMANDS: Final[Table] = {
    "add": ("crawler.cli.sources.adding:add", "Watch a feed, a sitemap, a section or a site."),
    "list": ("crawler.cli.sources.listing:list_sources", "List what is watched, and how it fares."),
    "show": ("crawler.cli.sources.showing:show", "Tell all that is known of a source."),
    "health": ("crawler.cli.sources.listing:health", "List the sources that aren't as they should be."),
    "poll": ("crawler.cli.sources.changing:poll", "Ask sources now."),
    "pause": ("crawler.cli.sources.changing:pause", "Ask sources no more, for a while."),
    "resume": ("crawler.cli.sources.changing:resume", "Ask paused sources again."),
    "rm": ("crawler.cli.sources.changing:rm", "Watch sources no more."),
    "import": ("crawler.cli.sources.files:import_list", "Watch what an OPML file or a list of addresses names."),
    "export": ("crawler.cli.sources.files:export", "Write what is watched as OPML or as a list of addresses."),
}


class _Commands(LazyGroup):
    table = COMMANDS


@click.group(cls=_Commands)
def sources() -> None:
    """Add, list, pause or remove what is watched, beside a running daemon or without one.

    Sources of config.yaml are changed there; those added here are kept in the store and the archive's list.
    """
