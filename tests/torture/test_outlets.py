"""What comes out, through kills on both sides: every article once and in order, every webhook at least once, signed."""

from __future__ import annotations

import json
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.torture.press import HOSTS, PAPER, live_a_while
from tests.whole import command
from tests.whole.receiver import SECRET, Receiver
from tests.whole.web import Web

pytestmark = pytest.mark.torture

KILLS = 50


def crawl_through_kills(folder: Path, web: Web, kills: int, between: Callable[[], None], chance: random.Random) -> None:
    """Rounds of the daemon, each killed at a random moment but for the last; `between` is called while one runs."""
    for number in range(kills):
        crawler = command.start(folder, "run", "--once")
        live_a_while(crawler, web, number, chance)
        between()
        crawler.send_signal(signal.SIGKILL)
        crawler.communicate()
    assert command.run(folder, "run", "--once", timeout=300).returncode == 0


@pytest.mark.parametrize("file", [True, False], ids=["appended to a file by -o", "resumed by the last whole line's seq"])
def test_a_tail_killed_and_resumed_beside_a_crawl_with_kills_tells_every_article_once(tmp_path, file):
    chance = random.Random(7)
    out = tmp_path / "news.jsonl"
    out.touch()

    def follow() -> None:
        """A tail that lives for a moment."""
        words = ["-o", str(out)] if file else ["--since", str(cut(out)), "--jsonl"]
        tail = command.start(tmp_path, "tail", "--follow", *words)
        time.sleep(chance.uniform(0.2, 0.8))
        tail.send_signal(signal.SIGKILL)
        told, _ = tail.communicate()
        if not file:
            with out.open("ab") as more:
                more.write(told)

    with Web(HOSTS, PAPER, latency=0.25) as web:
        command.write_config(tmp_path, [f"feed: {web.url(host, '/feed')}" for host in HOSTS])
        crawl_through_kills(tmp_path, web, KILLS, follow, chance)
        rest = command.run(tmp_path, "tail", *(["-o", str(out)] if file else ["--since", str(cut(out)), "--jsonl"]))
        assert rest.returncode == 0, rest.stderr
    if not file:
        with out.open("a") as more:
            more.write(rest.stdout)
    seqs = [json.loads(line)["seq"] for line in out.read_text().splitlines()]
    assert seqs == sorted(set(seqs))
    assert seqs == [seq for (seq,) in command.rows(tmp_path, "SELECT seq FROM events ORDER BY seq")]
    assert len(seqs) >= 1000


def cut(out: Path) -> int:
    """Cut what was begun behind the last whole line; its number."""
    whole = out.read_bytes().rpartition(b"\n")
    out.write_bytes(whole[0] + whole[1])
    lines = whole[0].splitlines()
    return json.loads(lines[-1])["seq"] if lines else 0


def test_a_receiver_that_fails_and_dies_gets_every_article_signed(tmp_path, monkeypatch):
    monkeypatch.setenv("HOOK_KEY", SECRET)
    chance = random.Random(5)
    with Web(HOSTS, PAPER, latency=0.25) as web, Receiver(lambda n: chance.random() < 0.3) as receiver:
        hooks = f"""
hooks:
  on_article:
    - webhook: http://127.0.0.1:{receiver.port}/
      secret: ${{HOOK_KEY}}
      timeout: 5s
"""
        command.write_config(tmp_path, [f"feed: {web.url(host, '/feed')}" for host in HOSTS], more=hooks)

        def die_and_come_back() -> None:
            receiver.die()
            time.sleep(chance.uniform(0, 0.3))
            receiver.begin()

        crawl_through_kills(tmp_path, web, 15, die_and_come_back, chance)
        receiver.refuses = lambda n: False
        articles = {name for (name,) in command.rows(tmp_path, "SELECT article_id FROM articles")}
        daemon = command.start(tmp_path, "run")
        begun = time.monotonic()
        while receiver.articles() != articles:
            assert time.monotonic() - begun < 400
            assert daemon.poll() is None
            time.sleep(0.2)
        daemon.send_signal(signal.SIGTERM)
        daemon.communicate(timeout=30)
    assert receiver.unsigned == 0
    assert len(articles) >= 50
    assert command.rows(tmp_path, "SELECT count(*) FROM undelivered") == [(0,)]
