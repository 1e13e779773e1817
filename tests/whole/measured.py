"""A watched crawl, measured from outside: its memory with all its children, and the pauses of its loop beside an idle one."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.whole import command

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
        memory = _Memory(crawler.pid)
        begun = time.monotonic()
        out, said = crawler.communicate(timeout=seconds + 60)
        took = time.monotonic() - begun
        memory.end()
        idle.terminate()
        idle_out, _ = idle.communicate(timeout=30)
    busy = json.loads(out.splitlines()[-1]) if out else {"p999": -1, "waits": [0.0]}
    quiet = json.loads(idle_out.splitlines()[-1])
    return Measured(
        code=crawler.returncode,
        took=took,
        most_mb=memory.most / 2**20,
        parent_mb=memory.parent / 2**20,
        shares_mb=tuple(share / 2**20 for share in memory.shares),
        children=len(memory.children),
        busy_ms=busy["p999"],
        idle_ms=quiet["p999"],
        waits=tuple(busy["waits"]),
        said=said,
    )


def _start(folder: Path, seconds: float) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "tests.whole.watched", str(seconds)],
        cwd=folder,
        env=command.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


class _Memory:
    """Looks at a tree of processes again and again, until told to end."""

    def __init__(self, pid: int) -> None:
        self.most = 0
        self.parent = 0
        self.shares: tuple[int, ...] = ()
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
            below = list(_below(self._pid))
            self.children.update(below)
            parent = _pss(self._pid)
            self.parent = max(self.parent, parent)
            shares = (parent, *map(_pss, below))
            if sum(shares) > self.most:
                self.most, self.shares = sum(shares), shares


def _below(pid: int) -> Iterator[int]:
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield int(child)
                yield from _below(int(child))
    except OSError:
        return


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
