"""docs/using.md: each command that it shows is run, on a small archive."""

from __future__ import annotations

import re
import shlex
import signal
from pathlib import Path

import pytest

from crawler.cli import cli
from crawler.cli.errors import Exit, run
from tests.archive.kept import ARTICLE
from tests.archive.samples import PAGE
from tests.takedown.test_carrying import WORDS, contents, looked
from tests.tools import read_only
from tests.whole import command

TEXT = (command.ROOT / "docs" / "using.md").read_text()
LINES = [line for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL) for line in block.splitlines() if line.strip()]
OURS = [line for line in LINES if re.match(r"warraq (archive redact|export|import) ", line)]


@pytest.fixture
def folder(root) -> Path:
    return root.parent


def said(folder: Path, line: str) -> int:
    """Run a line in this process, which is quicker, with its paths made absolute."""
    words = shlex.split(line.replace("$PAGE", PAGE))[1:]
    at = {"export": 2, "import": 2}.get(words[0])
    words = [str(folder / word) if at == number else word for number, word in enumerate(words)]
    return run(cli, [*words, "--config", str(folder / "config.yaml")])


def test_the_commands_of_the_page_do_what_they_say(folder, capfd):
    """In this order: what is imported was exported before, and what is redacted isn't there afterwards."""
    redact = [line for line in OURS if "redact" in line]
    assert ARTICLE.title
    for line in [*(line for line in OURS if line not in redact), *redact]:
        assert said(folder, line) == Exit.OK, (line, capfd.readouterr().err)
    assert {path.name for path in (folder / "handover").iterdir()} == {"warraq.wacz", "export.json"}
    assert "was exported to" in capfd.readouterr().err
    assert [word for word in WORDS if word in contents(folder / "archive")] == []
    assert looked(folder / "archive") == []


def test_the_replay_of_the_page_says_where_it_is_and_ends_on_a_signal(folder):
    server = command.start(folder, "replay", "--port", "0")
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+\n", server.stdout.readline().decode())
    server.send_signal(signal.SIGTERM)
    out, err = server.communicate(timeout=10)
    assert (server.returncode, out, err) == (0, b"", b"")


@pytest.mark.parametrize("words", ["archive redact x --reason y --yes", "replay", "export wacz out", "export csv out"])
def test_without_an_archive_one_line_says_so(tmp_path, words, capfd):
    (tmp_path / "config.yaml").write_text("archive: {dir: archive}\n")
    assert said(tmp_path, f"warraq {words}") == Exit.LOCAL
    out = capfd.readouterr()
    assert out.out == ""
    assert len(out.err.splitlines()) == 1
    assert "store" in out.err
    assert [path.name for path in tmp_path.iterdir()] == ["config.yaml"]


@pytest.mark.parametrize("form", ["jsonl", "wacz"])
def test_an_archive_that_cannot_be_written_is_given_away(folder, form, capfd):
    with read_only(folder / "archive"):
        assert said(folder, f"warraq show {PAGE}") == Exit.OK
        assert said(folder, f"warraq export {form} given --query {WORDS[0]}") == Exit.LOCAL  # it has no index yet
        assert said(folder, f"warraq export {form} given") == Exit.OK, capfd.readouterr().err
    assert "no takedown will name this export" in capfd.readouterr().err
    assert (folder / "given" / "export.json").exists()


def test_every_file_the_page_names_is_there():
    for name in re.findall(r"`((?:tests|docs)/[\w/.]*)`", TEXT):
        assert (command.ROOT / name).exists(), name
