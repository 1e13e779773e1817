"""SIGKILL at random moments, then to the end: nothing lost, nothing twice, nothing broken."""

from __future__ import annotations

import fcntl
import os
import random
import signal
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.whole import command
from tests.whole.web import Web, newspaper

HOSTS = [f"127.0.3.{n}" for n in range(1, 11)]
PAGES = 100
KILLS = 10


def open_web(latency: float = 0.03) -> Web:
    return Web(HOSTS, newspaper(PAGES), latency=latency)


def kill_again_and_again(folder: Path, *, alive: bool) -> int:
    """Kill as often as told while there is work; with `alive` the dead seem to live, so that only time frees their hosts."""
    chance = random.Random(7)
    with ExitStack() as locks:
        for kills in range(KILLS):
            crawler = command.start(folder, "run", "--once")
            time.sleep(chance.uniform(0.7, 1.3))
            if crawler.poll() is not None:
                return kills
            crawler.send_signal(signal.SIGKILL)
            crawler.communicate()
            if alive:
                hold_locks(folder, locks)
    return KILLS


def hold_locks(folder: Path, locks: ExitStack) -> None:
    for path in folder.glob("archive/workers/*.lock"):
        descriptor = os.open(path, os.O_RDONLY)
        locks.callback(os.close, descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_SH)


@pytest.mark.parametrize(
    ("alive", "store"),
    [(False, ""), (True, "store: {lease_ttl: 900ms}\nfetch: {allow_private: ['127.0.0.0/8'], timeout: 300ms, connect: 300ms}")],
    ids=["hosts freed by the lock of the dead", "hosts freed by time alone"],
)
def test_a_crawl_killed_ten_times_loses_nothing_and_keeps_nothing_twice(tmp_path, alive, store):
    with open_web(latency=0.08) as web:
        command.write_config(tmp_path, [f"feed: {web.url(host, '/feed')}" for host in HOSTS], more=store)
        assert kill_again_and_again(tmp_path, alive=alive) == KILLS
        done = command.run(tmp_path, "run", "--once")
        assert done.returncode == 0, done.stderr[-2000:]
        wanted = {web.url(host, f"/story/{n}") for host in HOSTS for n in range(PAGES)}
    archived = command.responses(tmp_path)
    assert {url: archived[url] for url in wanted} == dict.fromkeys(wanted, 1)
    articles = Counter(record["url"] for record in command.records(tmp_path))
    assert articles == dict.fromkeys(wanted, 1)
    captures = command.rows(tmp_path, "SELECT url, count(*) FROM captures WHERE kind = 2 GROUP BY url")
    assert dict(captures) == dict.fromkeys(wanted, 1)
    assert command.rows(tmp_path, "SELECT count(*) FROM captures WHERE extracted = 0") == [(0,)]
    assert command.rows(tmp_path, "PRAGMA integrity_check") == [("ok",)]


def test_sigterm_ends_in_order_and_nothing_is_fetched_twice(tmp_path):
    with open_web() as web:
        command.write_config(tmp_path, [f"feed: {web.url(host, '/feed')}" for host in HOSTS])
        crawler = command.start(tmp_path, "run")
        while len(web.hits) < 200:
            assert crawler.poll() is None
            time.sleep(0.02)
        crawler.send_signal(signal.SIGTERM)
        crawler.communicate(timeout=30)
        assert crawler.returncode == 143
        asked = len(web.hits)
        assert command.rows(tmp_path, "SELECT count(*) FROM captures WHERE extracted = 0") == [(0,)]
        assert sum(command.responses(tmp_path).values()) == asked
        done = command.run(tmp_path, "run", "--once")
        assert done.returncode == 0, done.stderr[-2000:]
        stories = Counter(path for path in web.paths() if "/story/" in path)
    assert len(stories) == len(HOSTS) * PAGES
    assert set(stories.values()) == {1}


def test_a_host_whose_turn_comes_after_the_signal_is_not_asked(tmp_path):
    with Web(HOSTS[:3], newspaper(PAGES)) as web:
        command.write_config(tmp_path, [f"feed: {web.url(host, '/feed')}" for host in HOSTS[:3]], delay="1500ms")
        crawler = command.start(tmp_path, "run")
        while len(web.hits) < 3:
            assert crawler.poll() is None
            time.sleep(0.01)
        time.sleep(0.3)
        asked = web.paths()
        assert sorted(asked) == [f"{host}/robots.txt" for host in HOSTS[:3]]
        crawler.send_signal(signal.SIGTERM)
        crawler.communicate(timeout=15)
        assert crawler.returncode == 143
        assert web.paths() == asked
        assert sum(command.responses(tmp_path).values()) == 3
        again = command.start(tmp_path, "run", "--once")
        while not any(path.endswith("/feed") for path in web.paths()):
            assert again.poll() is None
            time.sleep(0.01)
        again.terminate()
        again.communicate(timeout=15)
        assert sum(path.endswith("/robots.txt") for path in web.paths()) == 3


def test_a_second_signal_ends_at_once(tmp_path):
    with Web(HOSTS[:1], newspaper(PAGES), latency=5) as web:
        command.write_config(tmp_path, [f"feed: {web.url(HOSTS[0], '/feed')}"])
        crawler = command.start(tmp_path, "run")
        while b"started" not in (crawler.stderr.readline() if crawler.stderr else b"started"):
            assert crawler.poll() is None
        time.sleep(0.5)
        crawler.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        assert crawler.poll() is None
        crawler.send_signal(signal.SIGTERM)
        crawler.communicate(timeout=4)
    assert crawler.returncode == 143
