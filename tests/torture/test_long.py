"""The long ones: many kills, and workers that fall asleep (`./run torture`)."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.whole import command
from tests.whole.web import NOT_FOUND, Answer, Web, page, rss

pytestmark = pytest.mark.torture

HOSTS = [f"127.0.9.{n}" for n in range(1, 11)]
PAGES = 300


def newspaper(web: Web, host: str):
    links = [f"/story/{n}" for n in range(PAGES)]

    def answer(path: str, headers: Mapping[str, str]) -> Answer:
        if path == "/feed":
            return rss([web.url(host, link) for link in links])
        return page(f"Story {path}", 2) if path in links else NOT_FOUND

    return answer


def all_once(folder: Path, web: Web) -> None:
    wanted = {web.url(host, f"/story/{n}") for host in HOSTS for n in range(PAGES)}
    archived = command.responses(folder)
    assert {url: archived[url] for url in wanted} == dict.fromkeys(wanted, 1)
    assert Counter(record["url"] for record in command.records(folder)) == dict.fromkeys(wanted, 1)
    assert command.rows(folder, "PRAGMA integrity_check") == [("ok",)]


def test_a_hundred_kills(tmp_path):
    chance = random.Random(11)
    with Web(HOSTS, newspaper, latency=0.25) as web:
        command.write_config(tmp_path, [f"feed: {web.url(host, '/feed')}" for host in HOSTS])
        for _ in range(100):
            crawler = command.start(tmp_path, "run", "--once")
            time.sleep(chance.uniform(0.5, 1.2))
            assert crawler.poll() is None
            crawler.send_signal(signal.SIGKILL)
            crawler.communicate()
        assert command.run(tmp_path, "run", "--once", timeout=300).returncode == 0
        all_once(tmp_path, web)


def test_workers_that_fall_asleep_change_nothing_when_they_wake(tmp_path):
    chance = random.Random(13)
    limits = "store: {lease_ttl: 900ms}\nfetch: {allow_private: ['127.0.0.0/8'], total: 300ms, connect: 300ms}"
    with Web(HOSTS, newspaper, latency=0.05) as web:
        command.write_config(tmp_path, [f"feed: {web.url(host, '/feed')}" for host in HOSTS], more=limits)
        workers = [command.start(tmp_path, "run") for _ in range(3)]
        for _ in range(12):
            time.sleep(chance.uniform(0.3, 0.8))
            asleep = chance.choice(workers)
            asleep.send_signal(signal.SIGSTOP)
            time.sleep(1.5)
            asleep.send_signal(signal.SIGCONT)
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.communicate(timeout=60)
            assert worker.returncode == 143
        assert command.run(tmp_path, "run", "--once", timeout=300).returncode == 0
        all_once(tmp_path, web)
