"""What was kept already is kept as a revisit: small, and pointing to its original by all five fields."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from fastwarc import ArchiveIterator

from tests.whole import command
from tests.whole.web import NOT_FOUND, Answer, Web, page, rss

HOST = "127.0.12.1"
PROFILES = "http://netpreserve.org/warc/1.1/revisit/"
# About what sites send with a page: names of caches, policies, cookies.
HEADERS = {
    "Server": "nginx",
    "Date": "Sun, 22 Nov 2026 07:21:08 GMT",
    "Cache-Control": "public, max-age=60, stale-while-revalidate=300",
    "Vary": "Accept-Encoding, X-Forwarded-Proto, Cookie",
    "X-Cache": "HIT from edge-7",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "Content-Security-Policy": "default-src 'self'; img-src * data:; script-src 'self' 'unsafe-inline' cdn.example",
    "Set-Cookie": "session=4f2a9c1e77d04c0f9be0a1c2d3e4f506; Path=/; HttpOnly; Secure; SameSite=Lax",
    "X-Request-Id": "0d9f2b1e-7c1c-4a52-9a41-8b3f5ad0c7aa",
}


def site(web: Web, host: str):
    def answer(path: str, headers: Mapping[str, str]) -> Answer:
        links = [web.url(HOST, story) for story in ("/story/1", "/story/1?print")]
        found = rss(links, title=path) if "feed" in path else page("One") if "story" in path else NOT_FOUND
        tagged = {**HEADERS, "ETag": f'"{path}"'} if path == "/tagged/feed" else HEADERS
        if "ETag" in tagged and headers.get("if-none-match") == tagged["ETag"]:
            return Answer(status=304, headers=tagged)
        return Answer(found.body, found.status, found.kind, tagged)

    return answer


def crawl(folder: Path, apart: float = 0) -> None:
    """Two feeds polled twice, so many seconds apart, one of them with an ETag; and one story at two addresses."""
    with Web([HOST], site) as web:
        sources = [f"feed: {web.url(HOST, path)}" for path in ("/feed", "/tagged/feed")]
        config = "archive: {dir: archive, free_least: 0B}"
        command.write_config(folder, sources)
        text = (folder / "config.yaml").read_text()
        assert config in text
        (folder / "config.yaml").write_text(
            text.replace(config, "archive: {dir: archive, free_least: 0B, unchanged_feeds: true}")
        )
        for pause in (0, apart):
            time.sleep(pause)
            done = command.run(folder, "run", "--once")
            assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("revisits")
    crawl(made)
    return made


@pytest.fixture(scope="module")
def records(folder) -> list[tuple[dict[str, str], bytes, int]]:
    """Headers, block, and length in the file, of every record in order."""
    found = []
    for warc in sorted(folder.glob("archive/**/*.warc.gz*")):
        with warc.open("rb") as file:
            read = [
                (dict(r.headers.to_tuples()), r.reader.read(), r.stream_pos) for r in ArchiveIterator(file, parse_http=False)
            ]
        ends = [begin for _, _, begin in read[1:]] + [warc.stat().st_size]
        found += [(headers, block, end - begin) for (headers, block, begin), end in zip(read, ends, strict=True)]
    return found


def of_kind(records, kind):
    return [(headers, block) for headers, block, _ in records if headers["WARC-Type"] == kind]


def test_each_unchanged_poll_and_each_twin_is_a_revisit(records):
    told = {
        (headers["WARC-Target-URI"].partition(HOST)[2].partition("/")[2].partition("?")[0], headers["WARC-Profile"])
        for headers, _ in of_kind(records, "revisit")
    }
    assert told == {
        ("feed", PROFILES + "identical-payload-digest"),
        ("tagged/feed", PROFILES + "server-not-modified"),
        ("story/1", PROFILES + "identical-payload-digest"),
    }


def test_a_revisit_points_to_a_response_by_all_five_fields(records):
    responses = {headers["WARC-Record-ID"]: headers for headers, _ in of_kind(records, "response")}
    revisits = of_kind(records, "revisit")
    assert len(revisits) == 3
    for headers, block in revisits:
        original = responses[headers["WARC-Refers-To"]]
        assert headers["WARC-Profile"].startswith(PROFILES)
        assert headers["WARC-Refers-To-Target-URI"] == original["WARC-Target-URI"]
        assert headers["WARC-Refers-To-Date"] == original["WARC-Date"]
        assert headers["WARC-Payload-Digest"] == original["WARC-Payload-Digest"]
        assert block.endswith(b"\r\n\r\n")
        assert block.count(b"\r\n\r\n") == 1


def test_a_304_revisit_is_of_its_own_address(records):
    (headers,) = [headers for headers, _ in of_kind(records, "revisit") if headers["WARC-Profile"].endswith("not-modified")]
    assert headers["WARC-Target-URI"].endswith("/tagged/feed")


def test_what_did_not_change_costs_little(records):
    sizes = []
    for at, (headers, _, _) in enumerate(records):
        if headers["WARC-Type"] == "revisit":
            group = records[at : at + 3]
            assert [one["WARC-Type"] for one, _, _ in group] == ["revisit", "request", "metadata"]
            sizes.append(sum(length for _, _, length in group))
    assert max(sizes) <= 2200, sizes


def test_the_warcinfo_says_who_crawls_and_how(records):
    for _, block in of_kind(records, "warcinfo"):
        said = dict(line.split(": ", 1) for line in block.decode().splitlines())
        assert said["format"] == "WARC File Format 1.1"
        assert said["software"].startswith("Warraq/")
        assert said["robots"].startswith("obey")
        assert said["config-digest"].startswith("sha256:")
        assert said["http-header-user-agent"]
        assert said["conformsTo"].endswith("/warc-format/warc-1.1/")
