"""Whatever stdin, stdout and stderr are, a command ends as it says it does."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from crawler.cli.errors import Exit, run
from crawler.cli.streams import Enduring
from tests.whole.command import environment


@pytest.mark.parametrize(
    ("words", "ended", "said"),
    [
        ("config schema >&-", Exit.LOCAL, "warraq: Bad file descriptor - stdin or stdout is closed"),
        ("config check <&- 2>&-", Exit.OK, ""),
        ("config schema >/dev/full", Exit.LOCAL, "warraq: No space left on device - make room"),
        ("nonsense 2>/dev/full", Exit.USAGE, ""),
        ("nonsense 2>&-", Exit.USAGE, ""),
    ],
)
def test_the_exit_code_is_the_commands_own(tmp_path: Path, words: str, ended: Exit, said: str) -> None:
    found = subprocess.run(
        f"{sys.executable} -m crawler {words}",
        shell=True,
        cwd=tmp_path,
        env={**environment(tmp_path), "PYTHONUNBUFFERED": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert found.returncode == ended
    assert found.stderr.startswith(said)
    assert len(found.stderr.splitlines()) == bool(said)


def test_a_log_that_finds_no_room_loses_lines_and_ends_nothing() -> None:
    with Enduring("/dev/full", "w") as full:
        assert full.write(b"line\n") == 5


def test_a_log_that_nobody_reads_any_more_is_an_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with Enduring(writing, "w") as pipe, pytest.raises(BrokenPipeError):
        pipe.write(b"line\n")


@pytest.mark.parametrize("wanted", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_who_wants_it_plain_gets_it_plain(monkeypatch: pytest.MonkeyPatch, wanted: dict[str, str]) -> None:
    for name, value in wanted.items():
        monkeypatch.setenv(name, value)

    @click.command
    def bold() -> None:
        click.echo(click.style("x", bold=True), file=Terminal())

    written: list[str] = []

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

        def write(self, text: str) -> int:
            written.append(text)
            return len(text)

    assert run(bold, []) == Exit.OK
    assert "".join(written) == "x\n"
