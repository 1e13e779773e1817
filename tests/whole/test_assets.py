"""What pages are drawn with: asked for behind the pages, archived once, and shown."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from urllib.parse import quote

import aiohttp
import pytest

from crawler.cli import cli
from crawler.cli.errors import Exit, run
from crawler.model import Kind
from crawler.replay.serving import serving
from tests.whole import command
from tests.whole.web import NOT_FOUND, Answer, Web, page, rss

HOST, CDN = "127.0.7.11", "127.0.7.12"
USING = (command.ROOT / "docs" / "using.md").read_text()
DRAWN = {
    f"{CDN}/main.css",
    f"{CDN}/base.css",
    f"{CDN}/last.css",
    f"{CDN}/kufi.woff2",
    f"{HOST}/lead.jpg",
    f"{HOST}/lazy.jpg",
    f"{HOST}/gone.png",
    f"{HOST}/moved.png",
    f"{CDN}/moved.png",
}
NAMED = {f"{CDN}/main.css", f"{HOST}/lead.jpg", f"{HOST}/lazy.jpg", f"{HOST}/gone.png", f"{HOST}/moved.png"}


def site(web: Web, name: str):
    def answer(path: str, headers: Mapping[str, str]) -> Answer:
        match path:
            case "/feed":
                return rss([web.url(name, f"/story/{n}") for n in range(3)])
            case "/main.css":
                return Answer(b"@import 'base.css'; p { background: url(/kufi.woff2) }", kind="text/css")
            case "/base.css":
                return Answer(b"@import 'last.css'", kind="text/css")
            case "/last.css":
                return Answer(b"@import 'beyond.css'", kind="text/css")
            case "/moved.png" if name == HOST:
                return Answer(status=302, headers={"Location": web.url(CDN, "/moved.png")})
            case "/kufi.woff2":
                return Answer(b"wOF2 of a kind", kind="font/woff2")
        if path.endswith(("lead.jpg", "lazy.jpg", "moved.png")):
            return Answer(f"\xff\xd8 {path}".encode(), kind="image/jpeg")
        return drawn(web, path) if path.startswith("/story/") else NOT_FOUND

    return answer


def drawn(web: Web, path: str) -> Answer:
    """A page with pictures of its own and of all pages."""
    head = f'<link rel="stylesheet" href="{web.url(CDN, "/main.css")}"><meta property="og:image" content="/lead.jpg">'
    pictures = (
        '<script src="/never.js"></script><iframe src="/never"></iframe><img width=1 height=1 src="/never.gif">'
        '<img src="data:image/gif;base64,R0lG" data-src="/lazy.jpg"><img src="/gone.png"><img src="/moved.png">'
    )
    plain = page(path)
    body = plain.body.replace(b"</head>", f"{head}</head>".encode()).replace(b"</body>", f"{pictures}</body>".encode())
    assert head.encode() in body
    assert pictures.encode() in body
    return Answer(body, kind=plain.kind)


@pytest.fixture
def web():
    with Web([HOST, CDN], site) as serving:
        yield serving


def asked(web: Web) -> list[str]:
    return [one for one in web.paths() if not one.endswith("/robots.txt")]


def captures(folder, kind: Kind) -> list[tuple[str, int]]:
    with closing(sqlite3.connect(folder / "archive" / "warraq.db")) as db:
        rows = db.execute("SELECT url, extracted FROM captures WHERE kind = ? ORDER BY url", (int(kind),)).fetchall()
    return [(url, state) for url, state in rows]


def test_a_source_that_wants_it_gets_its_pages_first_then_each_picture_once(tmp_path, web, capsys):
    command.write_config(tmp_path, [f"{{feed: {web.url(HOST, '/feed')}, assets: page}}"])
    done = command.run(tmp_path, "run", "--once")
    assert done.returncode == 0, done.stderr
    assert sorted(asked(web)) == sorted([f"{HOST}/feed", *(f"{HOST}/story/{n}" for n in range(3)), *DRAWN])
    assert len(command.records(tmp_path)) == 3
    assert all(web.port and f":{web.port}/" in url for url, _ in captures(tmp_path, Kind.ASSET))
    assert len(captures(tmp_path, Kind.ASSET)) == len(DRAWN)
    config = ["--config", str(tmp_path / "config.yaml")]
    assert run(cli, ["verify", "--deep", *config]) == Exit.OK
    assert run(cli, ["export", "warc", str(tmp_path / "one"), "--query", '"story/1: paragraph"', *config]) == Exit.OK
    (index,) = (tmp_path / "one").glob("*.cdxj")
    given = {json.loads(line.split(" ", 2)[2])["url"].removeprefix("http://") for line in index.read_text().splitlines()}
    assert {url.replace(f":{web.port}", "") for url in given} == {
        f"{HOST}/story/1",
        f"{HOST}/robots.txt",  # whose payload the picture that is gone has in common
        *DRAWN,
    }
    for number in range(3):
        assert run(cli, ["archive", "redact", web.url(HOST, f"/story/{number}"), "--reason", "x", "--yes", *config]) == Exit.OK
    assert len(captures(tmp_path, Kind.ASSET)) == len(DRAWN)
    assert capsys.readouterr().err.count("stays, for other pages may be drawn with it") == len(NAMED)


def test_a_fetch_waits_for_what_is_asked_for_and_it_is_shown(tmp_path, web):
    command.write_config(tmp_path, [])
    (tmp_path / "config.yaml").write_text((tmp_path / "config.yaml").read_text().replace("sources:\n", ""))
    (line,) = (line for line in USING.splitlines() if line.startswith("warraq fetch ") and "--assets" in line)
    words = line.split()[1:]
    done = command.run(tmp_path, *(web.url(HOST, "/story/1") if "://" in word else word for word in words))
    assert done.returncode == 0, done.stderr
    assert "7 of 8 assets · 0 failed" in done.stderr
    assert set(asked(web)) == {f"{HOST}/story/1", *DRAWN}
    asyncio.run(_shown(tmp_path, web))


async def _shown(folder, web: Web) -> None:
    root = folder / "archive"
    where = f"/view?at=9999999999999&url={quote(web.url(HOST, '/story/1'), safe='')}"
    async with serving(root, root / "warraq.db", 0) as shell, aiohttp.ClientSession() as session:

        async def get(url: str) -> tuple[int, str]:
            async with session.get(url) as answer:
                return answer.status, await answer.text(errors="replace")

        frame = re.search(r'<iframe[^>]* src="([^"]+)"', (await get(shell + where))[1])[1].replace("&amp;", "&")
        origin = re.match(r"http://[^/]+", frame)[0]
        text = (await get(frame))[1]
        pictures = re.findall(r'<img[^>]* src="(/content[^"]+)"', text)
        assert len(pictures) == 3, "the lazy one, the one that is gone, the one that moved"
        assert (await get(origin + pictures[0].replace("&amp;", "&")))[1].endswith("/lazy.jpg")
        (sheet,) = re.findall(r'<link[^>]* href="(/content[^"]+)"', text)
        assert "@import" in (await get(origin + sheet.replace("&amp;", "&")))[1]
