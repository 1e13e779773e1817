"""Processes looked at from outside, by what Linux says of them in /proc."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal


def below(pid: int) -> Iterator[int]:
    """The children of a process, and theirs; none of one that has gone meanwhile."""
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield int(child)
                yield from below(int(child))
    except OSError:
        return


def is_starting(pid: int, parent: int) -> bool:
    """Whether a process is still in its parent's memory, all of which counts as its own (PSS, too): between vfork and exec."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() == Path(f"/proc/{parent}/cmdline").read_bytes()
    except OSError:
        return True


def memory(pid: int, kind: Literal["Rss", "Pss"]) -> float:
    """MB that it holds; what it shares with others counts whole (Rss), or in parts that sum up to it (Pss)."""
    try:
        found = re.search(rf"^{kind}:\s+(\d+) kB$", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0
