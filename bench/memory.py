"""Memory of a daemon with its children over 100,000 pages: how much, and whether it grows.

    ./run bench memory [--pages 100000] [--port 8580] [--write]

One feed a host, 200 pages of 60 KB each, no delay, every mechanism on. Every other second all processes are looked at.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import loaded
import sections

EVERY = 2.0
MOST_MB, MOST_SLOPE = 300, 1.0
PAPER = """\
Memory is what is resident (RSS) of the daemon and of the children that read, added up: what they share is counted each time. To
the daemon's is added the file without a name in which answers lie for the children, 25 MB once it was filled: no RSS shows it.
The slope is that of a straight line through all looks of the second half, by least squares. 200 pages a host, 500 hosts for
100,000 pages: each with a text of its own, no delay, WARC with all records, robots.txt, `synchronous=FULL`; every look asks
/metrics, too.
What rises at first is the store's cache, 32 MB once it is full, and each host that is met: 14 KB, 9 of them its connection,
as long as that is kept alive. New sources are spread in time, 500 over three minutes.
At some 62,000 pages a gigabyte is sealed: a process of its own makes the index, which counts as a child meanwhile (19 to
25 MB), and is gone then. Where that is before or behind the middle of the second half, the slope of all falls or rises with
it, not that of the daemon.
"""


def slope(looks: Sequence[loaded.Look], of: Callable[[loaded.Look], float]) -> float:
    """MB a 10,000 pages, over the second half."""
    half = [(one.pages / 10_000, of(one)) for one in looks if one.pages > looks[-1].pages / 2]
    return statistics.linear_regression([x for x, _ in half], [y for _, y in half]).slope


def tables(life: loaded.Life) -> list[str]:
    """Lines of Markdown."""
    looks, pages = life.looks, life.looks[-1].pages
    steady = [one for one in looks if one.pages > pages / 10]
    most, grows, alone = max(one.all for one in steady), slope(looks, lambda one: one.all), slope(looks, lambda one: one.own)
    lines = [
        "| pages read | all, MB | the daemon | its children | all, what is shared counted once | its open descriptors |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    for tenth in range(1, 11):
        near = [one for one in looks if tenth - 1 < one.pages * 10 / pages <= tenth]
        if not near:
            continue
        figures = [[one.all, one.own, sum(one.children), one.shared_once, one.descriptors] for one in near]
        means = " | ".join(f"{statistics.mean(column):.0f}" for column in zip(*figures, strict=True))
        lines.append(f"| .. {near[-1].pages:,} | {means} |")
    goals = (
        (f"all, at the most: <= {MOST_MB} MB", most, MOST_MB),
        (f"slope: <= {MOST_SLOPE} MB a 10,000 pages", grows, MOST_SLOPE),
    )
    lines += ["", "| goal | measured | |", "|---|---:|---|"]
    lines += [f"| {what} | {value:.2f} | {'met' if value <= goal else 'missed'} |" for what, value, goal in goals]
    lines.append(f"| slope of the daemon without its children | {alone:.2f} | |")
    return [*lines, "", f"{pages / life.seconds:.0f} pages a second, {life.cpu / pages * 1000:.2f} CPU ms a page."]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=100_000)
    parser.add_argument("--port", type=int, default=8580)
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, loaded.papers(args.pages // loaded.PAGES_A_HOST, args.port):
        life = loaded.live(Path(name), args.pages, args.port, EVERY, ["-m", "crawler"])
    text = "\n".join(tables(life))
    print(text)
    if args.write:
        sections.put("memory", f"{args.pages:,} pages; {sections.machine()}.\n\n{text}\n\n{PAPER}")


if __name__ == "__main__":
    main()
