"""`warraq failures` after a crawl in which much went wrong."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping

import pytest

from tests.whole import command
from tests.whole.web import NOT_FOUND, Answer, Web, page, rss

GOOD, GONE, GUARDED = "127.0.42.1", "127.0.42.2", "127.0.42.3"
PAGE = (command.ROOT / "docs" / "politeness.md").read_text()
REFUSAL = b"<title>Attention Required! | Cloudflare</title>"


def site(web: Web, name: str):
    def answer(path: str, headers: Mapping[str, str]) -> Answer:
        if name == GUARDED:
            return Answer(REFUSAL, status=403)
        if path == "/robots.txt":
            return Answer(b"User-agent: *\nDisallow: /private/\n", kind="text/plain")
        if path == "/feed" and name == GOOD:
            return rss([web.url(name, link) for link in ("/story/1", "/missing", "/private/1", "/broken")])
        if path == "/broken":
            return Answer(b"oops", status=500)
        return page(path) if path == "/story/1" else NOT_FOUND

    return answer


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("failures")
    with Web([GOOD, GONE, GUARDED], site) as web:
        feeds = [f"feed: {web.url(name, '/feed')}" for name in (GOOD, GONE, GUARDED)]
        command.write_config(folder, feeds, more="")
        text = (folder / "config.yaml").read_text().replace("retry: {base: 100ms}", "retry: {base: 10ms, tries: 2}")
        (folder / "config.yaml").write_text(text)
        assert command.run(folder, "run", "--once").returncode == 7
    return folder


def listed(folder, *words: str) -> list[dict]:
    done = command.run(folder, "failures", "--json", *words)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_each_page_given_up_and_each_source_that_fails_is_listed_with_its_class(crawled):
    said = {(one["url"].split("/", 3)[-1], one["class"], one["reason"], one["state"]) for one in listed(crawled)}
    assert said == {
        ("missing", "client", "missing", "given up"),
        ("private/1", "client", "robots", "given up"),
        ("broken", "server", "server", "given up"),
        ("feed", "client", "missing", "failing"),
        ("feed", "client", "blocked", "blocked"),
    }


def test_a_page_that_was_given_up_says_how_often_it_was_tried_and_where_it_was_found(crawled):
    (broken,) = listed(crawled, "--class", "server")
    assert (broken["tries"], broken["detail"], broken["kind"]) == (2, "status 500", "page")
    assert broken["via"].endswith("/feed")


def test_a_host_and_a_time_narrow_the_list(crawled):
    assert {one["state"] for one in listed(crawled, "--host", GUARDED)} == {"blocked"}
    assert listed(crawled, "--host", "7.0.42.3") == []
    assert len(listed(crawled, "--since", "1h")) == 5
    assert len(listed(crawled, "--since", "2020-01-01")) == 5
    assert listed(crawled, "--since", "2999-01-01") == []


def test_people_get_columns_and_a_count(crawled):
    done = command.run(crawled, "failures")
    assert done.returncode == 0
    head, *rows = done.stdout.splitlines()
    assert head.split() == ["at", "class", "state", "tries", "kind", "address", "why"]
    assert any("blocked: Cloudflare (status 403)" in row for row in rows)
    assert done.stderr == "3 pages given up, 2 failing sources\n"


@pytest.mark.parametrize("words", [["--class", "weather"], ["--since", "yesterday"]])
def test_what_it_cannot_follow_is_a_usage_error(crawled, words):
    done = command.run(crawled, "failures", *words)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)


@pytest.mark.parametrize("line", re.findall(r"(?m)^(warraq failures.*?)(?:   +#|$)", PAGE))
def test_each_command_the_page_shows_lists_something_or_says_there_is_nothing(crawled, line):
    done = command.run(crawled, *shlex.split(line)[1:])
    assert (done.returncode, done.stderr.count("\n")) == (0, 1)


def test_without_a_store_it_says_what_to_do(tmp_path):
    command.write_config(tmp_path, ["feed: https://news.example.com/rss.xml"])
    done = command.run(tmp_path, "failures")
    assert done.returncode == 4
    assert "there is no store here" in done.stderr
