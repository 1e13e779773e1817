"""`warraq fetch` as a user meets it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import pairwise

import pytest

from tests.whole import command
from tests.whole.web import NOT_FOUND, Answer, Web, page, rss

HOST, OTHER = "127.0.7.1", "127.0.7.2"


def site(web: Web, name: str):
    stories = [f"/story/{n}" for n in range(5)]

    def answer(path: str, headers: Mapping[str, str]) -> Answer:
        match path:
            case "/feed":
                return rss([web.url(name, story) for story in stories])
            case "/sitemap.xml":
                urls = "".join(f"<url><loc>{web.url(name, story)}</loc></url>" for story in stories)
                return Answer(f"<urlset>{urls}</urlset>".encode(), kind="text/xml")
            case "/moved":
                return Answer(status=301, headers={"Location": web.url(OTHER, "/story/moved")})
        return page(path) if path.startswith("/story/") else NOT_FOUND

    return answer


@pytest.fixture
def web():
    with Web([HOST, OTHER], site) as serving:
        yield serving


@pytest.fixture
def folder(tmp_path):
    command.write_config(tmp_path, [])
    (tmp_path / "config.yaml").write_text((tmp_path / "config.yaml").read_text().replace("sources:\n", ""))
    return tmp_path


def lines(done) -> list[dict]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_page_is_a_record_that_points_to_its_bytes(folder, web):
    (record,) = lines(command.run(folder, "fetch", web.url(HOST, "/story/1")))
    assert record["schema"] == 1
    assert record["title"] == "/story/1"
    assert len(record["text"].splitlines()) == 4
    assert record["capture"]["segment"].startswith("WARRAQ-")
    assert command.responses(folder)[web.url(HOST, "/story/1")] == 1
    assert [kept["id"] for kept in command.records(folder)] == [record["id"]]


@pytest.mark.parametrize("path", ["/feed", "/sitemap.xml"])
def test_a_list_brings_its_articles(folder, web, path):
    records = lines(command.run(folder, "fetch", web.url(HOST, path)))
    assert {record["url"] for record in records} == {web.url(HOST, f"/story/{n}") for n in range(5)}


def test_a_limit_is_kept(folder, web):
    assert len(lines(command.run(folder, "fetch", web.url(HOST, "/feed"), "--limit", "2"))) == 2


def test_a_redirect_to_another_host_is_followed(folder, web):
    (record,) = lines(command.run(folder, "fetch", web.url(HOST, "/moved")))
    assert record["url"] == web.url(OTHER, "/story/moved")


def test_fetching_twice_gives_the_record_twice_and_the_bytes_once(folder, web):
    first, second = (lines(command.run(folder, "fetch", web.url(HOST, "/story/2")))[0] for _ in range(2))
    assert first["text"] == second["text"]
    assert command.responses(folder)[web.url(HOST, "/story/2")] == 1


def test_the_same_feed_again_brings_its_articles_again(folder, web):
    assert len(lines(command.run(folder, "fetch", web.url(HOST, "/feed")))) == 5
    assert len(lines(command.run(folder, "fetch", web.url(HOST, "/feed")))) == 5


def test_without_archive_nothing_is_left(folder, web):
    assert len(lines(command.run(folder, "fetch", web.url(HOST, "/story/1"), "--no-archive"))) == 1
    assert not (folder / "archive").exists()


def test_a_list_on_stdin(folder, web):
    given = "\n".join(web.url(HOST, f"/story/{n}") for n in range(3)).encode()
    assert len(lines(command.run(folder, "fetch", "-", stdin=given))) == 3


def test_a_bad_line_of_a_list_is_told_and_not_in_the_way(folder, web):
    given = f"# two lines\n{web.url(HOST, '/story/1')}\nhttp://[bad\nnonsense\n"
    done = command.run(folder, "fetch", "-", stdin=given.encode())
    assert done.returncode == 7
    assert len(done.stdout.splitlines()) == 1
    assert "http://[bad" in done.stderr
    assert "nonsense" in done.stderr


def test_a_local_page_and_a_local_feed(folder, web):
    (folder / "page.html").write_bytes(page("A local page").body)
    (folder / "feed.xml").write_bytes(rss([web.url(HOST, "/story/1"), web.url(HOST, "/story/2")]).body)
    (record,) = lines(command.run(folder, "fetch", "page.html"))
    assert record["title"] == "A local page"
    assert record["url"].startswith("urn:sha256:")
    assert len(lines(command.run(folder, "fetch", "feed.xml"))) == 2


def test_json_is_one_array_and_markdown_is_text(folder, web):
    done = command.run(folder, "fetch", web.url(HOST, "/feed"), "--json")
    assert len(json.loads(done.stdout)) == 5
    done = command.run(folder, "fetch", web.url(HOST, "/story/1"), "--md")
    assert done.stdout.startswith("# /story/1\n")


def test_an_output_file_appears_whole(folder, web):
    done = command.run(folder, "fetch", web.url(HOST, "/feed"), "-o", "out.jsonl")
    assert done.returncode == 0
    assert done.stdout == ""
    assert len((folder / "out.jsonl").read_text().splitlines()) == 5
    assert {path.name for path in folder.iterdir()} == {"archive", "config.yaml", "out.jsonl"}


def test_quiet_is_quiet(folder, web):
    assert command.run(folder, "fetch", web.url(HOST, "/story/1"), "-q").stderr == ""


def test_beside_a_daemon_the_gap_is_kept_and_its_queue_is_left_alone(folder, web):
    command.write_config(folder, [f"feed: {web.url(HOST, '/feed')}"], delay="400ms")
    daemon = command.start(folder, "run")
    try:
        while len(web.hits) < 3:
            assert daemon.poll() is None
        (record,) = lines(command.run(folder, "fetch", web.url(HOST, "/story/4"), "--timeout", "30"))
    finally:
        daemon.terminate()
        daemon.communicate(timeout=30)
    assert record["title"] == "/story/4"
    starts = sorted(hit.at for hit in web.hits)
    assert min(b - a for a, b in pairwise(starts)) >= 0.28
