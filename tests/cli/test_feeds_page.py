"""docs/feeds.md: every command it shows is run, in its order."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from crawler.cli import cli
from crawler.cli.errors import Exit, run
from tests.whole.web import NOT_FOUND, Answer, Web, rss

HOST = "127.0.74.1"
PAGE = (Path(__file__).parents[2] / "docs/feeds.md").read_text("utf-8")
LINES = [
    line.split("   #")[0].strip() for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()
]
FRONT = b'<head><link rel=alternate type=application/rss+xml href=/feed></head><nav><a href="/world">W</a></nav>'


def site(web: Web, name: str):
    return lambda path, headers: {"/": Answer(FRONT), "/feed": rss(["/1"])}.get(path, NOT_FOUND)


def test_every_command_of_the_page_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = 'fetch: {allow_private: ["127.0.74.0/24"]}\npoliteness: {delay: 0s}\narchive: {dir: archive}\n'
    (tmp_path / "config.yaml").write_text(text)
    with Web([HOST], site) as web:
        for line in filter(None, LINES):
            here = line.replace("https://paper.example", web.url(HOST, "")).replace("paper.example", web.url(HOST, "/"))
            assert run(cli, shlex.split(here)[1:]) == Exit.OK, line
