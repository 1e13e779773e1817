"""A thousand changed bytes and a thousand cuts, each found; awkward answers, none an alarm."""

from __future__ import annotations

import asyncio
import random
import re
import subprocess

import pytest

from crawler.archive.case import Counts
from crawler.archive.expected import look
from crawler.archive.verify import verify
from tests.archive.kept import changed, cut, fill
from tests.fidelity.test_answers import take
from tests.torture.test_judges import judge  # noqa: F401 - a fixture
from tests.whole.test_archive_page import LINES, folder, place  # noqa: F401 - a fixture

pytestmark = pytest.mark.torture

TIMES = 1000
# Runs and repetitions: there the compressed data may change and give the same text all the same.
TEXT = "<ul>" + "".join(f"<li class='teaser'>{' ' * 40}خبر {n % 7}</li>\n" for n in range(300)) + "-" * 3000

# Stored and not deflated: what pads a block's head to a byte may be anything, and gives the same text too.
PACKED = random.Random(5).randbytes(3000)


@pytest.fixture(params=[(TEXT.encode(), "isal"), (TEXT.encode(), "zlib"), (PACKED, "isal")], ids=["isal", "zlib", "stored"])
def filling(request):
    return dict(zip(("filler", "compress"), request.param, strict=True))


@pytest.fixture
async def sealed(tmp_path, filling):
    return await fill(tmp_path, (1, 2), seal=True, **filling)


@pytest.fixture
async def unsealed(tmp_path, filling):
    return await fill(tmp_path, (1, 2), seal=False, **filling)


def missed(kept, paths, *, deep=True):
    """Of a thousand changes of a random byte by a random bit pattern, those that weren't found."""
    chance = random.Random(7)
    missed = []
    for _ in range(TIMES):
        path = chance.choice(paths)
        at, mask = chance.randrange(path.stat().st_size), chance.randrange(1, 256)
        with changed(path, at, mask):
            if not any(path.name in finding.file for finding in kept.look(deep=deep)):
                missed.append((path.name, at, mask))
    return missed


async def test_a_thousand_of_a_thousand_changes_in_sealed_files_are_found(sealed):
    names = sealed.names(1), sealed.names(2)
    assert sealed.look() == []
    assert missed(sealed, [path for one in names for path in (one.sealed, one.records, one.index)]) == []


async def test_a_thousand_of_a_thousand_changes_in_what_is_acknowledged_of_unsealed_ones_are_found(unsealed):
    assert unsealed.look() == []
    assert missed(unsealed, [unsealed.names(1).open, unsealed.names(2).open]) == []


async def test_a_thousand_of_a_thousand_changes_in_records_are_found_without_reading_the_warcs(unsealed):
    assert missed(unsealed, [unsealed.names(1).records, unsealed.names(2).records], deep=False) == []


@pytest.mark.parametrize("seal", [False, True])
async def test_every_cut_is_found_without_reading_the_warcs(tmp_path, seal):
    kept = await fill(tmp_path, (1, 2), seal=seal, filler=TEXT.encode())
    chance = random.Random(9)
    paths = [path for path in kept.root.rglob("WARRAQ-*") if not path.name.endswith(".cdxj")]
    for _ in range(TIMES):
        path = chance.choice(paths)
        with cut(path, chance.randrange(path.stat().st_size)):
            assert any(path.name in finding.file for finding in kept.look(deep=False))


def test_no_awkward_answer_is_an_alarm(tmp_path):
    asyncio.run(take(tmp_path))
    counts = Counts()
    assert list(verify(look(tmp_path), None, counts, deep=True)) == []
    assert counts.records > 400


def test_warcio_does_what_the_page_shows(folder, judge):  # noqa: F811
    shown = [line for line in LINES if line.startswith("warcio ")]
    assert len(shown) == 3
    for line in shown:
        command = re.sub(
            r"archive/2026/11/22/", "archive/*/*/*/", line.replace("warcio", str(judge("warcio==1.8.1") / "warcio"), 1)
        )
        done = subprocess.run(["sh", "-c", command], cwd=folder, env=place(folder), capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b""), line
        assert done.stdout or "check" in line
