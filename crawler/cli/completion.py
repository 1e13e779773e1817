"""`warraq completion`: what a shell must be told so that Tab completes our words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import click
from click.shell_completion import get_completion_class, shell_complete

VARIABLE: Final = "_WARRAQ_COMPLETE"
"""Set by the shell when it asks what may come next."""
SHELLS: Final = ("bash", "zsh", "fish")


@click.command(
    epilog="""\b
Examples:
  warraq completion bash > ~/.local/share/bash-completion/completions/warraq
  warraq completion zsh > "${fpath[1]}/_warraq"
  warraq completion fish > ~/.config/fish/completions/warraq.fish"""
)
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print what makes Tab complete commands and options in bash (4.4 or newer), zsh or fish."""
    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"{shell}: this click knows no such shell")
    # Made of its template, not by `source()`: that starts a bash to see how old it is.
    maker = found(click.Command("warraq"), {}, "warraq", VARIABLE)
    click.echo(maker.source_template % maker.source_vars())


def asked(env: Mapping[str, str]) -> str | None:
    """What a shell asks of us (`bash_complete`); None: it is no shell that calls."""
    return env.get(VARIABLE) or None


def answer(command: click.Command, question: str) -> int:
    """Tell the shell what may come next."""
    return shell_complete(command, {}, "warraq", VARIABLE, question)
