"""What a failed call leaves of a file, and what is done with it then."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from pathlib import Path

import pytest

from crawler.archive import files, manifest
from crawler.archive.manifest import SealedFile
from crawler.archive.names import Names
from crawler.archive.workers import WorkerLock
from crawler.model import WorkerId
from crawler.ports import ArchiveError, HalfMadeError
from tests.archive.devices import Faulty, Powerless
from tests.archive.samples import NOW, WORKER, archive, name, pages, state


def everything(root: Path) -> set[str]:
    return {path.name for path in root.rglob("*") if path.is_file()}


# --- a segment that can't be begun ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("call", "fault"), [("open", "enospc"), ("write", "enospc"), ("sync_data", "eio"), ("sync", "eio")])
async def test_a_segment_that_cannot_be_begun_leaves_no_file(tmp_path, call, fault):
    device = Faulty()
    made = archive(tmp_path, device=device)
    Names(tmp_path, name()).folder.mkdir(parents=True)
    device.arm(call, fault)
    with pytest.raises(ArchiveError):
        await made.create(name(), WORKER, NOW)
    assert everything(tmp_path) == set()
    await made.close()


async def test_what_a_segment_leaves_that_could_not_be_begun_is_told_and_the_next_start_takes_it_away(tmp_path):
    Names(tmp_path, name()).folder.mkdir(parents=True)
    made = archive(tmp_path, device=Faulty(2, "eacces"))
    with pytest.raises(HalfMadeError, match=r"\.warc\.gz\.open: cannot take away what was begun") as refused:
        await made.create(name(), WORKER, NOW)
    assert refused.value.again
    assert everything(tmp_path) == {Names(tmp_path, name()).open.name}
    await made.close()
    later = archive(tmp_path)
    assert await later.lock(name())
    assert await later.adopt(state(name(), 0), write=False)
    assert await later.seal(name()) == b""
    assert everything(tmp_path) == set()
    await later.close()


async def test_a_disk_without_room_is_told_from_one_that_fails(tmp_path):
    device = Faulty()
    made = archive(tmp_path, device=device)
    for fault, may_pass in (("enospc", True), ("eio", False)):
        device.arm("make_folder", fault)
        with pytest.raises(ArchiveError) as refused:
            await made.create(name(), WORKER, NOW)
        assert refused.value.again is may_pass
        device.calls += 9 * ["time goes by"]
    await made.close()


# --- a write ---------------------------------------------------------------------------------------------------------------


async def test_a_write_that_failed_may_be_tried_again_and_leaves_nothing(tmp_path):
    device = Faulty()
    made = archive(tmp_path, device=device)
    await made.create(name(), WORKER, NOW)
    before = Names(tmp_path, name()).open.read_bytes()
    device.arm("write", "eio")
    with pytest.raises(ArchiveError) as refused:
        await made.write(pages(2), {}, {})
    assert refused.value.again
    assert Names(tmp_path, name()).open.read_bytes() == before
    assert (await made.write(pages(2), {}, {})).size == Names(tmp_path, name()).open.stat().st_size
    await made.close()


async def test_records_whose_sync_failed_are_never_touched_again(tmp_path):
    device = Faulty()
    made = archive(tmp_path, device=device)
    await made.create(name(), WORKER, NOW)
    await made.write(pages(1), {}, {})
    device.arm("sync_data", "eio")
    with pytest.raises(ArchiveError) as refused:
        await made.write_records(name(), [])
    assert not refused.value.again
    with pytest.raises(ArchiveError, match="earlier sync"):
        await made.write_records(name(), [])
    assert made.full(NOW)
    assert made.held() == []
    await made.close()
    assert device.touched_after_failed_sync == []


# --- sealing, tried again by the same process ------------------------------------------------------------------------------


@pytest.mark.parametrize("call", ["remove", "sync"])
async def test_an_empty_segment_that_was_half_removed_is_removed_the_second_time(tmp_path, call):
    device = Faulty()
    made = archive(tmp_path, device=device)
    await made.create(name(), WORKER, NOW)
    device.arm(call)
    with pytest.raises(ArchiveError):
        await made.seal(name(), WORKER, NOW)
    assert await made.seal(name(), WORKER, NOW) == b""
    assert everything(tmp_path) == set()
    await made.close()


@pytest.mark.parametrize("call", ["sync_data", "rename", "sync", "open", "write"])
async def test_sealing_that_was_refused_is_done_the_second_time_or_by_the_next_process(tmp_path, call):
    device = Faulty()
    made = archive(tmp_path, device=device)
    await made.create(name(), WORKER, NOW)
    size = (await made.write(pages(2), {}, {})).size
    made.keep()
    device.arm(call)
    with pytest.raises(ArchiveError):
        await made.seal(name(), WORKER, NOW)
    if name() not in made.held():  # a failed sync: not by us any more
        await made.close()
        made = archive(tmp_path)
        assert await made.adopt(state(name(), size, at="sealing"), write=False)
    assert await made.seal(name(), WORKER, NOW) != b""
    assert everything(tmp_path) == {manifest.NAME, *(f"{name()}{end}" for end in (".warc.gz", ".cdxj", ".jsonl"))}
    assert device.touched_after_failed_sync == []
    await made.close()


# --- the list of sealed files ----------------------------------------------------------------------------------------------


def entry(number: int) -> SealedFile:
    return SealedFile(
        file=f"2026/11/22/{number}.warc.gz",
        bytes=1,
        sha256="0",
        records=1,
        first=None,
        last=None,
        parsed=0,
        parsed_sha256="0",
        owner=None,
        sealed_at=None,
    )


def listed(root: Path) -> list[int]:
    lines = (root / manifest.NAME).read_text().splitlines()
    return [int(json.loads(line)["file"].split("/")[3].partition(".")[0]) for line in lines]


def test_a_line_that_never_reached_the_disk_does_when_it_is_added_again(tmp_path):
    device = Powerless(tmp_path)
    manifest.add(tmp_path, entry(1), device)
    device.arm("sync", "dies")  # written, and not synced
    with pytest.raises(BaseException, match="sync"):
        manifest.add(tmp_path, entry(2), device)
    device.dead = False
    manifest.add(tmp_path, entry(2), device)
    device.cut_power("nothing")
    assert listed(tmp_path) == [1, 2]


def test_a_list_whose_sync_failed_is_put_into_a_new_file(tmp_path):
    device = Powerless(tmp_path)
    manifest.add(tmp_path, entry(1), device)
    device.arm("sync", "eio")
    manifest.add(tmp_path, entry(2), device)
    manifest.add(tmp_path, entry(3), device)
    device.cut_power("nothing")
    assert listed(tmp_path) == [1, 2, 3]
    assert device.touched_after_failed_sync == []


@pytest.mark.parametrize("tail", [b'{"what":"segm', b"\0" * 99, b"\xff\n\x00\x1f", b"\n\n{\n"])
def test_a_torn_tail_of_the_list_is_cut_off(tmp_path, tail):
    manifest.add(tmp_path, entry(1))
    with (tmp_path / manifest.NAME).open("ab") as file:
        file.write(tail)
    manifest.add(tmp_path, entry(2))
    assert listed(tmp_path) == [1, 2]


# --- the rest --------------------------------------------------------------------------------------------------------------


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"old")
    for call in ("open", "write", "sync", "rename"):
        device = Faulty()
        device.arm(call)
        with pytest.raises(OSError, match="Input/output error"):
            files.replace_file(path, [b"new"], device)
        assert path.read_bytes() == b"old"
        files.replace_file(path, [b"new"], device)
        assert path.read_bytes() == b"new"
        assert device.touched_after_failed_sync == []
        path.write_bytes(b"old")


@pytest.mark.parametrize("call", ["write", "sync"])
async def test_a_copy_of_a_torn_tail_that_finds_no_room_is_not_left_half_done(tmp_path, call):
    made = archive(tmp_path)
    await made.create(name(), WORKER, NOW)
    size = (await made.write(pages(1), {}, {})).size
    await made.write(pages(3, start=1), {}, {})
    await made.close()
    device = Faulty()
    device.arm(call, "enospc")
    again = archive(tmp_path, device=device)
    with pytest.raises(ArchiveError, match="cannot repair it: No space left") as refused:
        await again.adopt(state(name(), size), write=True)
    assert refused.value.again
    assert not any(".torn-" in left for left in everything(tmp_path))
    device.calls += 9 * ["time goes by"]
    assert await again.adopt(state(name(), size), write=True)
    assert Names(tmp_path, name()).open.stat().st_size == size
    await again.close()


def test_a_worker_that_cannot_say_that_it_lives_leaves_no_sign(tmp_path):
    device = Faulty()
    device.arm("write", "enospc")
    with pytest.raises(ArchiveError, match="No space left"):
        WorkerLock.take(tmp_path, WorkerId("run-1"), device)
    assert everything(tmp_path) == set()


async def test_repair_reads_only_what_is_not_committed(tmp_path):
    made = archive(tmp_path)
    await made.create(name(), WORKER, NOW)
    size = (await made.write(pages(1), {}, {})).size
    await made.close()
    path = Names(tmp_path, name()).open
    with path.open("r+b") as file:  # a gigabyte is committed; where nobody looks, it needn't be there
        file.truncate(1 << 30)
        file.seek(1 << 30)
        file.write(b"a tail" * 1000)
    again = archive(tmp_path)
    before = _read_so_far()
    assert await again.adopt(state(name(), 1 << 30), write=False)
    assert _read_so_far() - before < 6_000 + 4_096
    assert path.stat().st_size == 1 << 30
    assert size < 1 << 30
    await again.close()


def _read_so_far() -> int:
    """Bytes this process has read, from files or pages in memory."""
    return int(Path("/proc/self/io").read_text().split()[1])


class Slow(Faulty):
    """A disk that stops at the first sync of a folder until it is let go on."""

    def __init__(self):
        super().__init__()
        self.there, self.go_on = threading.Event(), threading.Event()

    def sync(self, descriptor):
        self.there.set()
        assert self.go_on.wait(10)
        super().sync(descriptor)


@pytest.mark.parametrize("step", ["create", "adopt"])
async def test_whoever_is_cancelled_leaves_no_lock_behind(tmp_path, step):
    Names(tmp_path, name()).folder.mkdir(parents=True)
    device = Slow()
    made = archive(tmp_path, device=device)
    taking = made.create(name(), WORKER, NOW) if step == "create" else made.adopt(state(name(), 0), write=True)
    task = asyncio.create_task(taking)
    await asyncio.to_thread(device.there.wait)
    task.cancel()
    device.go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    await made.close()
    other = archive(tmp_path)
    assert await other.adopt(state(name(), 0), write=True)
    await other.close()


# --- a group that is written in several pieces ---------------------------------------------------------------------------


@pytest.mark.parametrize("at", [0, 1, 2, 3])
def test_what_is_written_in_pieces_is_all_there_in_order_also_where_one_is_cut_short(tmp_path, at):
    chunks = [bytes([n]) * size for n, size in enumerate((90_000, 200_000, 1, 700_000, 100_000, 100_000, 100_000))]
    device = Faulty(at, "short")
    descriptor = os.open(tmp_path / "file", os.O_CREAT | os.O_RDWR | os.O_APPEND)
    files.write_all(descriptor, chunks, device)
    files.write_all(descriptor, [], device)
    os.close(descriptor)
    assert (tmp_path / "file").read_bytes() == b"".join(chunks)
    assert device.calls.count("write") == 5 + (at > 0)
