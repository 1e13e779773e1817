"""Sources over several rounds of `warraq run --once`: asked politely, followed when they change, never lost."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.whole import command
from tests.whole.web import NOT_FOUND, Answer, Web, page, rss

HOST, OTHER = "127.0.11.1", "127.0.11.2"


class Paper:
    """A site whose answers a test may change between two rounds."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}

    def site(self, web: Web, name: str):
        def answer(path: str, headers: Mapping[str, str]) -> Answer:
            found = self.answers.get(path, NOT_FOUND)
            etag = found.headers.get("ETag")
            if etag and headers.get("if-none-match") == etag:
                return Answer(status=304, headers={"ETag": etag})
            return found

        return answer


@pytest.fixture
def paper():
    return Paper()


@pytest.fixture
def web(paper):
    with Web([HOST, OTHER], paper.site) as serving:
        yield serving


def go_round(folder, *, code: int = 0) -> None:
    done = command.run(folder, "run", "--once")
    assert done.returncode == code, done.stderr[-2000:]


def feed(web: Web, *stories: str, etag: str = "", said: str = "") -> Answer:
    made = rss([web.url(HOST, story) for story in stories])
    body = made.body.replace(b"</title><link>", f"{said}</title><link>".encode()) if said else made.body
    return Answer(body, kind=made.kind, headers={"ETag": etag} if etag else {})


def titles(folder) -> list[str]:
    return sorted(record["title"] for record in command.records(folder))


def test_an_unchanged_feed_is_asked_with_its_etag_and_leaves_a_row_and_no_record(tmp_path, web, paper):
    paper.answers = {"/feed": feed(web, "/story/1", etag='W/"a b"'), "/story/1": page("One")}
    command.write_config(tmp_path, [f"feed: {web.url(HOST, '/feed')}"])
    go_round(tmp_path)
    go_round(tmp_path)
    first, second = [hit for hit in web.hits if hit.path == "/feed"]
    assert "if-none-match" not in first.headers
    assert second.headers["if-none-match"] == 'W/"a b"'
    assert titles(tmp_path) == ["One"]
    assert command.responses(tmp_path)[web.url(HOST, "/feed")] == 1
    assert command.rows(tmp_path, "SELECT status, outcome FROM polls ORDER BY at") == [(200, "fetched"), (304, "unchanged")]


def test_the_same_body_without_validators_is_not_read_again(tmp_path, web, paper):
    paper.answers = {"/feed": feed(web, "/story/1"), "/story/1": page("One")}
    command.write_config(tmp_path, [f"feed: {web.url(HOST, '/feed')}"])
    go_round(tmp_path)
    go_round(tmp_path)
    assert command.rows(tmp_path, "SELECT outcome FROM polls ORDER BY at") == [("fetched",), ("unchanged",)]


def test_a_new_entry_brings_its_page_and_an_old_one_is_left_alone(tmp_path, web, paper):
    paper.answers = {"/feed": feed(web, "/story/1", etag="1"), "/story/1": page("One"), "/story/2": page("Two")}
    command.write_config(tmp_path, [f"feed: {web.url(HOST, '/feed')}"])
    go_round(tmp_path)
    paper.answers["/feed"] = feed(web, "/story/2", "/story/1", etag="2")
    go_round(tmp_path)
    assert titles(tmp_path) == ["One", "Two"]
    assert web.paths().count(f"{HOST}/story/1") == 1


def test_an_entry_that_changed_brings_its_page_again_as_a_new_version(tmp_path, web, paper):
    paper.answers = {"/feed": feed(web, "/story/1", etag="1"), "/story/1": page("One")}
    command.write_config(tmp_path, [f"feed: {web.url(HOST, '/feed')}"])
    go_round(tmp_path)
    paper.answers = {"/feed": feed(web, "/story/1", etag="2", said=" (corrected)"), "/story/1": page("One, corrected")}
    go_round(tmp_path)
    assert titles(tmp_path) == ["One", "One, corrected"]
    assert command.rows(tmp_path, "SELECT n FROM versions ORDER BY n") == [(1,), (2,)]
    assert command.rows(tmp_path, "SELECT version FROM articles") == [(2,)]


def test_a_feed_that_moved_is_followed_and_its_source_stays_one(tmp_path, web, paper):
    paper.answers = {
        "/feed": Answer(status=301, headers={"Location": web.url(OTHER, "/moved")}),
        "/moved": feed(web, "/story/1", etag="1"),
        "/story/1": page("One"),
    }
    command.write_config(tmp_path, [f"feed: {web.url(HOST, '/feed')}"])
    go_round(tmp_path)
    go_round(tmp_path)
    assert titles(tmp_path) == ["One"]
    assert command.rows(tmp_path, "SELECT count(*), max(q_due) IS NOT NULL FROM sources") == [(1, 1)]
    assert command.rows(tmp_path, "SELECT count(*) FROM queue WHERE kind = 1") == [(1,)]


def test_a_page_that_redirects_to_itself_without_its_tracking_parameter_is_not_lost(tmp_path, web, paper):
    paper.answers = {
        "/feed": feed(web, "/story/1?utm_source=rss"),
        "/story/1?utm_source=rss": Answer(status=302, headers={"Location": "/story/1"}),
        "/story/1": page("One"),
    }
    command.write_config(tmp_path, [f"feed: {web.url(HOST, '/feed')}"])
    go_round(tmp_path)
    assert titles(tmp_path) == ["One"]


def test_a_failing_source_says_so_comes_back_and_keeps_what_it_knew(tmp_path, web, paper):
    paper.answers = {"/feed": feed(web, "/story/1"), "/story/1": page("One"), "/story/2": page("Two")}
    command.write_config(tmp_path, [f"feed: {web.url(HOST, '/feed')}"])
    go_round(tmp_path)
    good = feed(web, "/story/2", "/story/1")
    paper.answers["/feed"] = Answer(b"down", status=503)
    go_round(tmp_path, code=7)
    paper.answers["/feed"] = good
    go_round(tmp_path)
    assert titles(tmp_path) == ["One", "Two"]


def test_a_feed_that_is_gone_is_kept_and_asked_monthly(tmp_path, web, paper):
    paper.answers = {}
    command.write_config(tmp_path, [f"feed: {web.url(HOST, '/feed')}"])
    paper.answers["/feed"] = Answer(b"gone", status=404)
    go_round(tmp_path, code=7)
    assert command.rows(tmp_path, "SELECT state, failures FROM sources") == [("active", 1)]


def test_an_index_of_sitemaps_is_followed_to_its_pages(tmp_path, web, paper):
    paper.answers = {
        "/index.xml": Answer(
            f"<sitemapindex><sitemap><loc>{web.url(HOST, '/s1.xml')}</loc></sitemap></sitemapindex>".encode(), kind="text/xml"
        ),
        "/s1.xml": Answer(f"<urlset><url><loc>{web.url(HOST, '/story/1')}</loc></url></urlset>".encode(), kind="text/xml"),
        "/story/1": page("One"),
    }
    command.write_config(tmp_path, [f"sitemap: {web.url(HOST, '/index.xml')}"])
    go_round(tmp_path)
    assert titles(tmp_path) == ["One"]


def test_a_source_taken_out_of_the_config_is_not_asked_and_its_history_stays(tmp_path, web, paper):
    paper.answers = {"/feed": feed(web, "/story/1"), "/other": feed(web), "/story/1": page("One")}
    command.write_config(tmp_path, [f"feed: {web.url(HOST, '/feed')}", f"feed: {web.url(HOST, '/other')}"])
    go_round(tmp_path)
    command.write_config(tmp_path, [f"feed: {web.url(HOST, '/feed')}"])
    go_round(tmp_path)
    assert web.paths().count(f"{HOST}/other") == 1
    assert command.rows(tmp_path, "SELECT state FROM sources ORDER BY state") == [("active",), ("paused",)]
