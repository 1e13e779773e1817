"""Typical mistakes, in the process: one line on stderr each, the right code, never a trace. With servers: tests/whole."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crawler.cli import cli
from crawler.cli.errors import Exit, run

ROOT = Path(__file__).parents[2]
URL = "https://paper.example/a"

WORDS = [
    (["tail", "--since", "yesterday"], Exit.USAGE, "seq"),
    (["tail", "--since", "1", "-o", "x"], Exit.USAGE, "take one of them away"),
    (["why"], Exit.USAGE, "missing argument 'URL'"),
    (["why", "paper"], Exit.USAGE, "not a URL"),
    (["why", "mailto:me@paper.example"], Exit.USAGE, "http and https"),
    (["show", "not-an-id"], Exit.USAGE, "not a URL"),
    (["show", "a" * 16, "--version", "0"], Exit.USAGE, "--version"),
    (["retry"], Exit.USAGE, "name pages"),
    (["retry", "--class", "speed"], Exit.USAGE, "--class"),
    (["retry", "--since", "soon"], Exit.USAGE, "is no time - write a day"),
    (["failures", "--since", "2026-13-01"], Exit.USAGE, "is no time - write a day"),
    (["completion", "tcsh"], Exit.USAGE, "tcsh"),
    (["doctro"], Exit.USAGE, "did you mean doctor?"),
    (["config", "shwo"], Exit.USAGE, "shwo"),
    (["archive", "moove"], Exit.USAGE, "did you mean move?"),
    (["reparse", "--since", "x"], Exit.USAGE, "no time"),
    (["restore", "nowhere.tar"], Exit.USAGE, "nowhere.tar"),
    (["tail"], Exit.LOCAL, "there is no store"),
    (["show", URL], Exit.LOCAL, "there is no store"),
    (["why", URL], Exit.LOCAL, "there is no store"),
    (["retry", URL], Exit.LOCAL, "there is no store"),
    (["alike"], Exit.LOCAL, "there is no store"),
    (["rule", "suggest", "a" * 16], Exit.LOCAL, "there is no store"),
    (["verify"], Exit.LOCAL, "there is no archive here"),
    (["archive", "rebuild"], Exit.LOCAL, "no segments"),
    (["backup", "no/such/folder/x.tar"], Exit.LOCAL, ""),
    (["config", "check", "--config", "other.yaml"], Exit.CONFIG, "other.yaml: no such file"),
    (["tail", "--config", "."], Exit.CONFIG, "Is a directory"),
]

FILES = [
    ("fetch: {timout: 10s}", "did you mean timeout?"),
    ("fetsch: {}", "did you mean fetch?"),
    ("fetch: {timeout: 10 parsecs}", "no span of time"),
    ("fetch: {body_max: lots}", "no size"),
    ("archive: {operator: no}", "YAML reads `no` as false"),
    ("archive: {operator: 2024-01-01}", "YAML reads `2024-01-01` as a date"),
    ("fetch:\n\ttotal: 10s", "YAML"),
    ("fetch: {timeout: 10s", "YAML"),
    ("fetch: {hops: 1}\nfetch: {hops: 2}", "stands here a second time"),
    ("sources: https://paper.example/", "a list is wanted"),
    ("sources: [{feed: paper}]", "not a URL"),
    ("sources: [{feed: 'https://a.example/f', sitemap: 'https://a.example/s'}]", "keep one"),
    ("fetch: {timeout: 10m}", "third of the lease"),
    ("fetch: {allow_private: [localhost]}", "no address"),
    ("hooks: {on_artikel: []}", "did you mean on_article?"),
    ("hooks: {on_article: [{webhook: 'https://h.example/', secret: hunter2}]}", "a secret can't stand here"),
    (
        "hooks: {on_article: [{command: [a]}, {command: [a], past: false}]}",
        "the same as hooks.on_article[0] - take one of them out",
    ),
    ("alerts: [{command: [mail]}]", "needs one of keyword"),
]


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text("archive: {dir: archive}\n")
    return tmp_path


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1, said.err
    assert "Traceback" not in said.err
    return said.err


@pytest.mark.parametrize(("words", "code", "said"), WORDS, ids=[" ".join(words) for words, *_ in WORDS])
def test_words_that_cannot_be_followed(folder, capsys, words, code, said):
    assert run(cli, words) == code
    assert said in one_line(capsys)


@pytest.mark.parametrize(("text", "said"), FILES, ids=[text for text, _ in FILES])
def test_a_file_that_cannot_be_used(folder, capsys, text, said):
    (folder / "config.yaml").write_text(text)
    for words in (["config", "check"], ["tail"]):
        assert run(cli, words) == Exit.CONFIG
        told = one_line(capsys)
        assert said in told
        assert re.match(r"config\.yaml:\d+:\d+: ", told)


def test_a_store_that_is_none_is_told_from_one_that_is_newer(folder, capsys):
    (folder / "archive").mkdir()
    store = folder / "archive" / "warraq.db"
    store.write_text("a shopping list, of some length, that is no database at all")
    assert run(cli, ["tail"]) == Exit.LOCAL
    assert "not a database" in one_line(capsys)
    store.unlink()
    with closing(sqlite3.connect(store)) as db:
        db.execute("CREATE TABLE meta (key TEXT, value TEXT)")
        db.execute("INSERT INTO meta VALUES ('schema_version', '9999'), ('archive_id', 'x')")
        db.commit()
    assert run(cli, ["why", URL]) == Exit.LOCAL
    assert "version 9999 of the store" in one_line(capsys)


def test_a_variable_that_means_nothing_is_a_mistake_of_the_configuration(folder, capsys, monkeypatch):
    monkeypatch.setenv("WARRAQ_FETCH__TIMOUT", "10s")
    assert run(cli, ["tail"]) == Exit.CONFIG
    assert "WARRAQ_FETCH__TIMOUT: no key of the configuration - did you mean WARRAQ_FETCH__TIMEOUT?" in one_line(capsys)


def test_a_missing_secret_is_told_by_its_name_before_anything_begins(folder, capsys):
    hooks = "hooks: {on_article: [{webhook: 'https://h.example/', secret: '${HOOK_KEY}'}]}\n"
    (folder / "config.yaml").write_text(hooks + "sources: [{feed: 'https://paper.example/feed'}]\n")
    for words in (["config", "check"], ["run", "--once"]):
        assert run(cli, words) == Exit.CONFIG
        assert "hooks.on_article[0].secret: the environment has no HOOK_KEY" in one_line(capsys)
    assert [path.name for path in folder.iterdir()] == ["config.yaml"]


def test_every_documented_code_is_reached_by_some_test():
    documented = {
        int(code): name for code, name in re.findall(r"(?m)^\| (\d+) \| (\w+) \|", (ROOT / "docs/exit-codes.md").read_text())
    }
    assert documented == {int(code): code.name for code in Exit}
    tests = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py") if "torture" not in path.parts)
    for code, name in documented.items():
        assert re.search(rf"Exit\.{name}\b|returncode == {code}\b|, {code}, \"", tests), name
