"""Every command that README.md shows is run here, with loopback addresses in place of the example's."""

from __future__ import annotations

import json
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from crawler.cli import cli
from crawler.cli.errors import Exit, run
from tests.whole import command
from tests.whole.web import NOT_FOUND, Answer, Web, page, rss

HOST, A, B = "127.0.10.1", "127.0.10.2", "127.0.10.3"
README = (command.ROOT / "README.md").read_text()
LINES = [
    line.split("   #")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line.strip()
]


def site(web: Web, name: str):
    def answer(path: str, headers: Mapping[str, str]) -> Answer:
        if path == "/rss.xml":
            return rss([web.url(name, f"/story/{n}") for n in range(5)])
        if path == "/sitemap.xml":
            return Answer(f"<urlset><url><loc>{web.url(name, '/story/1')}</loc></url></urlset>".encode(), kind="text/xml")
        if path == "/politics":
            return Answer(b'<a href="/2026/11/22/a-story-of-some-length-here">A story of some length here</a>')
        return page(path) if re.search(r"stor|\d", path) else NOT_FOUND

    return answer


@pytest.fixture
def web():
    with Web([HOST, A, B], site) as serving:
        yield serving


@pytest.fixture
def folder(tmp_path, web):
    (tmp_path / "page.html").write_bytes(page("A page").body)
    sources = [
        f"feed: {web.url(HOST, '/rss.xml')}",
        f"sitemap: {web.url(HOST, '/sitemap.xml')}",
        f"section: {web.url(HOST, '/politics')}",
    ]
    command.write_config(tmp_path, sources)
    return tmp_path


def local(line: str, web: Web) -> str:
    for shown, address in (("https://news.example.com", HOST), ("https://a.example", A), ("https://b.example", B)):
        line = line.replace(shown, web.url(address, ""))
    return line


def test_the_readme_shows_commands_and_all_of_them_are_known():
    assert len(LINES) >= 8
    known = re.compile(r"\./run (demo|test)$|warraq (fetch|init|config check|run|failures|tail|show|why|retry|doctor)|printf ")
    assert [line for line in LINES if not known.match(line)] == []


@pytest.mark.parametrize("line", [line for line in LINES if line.startswith("warraq fetch")])
def test_a_fetch_of_the_readme_gives_articles(folder, web, line):
    done = command.run(folder, *shlex.split(local(line, web))[1:])
    assert done.returncode == 0, done.stderr
    assert done.stdout


@pytest.mark.parametrize("line", [line for line in LINES if line.startswith("printf")])
def test_a_pipe_of_the_readme_gives_what_jq_is_told_to_take(folder, web, line):
    given, fetching, taking = local(line, web).split(" | ")
    listed = subprocess.run(["sh", "-c", given], capture_output=True, check=True).stdout
    done = command.run(folder, *shlex.split(fetching)[1:], stdin=listed)
    assert done.returncode == 0, done.stderr
    fields = re.findall(r"\.(\w+)", taking)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(records) == 2
    assert all(record[field] for record in records for field in fields)


def test_init_and_check_of_the_readme(tmp_path):
    assert command.run(tmp_path, "init").returncode == 0
    assert (tmp_path / "config.yaml").read_bytes() == (command.ROOT / "config.yaml").read_bytes()
    assert command.run(tmp_path, "config", "check").returncode == 0


def test_the_daemon_of_the_readme_watches_all_three_kinds_and_ends_in_order(folder, web):
    daemon = command.start(folder, "run")
    begun = time.monotonic()
    while len(command.records(folder)) < 6:
        assert daemon.poll() is None
        assert time.monotonic() - begun < 30
        time.sleep(0.1)
    daemon.send_signal(signal.SIGTERM)
    daemon.communicate(timeout=30)
    assert daemon.returncode == 143


def test_the_config_of_the_readme_is_a_config(tmp_path):
    (shown,) = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    (tmp_path / "config.yaml").write_text(shown)
    done = command.run(tmp_path, "config", "check")
    assert done.returncode == 0, done.stderr


def test_run_once_of_the_readme(folder, web):
    assert command.run(folder, "run", "--once").returncode == 0


def test_asking_for_what_is_there_as_the_readme_does(folder, web, monkeypatch, capfd):
    assert command.run(folder, "run", "--once").returncode == 0
    monkeypatch.chdir(folder)
    asked = [line for line in LINES if re.match(r"warraq (failures|show|why|retry|doctor)", line)]
    assert len(asked) == 5
    for line in asked:
        assert run(cli, shlex.split(local(line, web))[1:]) == 0, capfd.readouterr().err
    (piped,) = [line for line in LINES if line.startswith("warraq tail")]
    following, taking = piped.split(" | ", 1)
    tail = command.start(folder, *shlex.split(following)[1:])
    first = json.loads(tail.stdout.readline())
    tail.send_signal(signal.SIGINT)
    tail.communicate(timeout=30)
    assert tail.returncode == 130
    assert re.findall(r"\.(\w+)(?:\.(\w+))?", taking) == [("seq", ""), ("record", "title")]
    assert first["seq"] == 1
    assert first["record"]["title"]


def test_run_without_a_word_lists_all_it_does():
    said = subprocess.run([command.ROOT / "run"], capture_output=True, text=True, check=True).stdout
    for word in ("demo", "test", "check", "torture", "bench"):
        assert f"./run {word}" in said


def test_the_exit_codes_of_the_readme_are_those_of_the_code():
    shown = {int(code) for row in re.findall(r"(?m)^\| ([\d, ]+) \|", README) for code in row.split(",")}
    assert shown <= {int(code) for code in Exit}
    assert {int(code) for code in Exit} - shown <= {Exit.SIGPIPE}


def test_every_file_the_documents_link_to_is_there():
    for document in [Path("README.md"), Path("ARCHITECTURE.md")]:
        for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", (command.ROOT / document).read_text()):
            assert (command.ROOT / link).exists(), f"{document}: {link}"
