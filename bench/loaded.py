"""A daemon that is given all it can do, looked at from outside: its memory, its /metrics, the pauses of its loop.

Not a measurement by itself: `./run bench memory` and `./run bench pause` are.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import web
from crawl import wait_for

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.whole.processes import below, memory

HERE = Path(__file__).parent
PAGES_A_HOST = 200
PATIENCE = 60.0
"""Seconds without a page more after which it counts as stuck."""
CONFIG = """\
archive: {{dir: archive, free_least: 0B}}
politeness: {{delay: 0s}}
fetch: {{allow_private: ["127.0.0.0/8"], contact: "https://bench.example/"}}
web: {{listen: "127.0.0.1:{listen}"}}
log: {{level: error}}
sources:
{sources}
"""


@dataclass(frozen=True)
class Look:
    """At one moment."""

    pages: int
    """Read so far, by the daemon's own count."""
    answered: float
    """Seconds /metrics took to say so."""
    own: float
    children: Sequence[float]
    """MB of the daemon's process, with its files in memory, and of each beneath it, what is shared counted each time (RSS)."""
    shared_once: float
    """MB of all, what is shared counted once (PSS)."""
    descriptors: int
    """The daemon has open: next to all are connections."""

    @property
    def all(self) -> float:
        """MB."""
        return self.own + sum(self.children)


@dataclass(frozen=True)
class Life:
    """A whole run."""

    looks: Sequence[Look]
    seconds: float
    cpu: float


@contextmanager
def papers(hosts: int, port: int, pages: int = PAGES_A_HOST) -> Iterator[None]:
    """The web it reads."""
    site: list[str | Path] = [HERE / "sites" / "papers.py", *map(str, (hosts, pages, port))]
    with subprocess.Popen([sys.executable, *site]) as server:
        try:
            wait_for(web.addr(hosts - 1), port)
            yield
        finally:
            server.kill()


def live(folder: Path, pages: int, port: int, every: float, program: Sequence[str | Path]) -> Life:
    """Run a daemon (`program` is given to Python) until so many pages are read; SIGTERM then must end it in order."""
    sources = "\n".join(f"  - feed: http://{web.addr(host)}:{port}/feed.xml" for host in range(pages // PAGES_A_HOST))
    (folder / "config.yaml").write_text(CONFIG.format(listen=port + 1, sources=sources))
    env = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    with subprocess.Popen([sys.executable, *program, "run"], cwd=folder, env=env) as daemon:
        try:
            wait_for("127.0.0.1", port + 1)
            begun, looks = time.monotonic(), list(_looks(daemon, port + 1, pages, every))
            seconds, cpu = time.monotonic() - begun, _cpu(daemon.pid)
        finally:
            daemon.send_signal(signal.SIGTERM)
            code = daemon.wait(120)
    if code not in (0, 128 + signal.SIGTERM):
        raise SystemExit(f"the daemon ended with {code}")
    return Life(looks, seconds, cpu)


def _looks(daemon: subprocess.Popen[bytes], port: int, pages: int, every: float) -> Iterator[Look]:
    most, since = 0, time.monotonic()
    while most < pages:
        time.sleep(every)
        if daemon.poll() is not None:
            raise SystemExit(f"the daemon ended with {daemon.returncode}, after {most} pages")
        yield (look := _look(daemon.pid, port))
        if look.pages > most:
            most, since = look.pages, time.monotonic()
        if time.monotonic() - since > PATIENCE:
            raise SystemExit(f"it is stuck at {most} pages of {pages}")


def _look(pid: int, port: int) -> Look:
    begun = time.perf_counter()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=60) as answer:
        said = answer.read().decode()
    answered = time.perf_counter() - begun
    counted = dict(re.findall(r"^(warraq_(?:articles_total|open_descriptors)) (\S+)$", said, re.MULTILINE))
    children, nameless = list(below(pid)), in_memory(pid)
    return Look(
        pages=int(float(counted.get("warraq_articles_total", 0))),
        answered=answered,
        own=memory(pid, "Rss") + nameless,
        children=[memory(one, "Rss") for one in children],
        shared_once=sum(memory(one, "Pss") for one in (pid, *children)) + nameless,
        descriptors=int(float(counted.get("warraq_open_descriptors", 0))),
    )


def in_memory(pid: int) -> float:
    """MB of the files without a name that a process made in memory: no RSS shows them."""
    found: dict[int, int] = {}
    for one in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            if os.readlink(one).startswith("/memfd:"):
                said = one.stat()
                found[said.st_ino] = said.st_blocks * 512
    return sum(found.values()) / 1e6


def _cpu(pid: int) -> float:
    """CPU-seconds of a process, its children's that ended, and those of what runs beneath it."""
    used = 0
    for one in (pid, *below(pid)):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        used += sum(map(int, fields[11:15]))
    return used / os.sysconf("SC_CLK_TCK")


def told(file: Path) -> Mapping[str, Sequence[float]]:
    """What `crawlers/probed.py` wrote, each sorted: milliseconds."""
    return {name: sorted(values) for name, values in json.loads(file.read_text()).items()}
