"""Who indexes a long segment is killed, or who asked for it, or the disk is full: sealing again makes the same files."""

from __future__ import annotations

import asyncio
import base64
import errno
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from crawler.archive import apart, cdxj
from crawler.archive.device import Device
from crawler.archive.names import Names
from crawler.ports import ArchiveError
from crawler.rebuild.order import rebuild
from tests.archive.kept import fill
from tests.archive.samples import NOW, WORKER, archive, exchange, name, pages, visit
from tests.archive.stocked import config
from tests.whole import command
from tests.whole.processes import below
from tests.whole.web import Answer, Web, newspaper, page

pytestmark = pytest.mark.torture

ROUNDS = 4
ANSWERS = 6_000
STORIES = 70
KILLED = 3
"""At the most: one that had said nothing yet is done without."""


@pytest.fixture(scope="module")
def stock(tmp_path_factory) -> Path:
    """The folder of a segment that is long enough to be indexed apart, with its store."""
    root = tmp_path_factory.mktemp("long") / "archive"
    asyncio.run(fill(root, (1,), seal=False, number=ANSWERS, filler=os.urandom(apart.LONG_BYTES)))
    asyncio.run(rebuild(config(root), force=False, now=NOW))
    return root.parent


@pytest.fixture(scope="module")
def undisturbed(stock, tmp_path_factory) -> bytes:
    """The index as it is to be."""
    folder = Path(shutil.copytree(stock, tmp_path_factory.mktemp("whole") / "copy"))
    assert command.run(folder, "archive", "seal").returncode == 0
    return index_in(folder).read_bytes()


class Full(Device):
    """A disk on which nothing more can be written, while it is `full`."""

    full = False

    def write(self, descriptor, data):
        if self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(descriptor, data)


def index_in(folder: Path) -> Path:
    return Names(folder / "archive", name(1)).index


def indexer_below(asker: int) -> Iterator[int]:
    for pid in below(asker):
        with suppress(OSError):
            if b"crawler.archive.indexer" in Path(f"/proc/{pid}/cmdline").read_bytes():
                yield pid


def until_it_indexes(asker: subprocess.Popen[bytes]) -> int:
    while asker.poll() is None:
        for pid in indexer_below(asker.pid):
            return pid
        time.sleep(0.002)
    raise AssertionError("it ended without a process that indexes")


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def heavy(path: str) -> Answer:
    """A story of 300 KB, as it lies in the archive."""
    noise = base64.b64encode(random.Random(path).randbytes(300_000)).decode()
    return Answer(page(path).body.replace(b"</body>", f"<!-- {noise} --></body>".encode()))


def is_gone(pid: int) -> bool:
    """What has ended may be waited for yet."""
    try:
        return b"crawler.archive.indexer" not in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return True


async def test_a_disk_that_is_full_while_an_index_is_written_costs_the_try_and_nothing_else(tmp_path):
    device = Full()
    made = archive(tmp_path, device=device)
    await made.create(name(), WORKER, NOW)
    await made.write([visit(exchange(os.urandom(apart.LONG_BYTES))), *pages(2_000)], {}, {})
    made.keep()
    device.full = True
    with pytest.raises(ArchiveError, match="No space left on device") as found:
        await made.seal(name())
    assert found.value.again
    assert list(indexer_below(os.getpid())) == []
    device.full = False
    await made.seal(name())
    names = Names(tmp_path, name())
    assert names.index.read_bytes() == cdxj.index(names.sealed).text
    assert list(tmp_path.rglob("*.tmp")) == []
    await made.close()


@pytest.mark.parametrize("number", range(ROUNDS))
@pytest.mark.parametrize("victim", ["indexer", "asker", "both"])
def test_sealing_that_was_killed_ends_with_the_same_files(stock, undisturbed, tmp_path, victim, number):
    folder = Path(shutil.copytree(stock, tmp_path / "copy"))
    chance = random.Random(f"{victim} {number}")
    asker = command.start(folder, "archive", "seal")
    indexer = until_it_indexes(asker)
    time.sleep(chance.uniform(0, 0.1 + 0.2 * number))
    for pid in {"indexer": [indexer], "asker": [asker.pid], "both": [asker.pid, indexer]}[victim]:
        kill(pid)
    out, err = asker.communicate(timeout=60)
    if victim == "indexer":
        assert asker.returncode in (0, 7), err
        assert b"Traceback" not in out + err
        assert (b"ended early" in out) is (asker.returncode == 7)
    for _ in range(2):
        again = command.run(folder, "archive", "seal")
        assert again.returncode == 0, again.stdout + again.stderr
    assert index_in(folder).read_bytes() == undisturbed
    assert list(folder.rglob("*.tmp")) == []
    checked = command.run(folder, "verify", "--deep")
    assert (checked.returncode, checked.stdout) == (0, "")
    assert is_gone(indexer)


def test_a_daemon_goes_on_while_those_that_index_for_it_are_killed(tmp_path):
    hosts = ["127.0.9.1", "127.0.9.2"]
    chance = random.Random(11)
    killed = 0
    with Web(hosts, newspaper(STORIES, heavy)) as web, ExitStack() as after:
        command.write_config(tmp_path, [f"feed: {web.url(host, '/feed')}" for host in hosts])
        config = (tmp_path / "config.yaml").read_text()
        (tmp_path / "config.yaml").write_text(
            config.replace("free_least: 0B", f"free_least: 0B, rotate_size: {apart.LONG_BYTES}B")
        )
        stories = {web.url(host, f"/story/{n}") for host in hosts for n in range(STORIES)}
        daemon = command.start(tmp_path, "run")
        after.callback(daemon.kill)
        begun = time.monotonic()
        while len(sealed(tmp_path)) < 2 or articles(tmp_path) < len(stories):
            assert time.monotonic() - begun < 240
            assert daemon.poll() is None, daemon.communicate()
            for pid in list(indexer_below(daemon.pid)) if killed < KILLED else ():
                time.sleep(chance.uniform(0, 0.2))
                kill(pid)
                killed += 1
            time.sleep(0.005)
        daemon.send_signal(signal.SIGTERM)
        _, err = daemon.communicate(timeout=60)
    assert killed
    assert daemon.returncode == 143, err
    assert b"Traceback" not in err
    assert {url: number for url, number in command.responses(tmp_path).items() if url in stories} == dict.fromkeys(stories, 1)
    assert command.run(tmp_path, "archive", "seal").returncode == 0
    checked = command.run(tmp_path, "verify", "--deep")
    assert (checked.returncode, checked.stdout) == (0, "")
    for index in sealed(tmp_path):
        assert index.read_bytes() == cdxj.index(index.with_suffix(".warc.gz")).text


def sealed(folder: Path) -> list[Path]:
    return list(folder.glob("archive/**/*.cdxj"))


def articles(folder: Path) -> int:
    if not (folder / "archive" / "warraq.db").exists():
        return 0
    try:
        return int(command.rows(folder, "SELECT count(*) FROM articles")[0][0])
    except sqlite3.OperationalError:  # it is being made
        return 0
