"""The archive in a browser: what is shown of a capture, and under which policy."""

from __future__ import annotations

import re
from urllib.parse import quote

import aiohttp
import pytest

from crawler import urls
from crawler.ports import LocalError
from crawler.replay.serving import serving
from crawler.store.shelf import open_shelf
from tests.archive.samples import NOW, PAGE, name


@pytest.fixture
async def shell(root):
    async with serving(root, root / "warraq.db", 0) as address, aiohttp.ClientSession() as session:

        async def get(path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
            url = path if path.startswith("http") else address + path
            async with session.get(url, headers=headers) as answer:
                return answer.status, await answer.text(), dict(answer.headers)

        get.root, get.address = root, address
        yield get


def at(page: str = PAGE, path: str = "/view", moment: int = NOW + 1501) -> str:
    return f"{path}?at={moment}&url={quote(page, safe='')}"


async def test_a_capture_is_shown_with_its_time_source_digest_and_state(shell):
    status, text, headers = await shell(at())
    assert status == 200
    assert "as it was written" in text
    assert re.search(r"payload sha256 [0-9a-f]{64}", text)
    assert name(1) in text
    assert "<iframe sandbox " in text
    assert "default-src 'none'" in headers["Content-Security-Policy"]


async def test_the_frame_is_of_another_origin_and_nothing_in_it_runs(shell):
    _, text, headers = await shell(at())
    frame = re.search(r'src="([^"]+)"', text)[1].replace("&amp;", "&")
    origin = re.match(r"http://127\.0\.0\.1:\d+", frame)[0]
    assert origin != shell.address
    assert f"frame-src {origin};" in headers["Content-Security-Policy"]
    status, page, own = await shell(frame)
    assert (status, "<p>1000</p>" in page) == (200, True)
    policy = own["Content-Security-Policy"].split("; ")
    assert policy[:2] == ["sandbox", "default-src 'none'"]
    assert not any("script" in rule for rule in policy)
    assert own["X-Content-Type-Options"] == "nosniff"


async def test_what_was_changed_is_said(shell):
    warc = next(shell.root.rglob("*-00001-*.warc.gz"))
    data = bytearray(warc.read_bytes())
    for offset in range(700, len(data) - 700, 97):
        data[offset] ^= 4
    warc.write_bytes(data)
    _, text, _ = await shell(at())
    assert "not as it was written" in text


async def test_captures_are_listed_by_time_and_headers_are_shown_raw(shell):
    _, text, _ = await shell(at(path="/captures"))
    assert "9 captures" in text
    times = re.findall(r"<time>([^<]+)", text)
    assert times == sorted(times)
    _, raw, _ = await shell(at(path="/raw"))
    assert "WARC-Record-ID" in raw
    assert "HTTP/1.1 200 OK" in raw


def test_of_too_many_captures_the_newest_are_listed(root):
    address = urls.host_id(urls.host(PAGE)), urls.url_hash(PAGE)
    with open_shelf(root / "warraq.db") as shelf:
        everything = shelf.captures(address, 1_000)
        assert len(everything) == 9
        assert shelf.captures(address, 4) == everything[-4:]


async def test_an_unknown_address_and_another_name_are_answered_plainly(shell):
    assert (await shell(at("https://nowhere.example/")))[0] == 404
    assert (await shell("/captures?url=nothing"))[0] == 400
    assert (await shell("/", Host="evil.example"))[0] == 403
    assert (await shell("/"))[0] == 200


async def test_a_port_that_is_taken_is_one_clear_line(tmp_path, shell):
    _, text, _ = await shell(at())
    taken = int(re.search(r"127\.0\.0\.1:(\d+)/content", text)[1])
    with pytest.raises(LocalError, match="choose another --port"):
        async with serving(shell.root, shell.root / "warraq.db", taken):
            pass
