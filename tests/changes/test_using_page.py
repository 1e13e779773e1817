"""Every command of docs/using.md on search and changes is run here."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from crawler import urls
from crawler.cli import cli
from crawler.cli.errors import run
from tests.search.shelf import Shelf

PAGE = (Path(__file__).parents[2] / "docs/using.md").read_text("utf-8")
STORY = "https://news.example.com/story"
LINES = [
    re.split(r"\s{2,}#| [|>] ", line)[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
    if re.match("warraq (search|changes|diff) ", line)
]


@pytest.fixture
async def shelf(tmp_path, monkeypatch):
    shelf = await Shelf(tmp_path / "archive").make()
    (tmp_path / "config.yaml").write_text("archive: {dir: archive}\n")
    monkeypatch.chdir(tmp_path)
    name = urls.article_id(urls.parse(STORY))
    for edition in (1, 2, 3):
        text = f"الكهرباء في مدينة الميناء: interest rates and inflation, election {edition}, 普京访问"
        shelf.add(name, "A story", text, url=STORY, language="zh", published="2026-11-22")
    return shelf


def test_the_page_shows_all_three():
    assert {line.split()[1] for line in LINES} == {"search", "changes", "diff"}


@pytest.mark.parametrize("line", LINES)
async def test_a_command_of_the_page_does_what_it_says(shelf, capsys, line):
    words = [word for word in shlex.split(line)[1:] if word not in ("--from", "30d", "--since", "24h")]
    assert run(cli, words) == 0
    assert STORY in capsys.readouterr().out or "changes" in words


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["search"], 2, "nothing to look for"),
        (["search", "-only"], 2, "no word to look for"),
        (["search", "--lnag", "ar", "x"], 2, "no such option: --lnag"),
        (["search", "x", "--to", "soon"], 2, "soon"),
        (["diff", "nobody"], 4, "no article of this id or address"),
        (["diff", "http://[", "1"], 2, "not a URL"),
        (["diff", STORY, "9"], 2, "there is no version 9; there are 1, 2, 3"),
        (["diff", STORY, "--json", "--html"], 2, "take one of them away"),
    ],
)
async def test_a_mistake_is_told_in_one_line(shelf, capsys, words, code, said):
    assert run(cli, words) == code
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("words", [["search", "x"], ["changes"], ["diff", "x"]])
def test_where_there_is_no_archive_yet_it_is_said(tmp_path, monkeypatch, capsys, words):
    (tmp_path / "config.yaml").write_text("archive: {dir: archive}\n")
    monkeypatch.chdir(tmp_path)
    assert run(cli, words) == 4
    assert "there is no store here" in capsys.readouterr().err


async def test_nothing_of_a_page_is_markup_in_the_html_of_a_diff(shelf, capsys):
    name = urls.article_id(urls.parse(STORY))
    shelf.add(name, "<script>alert(1)</script>", "<img src=x onerror=alert(1)> \u202e", url=STORY)
    assert run(cli, ["diff", STORY, "--html"]) == 0
    shown = capsys.readouterr().out
    assert "<script" not in shown
    assert "<img" not in shown
    assert "\u202e" not in shown


async def test_a_change_stands_in_the_direction_of_its_text_and_cuts_no_word(shelf, capsys):
    text = "وقال المهندس سالم العبيدي إن العمل سيبدأ في الأسبوع المقبل ويستمر {} أشهر بتكلفة كبيرة يدفعها سكان الأحياء كلهم"
    name = urls.article_id(urls.parse(STORY))
    for months in ("ستة", "تسعة"):
        shelf.add(name, "جسر", text.format(months), url=STORY)
    assert run(cli, ["diff", STORY, "--html"]) == 0
    (change,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("<li")]
    assert change.startswith('<li dir="auto"><small><bdi>number</bdi></small> …')  # isolated: no say in it
    assert set(re.findall(r"\w+", re.sub("<[^>]*>", " ", change))) <= {*text.split(), "number", "ستة", "تسعة"}


async def test_what_changed_is_listed_and_what_matters_most_stands_first(shelf, capsys):
    shelf.add("b", "One", "red, green and blue")
    shelf.add("b", "One", "red green and blue")
    shelf.delete(urls.article_id(urls.parse(STORY)))
    assert run(cli, ["changes"]) == 0
    kinds = [line.split()[1] for line in capsys.readouterr().out.splitlines() if line.startswith("20")]
    assert kinds == ["deleted", "number", "number", "style"]
