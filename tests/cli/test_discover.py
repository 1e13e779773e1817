"""`warraq discover` on a small web: what is tried, in which order, and how it ends."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import structlog

from crawler.cli import cli
from crawler.cli.errors import Exit, run
from tests.whole.web import NOT_FOUND, Answer, Web, page, rss

NAMED, BARE, CLOSED, FEED, LINKED = "127.0.71.1", "127.0.71.2", "127.0.71.3", "127.0.71.4", "127.0.71.5"
XML = "application/xml"
FRONT = """<html><head><title>الجريدة</title><link rel="alternate" type="application/rss+xml" href="/rss"></head>
<body><nav><a href="/world">العالم</a></nav>%s</body></html>"""
LINKS = "".join(f'<a href="/2026/11/{n}/a-headline-of-many-words-{n}">a headline {n}</a>' for n in range(10, 14))
SITEMAP = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>%s/1</loc></url></urlset>"


def site(web: Web, name: str):
    def answer(path: str, headers: Mapping[str, str]) -> Answer:
        return answers_of(web).get(name + path, NOT_FOUND)

    return answer


def answers_of(web: Web) -> Mapping[str, Answer]:
    robots = f"User-agent: *\nDisallow:\nSitemap: {web.url(NAMED, '/news.xml')}\n"

    return {
        f"{NAMED}/robots.txt": Answer(robots.encode(), kind="text/plain"),
        f"{NAMED}/": Answer(
            (FRONT % LINKS).encode(), headers={"Link": '</atom>; rel="alternate"; type="application/atom+xml"'}
        ),
        f"{NAMED}/rss": rss(["/1"]),
        f"{NAMED}/news.xml": Answer((SITEMAP % web.url(NAMED, "")).encode(), kind=XML),
        f"{BARE}/": page("A page without links"),
        f"{BARE}/feed.xml": rss(["/1"]),
        f"{LINKED}/": Answer(f"<html><body>{LINKS}</body></html>".encode()),
        f"{CLOSED}/robots.txt": Answer(b"User-agent: *\nDisallow: /\n", kind="text/plain"),
        f"{FEED}/": Answer(status=302, headers={"Location": "/rss"}),
        f"{FEED}/rss": rss(["/1", "/2"]),
    }


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with Web([NAMED, BARE, CLOSED, FEED, LINKED], site) as serving:
        yield serving


@pytest.fixture(autouse=True)
def _away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = 'fetch: {allow_private: ["127.0.71.0/24"]}\npoliteness: {delay: 0s}\narchive: {dir: archive}\n'
    (tmp_path / "config.yaml").write_text(text)


def told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_what_a_site_names_is_found_and_the_usual_places_are_left_alone(
    web: Web, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    web.hits.clear()
    assert run(cli, ["discover", web.url(NAMED, "/"), "--json"]) == Exit.OK
    assert [(one["how"], one["kind"], str(one["url"]).rpartition("/")[2], one["items"]) for one in told(capsys)] == [
        ("page", "section", "", 4),
        ("link", "feed", "rss", 1),
        ("header", None, "atom", 0),
        ("robots", "sitemap", "news.xml", 1),
        ("menu", "section", "world", 0),
    ]
    assert web.paths() == [f"{NAMED}{path}" for path in ("/robots.txt", "/", "/rss", "/atom", "/news.xml")]
    assert not (tmp_path / "archive").exists()  # nothing is kept


def test_where_nothing_is_named_the_usual_places_are_tried(web: Web, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cli, ["discover", web.url(BARE, "/")]) == Exit.OK
    said = capsys.readouterr()
    assert f"usual place  Paper  {web.url(BARE, '/feed.xml')}" in said.out
    assert f"{web.url(BARE, '/atom.xml')} (usual place): status 404" in said.err


def test_a_feed_is_its_own_answer_wherever_it_was_moved_to(web: Web, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cli, ["discover", web.url(FEED, "/"), "--json"]) == Exit.OK
    (one,) = told(capsys)
    assert (one["url"], one["kind"], one["items"]) == (web.url(FEED, "/rss"), "feed", 2)


def test_what_robots_forbid_is_not_asked(web: Web, capsys: pytest.CaptureFixture[str]) -> None:
    web.hits.clear()
    assert run(cli, ["discover", web.url(CLOSED, "/")]) == Exit.REMOTE
    assert web.paths() == [f"{CLOSED}/robots.txt"]
    assert "disallows it" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["discover"], Exit.USAGE, "missing argument"),
        (["discover", "ftp://paper.example"], Exit.USAGE, "http and https"),
        (["discover", "http://10.1.2.3/"], Exit.REMOTE, "allow_private"),
    ],
)
def test_a_mistake_is_told_in_a_line(words: list[str], code: Exit, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cli, words) == code
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err


def test_a_site_nobody_answers_for_is_told_from_one_without_a_feed(web: Web, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cli, ["discover", web.url("127.0.71.9", "/")]) == Exit.NETWORK
    assert "nothing to watch among 1 address " in capsys.readouterr().err


# --- adding what was found


def test_of_a_site_its_feed_is_added_and_the_rest_is_told(web: Web, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cli, ["sources", "add", web.url(NAMED, "/"), "--tag", "عربي"]) == Exit.OK
    said = capsys.readouterr()
    assert said.out == f"added: Paper ({web.url(NAMED, '/rss')})\n"
    assert f"also there: sitemap {web.url(NAMED, '/news.xml')}" in said.err


@pytest.mark.parametrize(
    ("host", "path", "code", "hint"),
    [
        (LINKED, "/", Exit.REMOTE, "it has neither feed nor sitemap; --kind site watches its pages"),
        (CLOSED, "/", Exit.REMOTE, "disallows it; --kind adds it all the same"),
        ("127.0.71.9", "/", Exit.NETWORK, "connection refused; --kind adds it all the same"),
    ],
)
def test_where_nothing_is_found_to_add_it_is_said_what_to_do(
    host: str, path: str, code: Exit, hint: str, web: Web, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(cli, ["sources", "add", web.url(host, path)]) == code
    assert hint in capsys.readouterr().err
    assert not (tmp_path / "archive").exists()


def test_what_is_logged_meanwhile_stands_beside_what_was_found(
    web: Web, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(cli, ["sources", "add", web.url(FEED, "/rss"), "--kind", "feed"]) == Exit.OK
    with contextlib.closing(sqlite3.connect(tmp_path / "archive" / "warraq.db")) as db, db:
        db.execute("INSERT INTO meta (key, value) VALUES ('written', ?)", (str(4 * 10**12),))  # by a clock of the year 2096
    structlog.reset_defaults()
    capsys.readouterr()
    assert run(cli, ["discover", web.url(FEED, "/"), "--json"]) == Exit.OK
    out, err = capsys.readouterr()
    assert [json.loads(line)["kind"] for line in out.splitlines()] == ["feed"]
    assert "clock_moved" in err
