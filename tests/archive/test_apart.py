import os
import signal
import sys
import tracemalloc
from contextlib import contextmanager
from pathlib import Path

import pytest

from crawler.archive import apart, cdxj, warc
from crawler.archive.names import Names
from crawler.archive.packing import PACKS
from crawler.ports import ArchiveError
from tests.archive.samples import NOW, WORKER, archive, exchange, name, visit
from tests.whole.processes import below

LONG = 20_000
"""Of an address: what a pipe holds is told before anybody hears of it, and twenty such lines are more."""


@pytest.fixture
def path(tmp_path):
    """A WARC of twenty answers; there is more in its index than in a pipe."""
    made = tmp_path / "made.warc.gz"
    made.write_bytes(b"".join(map(member, range(20))))
    return made


def member(number):
    fields = (("WARC-Target-URI", f"https://news.example/{number}/{'a' * LONG}"),)
    return PACKS["isal"](warc.record("response", f"<urn:x:{number}>", NOW, fields, b"HTTP/1.1 200 OK\r\n\r\n"))


def indexers():
    """Those of our children that index, and still run."""
    return [pid for pid in below(os.getpid()) if b"crawler.archive.indexer" in Path(f"/proc/{pid}/cmdline").read_bytes()]


@contextmanager
def traced():
    """How many bytes Python took at the most, meanwhile."""
    tracemalloc.start()
    try:
        yield lambda: tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_an_index_made_apart_is_the_one_made_here(path):
    here = cdxj.index(path)
    with apart.indexed(path, long_bytes=0) as (told, pieces):
        assert (told, b"".join(pieces)) == (here.told, here.text)


def test_of_a_large_answer_no_more_is_held_than_may_be_its_head(tmp_path):
    head, rest = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n", os.urandom(8 << 20)
    large, small = (warc.record("response", f"<urn:x:{n}>", NOW, (), head + rest[: n << 20]) for n in (8, 1))
    path = tmp_path / "made.warc.gz"
    path.write_bytes(PACKS["isal"](large) + PACKS["isal"](small))
    with traced() as most:
        lines = cdxj.index(path).text.splitlines()
        assert most() < 4 << 20
    assert [b'"mime": "video/mp4"' in line for line in lines] == [True, True]


async def test_sealing_a_long_segment_takes_no_memory_of_ours(tmp_path):
    made = archive(tmp_path)
    await made.create(name(), WORKER, NOW)
    await made.write([visit(exchange(os.urandom(apart.LONG_BYTES)))], {}, {})
    made.keep()
    with traced() as most:
        await made.seal(name())
        assert most() < apart.LONG_BYTES / 16  # hashing's buffer is 256 KB
    assert b"https://news.example/" in Names(tmp_path, name()).index.read_bytes()
    await made.close()


@pytest.mark.skipif(sys.platform != "linux", reason="there is no /proc")
def test_what_a_process_cannot_do_is_done_here(path):
    with path.open("rb") as file, apart.indexed(Path(f"/proc/self/fd/{file.fileno()}"), long_bytes=0) as (told, pieces):
        assert told.records == 20
        assert b"".join(pieces).count(b"\n") == 20


@pytest.mark.skipif(sys.platform != "linux", reason="there is no /proc")
def test_an_index_whose_process_dies_is_none(path):
    with apart.indexed(path, long_bytes=0) as (_, pieces):
        next(pieces)
        (one,) = indexers()
        os.kill(one, signal.SIGKILL)
        with pytest.raises(ArchiveError, match="ended early") as found:
            list(pieces)
    assert found.value.again


@pytest.mark.skipif(sys.platform != "linux", reason="there is no /proc")
def test_nobody_indexes_on_for_somebody_who_left(path):
    with apart.indexed(path, long_bytes=0):
        assert len(indexers()) == 1
    assert indexers() == []


def test_what_is_not_there_is_said_in_one_line(tmp_path):
    with pytest.raises(ArchiveError, match="cannot read it: No such file"), apart.indexed(tmp_path / "none"):
        pass
