"""A fault at every call that changes the disk, and at every commit; and the power cut at each of them."""

from __future__ import annotations

import pytest

from tests.archive.devices import FAULTS, Faulty, Powerless
from tests.archive.test_faults import lived_on

pytestmark = pytest.mark.torture


@pytest.mark.parametrize("rotate", [5_000, 1 << 30], ids=["segments end", "segments go on"])
@pytest.mark.parametrize("patient", [False, True], ids=["one round", "daemon"])
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_at_every_call(tmp_path, fault, patient, rotate):
    await _at_every_call(tmp_path, lambda root, at: Faulty(at, fault), rotate=rotate, patient=patient)


@pytest.mark.parametrize("leave", ["nothing", "zeros", "noise"])
@pytest.mark.parametrize("fault", ["dies", "dies after"])
async def test_power_cut_at_every_call(tmp_path, fault, leave):
    await _at_every_call(tmp_path, lambda root, at: Powerless(root, at, fault), cut=leave)


async def _at_every_call(tmp_path, disk, **how):
    at, met = 0, True
    while met:
        at += 1
        root = tmp_path / str(at)
        root.mkdir()
        device = disk(root, at)
        try:
            await lived_on(root, device, **how)
        except BaseException as error:
            error.add_note(f"call {at}: {device.calls[at - 1 : at]}")
            raise
        met = device.met
    assert at > 100
