"""Sources changed by commands beside a daemon that runs: it notices within seconds, and nobody restarts it."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.cli import cli
from crawler.cli.errors import Exit, run
from tests.whole import command
from tests.whole.web import NOT_FOUND, Web, page, rss

HOST = "127.0.73.1"


def site(web: Web, name: str):
    return lambda path, headers: {"/first": rss([]), "/rss": rss(["/1"]), "/1": page("A page")}.get(path, NOT_FOUND)


def soon(what: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not what():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_source_that_is_added_beside_a_daemon_is_asked_and_one_that_is_removed_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Web([HOST], site) as web:
        (tmp_path / "config.yaml").write_text(
            'archive: {dir: archive}\npoliteness: {delay: 0s}\nfetch: {allow_private: ["127.0.73.0/24"]}\n'
        )
        assert run(cli, ["sources", "add", web.url(HOST, "/first"), "--kind", "feed"]) == Exit.OK
        daemon = command.start(tmp_path, "run")
        try:
            soon(lambda: f"{HOST}/first" in web.paths())
            assert run(cli, ["sources", "add", web.url(HOST, "/rss"), "--kind", "feed"]) == Exit.OK
            soon(lambda: f"{HOST}/1" in web.paths())
            assert run(cli, ["sources", "poll", web.url(HOST, "/rss")]) == Exit.OK
            soon(lambda: web.paths().count(f"{HOST}/rss") == 2)
            assert run(cli, ["sources", "rm", web.url(HOST, "/rss")]) == Exit.OK
        finally:
            daemon.send_signal(signal.SIGTERM)
            assert daemon.wait(30) == 143, daemon.stderr and daemon.stderr.read()
            for pipe in (daemon.stdout, daemon.stderr):
                assert pipe
                pipe.close()
    assert command.rows(tmp_path, "SELECT url FROM sources") == [(web.url(HOST, "/first"),)]
    assert command.rows(tmp_path, "SELECT count(*) FROM articles") == [(1,)]
