"""What is archived read anew; a store backed up and put back."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import tarfile
from collections import Counter
from contextlib import aclosing
from pathlib import Path

import pytest

from crawler.archive import marks
from crawler.archive.inventory import take_stock
from crawler.backup import BackupError, backup, restore
from crawler.clock import SystemClock
from crawler.config import Config, load
from crawler.parse.pool import ParserPool
from crawler.parse.process import ParserError
from crawler.ports import StoreError
from crawler.reparse.order import Done, reparse
from crawler.reparse.segment import Reader, Shelf
from tests.whole import command
from tests.whole.test_rebuilding import HOSTS, TABLES, Papers, rows, table
from tests.whole.web import Web


@pytest.fixture(scope="module")
def sealed(tmp_path_factory) -> Path:
    """Two editions of a paper, each in segments of its own, and all of them sealed."""
    folder, papers = tmp_path_factory.mktemp("sealed"), Papers()
    with Web(HOSTS, papers.site) as web:
        command.write_config(folder, [f"feed: {web.url(HOSTS[0], '/feed')}", f"feed: {web.url(HOSTS[1], '/notes')}"])
        config = folder / "config.yaml"
        config.write_text(config.read_text().replace("{dir: archive,", "{dir: archive, rotate_size: 4KB,"))
        for edition in (1, 2):
            papers.edition = edition
            done = command.run(folder, "run", "--once")
            assert done.returncode in (0, 7), done.stderr
            (folder / f"backup-{edition}").mkdir()
            shutil.copy(folder / "archive/warraq.db", folder / f"backup-{edition}")
        assert command.run(folder, "fetch", web.url(HOSTS[0], "/copy-2")).returncode == 0
        done = command.run(folder, "archive", "seal")
        assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def paper(sealed, tmp_path) -> Path:
    return shutil.copytree(sealed, tmp_path / "paper")


def config_of(folder: Path) -> Config:
    return load(folder / "config.yaml", {}, folder)


def read_anew(folder: Path, since: int | None = None) -> list[Done]:
    done: list[Done] = []
    asyncio.run(reparse(config_of(folder), since=since, tell=done.append))
    return done


def texts(path: Path) -> list[tuple]:
    return sorted((line["id"], line["text"], line["published"], line["capture"]["offset"]) for line in lines(path))


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_the_same_extractor_says_the_same_again_of_every_capture(paper):
    done = read_anew(paper)
    assert {change for one in done for change in one.changes} == {"unchanged"}
    assert [one.lost for one in done] == [0] * len(done)
    for one in done:
        new = Path(one.file)
        assert new.name == f"{one.segment}.r1.jsonl"
        assert texts(new) == texts(new.with_name(f"{one.segment}.jsonl"))
        assert all(marks.holds(line) for line in new.read_bytes().splitlines(keepends=True))
    assert sum(one.records for one in done) == len(command.rows(paper, "SELECT 1 FROM versions WHERE rec_len > 0")) + 1


def test_what_differs_is_counted_against_the_newest_records(paper):
    (path, *_) = sorted(paper.glob("archive/*/*/*/*.jsonl"), key=lambda path: -path.stat().st_size)
    first, second, *rest = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first.replace(b'"text":"', b'"text":"more ') + second.partition(b',"text"')[0] + b"\n" + b"".join(rest))
    changes = {one.segment: one.changes for one in read_anew(paper)}[path.stem]
    assert Counter(changes) == Counter({"changed": 1, "new": 1, "unchanged": len(rest)})
    changes = {one.segment: one.changes for one in read_anew(paper)}[path.stem]
    assert changes == {"unchanged": len(rest) + 2}
    assert path.with_name(f"{path.stem}.r2.jsonl").exists()


def test_only_segments_with_answers_since_a_time_are_read(paper):
    ends = sorted(json.loads(line)["last"] for line in (paper / "archive/manifest.jsonl").read_text().splitlines())
    (newest,) = command.rows(paper, "SELECT max(fetched_at) FROM captures WHERE extracted < 2")
    assert 0 < len(read_anew(paper, newest[0])) < len(ends)
    assert read_anew(paper, SystemClock().now() + 1000) == []


def test_where_no_parser_can_be_started_it_is_said_and_all_ends(paper):
    async def read() -> None:
        sealed = take_stock(paper / "archive").found
        pool = ParserPool(workers=2, command=[sys.executable, "-c", "raise SystemExit(3)"])
        reader = Reader(pool, Shelf(sealed=sealed), batch=1, width=3)
        try:
            async with (
                asyncio.timeout(20),
                aclosing(reader.records(max(sealed, key=lambda one: one.listed.records))) as records,
            ):
                async for _ in records:
                    pass
        finally:
            await pool.close()

    with pytest.raises(ParserError, match="exit 3"):
        asyncio.run(read())


def test_the_command_tells_what_it_did_and_that_the_catalog_stays(paper):
    before = table(paper / "archive/warraq.db", "articles")
    done = command.run(paper, "reparse", "--since", "1h")
    assert (done.returncode, done.stderr) == (0, "")
    assert "unchanged" in done.stdout
    assert "nothing of it was changed" in done.stdout
    assert table(paper / "archive/warraq.db", "articles") == before
    assert command.run(paper, "reparse", "--since", "yesterday").returncode == 2


def test_a_backup_put_back_is_the_store_as_it_was(paper):
    path = paper / "archive/warraq.db"
    made = command.run(paper, "backup", "kept.tar")
    assert (made.returncode, made.stderr) == (0, "")
    with tarfile.open(paper / "kept.tar") as tar:
        assert tar.getnames() == ["list.json", "manifest.jsonl", "warraq.db"]
        listed = json.load(tar.extractfile("list.json"))
    assert {one["sha256"] for one in listed["sealed"]} == {row[0].hex() for row in rows(path, "SELECT sha256 FROM segments")}
    before = {name: table(path, name) for name in (*TABLES, "queue", "seen", "sources", "entries", "events")}
    path.unlink()
    done = command.run(paper, "restore", "kept.tar")
    assert (done.returncode, done.stderr) == (0, "")
    assert {name: table(path, name) for name in before} == before


def test_what_the_archive_got_after_a_backup_is_taken_in(paper):
    path = paper / "archive/warraq.db"
    whole = {name: table(path, name) for name in TABLES}
    path.rename(paper / "newest.db")
    shutil.copy(paper / "backup-1/warraq.db", path)
    backup(config_of(paper), paper / "old.tar", 1_795_332_068_123)
    done = asyncio.run(restore(config_of(paper), paper / "old.tar", force=True))
    assert done.findings == ()
    assert done.made_at == "2026-11-22T07:21:08.123Z"
    assert done.newer
    assert {name: table(path, name) for name in TABLES} == whole
    assert not command.rows(paper, "SELECT 1 FROM sources WHERE w_at IS NOT NULL")
    events = "SELECT kind, article_id, n FROM events"
    assert sorted(rows(path, events)) == sorted(rows(paper / "newest.db", events))


def test_an_existing_store_is_not_replaced_without_being_told_to(paper):
    backup(config_of(paper), paper / "kept.tar", 0)
    with pytest.raises(StoreError, match="--force"):
        asyncio.run(restore(config_of(paper), paper / "kept.tar", force=False))


def flipped(data: bytes) -> bytes:
    at = data.index(b"SQLite format 3") + 5_000
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda data: b"no tar", flipped])
def test_a_damaged_backup_changes_nothing(paper, damage):
    backup(config_of(paper), paper / "kept.tar", 0)
    (paper / "kept.tar").write_bytes(damage((paper / "kept.tar").read_bytes()))
    before = table(paper / "archive/warraq.db", "captures")
    with pytest.raises(BackupError):
        asyncio.run(restore(config_of(paper), paper / "kept.tar", force=True))
    assert table(paper / "archive/warraq.db", "captures") == before
    assert not list(paper.glob("archive/*.bak"))


def test_the_commands_of_the_page_do_what_it_says(paper):
    page = (command.ROOT / "docs/recovery.md").read_text()
    shown = page.partition("```sh\n")[2].partition("```")[0].splitlines()
    words = [line.partition("#")[0].split() for line in shown]
    assert [line[:2] for line in words] == [["warraq", name] for name in ("backup", "restore", "archive", "reparse")]
    done = [command.run(paper, *line[1:]) for line in words]
    assert [(one.returncode, one.stderr) for one in done] == [(0, "")] * len(words)
    assert command.run(paper, "verify", "--deep").returncode == 0
