"""A daemon whose machine fails it: it pauses, says why, loses nothing, blames nobody, and goes on by itself."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.whole import command
from tests.whole.web import Web, newspaper

HOSTS = [f"127.0.16.{n}" for n in range(1, 7)]
STORIES = 5


@contextmanager
def running(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    crawler = command.start(folder, "run")
    try:
        yield crawler
    finally:
        crawler.send_signal(signal.SIGTERM)
        crawler.communicate(timeout=30)
    assert crawler.returncode == 143


def until_said(crawler: subprocess.Popen[bytes], event: str) -> list[dict]:
    """All that was said up to this event, itself included."""
    said: list[dict] = []
    assert crawler.stderr is not None
    for line in crawler.stderr:
        said.append(json.loads(line))
        if said[-1]["event"] == event:
            return said
    raise AssertionError(f"it ended without saying {event}: {said}")


def until_all_is_stored(folder: Path, crawler: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 40
    while command.rows(folder, "SELECT count(*) FROM articles") != [(len(HOSTS) * STORIES,)]:
        assert crawler.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.1)


def nobody_is_blamed(folder: Path) -> None:
    assert command.rows(folder, "SELECT count(*) FROM failures") == [(0,)]
    assert command.rows(folder, "SELECT max(failures) FROM sources") == [(0,)]


def test_without_a_network_it_waits_for_one(tmp_path):
    with Web(HOSTS, newspaper(STORIES)) as gone:
        port = gone.port
    web = Web(HOSTS, newspaper(STORIES))
    web.port = port
    command.write_config(
        tmp_path,
        [f"feed: http://{host}:{port}/feed" for host in HOSTS],
        more="schedule: {every: 2s, least: 1s}\nfetch: {allow_private: ['127.0.0.0/8'], knocks: 1}",
    )
    with running(tmp_path) as crawler:
        said = until_said(crawler, "nobody_is_asked")
        assert "connection refused" in said[-1]["why"]
        time.sleep(0.5)
        blamed = command.rows(tmp_path, "SELECT count(*) FROM polls WHERE failed")[0][0]
        with web:
            later = [entry["event"] for entry in until_said(crawler, "asking_again")]
            assert "nobody_is_asked" not in later, "it is said once"
            until_all_is_stored(tmp_path, crawler)
    assert blamed < 3, "only those before it was known"
    nobody_is_blamed(tmp_path)


def test_without_descriptors_it_waits_for_some(tmp_path):
    with Web(HOSTS, newspaper(STORIES), latency=0.05) as web:
        command.write_config(tmp_path, [f"feed: {web.url(host, '/feed')}" for host in HOSTS])
        with running(tmp_path) as crawler:
            until_said(crawler, "started")
            before = resource.prlimit(crawler.pid, resource.RLIMIT_NOFILE)
            resource.prlimit(crawler.pid, resource.RLIMIT_NOFILE, (len(os.listdir(f"/proc/{crawler.pid}/fd")), before[1]))  # noqa: PTH208
            said = until_said(crawler, "nobody_is_asked")
            assert "too many open files" in said[-1]["why"]
            resource.prlimit(crawler.pid, resource.RLIMIT_NOFILE, before)
            until_all_is_stored(tmp_path, crawler)
    nobody_is_blamed(tmp_path)


def children_of(crawler: subprocess.Popen[bytes]) -> list[int]:
    return [
        int(child) for task in Path(f"/proc/{crawler.pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]


def test_children_that_the_system_kills_cost_no_page(tmp_path):
    with Web(HOSTS, newspaper(STORIES), latency=0.05) as web:
        command.write_config(tmp_path, [f"feed: {web.url(host, '/feed')}" for host in HOSTS])
        with running(tmp_path) as crawler:
            killed = 0
            while killed < 3:
                assert crawler.poll() is None
                for child in children_of(crawler):
                    os.kill(child, signal.SIGKILL)
                    killed += 1
                time.sleep(0.3)
            until_all_is_stored(tmp_path, crawler)
    nobody_is_blamed(tmp_path)
    assert not [record for record in command.records(tmp_path) if record.get("note")]
