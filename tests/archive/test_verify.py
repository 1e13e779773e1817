"""Verify finds whatever isn't as it was written, and nothing where all is."""

import random
from pathlib import Path

import pytest
from msgspec.structs import replace

from crawler.archive import manifest
from crawler.archive.case import Counts
from crawler.archive.expected import look
from crawler.archive.verify import verify
from crawler.model import FindingKind, SegmentId
from tests.archive.kept import Kept, changed, cut, fill
from tests.archive.samples import name

FLIPS = 60


@pytest.fixture
async def sealed(tmp_path: Path) -> Kept:
    return await fill(tmp_path, (1, 2), seal=True)


@pytest.fixture
async def unsealed(tmp_path: Path) -> Kept:
    return await fill(tmp_path, (1, 2), seal=False)


def kinds(findings) -> list[FindingKind]:
    return [finding.what for finding in findings]


def flips(path: Path, number: int = FLIPS):
    chance = random.Random(path.name)
    size = path.stat().st_size
    return [(chance.randrange(size), chance.randrange(1, 256)) for _ in range(number)]


def names_it(findings, path: Path, at: int) -> bool:
    """One finding names the file and the member or line in which the byte lies."""
    return any(path.name in finding.file and (finding.offset is None or finding.offset <= at) for finding in findings)


# --- where all is as it should be


@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("alone", [False, True])
async def test_an_archive_as_it_was_written_has_nothing_to_find(sealed, deep, alone):
    assert sealed.look(deep=deep, alone=alone) == []


@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("alone", [False, True])
async def test_nor_has_one_that_is_written_to(unsealed, deep, alone):
    for path in (unsealed.names().open, unsealed.names().records):
        with path.open("ab") as file:
            file.write(b"not acknowledged yet")
    assert unsealed.look(deep=deep, alone=alone) == []
    assert len(unsealed.notes(alone=alone)) == 2


async def test_a_segment_with_nothing_in_it_is_none_that_misses_something(tmp_path):
    kept = await fill(tmp_path, (1,), seal=False)
    empty = SegmentId(name(9))
    kept.shelved[empty] = replace(
        kept.shelved[name(1)], state=replace(kept.shelved[name(1)].state, segment=empty, committed=0, records_committed=0)
    )
    assert kept.look() == kept.look(deep=False) == []


async def test_a_segment_that_is_just_being_sealed_has_none_at_any_step(sealed):
    row = sealed.shelved[name(2)]
    sealed.shelved[name(2)] = replace(row, state=replace(row.state, state="sealing"), sha256=None)
    steps = (
        lambda names: None,
        lambda names: (sealed.root / manifest.NAME).write_bytes((sealed.root / manifest.NAME).read_bytes().splitlines(True)[0]),
        lambda names: names.index.unlink(),
        lambda names: names.sealed.rename(names.open),
    )
    for undo in steps:
        undo(sealed.names(2))
        assert sealed.look() == sealed.look(deep=False) == []


async def test_a_segment_sealed_while_we_looked_is_no_finding(tmp_path, sealed):
    listing = look(tmp_path)
    before = Kept(tmp_path, {name(1): sealed.shelved[name(1)]}, [], [])
    before.captures = [row for row in sealed.captures if row.segment == name(1)]
    before.lines = [row for row in sealed.lines if row.segment == name(1)]
    first_line = (tmp_path / manifest.NAME).read_bytes().index(b"\n") + 1
    early = replace(listing, listed=first_line, files=tuple(pair for pair in listing.files if pair[1] == name(1)))
    assert list(verify(early, before.said(), Counts(), deep=True)) == []


# --- every byte


@pytest.mark.parametrize("which", ["sealed", "records", "index"])
@pytest.mark.parametrize("alone", [False, True])
async def test_any_byte_that_changed_in_a_sealed_file_is_found(sealed, which, alone):
    path = getattr(sealed.names(), which)
    for at, mask in flips(path):
        with changed(path, at, mask):
            assert names_it(sealed.look(alone=alone), path, at), (at, mask)


@pytest.mark.parametrize("which", ["open", "records"])
async def test_any_acknowledged_byte_that_changed_in_an_unsealed_file_is_found(unsealed, which):
    path = getattr(unsealed.names(), which)
    for at, mask in flips(path):
        with changed(path, at, mask):
            found = unsealed.look()
            assert names_it(found, path, at), (at, mask)
            assert len(found) == 1, [str(finding) for finding in found]


async def test_any_byte_that_changed_in_the_manifest_is_found(tmp_path, sealed):
    path = tmp_path / manifest.NAME
    for at, mask in flips(path):
        with changed(path, at, mask):
            assert sealed.look(deep=False), (at, mask)


@pytest.mark.parametrize("which", ["sealed", "records"])
async def test_a_sealed_file_that_was_cut_is_found_without_reading_it(sealed, which):
    path = getattr(sealed.names(), which)
    size = path.stat().st_size
    for end in random.Random(which).sample(range(size), 20):
        with cut(path, end):
            found = sealed.look(deep=False)
            assert ("size", end) in [(finding.what, finding.offset) for finding in found]
            assert names_it(sealed.look(), path, end)


@pytest.mark.parametrize("which", ["open", "records"])
async def test_an_unsealed_file_that_is_shorter_than_what_was_acknowledged_is_found(unsealed, which):
    path = getattr(unsealed.names(), which)
    size = path.stat().st_size
    for end in random.Random(which).sample(range(size), 20):
        with cut(path, end):
            assert names_it(unsealed.look(deep=False), path, end)
            assert names_it(unsealed.look(), path, end)


async def test_by_itself_an_unsealed_file_may_be_torn_at_its_end_but_nowhere_else(unsealed):
    path = unsealed.names().open
    with cut(path, path.stat().st_size - 3):
        assert unsealed.look(alone=True) == []
        assert any("without a store nobody knows" in note.detail for note in unsealed.notes(alone=True))
    with changed(path, path.stat().st_size // 2, 1):
        assert kinds(unsealed.look(alone=True)) == ["member"]


async def test_a_damaged_member_hides_no_other(unsealed):
    path = unsealed.names().open
    third, seventh = (sorted(row.offset for row in unsealed.captures if row.segment == name(1))[n] for n in (2, 6))
    with changed(path, third + 30, 255), changed(path, seventh + 30, 255):
        assert [(finding.what, finding.offset) for finding in unsealed.look()] == [("member", third), ("member", seventh)]


# --- files


@pytest.mark.parametrize("which", ["sealed", "records", "index"])
@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("alone", [False, True])
async def test_a_missing_file_is_found(sealed, which, deep, alone):
    path = getattr(sealed.names(), which)
    path.unlink()
    assert [(f.what, f.file) for f in sealed.look(deep=deep, alone=alone) if f.what == "missing"] == [
        ("missing", path.relative_to(sealed.root).as_posix())
    ]


@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("alone", [False, True])
async def test_swapped_files_are_found(sealed, deep, alone):
    one, other = sealed.names(1).sealed, sealed.names(2).sealed
    aside = one.with_suffix(".aside")
    one.rename(aside)
    other.rename(one)
    aside.rename(other)
    found = sealed.look(deep=deep, alone=alone)
    assert {Path(finding.file).name for finding in found} >= {one.name, other.name}
    assert any("says that it is" in finding.detail for finding in found)


async def test_a_file_that_nobody_knows_is_found(sealed):
    (sealed.names().folder / "notes.txt").write_text("mine")
    stranger = sealed.names(7).sealed
    stranger.write_bytes(sealed.names(1).sealed.read_bytes())
    assert {(f.what, Path(f.file).name) for f in sealed.look()} == {("unknown", "notes.txt"), ("unknown", stranger.name)}
    assert ("manifest", stranger.name) in {(f.what, Path(f.file).name) for f in sealed.look(alone=True)}


async def test_what_a_repair_set_aside_is_only_noted(sealed):
    torn = sealed.names().folder / f"{sealed.names().open.name}.torn-1"
    torn.write_bytes(b"half a member")
    assert sealed.look() == []
    assert [note.file for note in sealed.notes()] == [torn.relative_to(sealed.root).as_posix()]


async def test_a_sealed_file_that_is_not_in_the_list_is_found(sealed):
    path = sealed.root / manifest.NAME
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    for alone in (False, True):
        assert [(f.what, Path(f.file).name) for f in sealed.look(alone=alone)] == [("manifest", sealed.names(2).sealed.name)]


async def test_a_sealed_file_that_the_store_does_not_know_is_found(sealed):
    del sealed.shelved[name(2)]
    sealed.captures = [row for row in sealed.captures if row.segment == name(1)]
    sealed.lines = [row for row in sealed.lines if row.segment == name(1)]
    (finding,) = sealed.look()
    assert (finding.what, Path(finding.file).name) == ("store", sealed.names(2).sealed.name)
    assert "rebuild" in finding.detail


async def test_store_and_list_must_say_the_same(sealed):
    row = sealed.shelved[name(1)]
    for other in (
        replace(row, sha256=b"\0" * 32),
        replace(row, state=replace(row.state, committed=row.state.committed - 1)),
        replace(row, state=replace(row.state, state="open")),
    ):
        sealed.shelved[name(1)] = other
        assert sealed.look(deep=False)


# --- captures and records


@pytest.mark.parametrize("deep", [False, True])
async def test_a_record_that_no_capture_points_to_is_found_at_its_place(unsealed, deep):
    for row in [row for row in unsealed.captures if row.segment == name(1)]:
        unsealed.captures.remove(row)
        unsealed.lines, lines = [place for place in unsealed.lines if place.segment != name(1)], unsealed.lines
        found = [f for f in unsealed.look(deep=deep) if f.what == "record"]
        assert [finding.offset for finding in found] == [row.offset]
        unsealed.captures.append(row)
        unsealed.lines = lines


@pytest.mark.parametrize("deep", [False, True])
async def test_a_capture_without_its_record_is_found(unsealed, deep):
    row = unsealed.captures[2]
    for wrong in (row.offset + 1, row.offset + row.length, 10**9):
        unsealed.captures.append(replace(row, offset=wrong))
        assert "capture" in kinds(unsealed.look(deep=deep)), wrong
        unsealed.captures.pop()


@pytest.mark.parametrize(
    "change",
    [
        lambda row: replace(row, length=row.length + 1),
        lambda row: replace(row, group_length=row.group_length - 1),
        lambda row: replace(row, url="https://news.example/other"),
        lambda row: replace(row, digest="sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"),
        lambda row: replace(row, key=replace(row.key, fetched_at=1)),
        lambda row: replace(row, key=replace(row.key, h=1)),
        lambda row: replace(row, revisit_of=row.key),
    ],
)
async def test_a_capture_that_says_something_else_than_its_record_is_found(unsealed, change):
    unsealed.captures[1] = change(unsealed.captures[1])
    found = unsealed.look()
    assert ("capture", unsealed.captures[1].offset) in [(finding.what, finding.offset) for finding in found]


async def test_captures_of_a_segment_that_nobody_knows_are_found(unsealed):
    for serial in (0, 3):
        unsealed.captures.append(replace(unsealed.captures[0], segment=name(serial)))
        unsealed.lines.append(replace(unsealed.lines[0], segment=name(serial)))
    assert sorted(kinds(unsealed.look())) == ["capture", "capture", "version", "version"]


async def test_a_segment_of_another_archive_is_found(unsealed):
    said = unsealed.said
    unsealed.said = lambda: replace(said(), archive_id="another")
    for deep in (False, True):
        assert any("another archive" in finding.detail for finding in unsealed.look(deep=deep))


# --- lines of records


@pytest.mark.parametrize("deep", [False, True])
async def test_a_line_that_is_no_record_of_ours_is_found(unsealed, deep):
    path = unsealed.names().records
    first = path.read_bytes().splitlines(keepends=True)[0]
    for line in (first.replace(b'"id"', b'"ix"'), b"{}\n", b"\xff" * 20 + b"\n"):
        rest = path.read_bytes()[len(first) :]
        with changed(path, 0, 0):
            path.write_bytes(line.rstrip(b"\n").ljust(len(first) - 1) + b"\n" + rest)
            assert [(f.what, f.offset) for f in unsealed.look(deep=deep)] == [("line", 0)]


async def test_a_line_that_points_to_no_capture_is_found(unsealed):
    row = next(row for row in unsealed.captures if row.segment == name(1))
    unsealed.captures[unsealed.captures.index(row)] = replace(row, length=row.length + 1)
    assert ("line", 0) in [(finding.what, finding.offset) for finding in unsealed.look(deep=False)]


async def test_a_version_that_points_to_no_line_is_found(unsealed):
    place = unsealed.lines[1]
    for wrong in (
        replace(place, offset=place.offset + 1),
        replace(place, length=place.length - 1),
        replace(place, article_id="another"),
    ):
        unsealed.lines[1] = wrong
        (finding,) = unsealed.look(deep=False)
        assert (finding.what, finding.offset) == ("version", wrong.offset)


# --- the index


async def test_an_index_that_is_not_the_one_of_its_warc_is_found(sealed):
    path = sealed.names().index
    lines = path.read_bytes().splitlines(keepends=True)
    for wrong in (
        lines[:-1],
        lines[1:],
        [*lines, lines[0]],
        [b"x\n", *lines],
        [line.replace(b"00001", b"00002") for line in lines],
    ):
        path.write_bytes(b"".join(wrong))
        for deep in (False, True):
            assert kinds(sealed.look(deep=deep)) == ["index"]
