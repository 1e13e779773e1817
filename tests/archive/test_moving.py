"""Sealed segments are moved to another disk, whatever happens on the way."""

import pytest

from crawler.archive import manifest
from crawler.archive.device import Device
from crawler.archive.moving import Mover, only_one
from crawler.archive.places import Places, homes
from crawler.archive.reading import read_member
from crawler.model import Span
from crawler.ports import ArchiveError
from tests.archive.kept import changed, fill
from tests.archive.samples import name


@pytest.fixture
async def kept(tmp_path):
    (tmp_path / "archive").mkdir()
    return await fill(tmp_path / "archive", (1, 2), seal=True)


@pytest.fixture
def attic(tmp_path):
    (tmp_path / "attic").mkdir()
    return tmp_path / "attic"


def move(root, to, device=None):
    mover = Mover(root, to, *([device] if device else []))
    for listed in mover.listed:
        mover.bring(listed)
        mover.clear(listed)


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("WARRAQ-*"))


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("WARRAQ-*")}


async def test_files_lie_there_as_they_lay_here_and_readers_find_them(kept, attic):
    before, listed = contents(kept.root), files(kept.root)
    span = Span(path=str(kept.names().sealed), offset=kept.captures[0].offset, length=kept.captures[0].length)
    record = read_member(span, 10_000)
    move(kept.root, attic)
    assert (contents(attic), files(attic), files(kept.root)) == (before, listed, [])
    assert Places(kept.root).names(name(1)).sealed.is_relative_to(attic)
    assert read_member(span, 10_000) == record
    for alone in (False, True):
        assert kept.look(alone=alone) == []


async def test_moving_again_changes_nothing_and_moving_back_brings_all_home(kept, attic):
    before = contents(kept.root)
    move(kept.root, attic)
    listed = (kept.root / manifest.NAME).read_bytes()
    move(kept.root, attic)
    assert (kept.root / manifest.NAME).read_bytes() == listed
    move(kept.root, kept.root)
    assert (contents(kept.root), files(attic), homes(kept.root)) == (before, [], {})
    assert kept.look() == []


async def test_records_of_a_later_reading_go_along(kept, attic):
    later = kept.names().folder / f"{name(1)}.r1.jsonl"
    later.write_bytes(b"{}\n")
    move(kept.root, attic)
    assert later.name in contents(attic)
    assert not later.exists()


class Dying(Device):
    """Dies in its k-th call that changes something: before it is done, or right after."""

    def __init__(self, call: int, *, after: bool) -> None:
        self.left = call
        self.after = after

    def _count(self, do):
        self.left -= 1
        if self.left == 0 and not self.after:
            raise KeyboardInterrupt
        result = do()
        if self.left == 0:
            raise KeyboardInterrupt
        return result

    def open(self, path, flags):
        return self._count(lambda: super(Dying, self).open(path, flags))

    def write(self, descriptor, data):
        return self._count(lambda: super(Dying, self).write(descriptor, data))

    def sync(self, descriptor):
        return self._count(lambda: super(Dying, self).sync(descriptor))

    def rename(self, old, new):
        return self._count(lambda: super(Dying, self).rename(old, new))

    def remove(self, path):
        return self._count(lambda: super(Dying, self).remove(path))

    def cut(self, descriptor, size):
        return self._count(lambda: super(Dying, self).cut(descriptor, size))


@pytest.mark.parametrize("after", [False, True])
async def test_a_crash_at_any_step_loses_nothing_and_the_next_time_ends_it(tmp_path, attic, after):
    (tmp_path / "one").mkdir()
    kept = await fill(tmp_path / "one", (1,), seal=True)
    before, listed = contents(kept.root), (kept.root / manifest.NAME).read_bytes()
    call = died = 0
    while call == died:
        call += 1
        try:
            move(kept.root, attic, Dying(call, after=after))
        except KeyboardInterrupt:
            died += 1
            assert kept.look() == []
            assert {**contents(attic), **contents(kept.root)}.items() >= before.items()
        move(kept.root, attic)
        assert (contents(attic), files(kept.root)) == (before, [])
        assert kept.look() == []
        move(kept.root, kept.root)
        (kept.root / manifest.NAME).write_bytes(listed)
    assert died > 15


@pytest.mark.parametrize("which", ["sealed", "records"])
async def test_what_is_not_as_it_was_sealed_stays_where_it_is(kept, attic, which):
    path = getattr(kept.names(), which)
    before = (kept.root / manifest.NAME).read_bytes()
    with changed(path, path.stat().st_size // 2, 1):
        mover = Mover(kept.root, attic)
        with pytest.raises(ArchiveError, match=f"{path}: isn't as it was sealed"):
            mover.bring(mover.listed[0])
        assert (kept.root / manifest.NAME).read_bytes() == before
        assert path.exists()


async def test_a_file_that_lies_there_already_is_not_written_over(kept, attic):
    there = attic / kept.names().records.relative_to(kept.root)
    there.parent.mkdir(parents=True)
    there.write_bytes(b"mine")
    mover = Mover(kept.root, attic)
    with pytest.raises(ArchiveError, match=str(there)):
        mover.bring(mover.listed[0])
    assert there.read_bytes() == b"mine"


async def test_a_segment_whose_file_is_missing_is_not_moved(kept, attic):
    kept.names().sealed.unlink()
    mover = Mover(kept.root, attic)
    with pytest.raises(ArchiveError, match="is missing"):
        mover.bring(mover.listed[0])
    assert homes(kept.root) == {}


async def test_old_files_stay_while_the_copy_is_not_right(kept, attic):
    mover = Mover(kept.root, attic)
    mover.bring(mover.listed[0])
    there = attic / kept.names().sealed.relative_to(kept.root)
    with changed(there, 100, 1), pytest.raises(ArchiveError, match=str(there)):
        mover.clear(mover.listed[0])
    assert kept.names().sealed.exists()


async def test_only_one_moves_at_a_time(kept):
    with only_one(kept.root), pytest.raises(ArchiveError, match="at work"), only_one(kept.root):
        pass
