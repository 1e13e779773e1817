"""The store is lost; the archive alone gives it back, row by row."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.archive.workers import WorkerLock
from crawler.clock import SystemClock
from crawler.config import load
from crawler.model import WorkerId
from crawler.ports import ArchiveError, StoreError
from crawler.rebuild.order import Report, rebuild
from crawler.store.sqlite import SqliteStore
from tests.whole import command
from tests.whole.web import NOT_FOUND, Answer, Web, page, rss

HOSTS = ["127.0.5.1", "127.0.5.2"]
SAME = "the same words at two addresses"
CANONICAL = b"<link rel=canonical href=/copy-1>"
ROBOTS = b"License: https://terms.example/rsl.xml\nUser-agent: *\nContent-Signal: ai-train=no\nDisallow: /secret\n"
TABLES = ("captures", "payloads", "articles", "versions", "segments")


class Papers:
    """Two papers with all that can happen to a page; `edition` moves on between rounds."""

    def __init__(self) -> None:
        self.edition = 1
        self.tries = 0

    def site(self, web: Web, host: str):
        def answer(path: str, headers: Mapping[str, str]) -> Answer:
            match path:
                case "/robots.txt":
                    return Answer(ROBOTS, kind="text/plain")
                case "/feed":
                    links = ["/edited", "/moved", "/copy-1", "/copy-2", "/missing", "/secret", "/busy", "/gone", "/withdrawn"]
                    return self.feed(web, host, links)
                case "/notes":
                    return self.notes()
                case "/edited":
                    return page(f"Edited, edition {self.edition}", 3)
                case "/withdrawn":
                    return page("Withdrawn", 3) if self.edition == 1 else NOT_FOUND
                case "/moved":
                    return Answer(status=301, headers={"Location": web.url(HOSTS[1], "/target")})
                case "/copy-1" | "/copy-2":
                    return replace(page(SAME, 3), body=page(SAME, 3).body.replace(b"<title>", CANONICAL + b"<title>"))
                case "/target":
                    return page(f"عنوان {host}", 3)
                case "/busy":
                    self.tries += 1
                    return page("Busy", 2) if self.tries > 1 else Answer(b"", status=429, headers={"Retry-After": "1"})
                case _:
                    return NOT_FOUND

        return answer

    def feed(self, web: Web, host: str, paths: list[str]) -> Answer:
        made = rss([web.url(host, path) for path in paths])
        title, entry = f"<title>edition {self.edition}</title>", f"/edited, {self.edition}</title>"
        body = made.body.replace(b"<title>Paper</title>", title.encode()).replace(b"/edited</title>", entry.encode())
        body = body.replace(b"/withdrawn</title>", f"/withdrawn, {self.edition}</title>".encode())
        return Answer(body, kind=made.kind)

    def notes(self) -> Answer:
        text = "A note of some length, with commas, clauses, and an end, that has no page of its own. " * 4
        item = (
            f"<item><title>Note {self.edition}</title><guid>note</guid><description>{text}{self.edition}</description></item>"
        )
        head = '<?xml version="1.0"?><rss version="2.0"><channel><title>Notes</title>'
        return Answer(f"{head}{item}</channel></rss>".encode(), kind="application/rss+xml")


@pytest.fixture(scope="module")
def crawled(tmp_path_factory) -> Path:
    """Two rounds of the daemon and a one-shot, with a small segment size, so that some are sealed and some are not."""
    folder, papers = tmp_path_factory.mktemp("crawled"), Papers()
    with Web(HOSTS, papers.site) as web:
        sources = [f"feed: {web.url(HOSTS[0], '/feed')}", f"feed: {web.url(HOSTS[1], '/notes')}"]
        command.write_config(folder, sources)
        config = folder / "config.yaml"
        config.write_text(config.read_text().replace("{dir: archive,", "{dir: archive, rotate_size: 8KB,"))
        document = folder / "document.txt"
        document.write_text("الميناء القديم\n\n" + "يفتح الميناء أبوابه صباحا، ويعود الصيادون مساء، وتمتلئ السوق بالناس. " * 6)
        for edition in (1, 2):
            papers.edition = edition
            done = command.run(folder, "run", "--once")
            assert done.returncode in (0, 7), done.stderr
        done = command.run(folder, "fetch", str(document), web.url(HOSTS[0], "/copy-2"), web.url(HOSTS[0], "/edited"))
        assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def lost(crawled, tmp_path) -> Path:
    """A copy of it whose store is gone; the old one is beside it, as `kept.db`."""
    folder = tmp_path / "lost"
    shutil.copytree(crawled, folder)
    (folder / "archive/warraq.db").rename(folder / "kept.db")
    return folder


def make_again(folder: Path, *, force: bool = False) -> Report:
    config = load(folder / "config.yaml", {}, folder)
    return asyncio.run(rebuild(config, force=force, now=SystemClock().now()))


def rows(db: Path, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(sql).fetchall()


def table(db: Path, name: str) -> list[tuple]:
    """All rows. Who took over an unsealed segment after its first writer, only the store knew."""
    if name == "segments":
        owner = "CASE state WHEN 3 THEN owner END"
        return rows(
            db, f"SELECT seg_id, {owner}, state, committed, rec_committed, sha256, created_at, sealed_at, uri FROM segments"
        )
    if name == "events":  # numbered from the second in which the store was made
        return sorted(rows(db, "SELECT kind, article_id, n, at FROM events"))
    if name == "articles":  # numbered in the order in which they came
        return sorted((row[1:] for row in rows(db, "SELECT * FROM articles")), key=repr)
    if name == "versions":
        told = rows(db, "SELECT a.article_id, v.* FROM versions AS v JOIN articles AS a ON a.id = v.article")
        return sorted(((article_id, *row) for article_id, _, *row in told), key=repr)
    return sorted(rows(db, f"SELECT * FROM {name}"), key=repr)


def test_the_store_comes_back_row_by_row(lost):
    report = make_again(lost)
    assert report.findings == ()
    old, new = lost / "kept.db", lost / "archive/warraq.db"
    assert {name: table(new, name) for name in TABLES} == {name: table(old, name) for name in TABLES}
    assert rows(new, "SELECT value FROM meta WHERE key = 'archive_id'") == rows(
        old, "SELECT value FROM meta WHERE key = 'archive_id'"
    )
    assert (report.captures, report.articles) == (len(table(old, "captures")), len(table(old, "articles")))
    # whoever tails from a number of the lost store is told of everything again, and of nothing else by that number
    assert rows(new, "SELECT min(seq) FROM events") > rows(old, "SELECT max(seq) FROM events")


def test_the_crawl_that_is_lost_had_all_kinds_of_captures(crawled):
    db = crawled / "archive/warraq.db"
    assert {kind for (kind,) in rows(db, "SELECT kind FROM captures")} >= {1, 2, 5, 6}
    assert {status for (status,) in rows(db, "SELECT status FROM captures")} >= {200, 301, 404, 429}
    assert rows(db, "SELECT 1 FROM captures WHERE revisit_h = h")
    assert rows(db, "SELECT 1 FROM captures WHERE revisit_h <> h")
    assert rows(db, "SELECT 1 FROM articles WHERE version > 1")
    assert rows(db, "SELECT 1 FROM articles WHERE text_hash = ''")
    assert rows(db, "SELECT 1 FROM captures WHERE url LIKE 'urn:%'")
    assert {state for (state,) in rows(db, "SELECT state FROM segments")} >= {1, 3}


def test_what_robots_txt_said_on_reuse_stands_in_the_record_of_each_page(crawled):
    said = {"robots.txt content-signal": "ai-train=no", "robots.txt license": "https://terms.example/rsl.xml"}
    of_the_web = [record for record in command.records(crawled) if record["url"].startswith("http")]
    assert of_the_web
    assert all(record["rights"] == said for record in of_the_web)


def test_an_article_at_two_addresses_is_one_before_and_after(lost):
    make_again(lost)
    listed = [asyncio.run(articles(db)) for db in (lost / "kept.db", lost / "archive/warraq.db")]
    assert listed[0] == listed[1]
    ((first, *others),) = [urls for urls in listed[0] if "/copy-" in urls[0]]
    assert sorted([first[-7:], *(url[-7:] for url in others)]) == ["/copy-1", "/copy-2"]


async def articles(db: Path) -> list[tuple[str, ...]]:
    """The addresses of each article."""
    store = await SqliteStore.open(db)
    try:
        return sorted((listed.url, *listed.aliases) for listed in await store.articles())
    finally:
        await store.close()


def unsealed(folder: Path, end: str) -> Path:
    """The WARC (or `.jsonl`) of the daemon's unsealed segment that has records."""
    warcs = sorted(folder.glob("archive/*/*/*/*-run-*.warc.gz.open"))
    records = [path.with_name(path.name.removesuffix(".warc.gz.open") + ".jsonl") for path in warcs]
    found = [pair for pair in zip(warcs, records, strict=True) if pair[1].stat().st_size]
    return found[-1][0 if end == "warc" else 1]


def test_made_twice_it_is_the_same_and_the_first_one_lies_beside_it(lost):
    make_again(lost)
    new = lost / "archive/warraq.db"
    once = {name: table(new, name) for name in (*TABLES, "seen", "events", "robots")}
    with pytest.raises(StoreError, match="--force"):
        make_again(lost)
    again = make_again(lost, force=True)
    assert {name: table(new, name) for name in (*TABLES, "seen", "events", "robots")} == once
    assert again.moved_to == f"{new}.bak"
    assert table(Path(again.moved_to), "captures") == once["captures"]


def test_while_somebody_works_in_the_archive_its_store_is_left_alone(lost):
    with WorkerLock.take(lost / "archive", WorkerId("run-alive")), pytest.raises(ArchiveError, match="run-alive works in it"):
        make_again(lost)
    assert not (lost / "archive/warraq.db").exists()


def test_the_next_crawl_asks_for_the_sources_and_for_no_page_again(crawled, tmp_path):
    papers = Papers()
    with Web(HOSTS, papers.site) as web:
        command.write_config(tmp_path, [f"feed: {web.url(HOSTS[0], '/feed')}", f"feed: {web.url(HOSTS[1], '/notes')}"])
        assert command.run(tmp_path, "run", "--once").returncode in (0, 7)
        (tmp_path / "archive/warraq.db").unlink()
        make_again(tmp_path)
        before = len(web.hits)
        done = command.run(tmp_path, "run", "--once")
        assert done.returncode in (0, 7), done.stderr
        asked = web.hits[before:]
    assert sorted(f"{hit.host}{hit.path}" for hit in asked) == [f"{HOSTS[0]}/feed", f"{HOSTS[1]}/notes"]
    assert not [hit for hit in asked if {"if-none-match", "if-modified-since"} & hit.headers.keys()]
    assert command.rows(tmp_path, "SELECT count(*) FROM entries WHERE key LIKE '%/edited'") == [(1,)]


def test_torn_ends_are_cut_and_kept_beside(lost):
    old = lost / "kept.db"
    for end in ("warc", "jsonl"):
        path = unsealed(lost, end)
        whole = path.read_bytes()
        path.write_bytes(whole + whole[: len(whole) // 3][-50:])
    report = make_again(lost)
    assert report.findings == ()
    assert table(lost / "archive/warraq.db", "captures") == table(old, "captures")
    for end in ("warc", "jsonl"):
        path = unsealed(lost, end)
        assert path.with_name(f"{path.name}.torn-1").stat().st_size == 50


def test_a_visit_that_is_cut_within_is_left_out_as_a_whole(lost):
    path = unsealed(lost, "warc")
    path.write_bytes(path.read_bytes()[:-30])
    make_again(lost)
    new, old = lost / "archive/warraq.db", lost / "kept.db"
    kept, had = ({row[:7] for row in table(db, "captures")} for db in (new, old))
    assert kept < had
    (size,) = [row[3] for row in table(new, "segments") if row[0] == path.name.partition(".")[0]]
    assert path.stat().st_size == size


def test_a_page_whose_line_is_missing_is_read_by_the_next_crawl(lost):
    path = unsealed(lost, "jsonl")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]) + lines[-1][:40])
    report = make_again(lost)
    assert report.waiting == 1
    config = (lost / "config.yaml").read_text()
    (lost / "config.yaml").write_text(config.partition("sources:")[0] + "sources: [{feed: 'http://127.0.5.9:1/none'}]\n")
    done = command.run(lost, "run", "--once")
    assert done.returncode == 7, done.stderr
    assert command.rows(lost, "SELECT count(*) FROM captures WHERE extracted = 0") == [(0,)]
    texts = "SELECT a.article_id, v.text_hash FROM versions AS v JOIN articles AS a ON a.id = v.article"
    assert sorted(command.rows(lost, texts)) == sorted(rows(lost / "kept.db", texts))


ONE_ARTICLE = """
    SELECT seg_id, off + len / 2 FROM captures AS c
    WHERE kind = 2 AND extracted = 1 AND revisit_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM captures AS r WHERE r.revisit_host = c.host_id AND r.revisit_h = c.h AND r.revisit_at = c.fetched_at
    )
    ORDER BY fetched_at DESC LIMIT 1
"""


def test_a_damaged_record_costs_itself_and_is_told(lost):
    ((segment, place),) = rows(lost / "kept.db", ONE_ARTICLE)
    (path,) = lost.glob(f"archive/*/*/*/{segment}.warc.gz*")
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    report = make_again(lost)
    of_records, of_warc = sorted(report.findings, key=lambda finding: finding.file)
    assert (of_warc.file, of_warc.offset is not None) == (str(path), True)
    assert "isn't in the archive" in of_records.what
    assert set(table(lost / "archive/warraq.db", "captures")) < set(table(lost / "kept.db", "captures"))


def test_where_there_is_nothing_nothing_is_made(tmp_path):
    command.write_config(tmp_path, [])
    (tmp_path / "archive").mkdir()
    with pytest.raises(ArchiveError, match="no segments"):
        make_again(tmp_path)
    assert list((tmp_path / "archive").iterdir()) == []


def test_a_log_left_by_the_lost_store_is_not_taken_for_the_new_ones(lost):
    (lost / "archive/warraq.db-wal").write_bytes(b"of another file")
    make_again(lost)
    assert (lost / "archive/warraq.db.bak-wal").read_bytes() == b"of another file"
    assert not (lost / "archive/warraq.db-wal").exists()
