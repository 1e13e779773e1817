"""An archive that can't be written to, as evidence on a disk that is mounted so: all that only reads works there."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from crawler.cli import cli
from crawler.cli.errors import Exit, run
from crawler.cli.options import STORE
from tests.search.shelf import Shelf
from tests.tools import modes_hold, no_file_grows_beyond, read_only

NEW = "https://a.example/feed"


def shelf(folder: Path) -> Shelf:
    """Two articles in the archive of a configuration."""
    (folder / "config.yaml").write_text("archive: {dir: archive, free_least: 0B}\nlog: {level: error}\n")
    (folder / "archive").mkdir()
    made = asyncio.run(Shelf(folder / "archive").make())
    made.add("aaaaaaaaaaaaaaaa", "جسر", "أغلق الجسر القديم")
    made.add("bbbbbbbbbbbbbbbb", "Bridge", "the old bridge closes")
    return made


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    monkeypatch.chdir(tmp_path)
    return shelf(tmp_path)


def called(capfd: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    ended = run(cli, list(words))
    said = capfd.readouterr()
    return ended, said.out, said.err


def clean(archive: Shelf) -> None:
    """No log beside the store, as a crawl leaves it that ended in order."""
    for name in ("-wal", "-shm"):
        archive.store.with_name(f"{STORE}{name}").unlink(missing_ok=True)


def test_modes_hold_for_root_too(tmp_path: Path) -> None:
    (tmp_path / "kept").touch(mode=0o444)
    with modes_hold(), pytest.raises(PermissionError):
        (tmp_path / "kept").open("a")


def test_what_is_indexed_is_found_and_nothing_need_be_said(archive: Shelf, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(cli, ["search", "--reindex"]) == Exit.OK
    clean(archive)
    with read_only(archive.root):
        ended, out, err = called(capfd, "search", "الجسر", "--json")
    assert (ended, [json.loads(line)["id"] for line in out.splitlines()], err) == (Exit.OK, ["aaaaaaaaaaaaaaaa"], "")


def test_what_isnt_indexed_yet_is_told(archive: Shelf, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(cli, ["search", "--reindex"]) == Exit.OK
    archive.add("cccccccccccccccc", "New", "a new bridge")
    clean(archive)
    with read_only(archive.root):
        ended, out, err = called(capfd, "search", "bridge", "--json")
    assert (ended, len(out.splitlines())) == (Exit.OK, 1)
    assert "1 article isn't in the index" in err
    assert "WARRAQ_STORE__PATH" in err


def test_where_no_index_is_it_is_told_what_to_do(archive: Shelf, capfd: pytest.CaptureFixture[str]) -> None:
    clean(archive)
    with read_only(archive.root):
        ended, out, err = called(capfd, "search", "bridge")
    assert (ended, out) == (Exit.LOCAL, "")
    assert "no index" in err
    assert "WARRAQ_STORE__PATH" in err


def test_what_is_told_to_do_works(
    archive: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    clean(archive)
    (tmp_path / "copy.db").write_bytes(archive.store.read_bytes())
    monkeypatch.setenv("WARRAQ_STORE__PATH", "copy.db")
    with read_only(archive.root):
        ended, out, _ = called(capfd, "search", "bridge", "--json")
    assert (ended, len(out.splitlines())) == (Exit.OK, 1)


READING = (
    "sources list",
    "sources health",
    "sources export",
    f"sources show {NEW}",
    "backup saved.tar",
    "status",
    "verify",
    "tail --jsonl",
    "changes",
    "failures",
    f"why {NEW}",
    "alike aaaaaaaaaaaaaaaa",
    "archive list",
    "archive du",
)


@pytest.mark.parametrize("log", ["with a log", "without"])
def test_what_only_reads_reads(archive: Shelf, capfd: pytest.CaptureFixture[str], log: str) -> None:
    assert run(cli, ["sources", "add", NEW, "--kind", "feed"]) == Exit.OK
    assert run(cli, ["status"]) == Exit.OK, "which leaves an empty log"
    if log == "without":
        clean(archive)
    capfd.readouterr()
    with read_only(archive.root):
        ends = {words: called(capfd, *words.split()) for words in READING}
    refused = {words: err for words, (ended, _, err) in ends.items() if ended not in (Exit.OK, Exit.UNHEALTHY)}
    assert not refused


def test_a_log_that_nobody_can_read_on_such_a_disk_is_told(archive: Shelf, capfd: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(archive.store)) as db, db:
        db.execute("UPDATE meta SET value = 'x' WHERE key = 'search_version'")
        log = archive.store.with_name(f"{STORE}-wal").read_bytes()
    clean(archive)
    archive.store.with_name(f"{STORE}-wal").write_bytes(log or b"torn")
    with read_only(archive.root):
        ended, _, err = called(capfd, "status")
    assert ended == Exit.LOCAL
    assert f"{STORE}-wal: what a crawl wrote last is in this log" in err
    assert "WARRAQ_STORE__PATH" in err


def test_a_full_disk_keeps_nobody_from_reading(archive: Shelf, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(cli, ["search", "--reindex"]) == Exit.OK
    archive.add("cccccccccccccccc", "New", "a new bridge")
    clean(archive)
    with no_file_grows_beyond(10_000):  # the index of a log takes 32,768
        ends = {words: called(capfd, *words.split()) for words in ("status", "search bridge --json", "tail --jsonl")}
    assert [ended for ended, _, _ in ends.values()] == [Exit.OK] * 3, ends
    assert "1 article isn't in the index" in ends["search bridge --json"][2]


def test_a_backup_takes_no_pipes_place(archive: Shelf, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / "pipe")
    ended, _, err = called(capfd, "backup", "pipe")
    assert (ended, err) == (Exit.LOCAL, f"warraq: {tmp_path}/pipe: is no file; name one that may be written\n")
    assert (tmp_path / "pipe").is_fifo()


def test_a_disk_without_room_for_a_copy_is_not_taken_for_the_stores(
    archive: Shelf, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small], capture_output=True, check=False)
    if mounted.returncode != 0:
        pytest.skip("a small disk can't be mounted here")
    try:
        ended, _, err = called(capfd, "backup", str(small / "saved.tar"))
        left = list(small.iterdir())
    finally:
        subprocess.run(["umount", "--lazy", small], check=True)
    assert (ended, left) == (Exit.LOCAL, [])
    assert "no room to copy it" in err
