"""`warraq rule` on files; on addresses and articles of the catalog: tests/whole/test_rules.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.cli import cli
from crawler.cli.errors import Exit, run
from crawler.config.rules import read_file
from crawler.extraction import extract
from crawler.extraction.suggest import suggest

PAGES = Path(__file__).parents[1] / "extraction" / "pages"
ENGLISH, ARABIC = PAGES / "english.html", PAGES / "arabic_theme.html"


@pytest.fixture(autouse=True)
def _away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_suggested_rule_is_one_and_finds_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cli, ["rule", "suggest", str(ENGLISH), "--url", "https://post.example/a"]) == Exit.OK
    (tmp_path / "rule.yaml").write_text(capsys.readouterr().out, "utf-8")
    (rule,) = read_file(tmp_path / "rule.yaml")
    assert (rule.host, rule.title, rule.authors, rule.body) == (
        "post.example",
        ("h1",),
        ("a[rel=author]",),
        ("div.article-body",),
    )
    with_rule = extract(ENGLISH.read_bytes(), rule=rule)
    assert with_rule.title == extract(ENGLISH.read_bytes()).title
    assert "the river bank on Tuesday morning" in with_rule.text


def test_no_selector_is_suggested_that_only_names_a_tag_but_for_a_title() -> None:
    html = ARABIC.read_text("utf-8")
    rule = suggest(html, extract(html), "paper.example")
    assert rule.body == ("div.entry-content",)
    assert all(set(selector) & set(".#[") for selector in (*rule.authors, *rule.drop))


def test_a_page_with_nothing_to_find_suggests_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty.html").write_text("<html><body></body></html>")
    assert run(cli, ["rule", "suggest", "empty.html"]) == Exit.REMOTE


def test_a_test_tells_what_each_selector_finds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "rule.yaml").write_text(
        "host: '*.post.example'\ntitle: [.no-such]\nbody: div.article-body\ndrop: .newsletter-signup\n"
    )
    asked = ["rule", "test", str(ENGLISH), "--url", "https://www.post.example/a", "--rule", "rule.yaml"]
    assert run(cli, asked) == Exit.OK
    said = capsys.readouterr().out.splitlines()
    assert said[:4] == [
        "the rule for *.post.example",
        "  drop     .newsletter-signup: 1 element",
        "  title    .no-such: nothing",
        "  body     div.article-body: 1 element",
    ]
    assert said[4].startswith("title      Millbrook opens a market by the river")


def test_without_a_rule_for_its_host_a_page_is_read_as_ever(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cli, ["rule", "test", str(ENGLISH), "--url", "https://post.example/a"]) == Exit.OK
    assert capsys.readouterr().out.startswith("post.example: no rule is for this host")


def test_a_rule_that_can_not_be_used_is_a_line_for_each_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "rule.yaml").write_text("host: x.example\nbody: 'p..'\ntitle: ['h1[', h2]\n")
    assert run(cli, ["rule", "test", str(ENGLISH), "--rule", "rule.yaml"]) == Exit.CONFIG
    assert [line.split(": `")[0] for line in capsys.readouterr().err.splitlines()] == [
        "rule.yaml:2:7: body",
        "rule.yaml:3:9: title",
    ]


def test_what_a_terminal_would_obey_is_not_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hostile = (
        "<html><body><h1>\x1b[31mRed \u202eder</h1><p>"
        + "words that make a sentence, " * 20
        + "\x1b]0;x\x07.</p></body></html>"
    )
    (tmp_path / "page.html").write_text(hostile)
    run(cli, ["rule", "test", "page.html"])
    assert not set("\x1b\x07\u202e") & set(capsys.readouterr().out)


def test_an_unknown_word_is_a_usage_error() -> None:
    assert run(cli, ["rule", "test", "nonono"]) == Exit.USAGE


@pytest.mark.parametrize(("private", "ended"), [("[]", Exit.REMOTE), ('["127.0.0.0/8"]', Exit.NETWORK)])
def test_a_page_that_cannot_be_had_ends_it_as_a_fetch_would(
    tmp_path: Path, private: str, ended: Exit, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.yaml").write_text(f"fetch: {{allow_private: {private}, knocks: 1}}\n")
    assert run(cli, ["rule", "suggest", "http://127.0.43.2:81/"]) == ended
    assert capsys.readouterr().err.startswith("warraq: http://127.0.43.2:81/: ")
