"""A daemon whose disk is full, or read-only: it waits, asks nobody for more, says why, and goes on by itself."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.whole import command
from tests.whole.web import Answer, Web, newspaper, page

HOSTS = [f"127.0.4.{n}" for n in range(1, 6)]
PAGES = 30
SHORT_LEASES = "store: {lease_ttl: 900ms}\nfetch: {allow_private: ['127.0.0.0/8'], timeout: 300ms, connect: 300ms}"


def noisy(path: str) -> Answer:
    """A page that doesn't get much smaller when it is packed."""
    chance = random.Random(path)
    words = " ".join(f"{chance.getrandbits(64):x}" for _ in range(1000))
    whole = page(f"Story {path}", 3).body
    return Answer(whole.replace(b"</article>", f"<p>{words}</p></article>".encode()))


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """A disk of 2 MB where the archive lies; a fifth of what it will need."""
    place = tmp_path / "archive"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", place], capture_output=True, check=False)
    if mounted.returncode != 0:
        pytest.skip("a small disk can't be mounted here")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def events(crawler: subprocess.Popen[bytes]) -> Iterator[dict]:
    """What the daemon says, as it says it."""
    assert crawler.stderr is not None
    for line in crawler.stderr:
        yield json.loads(line)


def make_room(place: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=64m", place], check=True)


def test_a_daemon_waits_for_room_and_loses_nothing_and_keeps_nothing_twice(tmp_path, small_disk):
    wanted = {}
    with Web(HOSTS, newspaper(PAGES, noisy)) as web:
        command.write_config(tmp_path, [f"feed: {web.url(host, '/feed')}" for host in HOSTS], more=SHORT_LEASES)
        crawler = command.start(tmp_path, "run")
        try:
            refused = next(said for said in events(crawler) if said["event"] == "disk_refused")
            time.sleep(1.5)  # longer than any lease
            asked = len(web.hits)
            time.sleep(1.5)
            assert crawler.poll() is None
            assert len(web.hits) == asked, "what can't be kept isn't asked for"
            make_room(small_disk)
            next(said for said in events(crawler) if said["event"] == "disk_took_it")
            wanted = {web.url(host, f"/story/{n}") for host in HOSTS for n in range(PAGES)}
            while command.rows(tmp_path, "SELECT count(*) FROM articles") != [(len(wanted),)]:
                assert crawler.poll() is None
                time.sleep(0.1)
        finally:
            crawler.send_signal(signal.SIGTERM)
            crawler.communicate(timeout=30)
        assert crawler.returncode == 143
    assert str(small_disk) in refused["error"]
    assert "full" in refused["error"] or "No space left on device" in refused["error"]
    archived = command.responses(tmp_path)
    assert {url: archived[url] for url in wanted} == dict.fromkeys(wanted, 1)
    assert Counter(record["url"] for record in command.records(tmp_path)) == dict.fromkeys(wanted, 1)
    assert command.rows(tmp_path, "SELECT count(*) FROM captures WHERE extracted = 0") == [(0,)]
    assert command.run(tmp_path, "verify", "--deep").returncode == 0


def test_one_round_ends_at_once_and_says_what_to_do(tmp_path, small_disk):
    with Web(HOSTS, newspaper(PAGES, noisy)) as web:
        command.write_config(tmp_path, [f"feed: {web.url(host, '/feed')}" for host in HOSTS])
        done = command.run(tmp_path, "run", "--once")
        assert done.returncode == 4
        last = done.stderr.splitlines()[-1]
        assert last.startswith(f"warraq: {small_disk}/")
        assert "No space left on device" in last or "free some space" in last
        make_room(small_disk)
        assert command.run(tmp_path, "run", "--once").returncode == 0
        wanted = {web.url(host, f"/story/{n}") for host in HOSTS for n in range(PAGES)}
    archived = command.responses(tmp_path)
    assert {url: archived[url] for url in wanted} == dict.fromkeys(wanted, 1)
    assert command.run(tmp_path, "verify", "--deep").returncode == 0


def test_a_daemon_that_is_told_to_stop_does_not_wait_for_room(tmp_path, small_disk):
    with Web(HOSTS, newspaper(PAGES, noisy)) as web:
        command.write_config(tmp_path, [f"feed: {web.url(host, '/feed')}" for host in HOSTS])
        crawler = command.start(tmp_path, "run")
        next(said for said in events(crawler) if said["event"] == "disk_refused")
        crawler.send_signal(signal.SIGTERM)
        _, said = crawler.communicate(timeout=30)
    assert crawler.returncode == 4
    assert said.decode().splitlines()[-1].startswith(f"warraq: {small_disk}/")


@pytest.fixture
def read_only(tmp_path) -> Iterator[Path]:
    """A disk for this year's segments, which nobody may write."""
    place = tmp_path / "archive" / time.strftime("%Y", time.gmtime())
    place.mkdir(parents=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m,ro", "tmpfs", place], capture_output=True, check=False)
    if mounted.returncode != 0:
        pytest.skip("a read-only disk can't be mounted here")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def test_a_daemon_waits_for_a_disk_that_became_read_only(tmp_path, read_only):
    with Web(HOSTS, newspaper(PAGES, noisy)) as web:
        command.write_config(tmp_path, [f"feed: {web.url(host, '/feed')}" for host in HOSTS])
        crawler = command.start(tmp_path, "run")
        try:
            refused = next(said for said in events(crawler) if said["event"] == "disk_refused")
            assert "Read-only file system" in refused["error"]
            subprocess.run(["mount", "-o", "remount,rw", read_only], check=True)
            next(said for said in events(crawler) if said["event"] == "disk_took_it")
            while command.rows(tmp_path, "SELECT count(*) FROM articles") != [(len(HOSTS) * PAGES,)]:
                assert crawler.poll() is None
                assert command.rows(tmp_path, "SELECT url, detail FROM failures") == []  # or it is waited for for ever
                time.sleep(0.1)
        finally:
            crawler.send_signal(signal.SIGTERM)
            crawler.communicate(timeout=30)
    assert crawler.returncode == 143
    assert command.run(tmp_path, "verify", "--deep").returncode == 0
