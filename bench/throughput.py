"""CPU a page from feeds to archive and records: Warraq, Scrapy, Scrapy with trafilatura, Crawlee, over one local web.

    ./run bench throughput [--hosts 50] [--pages 40] [--rounds 3] [--site FILE] [--tools NAME,...] [--cache DIR] [--write]

All ask the same server for the same pages with no delay, robots.txt, retries and redirects on, and keep a WARC and a line a
page. Counted is the CPU of all processes of a client, from its start to its end, the median of the rounds, in turns. `plain`
takes the title and `article p`; `full` is all metadata and the article's text. `--site` is as for `./run bench crawl`.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crawl import load, wait_for

HERE = Path(__file__).parent
PACKAGES = {
    "scrapy": ("scrapy==2.19.0", "trafilatura==2.3.1"),
    "crawlee": ("crawlee[parsel]==1.11.0",),
}
CLIENTS = {
    "warraq full": ("warraq", "full"),
    "warraq plain": ("warraq", "plain"),
    "scrapy plain": ("scrapy", "plain"),
    "crawlee plain": ("crawlee", "plain"),
    "scrapy trafilatura": ("scrapy", "trafilatura"),
}
GOALS = (
    ("warraq full", None, 2.3, "CPU-seconds a 1,000 pages, full"),
    ("warraq plain", "scrapy plain", 5.0, "times less than Scrapy, both plain"),
    ("warraq full", "scrapy plain", 3.0, "times less than Scrapy plain, ours full"),
    ("warraq plain", "crawlee plain", 2.0, "times less than Crawlee in memory, both plain"),
    ("warraq full", "scrapy trafilatura", 8.0, "times less than Scrapy with trafilatura, ours full"),
)


@dataclass(frozen=True)
class Run:
    """One client's round."""

    pages: int
    cpu: float
    wall: float


def python_of(tool: str, cache: Path) -> Path:
    """The interpreter of a client's environment, made when first asked for."""
    if tool == "warraq":
        return Path(sys.executable)
    folder = cache / tool
    if not (folder / "whole").exists():
        uv = shutil.which("uv") or str(HERE.parent / ".uv" / "bin" / "uv")
        subprocess.run([uv, "venv", "-q", "--clear", "--python", sys.executable, folder], check=True)
        subprocess.run([uv, "pip", "install", "-q", "--python", folder / "bin" / "python", *PACKAGES[tool]], check=True)
        (folder / "whole").touch()
    return folder / "bin" / "python"


def lines(folder: Path) -> int:
    """How many pages a client kept a record of."""
    found = [one for one in folder.rglob("*.jsonl") if one.name != "manifest.jsonl"]
    return sum(json.loads(line).get("text") != "" for one in found for line in one.read_text().splitlines())


def crawl(client: str, feeds: Sequence[str], cache: Path) -> Run:
    """One client, once, in a folder of its own."""
    tool, mode = CLIENTS[client]
    with tempfile.TemporaryDirectory() as name:
        wanted = Path(name, "feeds.txt")
        wanted.write_text("\n".join(feeds))
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        done = subprocess.Popen(
            [python_of(tool, cache), HERE / "crawlers" / f"with_{tool}.py", wanted, name, mode],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(HERE.parent) if tool == "warraq" else ""},
        )
        code = done.wait()
        wall, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
        if code:
            raise SystemExit(f"{client} ended with {code}")
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Run(pages=lines(Path(name)), cpu=cpu, wall=wall)


def table(runs: dict[str, list[Run]]) -> list[str]:
    """Lines of Markdown: each client, and each goal."""
    cost = {name: statistics.median(one.cpu / one.pages * 1000 for one in of) for name, of in runs.items()}
    ours = cost.get("warraq full")
    told = ["| client | CPU-s a 1,000 pages | from .. to | times ours, full |", "|---|---:|---:|---:|"]
    for name, of in runs.items():
        each = [one.cpu / one.pages * 1000 for one in of]
        ratio = f"{cost[name] / ours:.1f}" if ours else "-"
        told.append(f"| {name} | {cost[name]:.2f} | {min(each):.2f} .. {max(each):.2f} | {ratio} |")
    told += ["", "| goal | measured | |", "|---|---:|---|"]
    for one, other, goal, what in GOALS:
        if one not in cost or (other is not None and other not in cost):
            continue
        value = cost[one] if other is None else cost[other] / cost[one]
        met = value <= goal if other is None else value >= goal
        sign = "<=" if other is None else ">="
        told.append(f"| {sign} {goal} {what} | {value:.2f} | {'met' if met else 'missed'} |")
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--size", type=int, default=60_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=8480)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--site", type=Path, default=HERE / "web.py")
    parser.add_argument("--tools", default=",".join(CLIENTS))
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir(), "warraq-bench"))
    args = parser.parse_args()
    web = load(args.site)
    feeds = [f"http://{web.addr(host)}:{args.port}/feed.xml" for host in range(args.hosts)]
    site = [args.site, "serve", *(f"--{name}={getattr(args, name)}" for name in ("hosts", "pages", "size", "seed", "port"))]
    runs: dict[str, list[Run]] = {name: [] for name in args.tools.split(",")}
    with subprocess.Popen([sys.executable, *site], stdout=subprocess.DEVNULL) as server:
        try:
            wait_for(web.addr(args.hosts - 1), args.port)
            for number in range(args.rounds):
                for name, of in runs.items():
                    of.append(crawl(name, feeds, args.cache))
                    print(
                        f"{number}: {name}: {of[-1].pages} pages, {of[-1].cpu:.1f} s CPU, {of[-1].wall:.1f} s", file=sys.stderr
                    )
                    if of[-1].pages != args.hosts * args.pages:
                        print(f"{name} kept {of[-1].pages} of {args.hosts * args.pages} pages", file=sys.stderr)
        finally:
            server.kill()
    print("\n".join(table(runs)))


if __name__ == "__main__":
    main()
