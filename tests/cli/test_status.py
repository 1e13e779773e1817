"""`warraq status` on stores of several kinds, in this process."""

import json

import pytest

from crawler.cli import cli
from crawler.cli.errors import run
from crawler.clock import SystemClock
from crawler.model import PollRow, Rhythm
from crawler.store.sqlite import SqliteStore
from tests.store.samples import commit, offer, only_job, settle, source, watch

HOUR = 3_600_000


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "config.yaml").write_text("archive: {dir: archive, free_least: 0B}\n")
    (tmp_path / "archive").mkdir()
    return tmp_path


async def fill(folder, outcome):
    """A store with a source that was asked a minute ago."""
    store, at = await SqliteStore.open(folder / "archive" / "warraq.db"), SystemClock().now() - 60_000
    await watch(store, source(), now=at)
    got, job = await only_job(store, now=at)
    failed = outcome != "unchanged"
    known = Rhythm(failures=1, failing_since=at) if failed else Rhythm(at=at)
    said = {"status": 0, "outcome": outcome, "failed": failed, "detail": "\x1b[31mno such host"}
    row = PollRow(source_id=source().source_id, at=at, rhythm=known, **said)
    again = offer(source().url, at + HOUR, kind=source().kind, gated=False, context=job.context)
    await commit(store, settle(got, job, poll=row, again=again, polite_at=at), now=at)
    await store.close()


def status(folder, capsys, *words):
    code = run(cli, ["status", *words, "--config", str(folder / "config.yaml")])
    return code, capsys.readouterr()


async def test_a_store_that_is_well_ends_with_0(folder, capsys):
    await fill(folder, "unchanged")
    code, said = status(folder, capsys)
    assert code == 0
    assert "1 active" in said.out
    assert "none runs" in said.out
    assert "UNWELL" not in said.out


async def test_one_that_is_not_ends_with_9_and_says_why_and_what_to_do(folder, capsys):
    await fill(folder, "dns")
    code, said = status(folder, capsys)
    assert code == 9
    assert "1 failing" in said.out
    assert "UNWELL   1 of 1 sources fail" in said.out
    assert "check how the host is written" in said.out
    assert "\x1b" not in said.out


async def test_json_has_all_of_it_in_one_line(folder, capsys):
    await fill(folder, "dns")
    code, said = status(folder, capsys, "--json")
    found = json.loads(said.out)
    assert code == 9
    assert found["healthy"] is False
    assert [one["name"] for one in found["ailments"]] == ["failing"]
    assert found["standing"]["sources"] == {"active": 0, "quiet": 0, "failing": 1, "blocked": 0, "gone": 0, "paused": 0}
    assert [(one["reason"], one["sources"]) for one in found["standing"]["causes"]] == [("dns", 1)]
    assert found["daemon"] is None
    assert found["since_success"] is None


def test_without_a_store_it_is_one_line_and_4(folder, capsys):
    code, said = status(folder, capsys)
    assert code == 4
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert "no store" in said.err
