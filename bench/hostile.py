"""Odd and bad servers: what Warraq, plain aiohttp, Scrapy and trafilatura store of them, and what they should.

    ./run bench hostile [--tools aiohttp,scrapy,trafilatura] [--seconds 2] [--cache DIR] [--write]

The behaviours are those of tests/hostile, done by one server, a port each. Stored means: the page's text came back with its
last line in it, and nothing says that it is cut. Needs the package index once, for the rivals' environments (`--cache`). Ends
with 1 where Warraq does not do right. `--write` puts the table into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.hostile.behaviours import Behaviour
from tests.hostile.server import KEYS, HostileServer
from tests.hostile.tables import TABLES, TLS

HERE = Path(__file__).parent
BENCHMARKS = HERE.parent / "docs" / "benchmarks.md"
HEADING = "## `./run bench hostile`"
PACKAGES = {
    "aiohttp": ("aiohttp==3.14.5", "brotli"),
    "scrapy": ("scrapy==2.19.0", "brotli"),
    "trafilatura": ("trafilatura==2.3.1", "brotli"),
}
MEMORY = 4 << 30
PATIENCE = 8.0
"""Seconds a bomb may hold a client up altogether, time-out and all."""
PATIENCE_OF_MANY = 120.0


@dataclass(frozen=True)
class Run:
    """What a client brought home from some behaviours."""

    kept: Mapping[str, tuple[str | None, str | None]]
    """Name -> text, and what says that it is cut."""
    most_mb: float


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


def run(tool: str, cache: Path, wanted: Sequence[tuple[str, str]], seconds: float) -> Run:
    """Let a client ask for some addresses, with so much memory and time; what it has by then counts."""
    with tempfile.TemporaryDirectory() as name:
        asked, told = Path(name, "asked"), Path(name, "told")
        asked.write_text(json.dumps(wanted))
        client = subprocess.Popen(
            [python_of(tool, cache), HERE / "clients" / f"with_{tool}.py", asked, told, str(seconds)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={
                **os.environ,
                "SSL_CERT_FILE": str(KEYS / "authority.pem"),
                "PYTHONPATH": str(HERE.parent) if tool == "warraq" else "",
            },
        )
        resource.prlimit(client.pid, resource.RLIMIT_AS, (MEMORY, MEMORY))
        too_long = threading.Timer(PATIENCE if len(wanted) == 1 else PATIENCE_OF_MANY, os.killpg, (client.pid, 9))
        too_long.start()
        _, _, used = os.wait4(client.pid, 0)
        too_long.cancel()
        client.returncode = 0
        lines = [json.loads(line) for line in told.read_text().splitlines()] if told.exists() else []
    kept = {line[0]: (line[1], line[2] if len(line) > 2 else None) for line in lines}
    return Run(kept=kept, most_mb=used.ru_maxrss / 1024)


def is_right(behaviour: Behaviour, run: Run) -> bool:
    """Whether that is what should have come of a behaviour."""
    text, note = run.kept.get(behaviour.name, (None, None))
    if behaviour.right == "stored":
        return text is not None and note is None and behaviour.mark in text
    return not text or note is not None


@dataclass(frozen=True)
class Row:
    """One group's behaviours of one kind: how many there are, and how many each client did right."""

    group: str
    kind: str
    all: int
    right: Mapping[str, int]
    wrong: Mapping[str, list[str]]


async def group_runs(table: Sequence[Behaviour], tools: Iterable[str], args: argparse.Namespace) -> dict[str, list[Run]]:
    """Each client over a group; a bomb alone, since some clients don't survive it."""
    together, alone = [one for one in table if not one.bounded], [one for one in table if one.bounded]
    runs: dict[str, list[Run]] = {}
    for tool in tools:
        runs[tool] = []
        for part in [together, *([one] for one in alone)]:
            async with HostileServer(part) as server:
                wanted = [(one.name, server.url(one)) for one in part]
                runs[tool].append(await asyncio.to_thread(run, tool, args.cache, wanted, args.seconds))
    return runs


def rows(group: str, table: Sequence[Behaviour], runs: Mapping[str, list[Run]]) -> list[Row]:
    """A group's odd but good behaviours, and its bad ones."""
    found = []
    for kind, part in (
        ("odd but good: stored", [one for one in table if one.right == "stored"]),
        ("bad: refused, or marked as cut", [one for one in table if one.right != "stored"]),
    ):
        merged = {
            tool: Run(kept={name: kept for run in of for name, kept in run.kept.items()}, most_mb=0)
            for tool, of in runs.items()
        }
        wrong = {tool: [one.name for one in part if not is_right(one, run)] for tool, run in merged.items()}
        if part:
            right = {tool: len(part) - len(names) for tool, names in wrong.items()}
            found.append(Row(group=group, kind=kind, all=len(part), right=right, wrong=wrong))
    return found


def table(found: Sequence[Row], tools: Sequence[str], most: Mapping[str, float]) -> str:
    """The figures, by group and in all, as Markdown."""
    lines = [f"| group | what is right | of | {' | '.join(tools)} |", f"|---|---|---:|{'---:|' * len(tools)}"]
    lines += [f"| {one.group} | {one.kind} | {one.all} | {' | '.join(str(one.right[t]) for t in tools)} |" for one in found]
    for kind in dict.fromkeys(one.kind for one in found):
        part = [one for one in found if one.kind == kind]
        sums = " | ".join(f"**{sum(one.right[tool] for one in part)}**" for tool in tools)
        lines.append(f"| **all** | {kind} | **{sum(one.all for one in part)}** | {sums} |")
    lines.append(f"| bombs | MB of memory at the most | | {' | '.join(f'{most[tool]:,.0f}' for tool in tools)} |")
    return "\n".join(lines)


def written(text: str) -> None:
    """Put the section into docs/benchmarks.md, in the place of the old one."""
    before, found, after = BENCHMARKS.read_text("utf-8").partition(HEADING)
    rest = after.partition("\n## ")[2] if found else ""
    tail = f"\n## {rest}" if rest else ""
    BENCHMARKS.write_text(f"{before.rstrip()}\n\n{HEADING}\n\n{text.rstrip()}\n{tail}", "utf-8")


NOTE = """
Each behaviour is a server of its own on loopback, which does it to whoever asks. A page counts as stored where its text came
back with its last line in it; a bad answer as refused where no text came back, or where Warraq's record says that it is cut.
Plain aiohttp is `get`, `raise_for_status`, `text`; Scrapy and trafilatura (`fetch_url`) run with their own settings but for a
time-out of {seconds:g} s; each in an environment of its own. A bomb is asked for in a process of its own, with 4 GB of memory
and {patience:g} s; a client that dies of it has stored nothing, which counts as right. Who stores nothing has all the bad
ones right: both lines count.
"""


async def measured(args: argparse.Namespace, tools: Sequence[str]) -> tuple[list[Row], dict[str, float]]:
    """All groups, one after the other."""
    found: list[Row] = []
    most = dict.fromkeys(tools, 0.0)
    for group, behaviours in {**TABLES, "TLS": TLS}.items():
        runs = await group_runs(behaviours, tools, args)
        found += rows(group, behaviours, runs)
        if any(one.bounded for one in behaviours):
            most = {tool: max(run.most_mb for run in of[1:]) for tool, of in runs.items()}
        print(f"{group}: done", file=sys.stderr)
    return found, most


def main() -> None:
    home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "warraq" / "bench-hostile"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tools", default=",".join(PACKAGES), help="the rivals")
    parser.add_argument("--seconds", type=float, default=2.0, help="the clients' time-out")
    parser.add_argument("--cache", type=Path, default=home, help="the rivals' environments")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    args = parser.parse_args()
    tools = ["warraq", *filter(None, args.tools.split(","))]
    found, most = asyncio.run(measured(args, tools))
    total = sum(one.all for one in found)
    said = f"{total} behaviours; {datetime.now(UTC):%Y-%m-%d}, Python {sys.version.split()[0]}; " + ", ".join(
        PACKAGES[tool][0] for tool in tools[1:]
    )
    text = f"{said}.\n\n{table(found, tools, most)}\n{NOTE.format(seconds=args.seconds, patience=PATIENCE)}"
    print(text)
    for one in found:
        for tool in tools:
            if one.wrong[tool]:
                print(f"{tool}, {one.group}, {one.kind}: {', '.join(one.wrong[tool])}", file=sys.stderr)
    if args.write:
        written(text)
    sys.exit(1 if any(one.wrong["warraq"] for one in found) else 0)


if __name__ == "__main__":
    main()
