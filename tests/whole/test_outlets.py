"""What comes out of a crawl: `warraq tail`, webhooks and commands."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from collections.abc import Mapping
from dataclasses import replace

import pytest

from crawler.cli import cli
from crawler.cli.errors import Exit, run
from tests.outlet.shelf import Shelf
from tests.whole import command
from tests.whole.receiver import SECRET, Receiver
from tests.whole.web import NOT_FOUND, Answer, Web, page, rss

HOST = "127.0.31.1"
DATED = b"<meta property=article:published_time content=2020-02-02T07:00:00Z></head>"
OLD = replace(page("A story of long ago"), body=page("A story of long ago").body.replace(b"</head>", DATED))


def site(web: Web, name: str):
    def answer(path: str, headers: Mapping[str, str]) -> Answer:
        if path == "/rss.xml":
            return rss([web.url(name, f"/story/{n}") for n in range(8)])
        if path == "/story/0":
            return OLD
        return page(f"A story: {path}") if path.startswith("/story") else NOT_FOUND

    return answer


@pytest.fixture
def web():
    with Web([HOST], site) as serving:
        yield serving


def test_webhook_command_and_tail_are_each_told_of_every_new_article_and_no_secret_is(tmp_path, web, monkeypatch, capfdbinary):
    monkeypatch.setenv("HOOK_KEY", SECRET)
    with Receiver(lambda n: n == 0) as receiver:
        hooks = f"""
hooks:
  on_article:
    - webhook: http://127.0.0.1:{receiver.port}/T0KEN
      secret: ${{HOOK_KEY}}
      past: false
    - command: [sh, -c, "cat >> got.jsonl"]
alerts:
  - keyword: "story/3"
    command: [sh, -c, "cat >> alerted.jsonl"]
"""
        command.write_config(tmp_path, [f"feed: {web.url(HOST, '/rss.xml')}"], more=hooks)
        daemon = command.start(tmp_path, "run")
        begun = time.monotonic()
        while len(receiver.articles()) < 7 or len(told(tmp_path / "got.jsonl")) < 8:
            assert daemon.poll() is None
            assert time.monotonic() - begun < 40
            time.sleep(0.05)
        daemon.send_signal(signal.SIGTERM)
        _, said = daemon.communicate(timeout=30)
    assert daemon.returncode == 143
    assert receiver.unsigned == 0
    tailed = command.run(tmp_path, "tail", "--jsonl")
    lines = [json.loads(line) for line in tailed.stdout.splitlines()]
    assert [line["seq"] for line in lines] == list(range(1, 9))
    new = [line["record"] for line in lines if not line["record"]["url"].endswith("/story/0")]
    assert {record["id"] for record in new} == receiver.articles()
    assert [one["seq"] for one in told(tmp_path / "got.jsonl")] == list(range(1, 9))
    (alerted,) = told(tmp_path / "alerted.jsonl")
    assert alerted["alert"] == {"keyword": "story/3"}
    assert alerted["record"]["url"].endswith("/story/3")
    for written in (said, *(path.read_bytes() for path in (tmp_path / "archive").rglob("*") if path.is_file())):
        assert SECRET.encode() not in written
        assert b"T0KEN" not in written
    shown(tmp_path, new[3], monkeypatch, capfdbinary)


def shown(folder, record: dict, monkeypatch, capfdbinary) -> None:
    monkeypatch.chdir(folder)

    def of(*words: str) -> bytes:
        assert run(cli, ["show", *words]) == Exit.OK
        return capfdbinary.readouterr().out

    assert of(record["url"]) == of(record["id"])
    assert record["title"].encode() in of(record["id"], "--md")
    assert json.loads(of(record["id"], "--json")) == record
    assert of(record["url"], "--raw") == page(record["title"]).body
    assert of(record["url"], "--headers").startswith(b"HTTP/1.1 200 OK\n")
    assert json.loads(of(record["id"], "--versions", "--json"))["version"] == 1


def told(path) -> list[dict]:
    whole, _, _ = path.read_text().rpartition("\n") if path.exists() else ("", "", "")
    return [json.loads(line) for line in whole.splitlines()]


def test_a_tail_that_is_killed_goes_on_behind_its_last_whole_line(tmp_path):
    (tmp_path / "config.yaml").write_text("archive: {dir: archive}\n")
    shelf = Shelf(tmp_path / "archive")
    asyncio.run(shelf.make())
    file = tmp_path / "news.jsonl"
    for kill in range(1, 4):
        tail = command.start(tmp_path, "tail", "--follow", "-o", str(file))
        shelf.add(*(f"story {kill}, {n}" for n in range(5)))
        begun = time.monotonic()
        while len(told(file)) < 5 * kill:
            assert tail.poll() is None
            assert time.monotonic() - begun < 20
            time.sleep(0.02)
        tail.send_signal(signal.SIGKILL)
        tail.communicate()
        with file.open("ab") as torn:
            torn.write(b'{"seq":99,"event":"art')
    assert command.run(tmp_path, "tail", "-o", str(file)).returncode == 0
    assert [one["seq"] for one in told(file)] == list(range(1, 16))
