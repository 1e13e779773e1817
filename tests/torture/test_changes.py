"""A whole newsroom, and the daemon that looks again over real sockets: what became of articles is told, and nothing else."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Mapping

import pytest

from tests.changes.press import each_edit_and_deletion_is_told
from tests.whole import command
from tests.whole.web import NOT_FOUND, Answer, Web, page, rss

HOST = "127.0.21.1"


class Paper:
    """Each address counts its own visits."""

    def __init__(self) -> None:
        self.asked: dict[str, int] = {}

    def site(self, web: Web, host: str):
        def answer(path: str, headers: Mapping[str, str]) -> Answer:
            if path == "/rss.xml":
                return rss([web.url(host, f"/story/{name}") for name in ("same", "steady", "edited", "gone", "back")])
            if not path.startswith("/story/"):
                return NOT_FOUND
            name = path.rpartition("/")[2]
            n = self.asked[name] = self.asked.get(name, 0) + 1
            if name == "steady" and headers.get("if-none-match") == '"1"':
                return Answer(status=304)
            if (name == "gone" and n > 1) or (name == "back" and n == 2):
                return NOT_FOUND
            said = page(f"الخبر {name}، الطبعة {2 if name == 'edited' and n > 2 else 1}", 3)
            return Answer(said.body, headers={"ETag": '"1"'} if name == "steady" else {})

        return answer


@pytest.mark.torture
async def test_of_a_hundred_articles_all_edits_and_deletions_are_told_and_nothing_else(tmp_path):
    await each_edit_and_deletion_is_told(tmp_path, 100)


@pytest.mark.torture
def test_a_running_daemon_visits_articles_again_and_tells_what_became_of_them(tmp_path):
    paper = Paper()
    with Web([HOST], paper.site) as web:
        sources = [f"feed: {web.url(HOST, '/rss.xml')}"]
        command.write_config(tmp_path, sources, more="schedule: {revisits: [2s, 4s, 6s]}")
        daemon = command.start(tmp_path, "run")
        end = time.monotonic() + 40
        while time.monotonic() < end and (len(paper.asked) < 5 or min(paper.asked.values()) < 4):
            time.sleep(0.2)
        time.sleep(1)
        daemon.send_signal(signal.SIGTERM)
        daemon.communicate(timeout=20)
    assert set(paper.asked.values()) == {4}
    told = [json.loads(line) for line in command.run(tmp_path, "changes", "--json", "--by", "time").stdout.splitlines()]
    assert sorted((one["url"].rpartition("/")[2], one["kind"]) for one in told) == [
        ("back", "deleted"),
        ("back", "returned"),
        ("edited", "headline"),
        ("gone", "deleted"),
    ]
    url = next(one["url"] for one in told if one["kind"] == "headline")
    compared = json.loads(command.run(tmp_path, "diff", url, "--json").stdout)
    assert (compared["old"], compared["new"], compared["kind"]) == (1, 2, "headline")
    assert "<ins><bdi>2</bdi></ins>" in command.run(tmp_path, "diff", url, "--html").stdout
    rows = command.run(tmp_path, "search", "الخبر", "--json").stdout.splitlines()
    assert len(rows) >= 1
    assert command.run(tmp_path, "verify").returncode == 0
