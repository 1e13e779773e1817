"""`warraq why`, `retry`, `show`, `tail` on a store written by hand; on a real archive: tests/whole/test_outlets.py."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crawler import urls
from crawler.archive import tombs
from crawler.cli import cli
from crawler.cli.errors import Exit, run
from crawler.cli.why import Findings, what_happens
from crawler.model import Failure, Kind, RobotsCopy, Url
from crawler.store.dossier import HostFares, Queued, Watched
from crawler.store.sqlite import SqliteStore
from tests.outlet.shelf import Shelf
from tests.search.shelf import Shelf as SearchShelf
from tests.store import samples

URL = "https://a.example/1"


@pytest.fixture
def archive(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text("archive: {dir: archive}\n")
    folder = tmp_path / "archive"
    folder.mkdir()
    return folder


def fill(archive: Path, work) -> None:
    async def filled() -> None:
        store = await SqliteStore.open(archive / "warraq.db")
        try:
            await work(store)
        finally:
            await store.close()

    asyncio.run(filled())


def failed(url: str, reason: str = "timeout", at: int = 5) -> Failure:
    host = urls.host_id(urls.host(url))
    h = urls.url_hash(Url(url))
    return Failure(host_id=host, h=h, at=at, url=Url(url), kind=Kind.PAGE, reason=reason, detail="no answer", tries=5)


async def give_up(store, *failures: Failure) -> None:
    for one in failures:
        await store.offer([samples.offer(one.url)], 0)
        got, job = await samples.only_job(store)
        await samples.commit(store, samples.settle(got, job, failure=one, polite_at=0))


def queue(archive: Path) -> list[tuple]:
    with closing(sqlite3.connect(archive / "warraq.db")) as db:
        return db.execute("SELECT target, kind, tries FROM queue ORDER BY target").fetchall()


# --- why


def test_a_page_that_was_given_up_says_so_and_what_to_do(archive, capsys):
    fill(archive, lambda store: give_up(store, failed(URL)))
    assert run(cli, ["why", URL]) == Exit.OK
    said = capsys.readouterr().out
    assert "given up   1970-01-01T00:00:00Z: timeout: no answer (5 tries)" in said
    assert said.splitlines()[-1].startswith("It was given up (timeout: no answer)")
    assert run(cli, ["why", URL, "--json"]) == Exit.OK
    told = json.loads(capsys.readouterr().out)
    assert (told["seen"], told["given_up"]["reason"], told["queued"]) == (True, "timeout", None)


def test_a_page_nobody_named_is_unknown_and_a_private_one_is_never_asked(archive, capsys):
    fill(archive, lambda store: store.offer([samples.offer()], 0))
    assert run(cli, ["why", "https://b.example/x"]) == Exit.OK
    assert "Nothing is known of it" in capsys.readouterr().out
    assert run(cli, ["why", "http://10.0.0.1/"]) == Exit.OK
    assert "fetch.allow_private" in capsys.readouterr().out.splitlines()[-1]


def test_robots_are_asked_of_the_copy_that_is_kept(archive, capsys):
    body = b"User-agent: *\nDisallow: /1\n"
    copy = RobotsCopy(origin="https://a.example", host_id=samples.host_id(), status=200, body=body, fetched_at=0, until=9)

    async def work(store):
        await store.offer([samples.offer()], 0)
        got, job = await samples.only_job(store)
        await samples.commit(store, samples.settle(got, job, robots=copy))

    fill(archive, work)
    assert run(cli, ["why", URL]) == Exit.OK
    assert capsys.readouterr().out.splitlines()[-1] == "It is not asked: robots.txt forbids it, or couldn't be read."


NOTHING = Findings(
    url=Url(URL),
    seen=True,
    queued=None,
    host=None,
    robots=True,
    robots_at=0,
    taken_down=None,
    refused=None,
    source=None,
    last=None,
    given_up=None,
    article=None,
)
HOST = HostFares(host="a.example", polite_at=9_000, owner=None, slow_ms=0, fails=0, pending=1)
SOURCE = Watched(source_id="s", name="S", state="active", due_at=9_000, failures=0, last_at=None, outcome=None, waiting=False)


def known(**more) -> Findings:
    return Findings(**{name: more.get(name, getattr(NOTHING, name)) for name in NOTHING.__struct_fields__})


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (NOTHING, "It was offered once"),
        (known(taken_down="o1"), "taken down (o1)"),
        (
            known(queued=Queued(due_at=5, kind=Kind.PAGE, tries=2, leases=0), host=HOST),
            "at 1970-01-01T00:00:09Z, after 2 tries",
        ),
        (known(queued=Queued(due_at=5, kind=Kind.PAGE, tries=0, leases=0)), "It is asked now"),
        (known(source=SOURCE), "asked again at 1970-01-01T00:00:09Z"),
        (known(source=Watched(**{**{f: getattr(SOURCE, f) for f in SOURCE.__struct_fields__}, "state": "paused"})), "paused"),
    ],
)
def test_what_will_happen_is_one_sentence(found, said):
    assert said in what_happens(found, 100)


# --- retry


def test_what_was_given_up_is_put_back_by_class_host_or_name_and_told_no_more(archive, capsys):
    names = [URL, "https://a.example/2", "https://b.example/3"]
    fill(archive, lambda store: give_up(store, failed(names[0]), failed(names[1], "missing"), failed(names[2])))
    assert run(cli, ["retry", "--class", "client"]) == Exit.OK
    assert queue(archive) == [("/2", Kind.PAGE, 0)]
    assert run(cli, ["retry", "--host", "b.example"]) == Exit.OK
    assert run(cli, ["retry", URL]) == Exit.OK
    assert [target for target, *_ in queue(archive)] == ["/1", "/2", "/3"]
    assert run(cli, ["failures"]) == Exit.OK
    assert "0 pages given up" in capsys.readouterr().err


def test_a_page_that_waits_for_later_is_asked_now_and_once(archive):
    later = 4_000_000_000_000
    fill(archive, lambda store: store.offer([samples.offer(URL, later)], 0))
    assert run(cli, ["retry", URL]) == Exit.OK
    assert len(queue(archive)) == 1
    with closing(sqlite3.connect(archive / "warraq.db")) as db:
        ((due, wake, pending),) = db.execute("SELECT due_at, wake_at, pending FROM queue JOIN hosts USING (host_id)").fetchall()
    assert (due == wake, due < later, pending) == (True, True, 1)


def test_retry_says_what_it_cannot_do(archive, capsys):
    async def work(store):
        await samples.watch(store, samples.source())
        await store.offer([samples.offer()], 0)

    fill(archive, work)
    for words, said in (
        ([], "name pages"),
        ([URL, "--class", "dns"], "name pages"),
        (["https://a.example/feed"], "sources poll"),
        (["https://x.example/"], "warraq fetch"),
    ):
        assert run(cli, ["retry", *words]) == Exit.USAGE
        assert said in capsys.readouterr().err


# --- show and tail


@pytest.fixture
def shelf(archive) -> Shelf:
    shelf = Shelf(archive)
    asyncio.run(shelf.make())
    shelf.add("one", "two")
    shelf.add("one, edited", version=2, article="a1")
    return shelf


def test_tail_tells_all_in_order_and_goes_on_behind_what_is_had(shelf, capfdbinary):
    assert run(cli, ["tail"]) == Exit.OK
    lines = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert [(line["seq"], line["event"], line["record"]["id"], line["version"]) for line in lines] == [
        (1, "article", "a1", 1),
        (2, "article", "a2", 1),
        (3, "version", "a1", 2),
    ]
    assert run(cli, ["tail", "--since", "2"]) == Exit.OK
    assert json.loads(capfdbinary.readouterr().out)["seq"] == 3
    assert run(cli, ["tail", "--since", "end"]) == Exit.OK
    assert capfdbinary.readouterr().out == b""


@pytest.mark.parametrize("cut", [0, 1, 200])
def test_a_file_of_tails_is_gone_on_with_wherever_it_was_cut(shelf, cut, tmp_path):
    file = tmp_path / "news.jsonl"
    assert run(cli, ["tail", "-o", str(file)]) == Exit.OK
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) - cut])
    shelf.add("three")
    assert run(cli, ["tail", "-o", str(file)]) == Exit.OK
    assert file.read_bytes().startswith(whole)
    assert [json.loads(line)["seq"] for line in file.read_bytes().splitlines()] == [1, 2, 3, 4]


def test_a_file_of_something_else_is_left_alone(shelf, tmp_path, capsys):
    file = tmp_path / "letters.txt"
    file.write_text("Dear all,\n")
    assert run(cli, ["tail", "-o", str(file)]) == Exit.LOCAL
    assert "name another file" in capsys.readouterr().err
    assert file.read_text() == "Dear all,\n"


def test_what_was_changed_or_taken_down_is_passed_over_the_former_with_a_word(shelf, capfd):
    text = shelf.records.read_bytes().replace(b'"two"', b'"owt"')
    shelf.records.write_bytes(tombs.LINE + text[len(tombs.LINE) :])
    assert run(cli, ["tail"]) == Exit.UNHEALTHY
    said = capfd.readouterr()
    assert [json.loads(line)["seq"] for line in said.out.splitlines()] == [3]
    assert said.err.count("\n") == 1
    assert "event 2 is passed over" in said.err


def test_show_says_where_nothing_is(shelf, capsys):
    for words in (["show", "a" * 16], ["show", URL], ["show", URL, "--raw"]):
        assert run(cli, words) == Exit.LOCAL
        assert capsys.readouterr().err.count("\n") == 1
    assert run(cli, ["show", URL, "--versions", "--raw"]) == Exit.USAGE


def test_whoever_asks_where_there_is_no_store_is_told_in_one_line(archive, capsys):
    for words in (["tail"], ["why", URL], ["show", URL], ["retry", URL], ["failures"], ["alike"], ["archive", "du"]):
        assert run(cli, words) == Exit.LOCAL
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert "there is no store" in said
    assert list(archive.iterdir()) == []


def test_whoever_looks_at_what_its_publisher_took_away_is_told(archive, capfd):
    url = "https://a.example/b1"
    shelf = SearchShelf(archive)
    asyncio.run(shelf.make())
    name = urls.article_id(Url(url))
    shelf.add(name, "جسر", "أغلق الجسر")
    shelf.delete(name)
    shelf.rows(f"UPDATE articles SET url = '{url}'")
    assert run(cli, ["why", url]) == Exit.OK
    assert "version 2, its publisher took it away: " in capfd.readouterr().out
