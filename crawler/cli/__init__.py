"""Words -> calls. One lazy group: a command's module is imported when the command is called, so `--help` is quick."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import Final

import click

from crawler.version import VERSION

COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "demo": ("crawler.cli.demo:demo", "Crawl a small newsroom that comes along, and show what was got."),
    "fetch": ("crawler.cli.fetch:fetch", "Fetch feeds, pages, sitemaps or files, once."),
    "run": ("crawler.cli.run:run", "Watch the sources of config.yaml, for years."),
    "init": ("crawler.cli.init:init", "Write a config.yaml to start from."),
    "config": ("crawler.cli.config:config", "Check, show or describe the configuration."),
}
"""Name -> where the command is, and its line in `warraq --help`."""


class LazyGroup(click.Group):
    """Knows its commands by name, place and one line each; imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of the table: what one needs first stands first."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now; None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command = getattr(import_module(module), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{module}:{name} is no command")
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's, but an unknown word is answered with the one that was meant."""
        word = args[0]
        if word not in COMMANDS and not word.startswith("-"):
            near = get_close_matches(word, COMMANDS, n=1)
            known = f"did you mean {near[0]}?" if near else f"there are {', '.join(COMMANDS)}"
            raise click.UsageError(f"unknown command {word!r} - {known}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table's lines; click's own way would import every command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(VERSION, prog_name="warraq")
@click.option("--debug", is_flag=True, expose_value=False, help="Show the trace of an error.")
def cli() -> None:
    """Watch feeds and sites, keep every byte as evidence, and a clean record of each article next to it.

    \b
    warraq demo                                      see it work, offline
    warraq fetch https://news.example.com/rss.xml    a feed's articles, once
    warraq init && warraq run                        watch sources, from now on
    """  # noqa: D301 - click's \b, not a backslash
