"""docs/using.md: each command that it shows is run, on what the demo leaves."""

from __future__ import annotations

import re
import shlex
import signal
import sqlite3
from contextlib import closing

import pytest

from tests.whole import command

PAGE = (command.ROOT / "docs" / "using.md").read_text()
LINES = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines() if line.strip()]
OURS = re.compile(r"warraq (archive redact|replay|export|import) ")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("using")
    assert command.run(folder, "demo", "-o", "archive").returncode == 0
    (folder / "config.yaml").write_text("archive: {dir: archive}\n")
    return folder


def test_the_commands_of_the_page_do_what_they_say(folder):
    """In this order: what is imported was exported before, and what is redacted isn't there afterwards."""
    with closing(sqlite3.connect(folder / "archive" / "warraq.db")) as db:
        url, title = db.execute("SELECT url, title FROM articles WHERE language = 'en' ORDER BY url").fetchone()
    wanted = [line for line in LINES if OURS.match(line)]
    redact = [line for line in wanted if "redact" in line]
    for line in [*(line for line in wanted if line not in redact and "replay" not in line), *redact]:
        words = shlex.split(line.replace("$PAGE", url))[1:]
        done = command.run(folder, *words)
        assert done.returncode == 0, (line, done.stderr)
    assert {path.name for path in (folder / "handover").iterdir()} == {"warraq.wacz", "export.json"}
    assert "was exported to" in done.stderr
    assert title.encode() not in (folder / "archive" / "warraq.db").read_bytes()
    checked = command.run(folder, "verify", "--deep")
    assert (checked.returncode, checked.stdout) == (0, "")


def test_the_replay_of_the_page_says_where_it_is_and_ends_on_a_signal(folder):
    server = command.start(folder, "replay", "--port", "0")
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+\n", server.stdout.readline().decode())
    server.send_signal(signal.SIGTERM)
    out, err = server.communicate(timeout=10)
    assert (server.returncode, out, err) == (0, b"", b"")


@pytest.mark.parametrize("words", ["archive redact x --reason y --yes", "replay", "export wacz out", "export csv out"])
def test_without_an_archive_one_line_says_so(tmp_path, words):
    (tmp_path / "config.yaml").write_text("archive: {dir: archive}\n")
    done = command.run(tmp_path, *words.split())
    assert done.returncode == 4
    assert len(done.stderr.splitlines()) == 1
    assert "store" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["config.yaml"]


def test_every_file_the_page_names_is_there():
    for name in re.findall(r"`((?:tests|docs)/[\w/.]*)`", PAGE):
        assert (command.ROOT / name).exists(), name
