"""`warraq verify` and `warraq archive` on what a crawl leaves, and beside one."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import signal
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from msgspec.structs import replace

from crawler import wiring
from crawler.cli.errors import Exit
from crawler.config import Config, load
from crawler.model import Offer, Url
from crawler.pipeline import keep
from tests.archive import samples
from tests.whole import command
from tests.whole.web import NOT_FOUND, Answer, Web, page, rss

HOSTS = ["127.0.42.1", "127.0.42.2"]
PAGES = 15


def site(web: Web, host: str):
    links = [f"/story/{n}" for n in range(PAGES)]

    def answer(path: str, headers: Mapping[str, str]) -> Answer:
        if path == "/feed":
            return rss([web.url(host, link) for link in [*links, "/moved", "/gone"]])
        if path == "/moved":
            return Answer(status=302, headers={"Location": web.url(HOSTS[1], "/story/3")})
        return page(path if path != "/story/7" else "/story/8") if path in links else NOT_FOUND

    return answer


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """What a crawl with small segments left: redirects, missing pages, repeated payloads."""
    folder = tmp_path_factory.mktemp("crawled")
    with Web(HOSTS, site) as web:
        sources = [f"feed: {web.url(host, '/feed')}" for host in HOSTS]
        command.write_config(folder, sources)
        text = (folder / "config.yaml").read_text().replace("{dir: archive,", "{dir: archive, rotate_size: 12KB,")
        (folder / "config.yaml").write_text(text)
        assert command.run(folder, "run", "--once").returncode == Exit.PARTIAL
    return folder


@pytest.fixture
def folder(crawled, tmp_path):
    """A copy of it."""
    shutil.copytree(crawled, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.fixture(scope="module")
def closed(crawled, tmp_path_factory):
    """It, sealed."""
    folder = tmp_path_factory.mktemp("closed") / "copy"
    shutil.copytree(crawled, folder)
    done = command.run(folder, "archive", "seal")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def sealed(closed, tmp_path):
    """A copy of that."""
    shutil.copytree(closed, tmp_path / "closed")
    return tmp_path / "closed"


def warcs(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*/2*/*/*/*.warc.gz*") if ".torn" not in path.name)


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(("stage", "words"), [("crawled", ["--deep"]), ("closed", ["--deep"]), ("closed", [])])
def test_what_a_crawl_leaves_is_as_it_was_written(stage, words, request):
    done = command.run(request.getfixturevalue(stage), "verify", *words)
    assert (done.returncode, done.stdout) == (0, "")
    assert "no findings" in done.stderr


def test_no_alarm_is_false_beside_a_daemon(tmp_path):
    with Web(HOSTS, site, latency=0.05) as web:
        command.write_config(tmp_path, [f"feed: {web.url(host, '/feed')}" for host in HOSTS])
        daemon = command.start(tmp_path, "run")
        begun = time.monotonic()
        looks = 0
        while len(command.records(tmp_path)) < PAGES or looks < 2:
            assert time.monotonic() - begun < 30
            if (tmp_path / "archive" / "warraq.db").exists() and warcs(tmp_path):
                done = command.run(tmp_path, "verify", "--deep")
                assert (done.returncode, done.stdout) == (0, ""), done.stdout
                looks += 1
        skipped = command.run(tmp_path, "archive", "seal")
        assert (skipped.returncode, "somebody writes to it" in skipped.stdout) == (0, True)
        daemon.send_signal(signal.SIGTERM)
        daemon.communicate(timeout=30)
        assert daemon.returncode == 143


@pytest.mark.parametrize("stage", ["folder", "sealed"])
def test_a_changed_byte_is_told_with_its_file_and_place(stage, request):
    folder = request.getfixturevalue(stage)
    path = warcs(folder)[-1]
    at = path.stat().st_size // 2
    flip(path, at)
    done = command.run(folder, "verify", "--deep")
    assert done.returncode == Exit.UNHEALTHY
    lines = done.stdout.splitlines()
    assert len(lines) == (1 if stage == "folder" else 2)
    told = next(line for line in lines if " at " in line)
    name, _, rest = told.partition(" at ")
    assert (folder / "archive" / name) == path
    assert 0 < int(rest.split(":")[0]) <= at


def test_for_scripts_each_finding_is_an_object_and_the_last_line_sums_up(sealed):
    warcs(sealed)[0].unlink()
    done = command.run(sealed, "verify", "--json")
    assert done.returncode == Exit.UNHEALTHY
    *findings, summary = [json.loads(line) for line in done.stdout.splitlines()]
    assert [finding["what"] for finding in findings] == ["missing"]
    assert summary["what"] == "summary"
    assert summary["findings"] == 1
    assert summary["segments"] == len(warcs(sealed)) + 1


def test_a_copy_of_the_archive_is_verified_where_it_lies(sealed, tmp_path):
    shutil.copytree(sealed / "archive", tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "warraq.db").unlink()
    done = command.run(tmp_path, "verify", "--deep", "elsewhere")
    assert (done.returncode, done.stdout) == (0, "")
    assert "no store is asked" in done.stderr


def test_where_there_is_no_archive_nothing_is_right(tmp_path):
    for words in (["verify", "nowhere"], ["archive", "list"], ["archive", "seal"]):
        done = command.run(tmp_path, *words)
        assert (done.returncode, done.stdout) == (Exit.LOCAL, "")
        assert re.search("there is no (archive|store)", done.stderr)
    assert list(tmp_path.iterdir()) == []


def test_segments_are_listed_with_and_without_a_store(sealed):
    told = [json.loads(line) for line in command.run(sealed, "archive", "list", "--json").stdout.splitlines()]
    assert [one["state"] for one in told] == ["sealed"] * len(warcs(sealed))
    assert sum(one["captures"] for one in told) == len(command.rows(sealed, "SELECT * FROM captures"))
    assert [one["bytes"] for one in told] == [path.stat().st_size for path in warcs(sealed)]
    (sealed / "archive" / "warraq.db").unlink()
    alone = [json.loads(line) for line in command.run(sealed, "archive", "list", "--json").stdout.splitlines()]
    assert [one["segment"] for one in alone] == [one["segment"] for one in told]
    table = command.run(sealed, "archive", "list").stdout.splitlines()
    assert len(table) == len(told) + 1


@pytest.mark.parametrize(("by", "number"), [("source", 3), ("kind", 3)])
def test_what_takes_how_much_sums_up_to_all(crawled, by, number):
    told = [json.loads(line) for line in command.run(crawled, "archive", "du", "--by", by, "--json").stdout.splitlines()]
    assert sum(one["bytes"] for one in told) == command.rows(crawled, "SELECT sum(glen) FROM captures")[0][0]
    assert len(told) == number


def test_sealing_reads_first_what_waits_for_a_parser(tmp_path):
    command.write_config(tmp_path, [])
    asyncio.run(kept_but_not_read(load(tmp_path / "config.yaml", {}, tmp_path)))
    assert command.records(tmp_path) == []
    done = command.run(tmp_path, "archive", "seal", "--json")
    (told,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, told.get("read"), "skipped" in told) == (0, 1, False)
    assert [record["text"] for record in command.records(tmp_path)] == ["وصل الرئيس إلى القرية القديمة قبل الغروب."]
    assert command.run(tmp_path, "verify", "--deep").returncode == 0


async def kept_but_not_read(config: Config) -> None:
    """A page is acknowledged, and its worker ends before any parser has read it."""
    url = Url("https://news.example/1")
    job = samples.job(url)
    taken = samples.exchange("<article><h1>خبر</h1><p>وصل الرئيس إلى القرية القديمة قبل الغروب.</p>".encode(), url=url)
    async with wiring.open_tools(config, "run") as tools:
        now = tools.clock.now()
        offer = Offer(host=job.host, host_id=job.host_id, h=job.h, url=url, kind=job.kind, due_at=now)
        await tools.store.offer([offer], now)
        (lease,) = await tools.store.lease(tools.worker, hosts=1, urls=1, ttl=60_000, delay=0, now=now)
        visit = replace(samples.visit(taken, job_=lease.jobs[0]), epoch=lease.epoch)
        assert len((await keep([visit], tools, tools.clock.now())).receipts) == 1


def test_a_segment_that_lost_its_file_is_told_and_the_others_are_sealed(folder):
    one, *others = warcs(folder)
    one.unlink()
    done = command.run(folder, "archive", "seal")
    assert done.returncode == Exit.PARTIAL
    assert [line.split(": ")[1] for line in done.stdout.splitlines()] == ["not sealed", *["sealed"] * len(others)]


def test_moved_segments_are_found_by_all_that_reads(sealed, tmp_path):
    (tmp_path / "attic").mkdir()
    before = command.responses(sealed)
    one, *_ = [json.loads(line)["segment"] for line in command.run(sealed, "archive", "list", "--json").stdout.splitlines()]
    assert command.run(sealed, "archive", "move", str(tmp_path / "attic"), one).returncode == 0
    assert len(warcs(sealed)) == len(command.rows(sealed, "SELECT * FROM segments WHERE uri IS NULL AND state = 3"))
    assert command.run(sealed, "archive", "move", str(tmp_path / "attic")).returncode == 0
    assert (warcs(sealed), command.responses(sealed)) == ([], {})
    places = {row[0] for row in command.rows(sealed, "SELECT uri FROM segments WHERE state = 3")}
    assert places == {(tmp_path / "attic").as_uri()}
    done = command.run(sealed, "verify", "--deep")
    assert (done.returncode, done.stdout) == (0, "")
    assert command.run(sealed, "archive", "move", "archive").returncode == 0
    assert command.responses(sealed) == before
    assert {row[0] for row in command.rows(sealed, "SELECT uri FROM segments")} == {None}


def test_a_damaged_segment_is_not_moved_and_the_others_are(sealed, tmp_path):
    (tmp_path / "attic").mkdir()
    one, *others = warcs(sealed)
    flip(one, 50)
    done = command.run(sealed, "archive", "move", str(tmp_path / "attic"))
    assert (done.returncode, warcs(sealed)) == (Exit.PARTIAL, [one])
    assert f"{one}: isn't as it was sealed" in done.stderr
    assert len(list((tmp_path / "attic").rglob("*.warc.gz"))) == len(others)


def test_nothing_is_moved_beside_a_disk_that_is_not_there(sealed):
    done = command.run(sealed, "archive", "move", "attic")
    assert done.returncode == Exit.USAGE
    assert command.run(sealed, "archive", "move", ".", "WARRAQ-1").returncode == Exit.USAGE
