"""docs/outlet.md: what it shows is taken, and means what it says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from crawler.cli import cli
from crawler.config.find import read
from crawler.outlet.signing import signed

PAGE = (Path(__file__).parents[2] / "docs" / "outlet.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_configuration_it_shows_is_one():
    hooks, alerts = (read(block.encode(), "page") for block in blocks("yaml"))
    assert [(hook.command, hook.secret) for hook in hooks.hooks] == [(("./tell.sh", "--quick"), None), ((), "${HOOK_KEY}")]
    assert [(alert.keyword, alert.quiet, alert.failing) for alert in alerts.alerts] == [
        ("بيلاروسيا", None, None),
        (None, 172_800.0, None),
        (None, None, 5),
    ]


def test_a_receiver_that_follows_it_tells_a_genuine_message_from_another():
    told: dict = {}
    (code,) = blocks("python")
    exec(code, told)
    headers = dict(signed("o-1", 1_795_000_000, b"{}", "s3cret"))
    assert told["genuine"](headers, b"{}", "s3cret")
    assert not told["genuine"](headers, b"{ }", "s3cret")
    assert not told["genuine"](headers | {"webhook-timestamp": "1"}, b"{}", "s3cret")


@pytest.mark.parametrize("line", blocks("sh")[0].splitlines())
def test_the_words_it_shows_are_known(line):
    _, name, *words = shlex.split(line, comments=True)
    with click.Context(cli) as ctx:
        command = cli.get_command(ctx, name)
    command.make_parser(click.Context(command)).parse_args(words)
