"""docs/operating.md: its commands are known and run, its tables are those of the code."""

from __future__ import annotations

import re
import shlex

import pytest

from crawler.cli import cli
from crawler.cli.errors import run
from crawler.config.find import read
from crawler.health import NAMES
from tests.whole import command

PAGE = (command.ROOT / "docs" / "operating.md").read_text()
LINES = [
    line.split("   #")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
    if line.strip()
]
SYSTEM = ("sudo ", "systemctl ", "journalctl ", "curl ")
OURS = sorted({found for line in LINES for found in re.findall(r"warraq \w+ [^|>']*--config [^ |>']+", line)})


def test_each_command_is_ours_or_the_systems():
    assert [line for line in LINES if not line.startswith(("warraq ", *SYSTEM))] == []
    assert "sudo warraq init" in LINES


@pytest.mark.parametrize("line", OURS)
def test_a_command_of_ours_does_what_it_says(tmp_path, capsys, line):
    (tmp_path / "config.yaml").write_text(f"archive: {{dir: {tmp_path}/archive}}\n")
    words = shlex.split(line.replace("/etc/warraq", str(tmp_path)))[1:]
    code = run(cli, words)
    said = capsys.readouterr()
    assert code == (4 if words[0] == "status" else 0), said.err  # no store was begun here
    assert "--help shows how" not in said.err


def test_the_config_that_is_shown_can_be_used():
    (shown,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    found = read(shown.encode(), "shown")
    assert len(found.alerts) == 2


def test_every_ailment_stands_there():
    assert re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE) == list(NAMES)


def test_what_it_links_to_is_there():
    for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", PAGE):
        assert (command.ROOT / "docs" / link).exists(), link
    for name in re.findall(r"docs/\w+\.md", PAGE):
        assert (command.ROOT / name).exists(), name
