"""What is on the disk after a crash, and what the next start makes of it."""

import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from crawler.archive.device import Device
from crawler.archive.names import Names
from crawler.archive.through import members
from crawler.model import Article
from crawler.ports import ArchiveError
from crawler.records import page_record
from tests.archive.samples import NOW, WORKER, archive, name, pages, state

ROOT = Path(__file__).parents[2]


class Unsynced(Device):
    """Durability is not what these tests are about; without it they try every byte in a moment."""

    def sync_data(self, descriptor):
        pass

    sync = sync_data


@asynccontextmanager
async def opened(root):
    made = archive(root, device=Unsynced())
    try:
        yield made
    finally:
        await made.close()


async def filled(root, kept=2, torn=1):
    """A segment with `kept` acknowledged pages, `torn` others and a record for each; gives what is acknowledged."""
    async with opened(root) as made:
        await made.create(name(), WORKER, NOW)
        written = await made.write(pages(kept), {}, {})
        made.keep()
        lines = await made.write_records(name(), [page_record(r, Article(text="x"), "t") for (r,) in written.receipts])
        await made.write(pages(torn, start=kept), {}, {})
        await made.write_records(name(), [page_record(written.receipts[0][0], Article(text="y"), "t")])
    return written.size, lines.size


def files(root):
    return sorted(path.name.removeprefix(name()) for path in Names(root, name()).folder.iterdir())


def urls(path):
    return [placed.member.get("WARC-Target-URI") for placed in members(path) if placed.member.kind == "response"]


async def test_an_adopted_segment_is_cut_to_what_was_acknowledged_and_goes_on(tmp_path):
    committed, records = await filled(tmp_path)
    names = Names(tmp_path, name())
    before, lines = names.open.read_bytes(), names.records.read_bytes()
    async with opened(tmp_path) as made:
        assert await made.adopt(state(name(), committed, records), write=True)
        assert names.open.read_bytes() == before[:committed]
        assert names.records.read_bytes() == lines[:records]
        assert (names.folder / f"{names.open.name}.torn-1").read_bytes() == before[committed:]
        assert (names.folder / f"{names.records.name}.torn-1").read_bytes() == lines[records:]
        assert (made.current(), made.held()) == (name(), [name()])
        await made.write(pages(1, start=7), {}, {})
    assert urls(names.open) == [f"https://news.example/{n}" for n in (0, 1, 7)]


async def test_a_tail_torn_at_any_byte_is_set_aside_and_the_rest_stands(tmp_path):
    committed, records = await filled(tmp_path)
    names = Names(tmp_path, name())
    whole = names.open.read_bytes()
    for size in range(committed, len(whole) + 1):
        names.open.write_bytes(whole[:size])
        async with opened(tmp_path) as made:
            assert await made.adopt(state(name(), committed, records), write=True)
        assert names.open.read_bytes() == whole[:committed]
        torn = names.folder / f"{names.open.name}.torn-1"
        assert (torn.read_bytes() if torn.exists() else b"") == whole[committed:size]
        torn.unlink(missing_ok=True)


@pytest.mark.parametrize("spoil", [bytes, lambda n: b"\xff" * n, lambda n: b"\n" * n], ids=["zeros", "ones", "line ends"])
async def test_a_tail_spoilt_from_any_byte_on_is_set_aside_and_the_rest_stands(tmp_path, spoil):
    committed, records = await filled(tmp_path)
    names = Names(tmp_path, name())
    for path, kept in ((names.open, committed), (names.records, records)):
        whole = path.read_bytes()
        for at in range(kept, len(whole), 7):
            path.write_bytes(whole[:at] + spoil(len(whole) - at))
            async with opened(tmp_path) as made:
                assert await made.adopt(state(name(), committed, records), write=True)
            assert path.read_bytes() == whole[:kept]
            for torn in names.folder.glob("*.torn-*"):
                torn.unlink()


async def test_a_bit_flipped_anywhere_in_the_tail_changes_nothing_before_it(tmp_path):
    committed, records = await filled(tmp_path)
    names = Names(tmp_path, name())
    whole, lines = names.open.read_bytes(), names.records.read_bytes()
    for at in range(committed, len(whole), 9):
        names.open.write_bytes(flipped(whole, at, at % 8))
        names.records.write_bytes(flipped(lines, records + at % (len(lines) - records), at % 8))
        async with opened(tmp_path) as made:
            assert await made.adopt(state(name(), committed, records), write=True)
            await made.write(pages(1, start=7), {}, {})
        assert names.open.read_bytes()[:committed] == whole[:committed]
        assert names.records.read_bytes() == lines[:records]
        for torn in names.folder.glob("*.torn-*"):
            torn.unlink()
    assert urls(names.open) == [f"https://news.example/{n}" for n in (0, 1, 7)]


def flipped(data, at, bit):
    return data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]


async def test_what_is_cut_never_replaces_what_was_cut_before(tmp_path):
    committed, records = await filled(tmp_path)
    names = Names(tmp_path, name())
    for tail in (b"one", b"two"):
        names.open.write_bytes(names.open.read_bytes()[:committed] + tail)
        async with opened(tmp_path) as made:
            await made.adopt(state(name(), committed, records), write=False)
    assert [(names.folder / f"{names.open.name}.torn-{n}").read_bytes() for n in (1, 2)] == [b"one", b"two"]


@pytest.mark.parametrize("which", ["warc", "records"])
async def test_a_file_shorter_than_acknowledged_is_an_error_that_says_so_and_changes_nothing(tmp_path, which):
    committed, records = await filled(tmp_path)
    names = Names(tmp_path, name())
    path, size = (names.open, committed) if which == "warc" else (names.records, records)
    path.write_bytes(path.read_bytes()[: size - 1])
    before = files(tmp_path)
    async with opened(tmp_path) as made:
        with pytest.raises(ArchiveError, match=f"{path}: {size} bytes were acknowledged, but only {size - 1} are there"):
            await made.adopt(state(name(), committed, records), write=True)
        assert made.held() == []
    assert files(tmp_path) == before


@pytest.mark.parametrize("which", ["warc", "records"])
async def test_a_missing_file_with_something_acknowledged_is_an_error(tmp_path, which):
    committed, records = await filled(tmp_path)
    names = Names(tmp_path, name())
    path = names.open if which == "warc" else names.records
    path.unlink()
    async with opened(tmp_path) as made:
        with pytest.raises(ArchiveError, match=f"{path}: .*(missing|No such file)"):
            await made.adopt(state(name(), committed, records), write=True)
    assert not path.exists()


async def test_a_segment_that_never_reached_the_disk_is_begun_anew(tmp_path):
    async with opened(tmp_path) as made:
        assert await made.adopt(state(name(), 0), write=True)
        await made.write(pages(1), {}, {})
    names = Names(tmp_path, name())
    assert [placed.member.kind for placed in members(names.open)][:2] == ["warcinfo", "response"]


async def test_a_warcinfo_torn_at_any_byte_is_written_again(tmp_path):
    async with opened(tmp_path) as made:
        await made.create(name(), WORKER, NOW)
    names = Names(tmp_path, name())
    whole = names.open.read_bytes()
    for size in range(len(whole) + 1):
        names.open.write_bytes(whole[:size])
        async with opened(tmp_path) as made:
            assert await made.adopt(state(name(), 0), write=True)
        assert names.open.read_bytes() == whole


async def test_a_held_segment_is_nobody_elses(tmp_path):
    committed, records = await filled(tmp_path)
    async with opened(tmp_path) as one, opened(tmp_path) as other:
        assert await one.adopt(state(name(), committed, records), write=False)
        assert not await other.adopt(state(name(), committed, records), write=False)
        assert not await other.lock(name())
        assert other.held() == []


HOLD = """
import asyncio, sys
from pathlib import Path
from tests.archive.samples import *
async def main(root):
    made = archive(root)
    await made.create(name(), WORKER, NOW)
    written = await made.write(pages(1), {}, {})
    print(written.size, flush=True)
    sys.stdin.read()
asyncio.run(main(Path(sys.argv[1])))
"""


async def test_another_process_holds_its_segment_until_it_dies(tmp_path):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    with holder:
        size = int(holder.stdout.readline())
        async with opened(tmp_path) as made:
            assert not await made.adopt(state(name(), size), write=True)
            holder.kill()
            holder.wait()
            assert await made.adopt(state(name(), size), write=True)
            assert made.current() == name()


async def test_a_lock_can_be_taken_before_the_row_is_read_again(tmp_path):
    committed, records = await filled(tmp_path)
    async with opened(tmp_path) as one, opened(tmp_path) as other:
        assert await one.lock(name())
        assert one.held() == []
        assert not await other.lock(name())
        assert await one.adopt(state(name(), committed, records), write=True)
        assert one.held() == [name()]
        assert await one.lock(name())


async def test_locking_what_is_not_there_makes_nothing(tmp_path):
    async with opened(tmp_path) as made:
        assert await made.lock(name())
    assert list(tmp_path.iterdir()) == []


async def test_adopting_twice_is_an_error(tmp_path):
    committed, records = await filled(tmp_path)
    async with opened(tmp_path) as made:
        await made.adopt(state(name(), committed, records), write=False)
        with pytest.raises(ArchiveError, match="held already"):
            await made.adopt(state(name(), committed, records), write=False)


async def test_an_adopted_segment_keeps_its_age(tmp_path):
    committed, records = await filled(tmp_path)
    async with opened(tmp_path) as made:
        await made.adopt(state(name(), committed, records), write=True)
        assert not made.full(NOW + 86_399_999)
        assert made.full(NOW + 86_400_000)


async def test_under_both_names_nothing_is_touched(tmp_path):
    committed, records = await filled(tmp_path)
    names = Names(tmp_path, name())
    names.sealed.write_bytes(b"x")
    async with opened(tmp_path) as made:
        with pytest.raises(ArchiveError, match="sealed and unsealed"):
            await made.adopt(state(name(), committed, records), write=False)
    assert names.sealed.read_bytes() == b"x"


async def test_a_segment_whose_warcinfo_cannot_be_written_is_let_go(tmp_path):
    class Broken(Device):
        def sync_data(self, descriptor):
            raise OSError(5, "Input/output error")

    made = archive(tmp_path, device=Broken())
    with pytest.raises(ArchiveError, match="cannot sync"):
        await made.create(name(), WORKER, NOW)
    assert made.current() is None
    async with opened(tmp_path) as other:
        assert await other.adopt(state(name(), 0), write=True)
    await made.close()
