"""`warraq` with a look at its event loop: `probed.py FILE [WORD ...]`; without a word the loop does nothing until SIGTERM.

FILE gets, as JSON, by how many milliseconds the loop came back too late (`late`), looked at every five; and how many its thread
had worked since the last look (`worked`): what is late beyond that waited for a core.
"""

from __future__ import annotations

import array
import asyncio
import atexit
import json
import runpy
import signal
import sys
import time
from pathlib import Path

TICK = 0.005


class Looked(asyncio.DefaultEventLoopPolicy):
    """Loops that are looked at as long as they turn."""

    def __init__(self) -> None:
        super().__init__()
        self.late = array.array("d")
        self.worked = array.array("d")
        self._cpu = 0.0

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        """A loop as ever, and its first look."""
        loop = super().new_event_loop()
        self._cpu = time.thread_time()
        loop.call_soon(self._look, loop, time.perf_counter())
        return loop

    def _look(self, loop: asyncio.AbstractEventLoop, due: float) -> None:
        now, cpu = time.perf_counter(), time.thread_time()
        self.late.append(max(0.0, now - due) * 1000)
        self.worked.append((cpu - self._cpu) * 1000)
        self._cpu = cpu
        loop.call_later(TICK, self._look, loop, now + TICK)


async def nothing() -> None:
    """Wait for SIGTERM."""
    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    await over.wait()


if __name__ == "__main__":
    looked = Looked()
    asyncio.set_event_loop_policy(looked)
    found = {"late": looked.late, "worked": looked.worked}
    atexit.register(lambda file=Path(sys.argv[1]): file.write_text(json.dumps({name: list(of) for name, of in found.items()})))
    if len(sys.argv) > 2:
        sys.argv = ["warraq", *sys.argv[2:]]
        runpy.run_module("crawler", run_name="__main__", alter_sys=True)
    else:
        asyncio.run(nothing())
