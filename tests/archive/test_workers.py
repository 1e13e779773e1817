import subprocess
import sys
from pathlib import Path

import pytest

from crawler.archive.workers import WorkerLock, bury, is_dead
from crawler.model import WorkerId
from crawler.ports import ArchiveError

ROOT = Path(__file__).parents[2]
ONE = WorkerId("run-0a1b2c")

LIVE = """
import sys
from pathlib import Path
from crawler.archive.workers import WorkerLock
lock = WorkerLock.take(Path(sys.argv[1]), "run-0a1b2c")
print("lives", flush=True)
sys.stdin.read()
"""


def test_a_worker_lives_as_long_as_its_process(tmp_path):
    ran = subprocess.Popen([sys.executable, "-c", LIVE, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
    with ran:
        assert ran.stdout.readline() == b"lives\n"
        assert not is_dead(tmp_path, ONE)
        assert not bury(tmp_path, ONE)
        ran.kill()
        ran.wait()
    assert is_dead(tmp_path, ONE)
    assert (tmp_path / "workers" / f"{ONE}.lock").exists()


def test_the_file_says_who_it_is_and_goes_with_its_holder(tmp_path):
    path = tmp_path / "workers" / f"{ONE}.lock"
    with WorkerLock.take(tmp_path, ONE) as lock:
        assert path.read_text().split()[0].isdigit()
        assert not is_dead(tmp_path, ONE)
        lock.release()
    assert not path.exists()
    assert is_dead(tmp_path, ONE)


def test_an_id_is_never_used_twice(tmp_path):
    with WorkerLock.take(tmp_path, ONE), pytest.raises(ArchiveError, match="File exists"):
        WorkerLock.take(tmp_path, ONE)


def test_a_dead_workers_file_can_be_removed(tmp_path):
    path = tmp_path / "workers" / f"{ONE}.lock"
    path.parent.mkdir()
    path.write_text("1 gone\n")
    assert is_dead(tmp_path, ONE)
    assert bury(tmp_path, ONE)
    assert not path.exists()
    assert bury(tmp_path, ONE)


def test_a_worker_cannot_lead_out_of_the_archive(tmp_path):
    with pytest.raises(ArchiveError, match="not the name of a worker"):
        WorkerLock.take(tmp_path, WorkerId("../x"))
