"""A page goes for good: nothing else moves, a crash anywhere does no harm, and it never comes back."""

from __future__ import annotations

import gzip
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from crawler import barring, urls
from crawler.archive import manifest
from crawler.archive.case import Counts
from crawler.archive.device import Device
from crawler.archive.expected import Said, look
from crawler.archive.moving import Mover
from crawler.archive.names import Names
from crawler.archive.segment import take
from crawler.archive.through import members
from crawler.archive.verify import verify
from crawler.model import Article, Capture, CaptureKey, Decision, Entry, Extracted, Finding, Kind, Offer, Receipt, Url
from crawler.model.takedowns import Barred, Takedown
from crawler.rebuild.order import rebuild
from crawler.records import catalog_row, page_record
from crawler.store.beside import BesideStore
from crawler.store.ledger import open_ledger
from crawler.store.memory import MemoryStore
from crawler.store.sqlite import SqliteStore
from crawler.store.takedown import open_takedowns
from crawler.takedown import carrying, plan
from crawler.takedown.scope import Searcher
from tests.archive import samples
from tests.archive.devices import Died
from tests.archive.samples import NOW, PAGE, archive, name
from tests.archive.stocked import config

WORDS = (b"/again", b"%D8%A7%D9%84%D8%B1%D8%A6%D9%8A%D8%B3", b"<p>1000</p>", b"<p>2000</p>", "عنوان".encode())
"""The address (in two ways), two bodies, and the feed's headline."""
COMMON = Takedown(order="1-ab", at="2026-11-22T08:00:00.000Z", archive_id="test-archive", reason="a court's order")


class Dying(Device):
    """The `at`-th change is half done, and the last of the process."""

    def __init__(self, at: int) -> None:
        self.left = at
        self.calls = 0

    def _count(self) -> bool:
        self.calls += 1
        return self.calls == self.left

    def overwrite(self, descriptor, data, offset):
        if self._count():
            super().overwrite(descriptor, data[: len(data) // 2], offset)
            raise Died
        super().overwrite(descriptor, data, offset)

    def write(self, descriptor, data):
        if self._count():
            super().write(descriptor, data[: len(data) // 2])
            raise Died
        return super().write(descriptor, data)

    def rename(self, old, new):
        if self._count():
            raise Died
        super().rename(old, new)

    def remove(self, path):
        if self._count():
            raise Died
        super().remove(path)


async def orders(root: Path, page: str = PAGE) -> list[Takedown]:
    async with open_takedowns(root / "warraq.db") as store:
        searcher = Searcher(root, store)
        return plan.orders(await searcher.scope(page), searcher, root, COMMON)


async def carry(root: Path, given: list[Takedown], device: Device | None = None) -> list[carrying.Left]:
    async with open_takedowns(root / "warraq.db") as store:
        await carrying.give(root, given, device or Device())
        return await carrying.carry_out(root, store, given, device=device or Device())


def looked(root: Path) -> list[Finding]:
    with open_ledger(root / "warraq.db") as ledger:
        noted = ledger.note()
        said = Said(archive_id=noted.archive_id, shelved=noted.shelved, captures=noted.captures(), lines=noted.lines())
        return [*noted.lost, *(one for one in verify(look(root), said, Counts(), deep=True) if one.what != "note")]


def offered() -> Offer:
    return Offer(
        host="news.example",
        host_id=urls.host_id("news.example"),
        h=urls.url_hash(PAGE),
        url=PAGE,
        kind=Kind.PAGE,
        due_at=NOW,
        gated=False,
    )


def job_of_a_feed() -> Receipt:
    place = Capture(
        key=CaptureKey(host_id=urls.host_id("news.example"), h=urls.url_hash(PAGE), fetched_at=NOW),
        url=PAGE,
        kind=Kind.PAGE,
        status=200,
        mime=None,
        digest=None,
        segment=name(3),
        offset=1,
        length=1,
        group_length=1,
    )
    return Receipt(capture=place, job=samples.job(PAGE))


def files(root: Path) -> dict[str, bytes]:
    """All but the store and the locks."""
    found = sorted(
        path for path in root.rglob("*") if path.is_file() and not path.name.startswith(("warraq.db", "moving", "take"))
    )
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def contents(root: Path) -> bytes:
    """Every byte of every file, packed ones unpacked too."""
    every = [path.read_bytes() for path in root.rglob("*") if path.is_file()]
    return b"".join([*every, *(gzip.decompress(data) for data in every if data.startswith(b"\x1f\x8b"))])


def places(root: Path, serial: int) -> dict[int, tuple[int, bytes]]:
    there = Names(root, name(serial)).there()
    assert there is not None
    return {one.offset: (one.length, one.member.block) for one in members(there)}


async def test_every_word_is_gone_and_nothing_else_has_moved_or_changed(root):
    assert all(word in contents(root) for word in WORDS)
    before = {serial: places(root, serial) for serial in (1, 2, 3)}
    given = await orders(root)
    assert await carry(root, given) == []
    assert [word for word in WORDS if word in contents(root)] == []
    erased = {(one.segment, member.offset) for one in given[0].segments for member in one.members}
    for serial, old in before.items():
        new = places(root, serial)
        assert {at: length for at, (length, _) in new.items()} == {at: length for at, (length, _) in old.items()}
        assert all(new[at] == old[at] for at in old if (name(serial), at) not in erased)
    assert looked(root) == []
    assert manifest.takedowns(manifest.read(root))[1] == []


async def test_what_came_with_the_same_bytes_goes_too_and_other_pages_stay(root):
    (order,) = await orders(root)
    again = (urls.host_id("news.example"), urls.url_hash("https://news.example/again"))
    assert again in order.addresses
    assert len(order.captures) == 12  # of each segment: the page, its cut answer, the 304, and the other address
    assert (urls.host_id("news.example"), urls.url_hash("https://news.example/1000")) not in order.addresses


async def test_a_crash_in_any_step_is_gone_on_with_and_ends_the_same(root, tmp_path):
    given = await orders(root)
    whole = shutil.copytree(root, tmp_path / "whole")
    counting = Dying(0)
    await carry(whole, given, counting)
    assert counting.calls > 40
    for at in range(1, counting.calls + 1, 11):  # each of them: tests/torture/test_takedown.py
        torn = shutil.copytree(root, tmp_path / f"torn-{at}")
        with pytest.raises(Died):
            await carry(torn, given, Dying(at))
        await carrying.resume(torn, torn / "warraq.db")
        if manifest.takedowns(manifest.read(torn))[0]:  # else it died before the order was given: nothing was touched
            assert files(torn) == files(whole), at
            assert [word for word in WORDS if word in contents(torn)] == []
        else:
            assert at == 1
        shutil.rmtree(torn)


async def test_a_segment_that_a_process_writes_to_is_left_to_it(root):
    given = await orders(root)
    with closing(take(Names(root, name(3)), Device(), make=False)):
        assert await carry(root, given) == [carrying.Left(name(3), carrying.HELD)]
        assert len(manifest.takedowns(manifest.read(root))[1]) == 1
    assert looked(root) == []
    assert await carrying.resume(root, root / "warraq.db") == []
    assert [word for word in WORDS if word in contents(root)] == []


async def test_the_process_that_writes_erases_beside_its_writing(root):
    made = archive(root)
    store = await SqliteStore.open(root / "warraq.db")
    (state,) = await store.unsealed()
    assert await made.adopt(state, write=True)
    given = await orders(root)
    assert await carry(root, given) == [carrying.Left(name(3), carrying.HELD)]
    written = await made.write(samples.pages(1, start=9), {}, {})
    made.keep()
    watch = carrying.Watch(root, root / "warraq.db")
    assert await watch.look(made.erase) == []
    await made.close()
    await store.close()
    assert [word for word in WORDS if word in contents(root)] == []
    assert max(places(root, 3)) > state.committed - 1
    assert written.size == Names(root, name(3)).open.stat().st_size


async def test_it_is_never_offered_again_also_not_to_a_store_made_again(root):
    await carry(root, await orders(root))
    for force in (False, True):
        if force:
            await rebuild(config(root), force=True, now=NOW)
        store = await SqliteStore.open(root / "warraq.db")
        assert await store.offer([offered()], NOW) == 0
        await store.close()
    assert looked(root) == []


async def test_a_store_put_back_from_before_forgets_again(root):
    before = (root / "warraq.db").read_bytes()
    await carry(root, await orders(root))
    (root / "warraq.db").write_bytes(before)
    await carrying.resume(root, root / "warraq.db")
    assert looked(root) == [] or {one.what for one in looked(root)} == {"manifest"}
    async with open_takedowns(root / "warraq.db") as store:
        assert await store.article(urls.article_id(PAGE)) is None


async def test_what_a_repair_set_aside_goes_if_it_names_the_page(root):
    torn = Names(root, name(3)).open
    kept = torn.with_name(f"{torn.name}.torn-1")
    other = torn.with_name(f"{torn.name}.torn-2")
    kept.write_bytes(gzip.compress(b"WARC-Target-URI: " + PAGE.encode() + b"\r\n")[:-9])
    other.write_bytes(gzip.compress(b"WARC-Target-URI: https://news.example/other\r\n"))
    await carry(root, await orders(root))
    assert (kept.exists(), other.exists()) == (False, True)


async def test_a_forged_tomb_is_found(root):
    given = await orders(root)
    async with open_takedowns(root / "warraq.db") as store:
        await carrying.carry_out(root, store, given)  # the order was never entered
    assert {"record", "digest"} & {one.what for one in looked(root)}


async def test_records_read_anew_lose_their_lines_too(root):
    records = Names(root, name(1)).records
    anew = records.with_name(records.name.replace(".jsonl", ".r1.jsonl"))
    anew.write_bytes(records.read_bytes())
    await carry(root, await orders(root))
    assert [word for word in WORDS if word in anew.read_bytes()] == []
    assert anew.stat().st_size == records.stat().st_size


async def test_a_one_shot_is_refused_what_was_taken_down(root):
    await carry(root, await orders(root))
    real = await SqliteStore.open(root / "warraq.db")
    beside = BesideStore(real, MemoryStore())
    assert await beside.offer([offered()], NOW) == 0
    assert beside.refused == {PAGE}
    await beside.close()


async def test_what_is_read_later_of_it_says_nothing(root):
    """A feed may go on to carry an entry, or to name a page."""
    given = await orders(root)
    await carry(root, given)
    receipt = job_of_a_feed()
    article = Article(title="عنوان", text="نص")
    kept = page_record(receipt, article, "t/1")
    entry = Entry(key="k", item_hash="h", link=PAGE)
    decision = Decision(
        key=receipt.capture.key,
        segment=name(3),
        extracted=Extracted.DONE,
        records=(kept,),
        articles=(catalog_row(kept, article, receipt, 0),),
        entries=(entry, Entry(key="other", item_hash="h", link=Url("https://news.example/other"))),
    )
    store = await SqliteStore.open(root / "warraq.db")
    barred = await store.barred(*barring.named([decision]))
    left = barring.permitted(decision, barred)
    assert [one.key for one in left.entries] == ["other"]
    assert left.articles == ()
    assert (left.records[0].text, left.records[0].title, left.records[0].note) == ("", None, "taken down")
    assert barring.permitted(decision, Barred()) == decision
    await store.close()


async def test_of_a_feed_that_holds_its_text_other_entries_keep_their_lines(root):
    async with open_takedowns(root / "warraq.db") as store:
        searcher = Searcher(root, store)
        scope = await searcher.scope(PAGE)
        shared = scope._replace(whole=frozenset(), articles=frozenset())
        given = plan.orders(shared, searcher, root, COMMON)
        assert all(one.shared and not one.lines for one in given[0].segments)
        before = {path: path.read_bytes() for path in root.rglob("*-run-*.jsonl")}
        await carrying.give(root, given)
        assert await carrying.carry_out(root, store, given) == []
    assert {path: path.read_bytes() for path in root.rglob("*-run-*.jsonl")} == before
    assert [one for one in looked(root) if one.what == "line"] == []


async def test_a_segment_on_another_disk_is_erased_there_or_waits_for_it(root, tmp_path):
    attic = tmp_path / "attic"
    attic.mkdir()
    mover = Mover(root.resolve(), attic)
    for listed in mover.listed:
        mover.bring(listed)
        mover.clear(listed)
    given = await orders(root)
    attic.rename(tmp_path / "unplugged")
    left = await carry(root, given)
    assert {one.segment for one in left} == {name(1), name(2)}
    assert all("mount its disk" in one.why for one in left)
    (tmp_path / "unplugged").rename(attic)
    assert await carrying.resume(root, root / "warraq.db") == []
    assert [word for word in WORDS if word in contents(attic) + contents(root)] == []
    assert manifest.takedowns(manifest.read(root))[1] == []
