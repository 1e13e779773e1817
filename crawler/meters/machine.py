"""What the process and its children take of the machine; how late its loop is. Where there is no /proc, less is told."""

from __future__ import annotations

import asyncio
import os
import resource
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from crawler.meters.figures import Family, Histogram, counter, gauge
from crawler.model import Seconds

_TICK: Final[Seconds] = 0.25  # often enough to see a loop that stands for a tenth of a second, too seldom to cost anything
_BOUNDS: Final[tuple[Seconds, ...]] = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5)
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_TICKS: Final = os.sysconf("SC_CLK_TCK")


class LoopLag:
    """How much later than asked for the event loop comes back, four times a second."""

    def __init__(self) -> None:
        self._seen = Histogram(_BOUNDS)

    async def watch(self) -> None:
        """Look until cancelled."""
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(_TICK)
            self._seen.add(max(0.0, time.perf_counter() - begun - _TICK))

    def families(self) -> Iterator[Family]:
        """For `exposed`."""
        text = "By how much the event loop was late, looked at four times a second."
        yield Family(name="warraq_loop_lag_seconds", kind="histogram", text=text, samples=tuple(self._seen.samples({})))


def machine() -> Iterator[Family]:
    """The process and its children, for `exposed`."""
    children = _children()
    ended = _used(resource.RUSAGE_CHILDREN)  # of a child that ends, all it used goes over into this
    cpu = {"loop": _used(resource.RUSAGE_SELF), "children": ended + sum(map(_cpu, children))}
    yield counter("warraq_cpu_seconds_total", "CPU of the loop's process, and of all children together.", cpu, "process")
    memory: dict[str, float] = {"loop": _resident("self"), "children": sum(_resident(str(pid)) for pid in children)}
    yield gauge("warraq_resident_bytes", "Memory, what is shared counted each time.", memory, "process")
    yield gauge("warraq_children", "Processes beneath, most of them parsers.", len(children))
    yield gauge("warraq_tasks", "Tasks of the event loop.", len(asyncio.all_tasks()))
    yield gauge("warraq_threads", "Threads of the loop's process.", threading.active_count())
    descriptors = _descriptors()
    if descriptors is not None:
        yield gauge("warraq_open_descriptors", "Open files and connections.", descriptors)


def _used(by: int) -> Seconds:
    used = resource.getrusage(by)
    return used.ru_utime + used.ru_stime


def _children() -> list[int]:
    """Those that were started by any of our threads."""
    try:
        return [int(pid) for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()]
    except OSError:
        return []


def _cpu(pid: int) -> Seconds:
    """What a process used; fields 14 and 15 of proc(5), counted behind its name, which may hold anything."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _resident(pid: str) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except OSError:
        return 0


def _descriptors() -> int | None:
    try:
        return len(os.listdir("/proc/self/fd")) - 1  # noqa: PTH208 - a Path for each would be made for nothing
    except OSError:
        return None
