"""Inputs made by a fuzzer that watches which code they reach: ten minutes for each entry point, two at a time.

`FUZZ_SECONDS` is the time of each (600). The corpus stays in pytest's cache, so that the next run goes on where this one ended.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.torture.fuzz.targets import TARGETS
from tests.whole import command

pytestmark = pytest.mark.torture

ATHERIS = "atheris==3.0.0"
SECONDS = int(os.environ.get("FUZZ_SECONDS", "600"))
AT_A_TIME = 2
STARTING = 300
"""Seconds that a start, the last input and a busy machine may take besides."""

Run = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def python(request) -> Path:
    """An environment with atheris and what we need at run time, made when the lock has changed."""
    folder = request.config.cache.mkdir("fuzz") / "env"
    python = folder / "bin" / "python"
    lock = command.ROOT / "requirements.lock"
    stamp, now = folder / "stamp", hashlib.sha256(f"{ATHERIS} {sys.version}".encode() + lock.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != now:
        _install(folder, python, lock)
        stamp.write_text(now)
    return python


def _install(folder: Path, python: Path, lock: Path) -> None:
    uv = shutil.which("uv") or shutil.which(command.ROOT / ".uv" / "bin" / "uv")
    if uv:
        install = [uv, "pip", "install", "-q", "--python", python]
        subprocess.run([uv, "venv", "-q", "--clear", "--python", sys.executable, folder], check=True)
    else:
        install = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    subprocess.run([*install, "--require-hashes", "--only-binary", ":all:", "-r", lock], check=True)
    subprocess.run([*install, "--only-binary", ":all:", ATHERIS], check=True)


@pytest.fixture(scope="module")
def runs(request, python) -> Iterator[Mapping[str, Future[Run]]]:
    """All targets, two at a time, in the order of the table."""
    folder = request.config.cache.mkdir("fuzz")
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        yield {target: pool.submit(_fuzz, python, target, folder / target) for target in TARGETS}
        pool.shutdown(cancel_futures=True)


def _fuzz(python: Path, target: str, folder: Path) -> Run:
    words = [python, "-m", "tests.torture.fuzz", target, folder, str(SECONDS)]
    return subprocess.run(
        words, cwd=command.ROOT, text=True, errors="replace", capture_output=True, timeout=SECONDS + STARTING, check=False
    )


@pytest.mark.parametrize("target", TARGETS)
def test_whatever_comes_every_promise_of_an_entry_point_holds(target, runs, capsys):
    run = runs[target].result()
    with capsys.disabled():
        sys.stdout.write(f"\n{told(target, run)}\n")
        sys.stdout.flush()
    assert run.returncode == 0, f"{run.stdout[-2_000:]}\n{run.stderr[-6_000:]}"
    assert last(run, "number_of_executed_units") not in ("?", "0")


def told(target: str, run: Run) -> str:
    """`url  2,000,000 executions  cov 75  corpus 50  slowest 0 s  peak 66 MB  finds 0`."""
    reached = re.findall(r"cov: (\d+) ft: (\d+) corp: (\d+)", run.stderr) or [("?", "?", "?")]
    lines, features, corpus = reached[-1]
    return (
        f"{target:9} {last(run, 'number_of_executed_units'):>10} executions  coverage {lines:>5} ({features:>6} features)"
        f"  corpus {corpus:>5}  slowest {last(run, 'slowest_unit_time_sec')} s  peak {last(run, 'peak_rss_mb')} MB"
        f"  finds {0 if run.returncode == 0 else 1}"
    )


def last(run: Run, figure: str) -> str:
    found = re.findall(rf"stat::{figure}:\s+(\d+)", run.stderr)
    return found[-1] if found else "?"
