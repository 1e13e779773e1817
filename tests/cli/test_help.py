"""Every command's help has examples, and what they show are words it knows."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import click
import pytest

from crawler.cli import COMMANDS, cli

SHELLS_OWN = {"|", "&&", "||", ">", "<", ";"}


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield " ".join(path), command
        return
    with click.Context(command) as ctx:
        for name in command.list_commands(ctx):
            found = command.get_command(ctx, name)
            assert found is not None
            yield from leaves(found, (*path, name))


ALL = dict(leaves(cli))


def examples(command: click.Command) -> list[str]:
    said = re.sub(r"\x08", "", command.epilog or "")
    lines = [line.strip().removeprefix("Example:").strip() for line in said.splitlines()]
    return [line for line in lines if "warraq " in line]


@pytest.mark.parametrize("name", ALL)
def test_a_command_has_examples_and_says_what_its_options_are_for(name):
    command = ALL[name]
    assert examples(command), f"warraq {name} --help has no example"
    assert command.help
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, f"warraq {name} {option.opts[0]} says nothing"


@pytest.mark.parametrize(("name", "line"), [(name, line) for name, command in ALL.items() for line in examples(command)])
def test_an_example_uses_words_that_are_known(name, line):
    words = shlex.split(line, comments=True)
    first = [at for at, before in enumerate(["&&", *words]) if before in SHELLS_OWN or "=" in before]
    called = [words[at + 1 :] for at in first if words[at : at + 1] == ["warraq"]]
    assert any(" ".join(call).startswith(name) for call in called), f"{line} doesn't show warraq {name}"
    for call in called:
        understood(call)


def understood(words: list[str]) -> None:
    """Go down to the command; its options must be its own. Raises click's usage error else."""
    end = next((at for at, word in enumerate(words) if word in SHELLS_OWN), len(words))
    words = [word for word in words[:end] if not word.startswith((">", "2>"))]
    command: click.Command = cli
    while isinstance(command, click.Group):
        with click.Context(command) as ctx:
            found = command.get_command(ctx, words.pop(0))
        assert found is not None, words
        command = found
    command.make_parser(click.Context(command)).parse_args(words)


def test_the_lines_in_the_list_are_short_enough_for_a_terminal():
    assert [name for name, (_, line) in COMMANDS.items() if len(name) + len(line) > 90] == []
