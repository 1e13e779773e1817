"""What a round leaves out, it tells: what kills the crawl that asks for it, and whose host wants to be left alone."""

from __future__ import annotations

import contextlib
import io
import json
import sqlite3
from pathlib import Path

import pytest

from crawler.cli import cli
from crawler.cli.errors import Exit, run
from tests.whole import command

FEED = "http://127.0.43.1:81/feed"  # where nobody answers


def called(*words: str) -> tuple[int, str]:
    """A command in this process: its end, and what it said."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        return run(cli, list(words)), said.getvalue()


def as_if_killed_over_it(folder: Path, times: int) -> None:
    with contextlib.closing(sqlite3.connect(folder / "archive" / "warraq.db")) as db, db:
        db.execute("UPDATE queue SET leases = ?", (times,))


@pytest.fixture
def feared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A source that is due, and over which ten crawls were killed."""
    monkeypatch.chdir(tmp_path)
    command.write_config(tmp_path, [f"feed: {FEED}"])
    called("run", "--once")
    assert called("sources", "poll", FEED)[0] == Exit.OK
    as_if_killed_over_it(tmp_path, 10)
    return tmp_path


def test_a_round_that_puts_a_source_off_says_which_and_why_and_till_when(feared: Path) -> None:
    ended, said = called("run", "--once")
    lines = [json.loads(line) for line in said.splitlines()]
    (told,) = [line for line in lines if line["event"] == "put_off"]
    assert ended == Exit.PARTIAL
    assert (told["level"], told["url"], told["kind"]) == ("warning", FEED, "feed")
    assert "10 times" in told["detail"]
    assert "warraq sources poll" in told["hint"]
    assert told["until"] > lines[-1]["timestamp"]
    assert lines[-1]["visits"] == 0


def test_what_was_put_off_says_so_when_it_is_asked_why(feared: Path) -> None:
    called("run", "--once")
    _, said = called("why", FEED)
    assert "crawls were killed" in said
    assert f"`warraq sources poll {FEED}`" in said


def test_what_was_put_off_is_asked_for_where_somebody_wants_it(feared: Path) -> None:
    called("run", "--once")
    assert called("sources", "poll", FEED)[0] == Exit.OK
    _, said = called("run", "--once")
    assert '"event": "put_off"' not in said
    assert json.loads(said.splitlines()[-1])["visits"] > 0


def test_a_round_that_leaves_a_host_alone_says_which_source_waits_and_till_when(feared: Path) -> None:
    as_if_killed_over_it(feared, 0)
    with contextlib.closing(sqlite3.connect(feared / "archive" / "warraq.db")) as db, db:
        db.execute("UPDATE hosts SET polite_at = ?", (4 * 10**12,))  # as after `Retry-After`
    ended, said = called("run", "--once")
    (told,) = [line for line in map(json.loads, said.splitlines()) if line["event"] == "rests"]
    assert ended == Exit.PARTIAL
    assert (told["url"], told["until"]) == (FEED, "2096-10-02T07:06:40.000Z")
