"""`warraq demo` as a newcomer sees it, and what it leaves."""

from __future__ import annotations

import gzip
import re

import pytest

from tests.whole import command

SEED = (command.ROOT / "seeds" / "000_397a5b6dceea92fb.txt").read_text()


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    return folder, command.run(folder, "demo", "-o", "archive")


def test_it_ends_well_and_shows_every_article_with_title_date_and_words(demo):
    _, done = demo
    assert done.returncode == 0, done.stderr
    shown = [line for line in done.stdout.splitlines() if re.search(r"│ +\d+ │ +(ar|en) +│ +\d+ │", line)]
    assert len(shown) == 12
    assert all(re.search(r"│ (\d{4}-\d\d-\d\d|— +) │", line) for line in shown)
    assert "12 articles, 1 edited" in done.stdout


def test_warc_and_records_lie_side_by_side(demo):
    folder, done = demo
    (warc,) = folder.glob("archive/*/*/*/*.warc.gz")
    assert warc.with_name(warc.name.removesuffix(".warc.gz") + ".jsonl").exists()
    assert str(warc) in done.stdout
    assert gzip.decompress(warc.read_bytes()).startswith(b"WARC/1.1\r\n")


def test_the_given_document_is_read_as_a_human_would(demo):
    folder, _ = demo
    (record,) = [record for record in command.records(folder) if record["published"] is None]
    lines = [line.strip() for line in SEED.splitlines() if line.strip()]
    first = next(n for n, line in enumerate(lines) if line.startswith("وصل الرئيس الروسي"))
    last = next(n for n, line in enumerate(lines) if line.endswith("صوت العقل”."))
    assert record["text"].splitlines() == lines[first : last + 1]
    assert record["title"] == lines[0]
    assert record["authors"] == ["علي الدعيس"]
    assert record["section"] == "اخبار"
    assert (record["language"], record["direction"]) == ("ar", "rtl")
    assert record["source"] == "www.24.ae"


def test_the_edited_article_has_two_versions_and_two_records(demo):
    folder, _ = demo
    assert command.rows(folder, "SELECT count(*) FROM versions WHERE n = 2") == [(1,)]
    titles = [record["title"] for record in command.records(folder)]
    assert len(titles) == 13
    assert len(set(titles)) == 12


def test_what_robots_forbids_was_not_fetched(demo):
    folder, _ = demo
    assert not [url for url in command.responses(folder) if "/private/" in url]


def test_two_that_start_in_the_same_second_have_folders_of_their_own(tmp_path):
    (tmp_path / "config.yaml").write_text("archive: {dir: archive}\n")
    begun = [command.start(tmp_path, "demo") for _ in range(2)]
    told = [(*one.communicate(), one.returncode) for one in begun]
    assert [code for *_, code in told] == [0, 0], told
    assert len(list(tmp_path.glob("archive/demo/*/warraq.db"))) == 2
