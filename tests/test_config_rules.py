from __future__ import annotations

from pathlib import Path

import pytest

from crawler import rules
from crawler.config import ConfigError, load
from crawler.config.rules import read_file, read_folder
from crawler.model import Rule, Url


def folder_of(tmp_path: Path, **files: str) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def problems(tmp_path: Path, **files: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        read_folder(folder_of(tmp_path, **files), wanted=True)
    return caught.value.problems


def test_a_file_holds_a_rule_or_several(tmp_path: Path) -> None:
    one = "host: paper.example\nbody: .story\ndrop: [.ad, '#share']\n"
    two = "- {host: '*.news.example', title: h1}\n- {host: أخبار.example, date: time.posted@datetime}\n"
    assert read_folder(folder_of(tmp_path, a=one, b=two), wanted=True) == (
        Rule(host="paper.example", body=(".story",), drop=(".ad", "#share")),
        Rule(host="*.news.example", title=("h1",)),
        Rule(host="xn--igbicxr.example", date=("time.posted@datetime",)),
    )


def test_every_mistake_in_every_file_is_told_with_its_place(tmp_path: Path) -> None:
    told = problems(
        tmp_path,
        a="host: paper.example\nbody: 'div..x'\ntitel: h1\n",
        b="body: p\n",
        c="host: https://x.example/a\ntitle: [h1, 3]\n",
        d="- h1\n",
        e="host: y.example\n",
        f="host: [\n",
    )
    assert [line.partition(" - ")[0] for line in told] == [
        "rules/a.yaml:2:7: body: `div..x` is no CSS that can be used here",
        "rules/a.yaml:3:1: titel: unknown key",
        "rules/b.yaml:1:1: host: is missing",
        "rules/c.yaml:1:7: host: `https://x.example/a` is no host",
        "rules/c.yaml:2:13: title: a selector is wanted",
        "rules/d.yaml:1:3: a rule has keys",
        "rules/e.yaml:1:1: says nothing about a page",
        "rules/f.yaml:2:1: did not find expected node content",
    ]
    assert all(" - " in line for line in told)


def test_a_host_has_one_rule(tmp_path: Path) -> None:
    told = problems(tmp_path, a="host: x.example\nbody: p\n", b="\nhost: X.example\nbody: div\n")
    assert told == ("rules/b.yaml:2:1: host: x.example has a rule in rules/a.yaml:1 - put both into one",)


def test_a_file_too_large_or_not_there_is_one_line(tmp_path: Path) -> None:
    assert "more than 256 KB" in problems(tmp_path, a="#" * 300_000)[0]
    with pytest.raises(ConfigError, match="No such file"):
        read_file(tmp_path / "none.yaml")


def test_rules_lie_beside_the_config_or_where_it_says(tmp_path: Path) -> None:
    folder_of(tmp_path, a="{host: x.example, body: p}")
    (tmp_path / "config.yaml").write_text("log: {level: info}\n")
    assert [rule.host for rule in load(None, {"HOME": "/nowhere"}, tmp_path).rules] == ["x.example"]
    (tmp_path / "rules").rename(tmp_path / "others")
    assert load(None, {"HOME": "/nowhere"}, tmp_path).rules == ()
    (tmp_path / "config.yaml").write_text("extract: {rules: others}\n")
    assert [rule.host for rule in load(None, {"HOME": "/nowhere"}, tmp_path).rules] == ["x.example"]


def test_a_folder_that_is_named_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("extract: {rules: none}\n")
    with pytest.raises(ConfigError, match="no such folder"):
        load(None, {"HOME": "/nowhere"}, tmp_path)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://paper.example/a", "paper.example"),
        ("https://www.paper.example/a", "paper.example"),
        ("https://a.news.example/", "*.news.example"),
        ("https://news.example/", "*.news.example"),
        ("https://deep.b.news.example:8443/", "b.news.example's"),
        ("https://other.example/", None),
        ("https://mypaper.example/", None),
    ],
)
def test_the_nearest_rule_holds(url: str, host: str | None) -> None:
    of_sites = [Rule(host="paper.example"), Rule(host="*.news.example"), Rule(host="*.b.news.example", title=("h1",))]
    found = rules.choose(rules.by_host(of_sites), Url(url))
    assert (found.host if found else None) == ("*.b.news.example" if host == "b.news.example's" else host)


def test_an_attribute_is_told_from_css() -> None:
    assert rules.parted("time.posted@datetime") == ("time.posted", "datetime")
    assert rules.parted('a[href^="mailto:x@y"]') == ('a[href^="mailto:x@y"]', None)
    assert rules.objection('a[href^="mailto:x@y.example"]') is None
    assert rules.objection("a" * 501) == "501 characters - write a selector of at most 500"
