"""Sources that are asked in their own way, in one round of the daemon: what goes where, and that no secret is left anywhere."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from crawler.cli import cli
from crawler.cli.errors import Exit, run
from tests.whole.web import NOT_FOUND, Answer, Web, rss

PAPER, FEED, OTHER = "127.0.72.1", "127.0.72.2", "127.0.72.3"
COOKIE, KEY, PASSWORD = "c00kie-5ecret", "k3y-5ecret", "p4ss-5ecret"
ARABIC = (
    "وافق مجلس الميناء يوم الأحد على خط عبّارات جديد يربط الجزيرة بالمدينة، وقال رئيس المجلس إن العمل يبدأ في الربيع المقبل."
)
ENGLISH = (
    "The harbour council approved a new ferry line on Sunday that links the island with the town, and work begins in spring."
)


def article(text: str, language: str) -> Answer:
    body = "".join(f"<p>{text} {n}</p>" for n in range(5))
    head = f"<!doctype html><html lang={language}><head><title>{text[:20]}</title></head>"
    return Answer(f"{head}<body><article><h1>{text[:30]}</h1>{body}</article></body></html>".encode())


def front(*links: str, menu: str = "") -> Answer:
    anchors = "".join(f'<p><a href="{link}">a headline of quite a few words {link}</a></p>' for link in links)
    return Answer(f"<html><head><title>P</title></head><body><nav>{menu}</nav>{anchors}</body></html>".encode())


def paper(path: str, headers: Mapping[str, str]) -> Answer:
    if path == "/robots.txt":
        return NOT_FOUND
    if headers.get("cookie") != f"session={COOKIE}" or "authorization" not in headers:
        return Answer(b"please log in", status=403)
    names = [f"/ar/2026/11/22/story-of-the-day-number-{n}" for n in range(8)]
    pages = {
        "/": front(
            *names[:3], "/en/2026/11/22/a-story-in-english-here", menu='<a href="/ar/world">العالم</a><a href="/en">E</a>'
        ),
        "/ar/world": front(*names[3:6], f"{names[6]}/print/"),
        **{name: article(ARABIC, "ar") for name in names},
        names[5]: article(ENGLISH, "en"),
    }
    return pages.get(path, NOT_FOUND)


def site(web: Web, name: str):
    def answer(path: str, headers: Mapping[str, str]) -> Answer:
        if name == PAPER:
            return paper(path, headers)
        if path == "/rss":
            return rss([web.url(FEED, "/1"), web.url(OTHER, "/2")])
        return article(ARABIC, "ar") if path in ("/1", "/2") else NOT_FOUND

    return answer


CONFIG = """archive: {{dir: archive}}
politeness: {{delay: 0s}}
fetch: {{allow_private: ["127.0.72.0/24"]}}
log: {{level: debug, format: json}}
sources:
  - site: {paper}
    include: [/ar/]
    exclude: ["*/print/"]
    languages: [ar]
    depth: 1
    cookies: {{session: "${{PAPER_SESSION}}"}}
    user: salma
    password: file:{password}
    user_agent: Salma/1
  - feed: {feed}
    headers: {{X-Api-Key: "${{FEED_KEY}}"}}
"""


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Web, str]]:
    folder = tmp_path_factory.mktemp("own")
    with pytest.MonkeyPatch.context() as patch, Web([PAPER, FEED, OTHER], site) as web:
        patch.chdir(folder)
        patch.setenv("PAPER_SESSION", COOKIE)
        patch.setenv("FEED_KEY", KEY)
        (folder / "password").write_text(PASSWORD)
        (folder / "config.yaml").write_text(
            CONFIG.format(paper=web.url(PAPER, "/"), feed=web.url(FEED, "/rss"), password=folder / "password")
        )
        done = one_round()
        yield folder, web, done


def one_round() -> str:
    """One round of the daemon, in this process; what it logged."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        assert run(cli, ["run", "--once"]) == Exit.OK, said.getvalue()
    return said.getvalue()


def records(folder: Path) -> list[dict[str, object]]:
    files = [path for path in folder.glob("archive/**/*.jsonl*") if not path.name.startswith("manifest")]
    return [json.loads(line) for path in files for line in path.read_text().splitlines()]


def test_a_site_behind_a_login_is_read_section_by_section_within_its_bounds(ended: tuple[Path, Web, str]) -> None:
    folder, web, _ = ended
    asked = {hit.path for hit in web.hits if hit.host == PAPER}
    assert asked == {"/robots.txt", "/", "/ar/world", *(f"/ar/2026/11/22/story-of-the-day-number-{n}" for n in range(6))}
    kept = [str(one["url"]).rpartition("-")[2] for one in records(folder) if PAPER in str(one["url"])]
    assert sorted(kept) == ["0", "1", "2", "3", "4"]  # the one in English is none


def test_secrets_go_to_their_own_site_and_not_with_robots(ended: tuple[Path, Web, str]) -> None:
    _, web, _ = ended
    for hit in web.hits:
        robots = hit.path == "/robots.txt"
        assert ("cookie" in hit.headers) == (hit.host == PAPER and not robots)
        assert ("x-api-key" in hit.headers) == (hit.host == FEED and not robots)
        assert hit.headers["user-agent"].startswith("Salma/1 Warraq/" if hit.host == PAPER else "Warraq/")


def test_a_section_that_was_found_is_listed_below_its_site(
    ended: tuple[Path, Web, str], capsys: pytest.CaptureFixture[str]
) -> None:
    _, web, _ = ended
    assert run(cli, ["sources", "list", "--json"]) == Exit.OK
    listed = {str(one["url"]): one for one in map(json.loads, capsys.readouterr().out.splitlines())}
    home, found = listed[web.url(PAPER, "/")], listed[web.url(PAPER, "/ar/world")]
    assert (home["kind"], found["parent"], found["condition"]) == ("site", home["id"], "active")
    assert run(cli, ["sources", "rm", web.url(PAPER, "/ar/world")]) == Exit.USAGE


def test_no_secret_is_left_anywhere(ended: tuple[Path, Web, str], capsys: pytest.CaptureFixture[str]) -> None:
    folder, web, log = ended
    for words in (
        ["config", "show"],
        ["sources", "show", web.url(PAPER, "/")],
        ["sources", "list", "--json"],
        ["failures", "--json"],
    ):
        run(cli, words)
    said = capsys.readouterr()
    left = [log.encode(), said.out.encode(), said.err.encode()]
    for path in folder.glob("archive/**/*"):
        if path.is_file():
            left.append(path.read_bytes())
            if ".warc.gz" in path.name:
                left.append(gzip.decompress(path.read_bytes()))
    whole = b"".join(left)
    assert b"X-Api-Key: **********" in whole
    assert b"Cookie: *****" in whole
    secrets = [COOKIE, KEY, PASSWORD, "c2FsbWE6cDRzcy01ZWNyZXQ"]
    assert [secret for secret in secrets if secret.encode() in whole] == []
