"""`warraq` with a look at its event loop: `probed.py FILE [WORD ...]`; without a word the loop does nothing until SIGTERM.

FILE gets, as JSON, by how many milliseconds the loop came back too late, looked at every five: in all (`late`), and without
those in which it was ready but other work had all cores (`held`).
"""

from __future__ import annotations

import array
import asyncio
import atexit
import json
import os
import runpy
import signal
import sys
import time
from pathlib import Path

TICK = 0.005
SCHEDSTAT = Path(f"/proc/self/task/{os.getpid()}/schedstat")


class Looked(asyncio.DefaultEventLoopPolicy):
    """Loops that are looked at as long as they turn."""

    def __init__(self) -> None:
        super().__init__()
        self.late = array.array("d")
        self.held = array.array("d")

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        """A loop as ever, and its first look."""
        loop = super().new_event_loop()
        loop.call_soon(self._look, loop, time.perf_counter(), waited())
        return loop

    def _look(self, loop: asyncio.AbstractEventLoop, due: float, before: float) -> None:
        now, after = time.perf_counter(), waited()
        late = max(0.0, now - due) * 1000
        self.late.append(late)
        self.held.append(max(0.0, late - (after - before)))
        loop.call_later(TICK, self._look, loop, now + TICK, after)

    def told(self, file: Path) -> None:
        """Write what was seen."""
        file.write_text(json.dumps({"late": list(self.late), "held": list(self.held)}))


def waited() -> float:
    """Milliseconds this thread was ready to run and had no core, so far (`run_delay` of proc(5); Linux)."""
    return int(SCHEDSTAT.read_text().split()[1]) / 1e6


async def nothing() -> None:
    """Wait for SIGTERM."""
    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    await over.wait()


if __name__ == "__main__":
    looked = Looked()
    asyncio.set_event_loop_policy(looked)
    atexit.register(looked.told, Path(sys.argv[1]))
    if len(sys.argv) > 2:
        sys.argv = ["warraq", *sys.argv[2:]]
        runpy.run_module("crawler", run_name="__main__", alter_sys=True)
    else:
        asyncio.run(nothing())
