"""A fault at any call that changes the disk, or commits: whatever was acknowledged is there after it, once, and work goes on.

Here at some of the calls; `./run torture` takes all.
"""

from __future__ import annotations

import pytest

from crawler.ports import LocalError
from tests.archive.devices import FAULTS, Faulty, Powerless
from tests.archive.lives import Life, all_is_well

LASTING = ("enospc", "short", "erofs", "eacces")
WHOLE_LIFE = 200
"""More calls than a life has; how they interleave isn't the same in each."""


async def lived_on(root, device, *, rotate=5_000, cut=None, patient=False):
    """One life with this disk, then one with a good one, to the end: everything is looked at."""
    first = Life(root, device, 1, patient=patient)
    ended = await first.run()
    assert ended is None or device.met, "nothing but the fault may end it"
    if patient and isinstance(ended, LocalError):
        assert not ended.again
        assert device.fault not in ("erofs", "eacces"), "it goes on by itself"
    if cut is not None:
        device.cut_power(cut)
    second = Life(root, Faulty(), 2)
    ended = await second.run(rotate=rotate)
    if ended is not None:
        raise ended
    all_is_well(root, first.acknowledged + second.acknowledged)
    assert device.touched_after_failed_sync == []


def spread(first: int, step: int) -> list[int]:
    return list(range(first, WHOLE_LIFE, step))


async def test_a_crawl_without_a_fault_is_complete_and_sound(tmp_path):
    life = Life(tmp_path, Faulty(), 1)
    assert await life.run() is None
    all_is_well(tmp_path, life.acknowledged)
    assert {"open", "write", "cut", "sync_data", "sync", "rename", "make_folder", "commit"} == set(life.device.calls)


@pytest.mark.parametrize("at", spread(1, 29))
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_costs_nothing_that_was_acknowledged(tmp_path, fault, at):
    rotate = 5_000 if at % 2 else 1 << 30
    await lived_on(tmp_path, Faulty(at, fault), rotate=rotate, patient=fault in LASTING)


@pytest.mark.parametrize("at", spread(5, 29))
@pytest.mark.parametrize("leave", ["nothing", "zeros", "noise"])
async def test_power_that_goes_takes_nothing_that_was_acknowledged(tmp_path, leave, at):
    await lived_on(tmp_path, Powerless(tmp_path, at), cut=leave)
