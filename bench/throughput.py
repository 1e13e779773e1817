"""CPU a page from feeds to archive and records: Warraq, Scrapy, Scrapy with trafilatura, Crawlee, over one local web.

    ./run bench throughput [--hosts 50] [--pages 40] [--rounds 3] [--site FILE] [--tools NAME,...] [--cache DIR]
                           [--gzip] [--tls] [--cores] [--against CHECKOUT] [--write]

All ask the same server for the same pages with no delay, robots.txt, retries and redirects on, and keep a WARC and a line a
page. Counted is the CPU of all processes of a client, from its start to its end, the median of the rounds, in turns. `plain`
takes the title and `article p`; `full` is all metadata and the article's text. `--site` is as for `./run bench crawl`.
On the port behind `--port` a site serves the same packed by gzip: `--gzip` asks there. `--write` puts what was measured into
docs/benchmarks.md: `--gzip`, `--tls`, `--against` and `--cores` each write their own lines there.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from crawl import load, wait_for
from throughput_report import AGAINST, BEFORE, CORES, GZIP, TLS, Run, against, drawn, over_tls, packed, tables, whole, written

HERE = Path(__file__).parent
PACKAGES = {
    "scrapy": ("scrapy==2.19.0", "trafilatura==2.3.1"),
    "crawlee": ("crawlee[parsel,sql_sqlite]==1.11.0",),
}
CLIENTS = {
    "warraq full": ("warraq", "full"),
    "warraq plain": ("warraq", "plain"),
    "scrapy plain": ("scrapy", "plain"),
    "crawlee plain": ("crawlee", "plain"),
    "scrapy trafilatura": ("scrapy", "trafilatura"),
}
SPIN = "kept = {}\nfor n in range(8_000_000):\n    kept[n % 997] = kept.get(n % 997, 0) + len(str(n))"
"""Work of an interpreter, for some seconds."""
LOOKS = 0.02
"""Seconds between two looks at the CPU of ours, by thread."""


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


def extracting(folder: Path) -> float:
    """CPU-seconds that children of ours were in the extractor for, as `crawlers/within` wrote them."""
    return sum(struct.unpack("d", one.read_bytes())[0] for one in folder.glob("extractor-*"))


def looked_at(process: subprocess.Popen[bytes]) -> dict[str, float]:
    """CPU-seconds of a crawl of ours by thread, looked at until it ends; children are told together. Linux only."""
    seen: dict[str, tuple[str, float]] = {}
    while process.poll() is None:
        seen.update(_threads(process.pid))
        time.sleep(LOOKS)
    told: dict[str, float] = {}
    for part, cpu in seen.values():
        told[part] = told.get(part, 0) + cpu
    return dict(sorted(told.items(), key=lambda item: -item[1]))


def _threads(pid: int) -> dict[str, tuple[str, float]]:
    tasks = Path(f"/proc/{pid}/task")
    with contextlib.suppress(OSError):
        children = [child for task in tasks.iterdir() for child in (task / "children").read_text().split()]
        found = {child: ("children that read", _cpu(Path("/proc", child))) for child in children}
        threads = sorted(tasks.iterdir(), key=lambda task: int(task.name))
        others = {task.name: ("its other threads (pack and write, store)", _cpu(task)) for task in threads[1:]}
        return {threads[0].name: ("its loop, and its start", _cpu(threads[0])), **others, **found}
    return {}


def _cpu(place: Path) -> float:
    fields = (place / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def crawl(client: str, feeds: Sequence[str], cache: Path, cores: Sequence[int] = (), tree: Path = HERE.parent) -> Run:
    """One client, once, in a folder of its own; on these cores only, if any are named; ours as it stands in `tree`."""
    tool, mode = CLIENTS[client]
    with tempfile.TemporaryDirectory() as name:
        wanted = Path(name, "feeds.txt")
        wanted.write_text("\n".join(feeds))
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        pinned = ["taskset", "-c", ",".join(map(str, cores))] if cores else []
        done = subprocess.Popen(
            [*pinned, python_of(tool, cache), HERE / "crawlers" / f"with_{tool}.py", wanted, name, mode],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(tree) if tool == "warraq" else ""},
        )
        parts = looked_at(done) if tool == "warraq" else {}
        code = done.wait()
        wall, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
        if code:
            raise SystemExit(f"{client} ended with {code}")
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Run(pages=lines(Path(name)), cpu=cpu, wall=wall, parts=parts, extractor=extracting(Path(name)))


def on_cores(feeds: Sequence[str], cache: Path, rounds: int) -> str:
    """A line: how much sooner ours is done on two cores than on one, the server on both; and what the machine gives."""
    sets = ((0,), (0, 1))
    walls = [[crawl("warraq full", feeds, cache, cores).wall for cores in sets] for _ in range(rounds)]
    free = statistics.median(spun(sets[1]) / spun(sets[0]) for _ in range(rounds))
    one, two = (statistics.median(of) for of in zip(*walls, strict=True))
    told = f"{CORES}: {one:.1f} s by the clock; on two: {two:.1f} s, {one / two:.2f} times faster (medians of {rounds})."
    return f"{told} Two processes that share nothing get {free:.2f} times as much done there as one."


def spun(cores: Sequence[int]) -> float:
    """How often a second a fixed piece of work is done by processes that share nothing, one on each of these cores."""
    begun = time.monotonic()
    for one in [subprocess.Popen(["taskset", "-c", str(core), sys.executable, "-c", SPIN]) for core in cores]:
        one.wait()
    return len(cores) / (time.monotonic() - begun)


def certified(folder: Path) -> Path:
    """A key and a certificate that nobody trusts, in one file."""
    key, made = folder / "key.pem", folder / "cert.pem"
    asked = ["-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=bench", "-days", "2", "-keyout", key, "-out", made]
    subprocess.run(["openssl", "req", *asked], check=True, stderr=subprocess.DEVNULL)
    made.write_text(made.read_text() + key.read_text())
    return made


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
    parser.add_argument("--gzip", action="store_true", help="ask where the answers are packed, as most servers' are")
    parser.add_argument("--tls", action="store_true", help="over TLS, with a certificate that nobody looks at")
    parser.add_argument("--against", type=Path, help="another checkout of ours, measured beside this one")
    parser.add_argument("--cores", action="store_true", help="nothing but ours on one core, and on two, by the clock")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md and docs/throughput.svg")
    args = parser.parse_args()
    runs: dict[str, list[Run]] = {} if args.cores else {name: [] for name in args.tools.split(",")}
    if args.against is not None:
        runs |= {f"{name}{BEFORE}": [] for name in runs if name.startswith("warraq")}
    with tempfile.TemporaryDirectory() as folder:
        own = ["--gzip"] if args.gzip and args.site.parent == HERE else []  # other sites always serve both
        cores = measured(args, runs, [*own, *(["--cert", str(certified(Path(folder)))] if args.tls else [])])
    parts = {CORES: cores} if cores else told(args, runs)
    print("\n\n".join([*(["\n".join(tables(runs))] if runs else []), *(text for start, text in parts.items() if start)]))
    if args.write:
        written(parts)
        if "" in parts:
            drawn(runs)


def told(args: argparse.Namespace, runs: dict[str, list[Run]]) -> dict[str, str]:
    """The parts of the section that such a run writes: beside another checkout, over TLS, or the whole."""
    sized = f"--hosts {args.hosts} --pages {args.pages} --rounds {args.rounds}"
    if args.against is not None:
        return {AGAINST: against(runs, f"`--against CHECKOUT {sized}`")}
    if args.tls:
        return {TLS: over_tls(runs, f"`--tls {sized}`")}
    if args.gzip:
        return {GZIP: packed(runs, f"`--gzip {sized}`")}
    return {"": whole(runs, f"{args.hosts * args.pages:,} pages of {args.size:,} bytes, {args.hosts} hosts, plain HTTP")}


def measured(args: argparse.Namespace, runs: dict[str, list[Run]], served: list[str]) -> str:
    """Fill in the runs, in turns; gives the line of `--cores`, if that is wanted."""
    web = load(args.site)
    scheme = "https" if args.tls else "http"
    feeds = [f"{scheme}://{web.addr(host)}:{args.port + args.gzip}/feed.xml" for host in range(args.hosts)]
    names = ("hosts", "pages", "size", "seed", "port")
    site = [args.site, "serve", *(f"--{name}={getattr(args, name)}" for name in names), *served]
    with subprocess.Popen([sys.executable, *site], stdout=subprocess.DEVNULL) as server:
        try:
            wait_for(web.addr(args.hosts - 1), args.port)
            for number in range(args.rounds):
                for name, of in runs.items():
                    tree = args.against if name.endswith(BEFORE) else HERE.parent
                    of.append(crawl(name.removesuffix(BEFORE), feeds, args.cache, tree=tree))
                    counted = f"{number}: {name}: {of[-1].pages} pages of {args.hosts * args.pages}"
                    print(f"{counted}, {of[-1].cpu:.1f} s CPU, {of[-1].wall:.1f} s", file=sys.stderr)
            return on_cores(feeds, args.cache, args.rounds) if args.cores else ""
        finally:
            server.kill()


if __name__ == "__main__":
    main()
