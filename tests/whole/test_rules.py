"""A site's rule, from the folder beside the configuration to the record; and tried on an address and on an article."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.whole import command
from tests.whole.web import NOT_FOUND, Answer, Web, rss

HOST = "127.0.23.1"
STORY = """<html><head><title>What the page calls it</title></head><body><div class=true>What the rule calls it</div>
<div class=story><p>The first paragraph of the story is long enough to be read as running text, by any measure there is.</p>
<p class=note>A note that nobody can tell from the story, for it is as long as the others, and ends like a sentence.</p>
<p>The last paragraph of the story is long enough as well, and it ends with a full stop like the first one did.</p></div>"""


def site(web: Web, host: str):
    def answer(path: str, headers: Mapping[str, str]) -> Answer:
        if path == "/feed":
            return rss([web.url(host, "/story")])
        return Answer(STORY.encode()) if path == "/story" else NOT_FOUND

    return answer


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder in which a feed was read once, with the words the command tries its rule with while the site is up."""
    folder = tmp_path_factory.mktemp("ruled")
    (folder / "rules").mkdir()
    (folder / "rules" / "paper.yaml").write_text(f"host: {HOST}\ntitle: .true\nbody: .story\ndrop: .note\n")
    with Web([HOST], site) as web:
        command.write_config(folder, [f"feed: {web.url(HOST, '/feed')}"])
        assert command.run(folder, "run", "--once").returncode == 0
        tried = command.run(folder, "rule", "test", web.url(HOST, "/story"))
        assert tried.returncode == 0, tried.stderr
    return folder, tried.stdout


def test_a_page_is_read_by_its_sites_rule(crawled: tuple[Path, str]) -> None:
    (record,) = [record for record in command.records(crawled[0]) if record["url"].endswith("/story")]
    assert record["title"] == "What the rule calls it"
    assert [line.split()[1] for line in record["text"].splitlines()] == ["first", "last"]
    assert record["found_in"]["title"] == "rule"


def test_a_rule_is_tried_on_an_address(crawled: tuple[Path, str]) -> None:
    assert crawled[1].startswith(f"the rule for {HOST}\n  drop     .note: 1 element\n")


def test_a_rule_is_tried_on_an_article_of_the_catalog(crawled: tuple[Path, str]) -> None:
    folder, by_address = crawled
    (record,) = [record for record in command.records(folder) if record["url"].endswith("/story")]
    tried = command.run(folder, "rule", "test", record["id"])
    assert (tried.returncode, tried.stdout) == (0, by_address)


def test_a_broken_rule_stops_the_daemon_before_it_begins(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "paper.yaml").write_text("host: paper.example\nbody: 'p['\n")
    command.write_config(tmp_path, [])
    done = command.run(tmp_path, "run", "--once")
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert done.stderr.startswith("rules/paper.yaml:2:7: body: `p[` is no CSS")
