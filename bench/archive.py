"""The archive's cost: CPU a page beside warcio's and fastwarc's writers, bytes, and sync, in one run.

    ./run bench archive [--pages 320] [--size 76000] [--rounds 5] [--dir DIR]

The same records (response, request, metadata of each page) are written by all, each in an environment of its own, in turns;
what is told is the median. Needs the package index once, for those environments. Ends with 1 where a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import web

HERE = Path(__file__).parent
WARCIO, FASTWARC = "warcio==1.8.1", "fastwarc==2.0.1"
GOAL_MS, GOAL_RATIO, GOAL_SYNC_MS = 0.6, 4.0, 0.3
GROUP = 32

ANSWER = "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\r\n"
REQUEST = "GET {} HTTP/1.1\r\nHost: news.example\r\nUser-Agent: Warraq/0 (+https://w.example)\r\nAccept: text/html\r\n\r\n"

Figures = dict[str, float]


def pages(count: int, size: int) -> list[dict[str, object]]:
    """What came over the wire for so many pages of one site: addresses, requests, answers."""
    made = []
    for number in range(count):
        path = web.path_of(1, 0, number)
        body = web.page_html(1, 0, number, count, 1, size)
        head, request = ANSWER.format(len(body)).encode(), REQUEST.format(path).encode()
        made.append({"url": f"http://news.example{path}", "request": request, "head": head, "body": body})
    return made


def environment(folder: Path, package: str) -> Path:
    """The python of a new environment that holds a package and what it needs."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", package], check=True)
    return python


def measured(python: Path | str, writer: str, *words: object) -> Figures:
    """One run of a writer from bench/writers: what it says of itself."""
    told = subprocess.run(
        [python, HERE / "writers" / f"{writer}.py", *map(str, words)],
        check=True,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(HERE.parent) if python == sys.executable else ""},
    )
    figures: Figures = json.loads(told.stdout)
    return figures


def commit_ms(folder: Path, count: int) -> float:
    """Ms a page for the transaction that acknowledges a group: WAL, synchronous=FULL, a row a page."""
    store = sqlite3.connect(folder / "sync.db", isolation_level=None)
    store.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE c (n INTEGER PRIMARY KEY, url TEXT)")
    spent = 0.0
    for first in range(0, count, GROUP):
        store.execute("BEGIN")
        store.executemany("INSERT INTO c VALUES (?, ?)", [(n, "http://news.example/" * 4) for n in range(first, first + GROUP)])
        begun = time.perf_counter()
        store.execute("COMMIT")
        spent += time.perf_counter() - begun
    store.close()
    (folder / "sync.db").unlink()
    return spent / count * 1000


def machine() -> str:
    """Where and when."""
    with open("/proc/cpuinfo") as told:
        model = next((line.partition(":")[2].strip() for line in told if line.startswith("model name")), "?")
    version = ".".join(map(str, sys.version_info[:3]))
    return f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} x {model}, Python {version}"


def table(rows: dict[str, list[Figures]]) -> dict[str, float]:
    """Print the writers' figures; the median CPU of each."""
    cpu = {name: median(run["cpu_ms"] for run in runs) for name, runs in rows.items()}
    ours = cpu["warraq, isal 2"]
    print("| writer | CPU ms a page | from .. to | times ours | bytes a page |\n|---|---:|---:|---:|---:|")
    for name, runs in rows.items():
        times = [run["cpu_ms"] for run in runs]
        spread, size = f"{min(times):.2f} .. {max(times):.2f}", f"{runs[0]['bytes']:,.0f}"
        print(f"| {name} | {cpu[name]:.2f} | {spread} | {cpu[name] / ours:.1f} | {size} |")
    return cpu


def judged(goals: list[tuple[str, float, str, bool]]) -> bool:
    """Print the goals; whether all are met."""
    print("\n| goal | measured | |\n|---|---:|---|")
    for name, value, unit, met in goals:
        print(f"| {name} | {value:.2f} {unit} | {'met' if met else 'MISSED'} |")
    return all(met for *_, met in goals)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=320, help=f"rounded down to groups of {GROUP}")
    parser.add_argument("--size", type=int, default=76_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--dir", type=Path, default=HERE.parent, help="where to write; sync is this disk's")
    args = parser.parse_args()
    count = max(1, args.pages // GROUP) * GROUP
    with tempfile.TemporaryDirectory(dir=args.dir) as name:
        folder = Path(name)
        (folder / "pages").write_bytes(pickle.dumps(pages(count, args.size)))
        warcio, fastwarc = (environment(folder / p.partition("=")[0], p) for p in (WARCIO, FASTWARC))
        records = folder / "records"
        measured(sys.executable, "ours", folder / "pages", folder, "--records", records)
        turns = {
            "warraq, isal 2": (sys.executable, "ours", folder / "pages", folder),
            "warcio 1.8.1 (gzip 9)": (warcio, "with_warcio", records, folder),
            "fastwarc 2.0.1, gzip 9 (its default)": (fastwarc, "with_fastwarc", records, folder, 9),
            "fastwarc 2.0.1, gzip 6": (fastwarc, "with_fastwarc", records, folder, 6),
        }
        rows: dict[str, list[Figures]] = {turn: [] for turn in turns}
        commits = []
        for _ in range(args.rounds):
            for turn, words in turns.items():
                rows[turn].append(measured(*words))
            commits.append(commit_ms(folder, count))
    print(f"{count} pages of {args.size:,} bytes, {args.rounds} rounds; {machine()}\n")
    cpu = table(rows)
    ours, ratio = cpu["warraq, isal 2"], cpu["warcio 1.8.1 (gzip 9)"] / cpu["warraq, isal 2"]
    warc, commit = median(run["sync_ms"] for run in rows["warraq, isal 2"]), median(commits)
    met = judged(
        [
            (f"CPU a page <= {GOAL_MS} ms", ours, "ms", ours <= GOAL_MS),
            (f"CPU >= {GOAL_RATIO:.0f} times less than warcio", ratio, "times", ratio >= GOAL_RATIO),
            (f"sync a page <= {GOAL_SYNC_MS} ms in groups of {GROUP}: WARC", warc, "ms", warc <= GOAL_SYNC_MS),
            ("the same with the store's commit", warc + commit, "ms", warc + commit <= GOAL_SYNC_MS),
        ]
    )
    sys.exit(0 if met else 1)


if __name__ == "__main__":
    main()
