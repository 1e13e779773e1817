"""Every command that docs/archive.md shows is run here (other people's tools: tests/torture/test_archive_page.py)."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.whole import command
from tests.whole.web import NOT_FOUND, Answer, Web, page, rss

HOST = "127.0.41.1"
PAGE = (command.ROOT / "docs" / "archive.md").read_text()
LINES = [
    re.split(r"   +# ", line)[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
    if line.strip()
]
OURS = [line for line in LINES if line.startswith("warraq ")]
SHELL = [line for line in LINES if not line.startswith(("warraq ", "warcio "))]


def site(web: Web, name: str):
    def answer(path: str, headers: Mapping[str, str]) -> Answer:
        if path == "/rss.xml":
            return rss([web.url(name, f"/story/{n}") for n in range(5)])
        if path == "/story/4":
            said = "قال الوزير إن الجسر القديم سيفتح أمام المشاة في الربيع، وإن أعمال الترميم تمضي كما خطط لها منذ عام."
            return Answer(f"<html lang=ar dir=rtl><article><h1>الجسر</h1>{f'<p>{said}</p>' * 4}</article></html>".encode())
        return page(path) if path.startswith("/story/") else NOT_FOUND

    return answer


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A crawl that was sealed."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "attic").mkdir()
    with Web([HOST], site) as web:
        command.write_config(folder, [f"feed: {web.url(HOST, '/rss.xml')}"])
        assert command.run(folder, "run", "--once").returncode == 0
        assert command.run(folder, "archive", "seal").returncode == 0
    return folder


def place(folder: Path) -> dict[str, str]:
    """What stands in the page's variables: the first record's capture."""
    (records,) = folder.glob("archive/*/*/*/*.jsonl")
    capture = json.loads(records.read_text().splitlines()[0])["capture"]
    warc = records.with_name(f"{capture['segment']}.warc.gz")
    return {"RECORDS": str(records), "WARC": str(warc), "OFFSET": str(capture["offset"]), "LENGTH": str(capture["length"])}


def sh(folder: Path, line: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(["sh", "-c", line], cwd=folder, env={**os.environ, **place(folder)}, capture_output=True, check=False)
    return subprocess.CompletedProcess(line, done.returncode, done.stdout.decode(), done.stderr.decode())


def test_the_page_shows_what_it_should():
    assert (len(OURS), len(SHELL)) == (9, 10)
    assert {line.split()[1] for line in OURS} == {"verify", "archive"}


def test_each_command_of_ours_does_what_it_is_shown_for(folder):
    for line in OURS:
        done = command.run(folder, *shlex.split(line)[1:])
        assert done.returncode == 0, (line, done.stderr)
        assert done.stdout or done.stderr, line


@pytest.mark.parametrize("line", SHELL)
def test_each_command_of_others_gives_something(folder, line):
    done = sh(folder, line)
    assert (done.returncode, done.stderr) == (0, ""), line
    assert done.stdout.strip(), line


def test_they_give_what_the_page_says(folder):
    found = {line: sh(folder, line).stdout for line in SHELL}

    def of(part: str) -> str:
        (out,) = [out for line, out in found.items() if part in line]
        return out

    assert of("head -c 1000").startswith("WARC/1.1\r\nWARC-Type: warcinfo\r\n")
    assert len(of("WARC-Target-URI").split("\n")) == 8  # five stories, feed, robots.txt
    assert "HTTP/1.1 200 OK" in of("tail -c")
    assert "الجسر القديم" in of('== "ar"')
    assert len(of("@tsv").splitlines()) == 5
    assert of("sha256sum -c").endswith(": OK\n")
    first = json.loads(Path(place(folder)["RECORDS"]).read_text().splitlines()[0])
    assert of("b2sum").split()[0] == first["check"]


def test_every_file_the_page_names_is_there():
    for name in re.findall(r"`((?:tests|docs)/[\w/.]*)`", PAGE):
        assert (command.ROOT / name).exists(), name
