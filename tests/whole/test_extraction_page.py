"""Every command that docs/extraction.md shows is run here, and its rule is one."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from crawler.config.rules import read_file
from crawler.layout import KINDS
from tests.whole import command

PAGE = (command.ROOT / "docs" / "extraction.md").read_text("utf-8")
LINES = [
    re.split(r"   +# ", line)[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
    if line.strip()
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a page, a store, and an empty folder of rules."""
    folder = tmp_path_factory.mktemp("page")
    shutil.copy(command.ROOT / "tests" / "extraction" / "pages" / "english.html", folder / "story.html")
    story = (folder / "story.html").read_text("utf-8")
    (folder / "copy.html").write_text(story.replace("Millbrook opens a market", "A market in Millbrook"), "utf-8")
    (folder / "rules").mkdir()
    command.write_config(folder, [])
    assert command.run(folder, "fetch", "-q", "story.html", "copy.html").returncode == 0
    return folder


@pytest.mark.parametrize("line", LINES, ids=lambda line: " ".join(line.split()[1:3]))
def test_a_command_that_is_shown_works(line: str, folder: Path) -> None:
    words = " ".join(command.COMMAND)
    done = subprocess.run(
        ["sh", "-c", line.replace("warraq", words, 1)],
        cwd=folder,
        env=command.environment(folder),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()


def test_a_story_under_another_title_is_alike(folder: Path) -> None:
    found = command.run(folder, "alike", "--json").stdout.splitlines()
    assert [sorted(one["title"][:8] for one in json.loads(line)) for line in found] == [["A market", "Millbroo"]]
    one, other = sorted(one["article_id"] for one in json.loads(found[0]))
    told = command.run(folder, "alike", one).stdout.splitlines()
    assert told[0].startswith("2 articles: ")
    assert sorted(line.split()[0] for line in told[1:]) == [one, other]


def test_the_rule_that_is_shown_is_one(tmp_path: Path) -> None:
    (shown,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "paper.yaml").write_text(shown, "utf-8")
    (rule,) = read_file(tmp_path / "paper.yaml")
    assert (rule.host, rule.body, rule.date) == ("paper.example", (".story-text", "article"), ("time.posted@datetime",))


def test_the_kinds_of_lines_that_are_named_are_all_there_are() -> None:
    (named,) = re.findall(r"`p\*3 h2 li\*2 quote row\*4` \((.*?)\)", PAGE)
    words = set(re.findall(r"`(\w+)`", named))
    assert words | {f"h{level}" for level in range(1, 7)} == KINDS
