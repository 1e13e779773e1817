"""A watched crawl, measured from outside: its memory with all its children, and the pauses of its loop beside an idle one."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from tests.whole import command
from tests.whole.processes import below, is_starting, memory

EVERY = 0.05


@dataclass(frozen=True)
class Measured:
    code: int
    took: float
    most_mb: float
    """Of the whole tree, at the same moment; memory that is shared is counted once (PSS)."""
    parent_mb: float
    """The parent's own most, at whatever moment."""
    shares_mb: tuple[float, ...]
    """What `most_mb` is made of: the parent's, then each child's."""
    children: int
    """Processes beneath it that were seen."""
    busy_ms: float
    """Of the pauses of its loop, the 99.9th percentile."""
    idle_ms: float
    """The same of a loop that did nothing, meanwhile."""
    waits: tuple[float, ...]
    """Seconds that each healthy page lay between being kept and being read, sorted."""
    said: str


def measured(folder: Path, seconds: float) -> Measured:
    """Let one round go by in a folder with a config."""
    idle_folder = folder / "idle"
    idle_folder.mkdir()
    with _start(idle_folder, seconds) as idle, _start(folder, seconds) as crawler:
        watch = _Memory(crawler.pid)
        begun = time.monotonic()
        out, said = crawler.communicate(timeout=seconds + 60)
        took = time.monotonic() - begun
        watch.end()
        idle.terminate()
        idle_out, _ = idle.communicate(timeout=30)
    busy = json.loads(out.splitlines()[-1]) if out else {"p999": -1, "waits": [0.0]}
    quiet = json.loads(idle_out.splitlines()[-1])
    return Measured(
        code=crawler.returncode,
        took=took,
        most_mb=watch.most,
        parent_mb=watch.parent,
        shares_mb=watch.shares,
        children=len(watch.children),
        busy_ms=busy["p999"],
        idle_ms=quiet["p999"],
        waits=tuple(busy["waits"]),
        said=said,
    )


def _start(folder: Path, seconds: float) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "tests.whole.watched", str(seconds)],
        cwd=folder,
        env=command.environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


class _Memory:
    """Looks at a tree of processes again and again, until told to end; in MB."""

    def __init__(self, pid: int) -> None:
        self.most = self.parent = 0.0
        self.shares: tuple[float, ...] = ()
        self.children: set[int] = set()
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def end(self) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(EVERY):
            children = list(below(self._pid))
            self.children.update(children)
            shares = tuple(memory(pid, "Pss") for pid in (self._pid, *children) if not self._is_starting(pid))
            self.parent = max(self.parent, shares[0])
            if sum(shares) > self.most:
                self.most, self.shares = sum(shares), shares

    def _is_starting(self, pid: int) -> bool:
        return pid != self._pid and is_starting(pid, self._pid)
