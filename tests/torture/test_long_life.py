"""A daemon for 300,000 requests: no growth in memory, descriptors, tasks or threads (`./run torture long_life`).

It takes some ten minutes; WARRAQ_LIFE=5000 lets it live for fewer, to see that all of this works.

On 2026-11-23: 301,134 requests in 786 s, 22 segments sealed, the loop's process at 122 MB, 0.02 MB more a 100,000 requests in
the last half, children at 40 MB, and at 62 while an index is made. Where it gets as far as 64 visits at once only late, 5 MB
come in one step, and no more.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import time
import urllib.request
from itertools import count
from pathlib import Path

import pytest

from tests.whole import command
from tests.whole.serving import Serving

pytestmark = pytest.mark.torture

REQUESTS = int(os.environ.get("WARRAQ_LIFE", "300000"))
HOSTS = [f"127.0.{net}.{n}" for net in (14, 15) for n in range(1, 251)]
"""Many, so that each feed has said as much at the end as a real one says in months, and not in a century."""
ITEMS = 20
FIGURES = {
    "loop_mb": ('warraq_resident_bytes{process="loop"}', 1e6),
    "children_mb": ('warraq_resident_bytes{process="children"}', 1e6),
    "descriptors": ("warraq_open_descriptors", 1),
    "tasks": ("warraq_tasks", 1),
    "threads": ("warraq_threads", 1),
}
CUT = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\ncut"
SEGMENT = "20MB"
"""Long enough for its index to be made apart, and twenty of them in such a life."""
SLOPE_MB = 1.0
"""A 100,000 requests, of the last half."""
TEXT = "خبر قصير، وفيه ما يكفي من الكلمات ليكون نصا لا قائمة، وله بداية ووسط ونهاية. " * 6


class Press(Serving):
    """Papers that never run dry: a poll of a feed names new stories once the last were read.

    Some are gone, moved, broken or large.
    """

    def __init__(self) -> None:
        super().__init__(HOSTS)
        self.asked = 0
        self._numbers = count()
        self._unread = dict.fromkeys(HOSTS, 0)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = writer.get_extra_info("sockname")[0]
        while True:
            path = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1].decode()
            self.asked += 1
            answer = self._answer(host, path)
            writer.write(answer)
            await writer.drain()
            if answer.endswith(CUT):
                return

    def _answer(self, host: str, path: str) -> bytes:
        if path == "/feed":
            return _written("200 OK", self._feed(host), "application/rss+xml")
        self._unread[host] -= 1
        number = int(path.rpartition("/")[2] or 0) if path.startswith("/story/") else 0
        match number % 20:
            case _ if not number:
                return _written("404 Not Found", "")
            case 3:
                return _written("410 Gone", "")
            case 5:
                return _written("302 Found", "", more=f"Location: /story/{number}00000001\r\n")
            case 7:
                return CUT
            case 11:
                return _written("200 OK", _story(number, TEXT * 40))
            case _:
                return _written("200 OK", _story(number, TEXT))

    def _feed(self, host: str) -> str:
        # Who is polled ever again and read never has an ever longer queue, and that isn't what is measured here.
        links = [
            f"http://{host}:{self.port}/story/{next(self._numbers)}" for _ in range(ITEMS if self._unread[host] < ITEMS else 0)
        ]
        self._unread[host] += len(links)
        items = "".join(f"<item><title>{link}</title><link>{link}</link></item>" for link in links)
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>صحيفة</title>{items}</channel></rss>'


def _story(number: int, text: str) -> str:
    head = f"<!doctype html><html lang=ar><title>خبر {number}</title>"
    return f"{head}<article><h1>خبر {number}</h1><p>{number} {text}</p></article>"


def _written(status: str, body: str, kind: str = "text/html; charset=utf-8", more: str = "") -> bytes:
    content = body.encode()
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n{more}\r\n".encode() + content


class Seen:
    """What was measured, by the number of requests so far; each line is written to a file as it comes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines: list[dict[str, float]] = []

    def add(self, requests: int, metrics: str) -> None:
        figures = dict(re.findall(r"^(warraq_\S+) (\S+)$", metrics, re.MULTILINE))
        line = {name: float(figures[metric]) / unit for name, (metric, unit) in FIGURES.items()}
        self._lines.append(line | {"requests": requests})
        with self._path.open("a") as file:
            file.write(json.dumps(self._lines[-1]) + "\n")

    def slope(self, name: str) -> float:
        """By how much it grows in 100,000 requests, by least squares over the last half."""
        half = [(line["requests"] / 100_000, line[name]) for line in self._lines if line["requests"] > REQUESTS / 2]
        middle_x, middle_y = sum(x for x, _ in half) / len(half), sum(y for _, y in half) / len(half)
        return sum((x - middle_x) * (y - middle_y) for x, y in half) / sum((x - middle_x) ** 2 for x, _ in half)

    def most(self, name: str, *, last: bool) -> float:
        return max(line[name] for line in self._lines if (line["requests"] > REQUESTS / 2) is last)


def live(folder: Path, press: Press) -> Seen:
    """A daemon until so many requests were made; it is looked at every few seconds, and must end in order."""
    log = (folder / "log").open("wb")
    with log, subprocess.Popen([*command.COMMAND, "run"], cwd=folder, env=command.environment(folder), stderr=log) as daemon:
        try:
            seen = watch(folder, daemon, press)
        finally:
            daemon.send_signal(signal.SIGTERM)
            daemon.wait(120)
    assert daemon.returncode == 143
    return seen


def watch(folder: Path, daemon: subprocess.Popen[bytes], press: Press) -> Seen:
    seen, address = Seen(folder / "seen"), ""
    while press.asked < REQUESTS:
        time.sleep(min(5.0, REQUESTS / 20_000))
        assert daemon.poll() is None, (folder / "log").read_text()[-2000:]
        address = address or _address(folder)
        if address:
            with urllib.request.urlopen(f"{address}/metrics", timeout=30) as answer:
                seen.add(press.asked, answer.read().decode())
    return seen


def _address(folder: Path) -> str:
    said = [json.loads(line) for line in (folder / "log").read_text().splitlines()]
    return next((line["at"] for line in said if line["event"] == "listening"), "")


def test_it_takes_no_more_of_the_machine_the_longer_it_lives(tmp_path):
    with Press() as press:
        feeds = [f"feed: http://{host}:{press.port}/feed\n    every: 20s" for host in HOSTS]
        command.write_config(tmp_path, feeds, more="schedule: {least: 1s}\nparse: {workers: 1}")
        text = (tmp_path / "config.yaml").read_text().replace("{listen: null}", "{listen: '127.0.0.1:0'}")
        (tmp_path / "config.yaml").write_text(text.replace("{dir: archive, ", f"{{dir: archive, rotate_size: {SEGMENT}, "))
        begun = time.monotonic()
        seen = live(tmp_path, press)
    with (tmp_path / "said").open("w") as said:
        slopes = {name: seen.slope(name) for name in FIGURES}
        most = {name: (seen.most(name, last=False), seen.most(name, last=True)) for name in FIGURES}
        told = {"requests": press.asked, "seconds": time.monotonic() - begun, "slopes": slopes, "most in each half": most}
        json.dump(told, said, indent=1)
    if REQUESTS < 100_000:
        return
    assert slopes["loop_mb"] <= SLOPE_MB, told
    assert most["children_mb"][1] <= 2 * 96 * 1.05, told
    # a connection may be kept to each host: 500, and all else some 30
    assert most["descriptors"][1] <= max(most["descriptors"][0] + 10, len(HOSTS) + 50), told
    assert all(most[name][1] <= most[name][0] + 10 for name in ("tasks", "threads")), told
