"""A daemon as its service manager, its monitor and its neighbours see it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.whole import command
from tests.whole.web import NOT_FOUND, Answer, Web, page, rss

HOST, OTHER = "127.0.12.1", "127.0.12.2"
SECRETS = {"password": "p4ss-5ecret", "signing": "s1gn-5ecret", "address": "http://127.0.0.1:1/t0ken-5ecret"}


def site(web: Web, name: str):
    def answer(path: str, headers: Mapping[str, str]) -> Answer:
        if path == "/feed":
            return rss([web.url(name, f"/story/{n}") for n in range(3)])
        return page(f"Story {path}") if path.startswith("/story") else NOT_FOUND

    return answer


class Manager:
    """A service manager: what it is told, line by line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.said: list[str] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while datagram := self._socket.recv(65536):
            self.said += datagram.decode().split("\n")

    def end(self) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as last:
            last.sendto(b"", str(self.path))
        self._thread.join()
        self._socket.close()


class Daemon:
    """`warraq run`, with a manager and all it logs."""

    def __init__(self, folder: Path) -> None:
        self.manager = Manager(folder / "notify")
        env = command.environment(folder) | {"NOTIFY_SOCKET": str(folder / "notify"), "WATCHDOG_USEC": "400000"}
        self.process = subprocess.Popen([*command.COMMAND, "run"], cwd=folder, env=env, stderr=subprocess.PIPE)
        self.log: list[dict] = []
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.log.append(json.loads(line) if line.startswith(b"{") else {"event": line.decode()})

    def logged(self, event: str) -> list[dict]:
        return [line for line in list(self.log) if line["event"] == event]

    def until(self, met) -> None:
        begun = time.monotonic()
        while not met():
            assert self.process.poll() is None, self.log
            assert time.monotonic() - begun < 30, self.log
            time.sleep(0.02)

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        self._thread.join()
        if self.process.stderr is not None:
            self.process.stderr.close()
        self.manager.end()
        return code


@contextmanager
def running(folder: Path) -> Iterator[Daemon]:
    daemon = Daemon(folder)
    try:
        yield daemon
    finally:
        if daemon.process.poll() is None:
            daemon.process.kill()
            daemon.process.wait()


def config(folder: Path, web: Web, *hosts: str, delay: str = "0s") -> None:
    command.write_config(folder, [f"feed: {web.url(host, '/feed')}" for host in hosts], delay=delay)
    text = (folder / "config.yaml").read_text().replace("{listen: null}", "{listen: '127.0.0.1:0'}")
    (folder / "config.yaml").write_text(text)


def with_secrets(folder: Path) -> None:
    """A feed behind a password, and a hook that takes nothing at an address that is a secret itself."""
    for name, secret in SECRETS.items():
        (folder / name).write_text(secret)
    text = (folder / "config.yaml").read_text()
    text += f"    user: salma\n    password: file:{folder / 'password'}\n"
    text += f"hooks: {{on_article: [{{webhook: 'file:{folder / 'address'}', secret: 'file:{folder / 'signing'}'}}]}}\n"
    (folder / "config.yaml").write_text(text)


def get(address: str, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address + path, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def test_a_life_from_the_start_over_two_reloads_to_the_end(tmp_path):
    with Web([HOST, OTHER], site) as web:
        config(tmp_path, web, HOST)
        with running(tmp_path) as daemon:
            daemon.until(lambda: "READY=1" in daemon.manager.said)
            daemon.until(lambda: daemon.logged("listening"))
            address = daemon.logged("listening")[0]["at"]
            daemon.until(lambda: len(command.records(tmp_path)) == 3)

            second = command.run(tmp_path, "run")
            assert second.returncode == 4
            assert f"process {daemon.process.pid} on" in second.stderr.splitlines()[-1]
            status = command.run(tmp_path, "status", "--json")
            assert status.returncode == 0, status.stdout
            assert json.loads(status.stdout)["daemon"]["pid"] == daemon.process.pid

            assert get(address, "/healthz")[0] == 200
            assert get(address, "/readyz")[0] == 200
            _, metrics = get(address, "/metrics")
            assert 'warraq_sources{condition="active"} 1\n' in metrics
            assert "warraq_articles_total 3\n" in metrics
            assert 'warraq_page_visits_total{outcome="fetched"} 3\n' in metrics

            (tmp_path / "config.yaml").write_text("sources: [{feed: nowhere}]\n")
            daemon.process.send_signal(signal.SIGHUP)
            daemon.until(lambda: daemon.logged("config_refused"))
            assert "config.yaml:1:" in daemon.logged("config_refused")[0]["problems"][0]

            config(tmp_path, web, HOST, OTHER, delay="10ms")
            with_secrets(tmp_path)
            daemon.process.send_signal(signal.SIGHUP)
            daemon.until(lambda: len(daemon.logged("started")) == 2)
            assert daemon.logged("config_read")[0]["added"] == [web.url(OTHER, "/feed")]
            daemon.until(lambda: len(command.records(tmp_path)) == 6)
            daemon.until(lambda: daemon.logged("outlet_refused"))
            told = [get(daemon.logged("listening")[-1]["at"], path)[1] for path in ("/healthz", "/readyz", "/metrics")]
            told.append(command.run(tmp_path, "status", "--json").stdout)
            assert 'name="untold"' in told[2]
            assert "articles: file:" in told[3]
            assert daemon.end() == 143
        told += [json.dumps(daemon.log), *daemon.manager.said]
        assert [name for name, secret in SECRETS.items() if secret[-11:] in "".join(told)] == []
        assert {hit.headers["authorization"] for hit in web.hits if hit.path == "/feed" and "authorization" in hit.headers}
        said = daemon.manager.said
        assert [line for line in said if line.partition("=")[0] in ("READY", "RELOADING", "STOPPING")] == [
            "READY=1",
            "RELOADING=1",
            "READY=1",
            "RELOADING=1",
            "READY=1",
            "STOPPING=1",
        ]
        assert said.count("WATCHDOG=1") > 3
        stories = [path for path in web.paths() if "/story/" in path]
    assert len(stories) == len(set(stories)) == 6, "nothing was lost, nothing asked for twice"


def test_who_closes_its_terminal_ends_it_in_order(tmp_path):
    ours, its = os.openpty()
    with Web([HOST], site) as web:
        command.write_config(tmp_path, [f"feed: {web.url(HOST, '/feed')}"])
        daemon = subprocess.Popen([*command.COMMAND, "run"], cwd=tmp_path, env=command.environment(tmp_path), stderr=its)
        os.close(its)
        while b'"started"' not in os.read(ours, 1 << 16):
            assert daemon.poll() is None
        os.close(ours)
        daemon.send_signal(signal.SIGHUP)  # as the kernel does where the terminal is the one that controls it
        assert daemon.wait(30) == 143
    assert command.rows(tmp_path, "SELECT count(*) FROM workers") == [(0,)]
