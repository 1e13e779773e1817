import asyncio
import hashlib
import json
import threading

import pytest

from crawler.archive import manifest, marks
from crawler.archive.device import Device
from crawler.archive.names import Names
from crawler.archive.through import members
from crawler.model import Article
from crawler.ports import ArchiveError
from crawler.records import page_record
from tests.archive.samples import NOW, WORKER, archive, exchange, name, pages, state, visit


async def filled(root, **more):
    """A segment with two pages, a revisit and a record, all acknowledged, and held; its archive and its row."""
    made = archive(root, **more)
    await made.create(name(), WORKER, NOW)
    written = await made.write([*pages(2), visit(exchange(at=NOW + 5)), visit(exchange(at=NOW + 6))], {}, {})
    made.keep()
    lines = await made.write_records(name(), [page_record(written.receipts[0][0], Article(text="x"), "t")])
    return made, state(name(), written.size, lines.size, at="sealing")


def listed(root):
    """Its lines, their checks looked at and taken off."""
    lines = (root / manifest.NAME).read_bytes().splitlines(keepends=True)
    assert all(marks.holds(line) for line in lines if b'"check"' in line)
    return [{name: value for name, value in json.loads(line).items() if name != "check"} for line in lines]


def everything(root):
    return {path.name: path.read_bytes() for path in root.rglob("*") if path.is_file()}


async def test_a_sealed_segment_has_its_final_name_an_index_and_a_line_in_the_list(tmp_path):
    made, _ = await filled(tmp_path)
    digest = await made.seal(name(), WORKER, NOW)
    names = Names(tmp_path, name())
    assert sorted(path.name for path in names.folder.iterdir()) == sorted(
        path.name for path in (names.sealed, names.records, names.index)
    )
    assert digest == hashlib.sha256(names.sealed.read_bytes()).digest()
    assert listed(tmp_path) == [
        {
            "what": "segment",
            "file": f"2026/11/22/{name()}.warc.gz",
            "bytes": names.sealed.stat().st_size,
            "sha256": digest.hex(),
            "records": 13,
            "first": "2026-11-22T07:21:08.123Z",
            "last": "2026-11-22T07:21:08.129Z",
            "parsed": names.records.stat().st_size,
            "parsed_sha256": hashlib.sha256(names.records.read_bytes()).hexdigest(),
            "owner": WORKER,
            "sealed_at": "2026-11-22T07:21:08.123Z",
        }
    ]
    assert (made.current(), made.held()) == (None, [])
    await made.close()


async def test_a_sealed_segment_is_free_for_others(tmp_path):
    made, _ = await filled(tmp_path)
    await made.seal(name())
    other = archive(tmp_path)
    assert await other.lock(name())
    await other.close()
    await made.close()


def undo_nothing(names, root):
    pass


def undo_the_lists_line(names, root):
    (root / manifest.NAME).unlink()


def undo_half_the_lists_line(names, root):
    path = root / manifest.NAME
    path.write_bytes(path.read_bytes()[:40])


def undo_the_index(names, root):
    undo_the_lists_line(names, root)
    names.index.unlink()


def undo_half_the_index(names, root):
    undo_the_index(names, root)
    names.index.with_name(names.index.name + ".tmp").write_bytes(b"half")


def undo_the_name(names, root):
    undo_the_index(names, root)
    names.sealed.rename(names.open)


@pytest.mark.parametrize(
    "crash", [undo_nothing, undo_the_lists_line, undo_half_the_lists_line, undo_the_index, undo_half_the_index, undo_the_name]
)
async def test_sealing_again_after_a_crash_at_any_step_gives_the_same_files(tmp_path, crash):
    made, row = await filled(tmp_path)
    digest = await made.seal(name())
    await made.close()
    before = everything(tmp_path)
    crash(Names(tmp_path, name()), tmp_path)
    again = archive(tmp_path)
    assert await again.adopt(row, write=False)
    assert await again.seal(name()) == digest
    assert everything(tmp_path) == before
    await again.close()


async def test_an_empty_segment_is_removed_and_again_after_a_crash(tmp_path):
    made = archive(tmp_path)
    await made.create(name(), WORKER, NOW)
    assert await made.seal(name()) == b""
    await made.close()
    assert everything(tmp_path) == {}
    again = archive(tmp_path)
    assert await again.adopt(state(name(), 0, at="sealing"), write=False)
    assert await again.seal(name()) == b""
    assert everything(tmp_path) == {}
    await again.close()


async def test_what_is_not_acknowledged_is_not_sealed(tmp_path):
    made, _ = await filled(tmp_path)
    await made.write(pages(1, start=9), {}, {})
    with pytest.raises(ArchiveError, match="isn't acknowledged"):
        await made.seal(name())
    await made.close()
    assert Names(tmp_path, name()).open.exists()


async def test_a_file_that_has_the_final_name_is_not_replaced(tmp_path):
    made, _ = await filled(tmp_path)
    names = Names(tmp_path, name())
    names.sealed.write_bytes(b"mine")
    with pytest.raises(ArchiveError, match="is there already"):
        await made.seal(name())
    assert names.sealed.read_bytes() == b"mine"
    await made.close()


async def test_lines_of_the_list_are_only_added(tmp_path):
    (tmp_path / manifest.NAME).write_text('{"what": "source", "url": "https://news.example/rss"}\n')
    made, _ = await filled(tmp_path)
    await made.seal(name())
    await made.create(name(2), WORKER, NOW)
    await made.write(pages(1), {}, {})
    made.keep()
    await made.seal(name(2))
    assert [line["what"] for line in listed(tmp_path)] == ["source", "segment", "segment"]
    await made.close()


async def test_the_index_finds_every_answer(tmp_path):
    made, _ = await filled(tmp_path)
    await made.seal(name())
    names = Names(tmp_path, name())
    lines = names.index.read_text().splitlines()
    assert lines == sorted(lines)
    told = [json.loads(line.split(" ", 2)[2]) for line in lines]
    assert [entry["mime"] for entry in told].count("warc/revisit") == 1
    assert {entry["status"] for entry in told} == {"200"}
    found = {(entry["offset"], entry["length"], entry["url"], entry["digest"]) for entry in told}
    assert found == {
        (str(p.offset), str(p.length), p.member.get("WARC-Target-URI"), p.member.get("WARC-Payload-Digest"))
        for p in members(names.sealed)
        if p.member.kind in ("response", "revisit")
    }
    assert lines[0].startswith("example,news)/%d8%a7%d9%84%d8%b1%d8%a6%d9%8a%d8%b3 20261122072108 {")
    await made.close()


class Slow(Device):
    """A disk that stops at the first rename until it is let go on."""

    def __init__(self):
        self.there, self.go_on = threading.Event(), threading.Event()

    def rename(self, old, new):
        self.there.set()
        assert self.go_on.wait(10)
        super().rename(old, new)


async def test_a_segment_that_is_being_sealed_stays_locked_until_it_is(tmp_path):
    made, _ = await filled(tmp_path, device=(slow := Slow()))
    sealing = asyncio.create_task(made.seal(name(), WORKER, NOW))
    await asyncio.to_thread(slow.there.wait)
    sealing.cancel()
    closing = asyncio.create_task(made.close())
    await asyncio.sleep(0.05)
    other = archive(tmp_path)
    assert not await other.lock(name())
    slow.go_on.set()
    await closing
    assert await other.lock(name())
    assert Names(tmp_path, name()).sealed.exists()
    await other.close()
