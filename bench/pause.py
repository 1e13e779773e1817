"""The loop of a daemon at full load: how late it comes back beside a loop that does nothing, and how soon /metrics answers.

    ./run bench pause [--pages 10000] [--port 8680] [--write]

Both loops are looked at every 5 ms, in the same run, on the cores that the server of the pages uses, too.
"""

from __future__ import annotations

import argparse
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import loaded
import sections

EVERY = 0.3
MOST_MS, MOST_ANSWER_MS = 50, 100
PROBE = loaded.HERE / "crawlers" / "probed.py"
PAPER = """\
A pause is by how much later than asked for the loop comes back, looked at every 5 ms from its first turn to its last: start and
end of the daemon are in it. The other loop does nothing, beside it; what it is late by is the machine's. The wait for a core is
what the kernel says that the loop's thread was ready and did not run because others had the cores: who works much waits longer
than who sleeps, and here the server of the pages, two more loops and other work shared two of them. Pages of 60 KB, 200 a host,
no delay. /metrics is asked three times a second, by another process.
"""


def share(values: Sequence[float], part: float) -> float:
    """The value below which that part of sorted values lies."""
    return values[min(len(values) - 1, int(len(values) * part))]


Pauses = Mapping[str, Sequence[float]]


def measured(folder: Path, pages: int, port: int) -> tuple[loaded.Life, Pauses, Pauses]:
    """The run, the pauses of its loop, and those of an idle one."""
    busy, idle = folder / "busy.json", folder / "idle.json"
    with subprocess.Popen([sys.executable, PROBE, idle]) as beside:
        try:
            life = loaded.live(folder, pages, port, EVERY, [PROBE, busy])
        finally:
            beside.send_signal(signal.SIGTERM)
    return life, loaded.told(busy), loaded.told(idle)


def tables(life: loaded.Life, busy: Pauses, idle: Pauses) -> list[str]:
    """Lines of Markdown."""
    lines = ["| ms | half | 99 % | 99.9 % | at the most | looks |", "|---|---:|---:|---:|---:|---:|"]
    shown = {
        "too late: the daemon's loop": busy["late"],
        "too late: an idle loop": idle["late"],
        "but for its wait for a core: the daemon's loop": busy["held"],
        "but for its wait for a core: an idle loop": idle["held"],
    }
    for name, late in shown.items():
        figures = " | ".join(f"{share(late, part):.1f}" for part in (0.5, 0.99, 0.999, 1))
        lines.append(f"| {name} | {figures} | {len(late):,} |")
    answers = sorted(one.answered * 1000 for one in life.looks)
    above, held = (share(busy[kind], 0.999) - share(idle[kind], 0.999) for kind in ("late", "held"))
    middle = statistics.median(answers)
    goals = (
        (f"99.9 % of pauses, above the idle loop's: <= {MOST_MS} ms", above, MOST_MS),
        (f"the same but for the wait for a core: <= {MOST_MS} ms", held, MOST_MS),
        (f"/metrics answers meanwhile, median: <= {MOST_ANSWER_MS} ms", middle, MOST_ANSWER_MS),
    )
    lines += ["", "| goal | measured | |", "|---|---:|---|"]
    lines += [f"| {what} | {value:.1f} ms | {'met' if value <= goal else 'missed'} |" for what, value, goal in goals]
    rate = f"{life.looks[-1].pages / life.seconds:.0f} pages a second"
    return [*lines, "", f"{rate}; of {len(answers)} answers of /metrics, 90 % came within {share(answers, 0.9):.0f} ms."]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--port", type=int, default=8680)
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, loaded.papers(args.pages // loaded.PAGES_A_HOST, args.port):
        found = measured(Path(name), args.pages, args.port)
    text = "\n".join(tables(*found))
    print(text)
    if args.write:
        sections.put("pause", f"{args.pages:,} pages; {sections.machine()}.\n\n{text}\n\n{PAPER}")


if __name__ == "__main__":
    main()
