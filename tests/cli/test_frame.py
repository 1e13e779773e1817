from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.cli import COMMANDS, cli
from crawler.cli import errors as frame
from crawler.cli.archive import archive
from crawler.cli.errors import Exit, code, run, told
from crawler.cli.options import SpanType
from crawler.config import ConfigError
from crawler.daemon import GaveUp
from crawler.ports import ArchiveError, LocalError, StoreError
from crawler.showing import safe
from crawler.version import VERSION

ROOT = Path(__file__).parent.parent.parent


def raising(error: BaseException) -> click.Command:
    def fail() -> None:
        raise error

    return click.Command("it", callback=fail)


def ended(command: click.Command, capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str]:
    """Its exit code, and what stands on stderr."""
    return run(command, args), capsys.readouterr().err


# --- how each exception ends


@pytest.mark.parametrize(
    ("error", "exit_code", "line"),
    [
        (StoreError("w.db: locked - end the other"), Exit.LOCAL, "warraq: w.db: locked - end the other\n"),
        (ArchiveError("a.warc.gz: torn"), Exit.LOCAL, "warraq: a.warc.gz: torn\n"),
        (LocalError("x"), Exit.LOCAL, "warraq: x\n"),
        (GaveUp("the crawl failed again and again"), Exit.GAVE_UP, "warraq: the crawl failed again and again\n"),
        (
            PermissionError(13, "Permission denied", "/a/b"),
            Exit.LOCAL,
            "warraq: /a/b: Permission denied - give this user the right to it, or choose another place\n",
        ),
        (OSError("what"), Exit.LOCAL, "warraq: what\n"),
        (ConfigError("c.yaml:1:1: a", "c.yaml:2:1: b"), Exit.CONFIG, "c.yaml:1:1: a\nc.yaml:2:1: b\n"),
        (click.UsageError("No such thing."), Exit.USAGE, "warraq: no such thing (warraq --help shows how)\n"),
        (ZeroDivisionError("by 0"), Exit.BUG, "warraq: bug: ZeroDivisionError: by 0; run again with --debug for the trace\n"),
        (ConnectionRefusedError(111, "refused"), Exit.BUG, "run again with --debug for the trace\n"),
        (TimeoutError(), Exit.BUG, "warraq: bug: TimeoutError: ; run again with --debug for the trace\n"),
        (socket.gaierror(-2, "unknown"), Exit.BUG, "run again with --debug for the trace\n"),
        (KeyboardInterrupt(), Exit.SIGINT, ""),
        (click.Abort(), Exit.SIGINT, ""),
        (SystemExit(7), Exit.PARTIAL, ""),
        (click.exceptions.Exit(6), Exit.REMOTE, ""),
    ],
)
def test_every_end_has_a_code_and_at_most_a_line(
    error: BaseException, exit_code: Exit, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ending, said = ended(raising(error), capsys)
    assert ending == exit_code
    assert said.endswith(line)
    assert said.count("\n") == line.count("\n")


def test_a_group_of_errors_ends_as_its_first() -> None:
    group = BaseExceptionGroup("g", [ExceptionGroup("h", [StoreError("s"), ValueError()]), ValueError()])
    assert run(raising(group), []) == Exit.LOCAL


async def test_what_a_task_group_raises_is_told_as_what_the_task_raised(capsys: pytest.CaptureFixture[str]) -> None:
    async def fail() -> None:
        raise ArchiveError("disk")

    def crawl() -> None:
        async def both() -> None:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(fail())

        asyncio.run(both())

    ending = await asyncio.to_thread(run, click.Command("it", callback=crawl), [])
    assert (ending, capsys.readouterr().err) == (Exit.LOCAL, "warraq: disk\n")


@pytest.mark.parametrize(("returned", "exit_code"), [(None, 0), (Exit.PARTIAL, 7), (0, 0)])
def test_what_a_command_returns_is_its_code(returned: int | None, exit_code: int) -> None:
    assert run(click.Command("it", callback=lambda: returned), []) == exit_code


def test_the_trace_is_shown_only_with_debug(capsys: pytest.CaptureFixture[str]) -> None:
    @click.group()
    @click.option("--debug", is_flag=True, expose_value=False)
    def group() -> None:
        pass

    group.add_command(raising(ZeroDivisionError("by 0")), "it")
    assert "Traceback" not in ended(group, capsys, "it")[1]
    for args in (["--debug", "it"], ["it", "--debug"]):
        assert "Traceback" in ended(group, capsys, *args)[1]


def test_debug_behind_two_dashes_is_a_word_like_any_other() -> None:
    heard: list[str] = []
    word = click.Command("it", params=[click.Argument(["text"])], callback=lambda text: heard.extend((text,)))
    assert run(word, ["--", "--debug"]) == 0
    assert heard == ["--debug"]


def test_the_names_in_the_table_are_those_of_classes() -> None:
    for name in frame._CODES:
        module, _, cls = name.rpartition(".")
        assert isinstance(getattr(import_module(module), cls), type)


@pytest.mark.parametrize(
    "error", [StoreError("a\x1b[2J\u202eb\nc"), ValueError("a\x1b[2J\u202eb\nc"), click.UsageError("a\x1b[2J\u202eb\nc")]
)
def test_an_error_can_not_write_on_the_terminal(error: Exception) -> None:
    (line,) = told(error)
    assert "a[2Jb c" in line


def test_the_page_about_exit_codes_has_all_of_them() -> None:
    page = (ROOT / "docs/exit-codes.md").read_text(encoding="utf-8")
    assert {name: int(number) for number, name in re.findall(r"^\| (\d+) \| (\w+) \|", page, flags=re.MULTILINE)} == {
        one.name: one.value for one in Exit
    }


def test_the_nearest_class_tells_the_code() -> None:
    assert code(FileNotFoundError()) is Exit.LOCAL
    assert code(ConnectionResetError()) is Exit.BUG
    assert code(BrokenPipeError()) is Exit.SIGPIPE
    assert code(click.BadParameter("x")) is Exit.USAGE


# --- text from outside


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("سلام", "سلام"),
        ("می‌خواهم", "می‌خواهم"),
        ("a\x1b]0;title\x07b", "a]0;titleb"),
        ("a\x9b31mb", "a31mb"),
        ("a\u202e\u2066b\u2069\u202c", "ab"),
        ("one\r\ntwo\tthree\u2028four", "one two three four"),
        ("\ud800x", "?x"),
    ],
)
def test_text_from_outside_is_shown_and_not_obeyed(text: str, shown: str) -> None:
    assert safe(text) == shown


@given(st.text())
def test_safe_text_is_one_line_that_can_be_written_and_stays_safe(text: str) -> None:
    once = safe(text)
    once.encode()
    assert "\n" not in once
    assert safe(once) == once


# --- the words


def warraq(*args: str, cwd: Path | None = None, stdin: int | None = subprocess.DEVNULL) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "crawler", *args],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=env,
        stdin=stdin,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (["fetsh"], "warraq: unknown command 'fetsh' - did you mean fetch? (warraq --help shows how)"),
        (["qqq"], f"warraq: unknown command 'qqq' - there are {', '.join(COMMANDS)} (warraq --help shows how)"),
        (["archive", "lsit"], "warraq: unknown command 'lsit' - did you mean list? (warraq archive --help shows how)"),
        (["--nix"], "warraq: no such option '--nix' (warraq --help shows how)"),
        (["config", "check", "--qqqq"], "warraq: no such option '--qqqq' (warraq config check --help shows how)"),
        (["init", "a", "b"], "warraq: got unexpected extra argument (b) (warraq init --help shows how)"),
    ],
)
def test_a_word_that_can_not_be_followed_is_told_in_one_line(
    args: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(cli, capsys, *args) == (Exit.USAGE, line + "\n")


def test_without_a_word_the_help_is_shown_and_it_is_a_mistake_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    ending, said = ended(cli, capsys)
    assert ending == Exit.USAGE
    assert "Commands:" in said


def test_help_lists_every_command_with_its_line() -> None:
    found = warraq("--help")
    assert found.returncode == 0
    for name, (_, line) in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(line)}$", found.stdout, flags=re.MULTILINE)


def test_the_version_is_told() -> None:
    assert warraq("--version").stdout == f"warraq, version {VERSION}\n"


@pytest.mark.parametrize(("group", "name"), [(cli, name) for name in COMMANDS] + [(archive, name) for name in archive.table])
def test_a_command_is_found_where_the_table_says(group: click.Group, name: str) -> None:
    with click.Context(group) as ctx:
        command = group.get_command(ctx, name)
    assert command is not None
    assert command.name == name


def test_a_reader_that_goes_away_is_no_error_and_no_trace() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    found = subprocess.run(
        [sys.executable, "-m", "crawler", "config", "schema"],
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    os.close(writing)
    assert (found.returncode, found.stderr) == (Exit.SIGPIPE, "")


def test_ctrl_c_while_modules_are_loaded_leaves_no_trace() -> None:
    loads = """
import os, signal, sys
class Interrupts:
    def find_spec(self, name, *_):
        if name == "crawler.cli.errors":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupts())
from crawler.__main__ import main
"""
    found = subprocess.run([sys.executable, "-c", loads], capture_output=True, text=True, cwd=ROOT, timeout=60, check=False)
    assert (found.returncode, found.stdout, found.stderr) == (-signal.SIGINT, "", "")


def test_a_full_disk_is_told_with_what_to_do() -> None:
    with Path("/dev/full").open("w") as full:
        found = subprocess.run(
            [sys.executable, "-m", "crawler", "config", "schema"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            timeout=60,
            check=False,
        )
    assert found.returncode == Exit.LOCAL
    assert re.fullmatch(r"warraq: No space left on device - make room .*\n", found.stderr)


# --- warraq config


def test_config_check_tells_all_mistakes_with_code_3(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("fetch: {hops: x}\nstore: {group_size: 0}\nlog: {level: loud}\n")
    found = warraq("config", "check", cwd=tmp_path)
    assert found.returncode == Exit.CONFIG
    assert re.findall(r"^config\.yaml:\d+:\d+: ([\w.]+): ", found.stderr, flags=re.MULTILINE) == [
        "fetch.hops",
        "store.group_size",
        "log.level",
    ]


def test_config_check_names_the_file_that_holds(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("fetch: {hops: 1}\nsources: [{feed: https://a.example/}]")
    found = warraq("config", "check", "--config", "mine.yaml", cwd=tmp_path)
    assert (found.returncode, found.stdout) == (0, f"{tmp_path}/mine.yaml: no mistake, 1 source\n")


def test_what_config_show_prints_can_be_used_as_a_file(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("fetch: {hops: 3}")
    shown = warraq("config", "show", cwd=tmp_path).stdout
    (tmp_path / "again.yaml").write_text(shown)
    again = warraq("config", "show", "--config", "again.yaml", cwd=tmp_path).stdout
    assert again.partition("\n")[2] == shown.partition("\n")[2]
    assert "hops: 3" in again


def test_config_schema_prints_json() -> None:
    found = warraq("config", "schema")
    assert found.stdout.startswith('{\n  "$schema": "https://json-schema.org/draft/2020-12/schema"')


# --- what commands have in common


def test_a_span_on_the_command_line_is_written_as_in_the_file() -> None:
    assert SpanType(1, 60).convert("1m", None, None) == 60.0


@pytest.mark.parametrize("text", ["1h", "soon", "0"])
def test_a_span_that_can_not_be_is_a_usage_error(text: str) -> None:
    with pytest.raises(click.UsageError, match=" - "):
        SpanType(1, 60).convert(text, None, None)
