"""The store is lost; the archive alone gives it back, row by row."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from crawler.archive.workers import WorkerLock
from crawler.clock import SystemClock
from crawler.config import load
from crawler.model import WorkerId
from crawler.ports import ArchiveError, StoreError
from crawler.rebuild.order import Report, rebuild
from tests.whole import command
from tests.whole.web import NOT_FOUND, Answer, Web, page, rss

HOSTS = ["127.0.5.1", "127.0.5.2"]
SAME = "the same words at two addresses"
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
                    return Answer(b"User-agent: *\nDisallow: /secret\n", kind="text/plain")
                case "/feed":
                    links = ["/edited", "/moved", "/copy-1", "/copy-2", "/missing", "/secret", "/busy", "/gone"]
                    return self.feed(web, host, links)
                case "/notes":
                    return self.notes()
                case "/edited":
                    return page(f"Edited, edition {self.edition}", 3)
                case "/moved":
                    return Answer(status=301, headers={"Location": web.url(HOSTS[1], "/target")})
                case "/copy-1" | "/copy-2":
                    return page(SAME, 3)
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
        title = b"<title>edition %d</title>" % self.edition
        return Answer(made.body.replace(b"<title>Paper</title>", title).replace(b"/edited</title>", b"/edited, %d</title>" % self.edition), kind=made.kind)  # fmt: skip

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
        config.write_text(config.read_text().replace("{dir: archive}", "{dir: archive, rotate_size: 8KB}"))
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


def test_the_crawl_that_is_lost_had_all_kinds_of_captures(crawled):
    db = crawled / "archive/warraq.db"
    assert {kind for (kind,) in rows(db, "SELECT kind FROM captures")} >= {1, 2, 5, 6}
    assert {status for (status,) in rows(db, "SELECT status FROM captures")} >= {200, 301, 404, 429}
    assert rows(db, "SELECT 1 FROM captures WHERE revisit_h = h")
    assert rows(db, "SELECT 1 FROM captures WHERE revisit_h <> h")
    assert rows(db, "SELECT 1 FROM articles WHERE version > 1")
    assert rows(db, "SELECT 1 FROM captures WHERE url LIKE 'urn:%'")
    assert {state for (state,) in rows(db, "SELECT state FROM segments")} >= {1, 3}
