"""The real command, SQLite and all, with system calls that fail beneath it; by strace, where there is one."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter

import pytest

from tests.whole import command
from tests.whole.web import Web, newspaper

pytestmark = [
    pytest.mark.torture,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace isn't there"),
]

HOSTS = [f"127.0.8.{n}" for n in (1, 2)]
PAGES = 8
FAULTS = {
    ("fdatasync", "EIO"): range(1, 19),
    ("fsync", "EIO"): range(1, 6),
    ("pwrite64", "ENOSPC"): range(1, 130, 6),
    ("pwrite64", "EIO"): range(4, 130, 12),
    ("write", "ENOSPC"): range(1, 12),
    ("ftruncate", "EIO"): range(1, 4),
}


def run_with(fault: str, folder) -> subprocess.CompletedProcess[bytes]:
    trace = fault.partition(":")[0]
    words = ["strace", "-f", "-o", "/dev/null", "-e", f"trace={trace}", "-e", f"inject={fault}"]
    return subprocess.run(
        [*words, *command.COMMAND, "run", "--once"],
        cwd=folder,
        env=command.environment(folder),
        capture_output=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(("call", "error"), FAULTS, ids=str)
def test_a_call_that_fails_costs_one_clear_line_and_nothing_else(tmp_path, call, error):
    with Web(HOSTS, newspaper(PAGES)) as web:
        wanted = dict.fromkeys((web.url(host, f"/story/{n}") for host in HOSTS for n in range(PAGES)), 1)
        for when in FAULTS[call, error]:
            folder = tmp_path / str(when)
            folder.mkdir()
            command.write_config(folder, [f"feed: {web.url(host, '/feed')}" for host in HOSTS])
            failed = run_with(f"{call}:error={error}:when={when}", folder)
            said = failed.stderr.decode()
            assert "Traceback" not in said, (when, said)
            assert failed.returncode in (0, 4), (when, said)
            assert failed.returncode == 0 or said.splitlines()[-1].startswith("warraq: "), (when, said)
            assert command.run(folder, "run", "--once").returncode == 0, when
            archived = command.responses(folder)
            assert {url: archived[url] for url in wanted} == wanted, when
            assert Counter(record["url"] for record in command.records(folder)) == wanted, when
            verified = command.run(folder, "verify", "--deep")
            assert verified.returncode == 0, (when, verified.stdout)
