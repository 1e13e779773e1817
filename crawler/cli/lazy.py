"""A group of commands that is quick to show: a command's module is imported when the command is called."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from importlib import import_module
from types import ModuleType
from typing import ClassVar, cast

import click
from click.shell_completion import CompletionItem

Table = Mapping[str, tuple[str, str]]
"""Name -> where the command is (`module:name`), and its line in the help."""


@contextmanager
def without(name: str) -> Iterator[None]:
    """While it is open a module that isn't loaded yet can't be.

    structlog takes rich along, where it finds it, for traces in colour that we never show: an eighth of a crawl's start, 47 ms.
    """
    if name in sys.modules:
        yield
        return
    sys.modules[name] = cast("ModuleType", None)  # the import system's own sign for it
    try:
        yield
    finally:
        del sys.modules[name]


class LazyGroup(click.Group):
    """Knows its commands by name, place and one line each. To be given a table by a class of its own."""

    table: ClassVar[Table] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of the table: what one needs first stands first."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now; None if there is none."""
        if cmd_name not in self.table:
            return None
        module, _, name = self.table[cmd_name][0].partition(":")
        with without("rich"):
            command = getattr(import_module(module), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{module}:{name} is no command")
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's, but an unknown word is answered with the one that was meant."""
        word = args[0]
        if word not in self.table and not word.startswith("-") and not ctx.resilient_parsing:
            near = get_close_matches(word, self.table, n=1)
            known = f"did you mean {near[0]}?" if near else f"there are {', '.join(self.table)}"
            raise click.UsageError(f"unknown command {word!r} - {known}", ctx)
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The table's names and lines, then what click knows; its own way would import every command."""
        names = [CompletionItem(name, help=line) for name, (_, line) in self.table.items() if name.startswith(incomplete)]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table's lines; click's own way would import every command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in self.table.items()])
