"""What starting costs: `warraq --help` and other words, by the clock and in CPU, beside rivals; and a crawl of next to nothing.

    ./run bench startup [--rounds 10] [--cache DIR] [--write]

The rivals are those of `./run bench throughput`, in the same environment (`--cache`).
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import loaded
import sections
import web
from throughput import python_of

HERE = Path(__file__).parent
MOST = 0.2
PORT = 8780
CONFIG = """\
archive: {{dir: archive, free_least: 0B}}
fetch: {{allow_private: ["127.0.0.0/8"]}}
log: {{level: error}}
sources:
  - feed: http://{host}:{port}/feed.xml
"""
PAPER = """\
By the clock the quickest of the rounds, for other work runs beside; of CPU the median, with all children. In turns; bytecode is
compiled before. A crawl of one feed without a page is all there is to start and to end: config, store, archive, loop, a parser
child, a segment; its `fdatasync`s are in the seconds by the clock.
"""


def commands(rivals: Path) -> dict[str, list[str | Path]]:
    """What is run, by what it is called."""
    ours: list[str | Path] = [sys.executable, "-P", "-m", "crawler"]
    return {
        "an empty Python": [sys.executable, "-c", "pass"],
        "`warraq --help`": [*ours, "--help"],
        "`warraq --version`": [*ours, "--version"],
        "`warraq run --help`": [*ours, "run", "--help"],
        "`warraq config check`": [*ours, "config", "check"],
        "`warraq run --once`, one feed": [*ours, "run", "--once"],
        "`scrapy --help`": [rivals / "scrapy", "--help"],
        "`trafilatura --help`": [rivals / "trafilatura", "--help"],
    }


def took(words: Sequence[str | Path], folder: Path) -> tuple[float, float]:
    """Seconds by the clock, and of CPU with all children."""
    shutil.rmtree(folder / "archive", ignore_errors=True)
    env = {**os.environ, "PYTHONPATH": str(HERE.parent) if words[0] == sys.executable else ""}
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(words, cwd=folder, env=env, check=True, capture_output=True)
    clock, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measured(folder: Path, cache: Path, rounds: int) -> dict[str, tuple[float, float]]:
    """The quickest by the clock and the median of CPU, by command."""
    (folder / "config.yaml").write_text(CONFIG.format(host=web.addr(0), port=PORT))
    named = commands(python_of("scrapy", cache).parent)
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in named}
    for number in range(rounds + 1):
        for name, words in named.items():
            one = took(words, folder)
            if number:  # the first is for the compiler, and the disk's cache
                runs[name].append(one)
    return {name: (min(clock for clock, _ in of), statistics.median(cpu for _, cpu in of)) for name, of in runs.items()}


def tables(found: dict[str, tuple[float, float]]) -> list[str]:
    """Lines of Markdown."""
    lines = ["| what | seconds by the clock | of CPU |", "|---|---:|---:|"]
    lines += [f"| {name} | {clock:.2f} | {cpu:.2f} |" for name, (clock, cpu) in found.items()]
    asked = found["`warraq --help`"][0]
    met = "met" if asked <= MOST else "missed"
    return [*lines, "", "| goal | measured | |", "|---|---:|---|", f"| `warraq --help`: <= {MOST} s | {asked:.2f} s | {met} |"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir(), "warraq-bench"))
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, loaded.papers(1, PORT, pages=0):
        found = measured(Path(name), args.cache, args.rounds)
    text = "\n".join(tables(found))
    print(text)
    if args.write:
        sections.put("startup", f"{args.rounds} rounds; {sections.machine()}.\n\n{text}\n\n{PAPER}")


if __name__ == "__main__":
    main()
