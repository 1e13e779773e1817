from __future__ import annotations

import asyncio
import json
import resource
import sqlite3
from contextlib import closing

import pytest

from crawler.cli import cli
from crawler.cli.errors import Exit, run
from crawler.doctor import checkups
from crawler.store.sqlite import SqliteStore
from tests.store import samples


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "config.yaml").write_text("archive: {dir: archive}\nfetch: {contact: me@paper.example}\n")
    return tmp_path


def states(folder, **env: str) -> dict[str, str]:
    return {one.name: one.state for one in checkups(None, env, folder)}


def fill(folder, work) -> None:
    async def filled() -> None:
        (folder / "archive").mkdir()
        store = await SqliteStore.open(folder / "archive" / "warraq.db")
        await work(store)
        await store.close()

    asyncio.run(filled())


async def nothing(store) -> None:
    pass


def test_a_machine_like_this_is_fit_and_nothing_is_made_by_looking(folder):
    assert {name for name, state in states(folder).items() if state == "fail"} == set()
    assert [path.name for path in folder.iterdir()] == ["config.yaml"]


def test_a_mistake_in_the_configuration_is_told_and_ends_with_9(folder, monkeypatch, capsys):
    (folder / "config.yaml").write_text("fetch: {hopps: 1}\n")
    monkeypatch.chdir(folder)
    assert run(cli, ["doctor", "--json"]) == Exit.UNHEALTHY
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["said"] for one in told if one["state"] == "fail"] == [
        "config.yaml:1:9: fetch.hopps: unknown key - did you mean hops?"
    ]


def test_a_secret_that_is_not_to_be_had_is_told(folder):
    (folder / "config.yaml").write_text("hooks: {on_article: [{webhook: 'https://h.example/', secret: '${HOOK_KEY}'}]}\n")
    assert states(folder)["secrets"] == "fail"
    assert "secrets" not in states(folder, HOOK_KEY="x")


def test_a_folder_that_is_a_file_is_told(folder):
    (folder / "archive").write_text("")
    assert states(folder)["archive"] == "fail"


def test_a_damaged_store_is_told(folder):
    fill(folder, lambda store: store.offer([samples.offer(f"https://a.example/{n}") for n in range(2000)], 0))
    assert states(folder)["store"] == "ok"
    path = folder / "archive" / "warraq.db"
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 8192] = b"\xff" * 8192
    path.write_bytes(data)
    assert states(folder)["store"] == "fail"


def test_a_worker_that_ended_without_a_word_is_told(folder):
    fill(folder, lambda store: store.enlist(samples.ME, {}, 0))
    assert states(folder)["workers"] == "warn"


def test_answers_of_tomorrow_say_that_the_clock_is_wrong(folder):
    fill(folder, nothing)
    with closing(sqlite3.connect(folder / "archive" / "warraq.db")) as db:
        db.execute(
            "INSERT INTO captures (host_id, h, fetched_at, seg_id, off, len, glen, kind, status, url)"
            " VALUES (1, 1, 9000000000000, 's', 0, 1, 1, 1, 200, 'u')"
        )
        db.commit()
    assert states(folder)["answers"] == "fail"


def test_too_few_descriptors_are_told(folder):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (200, hard))
        assert states(folder)["open files"] == "warn"
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
