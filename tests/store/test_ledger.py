"""The store read from outside, while somebody writes."""

import os
import sqlite3
from pathlib import Path

import pytest

from crawler.model import SegmentId
from crawler.ports import StoreError
from crawler.store.ledger import open_ledger
from crawler.store.sqlite import SqliteStore
from tests.store.samples import ME, SEGMENT, archived, article, decision, offer, only_job, publish


@pytest.fixture
async def filled(tmp_path):
    """A store with one capture that waits; open, as a daemon has it."""
    store = await SqliteStore.open(tmp_path / "warraq.db")
    await store.offer([offer()], 0)
    await archived(store, *await only_job(store))
    yield tmp_path / "warraq.db", store
    await store.close()


async def test_segments_say_what_is_in_them(filled):
    path, store = filled
    with open_ledger(path) as ledger:
        (one,) = ledger.shelved()
        assert ledger.archive_id == store.archive_id
    assert (one.state.segment, one.state.committed, one.state.waiting, one.captures) == (SEGMENT, 1000, 1, 1)
    assert one.first == one.last is not None


async def test_what_was_noted_stays_as_it_was_while_others_write(filled):
    path, store = filled
    with open_ledger(path) as ledger:
        noted = ledger.note()
        await store.open_segment(SegmentId("LATER"), ME, 9)
        await store.seal(SEGMENT, "sealed", b"x", 9)
        assert [(one.state.segment, one.state.state) for one in noted.shelved] == [(SEGMENT, "open")]
        assert [(capture.segment, capture.offset) for capture in noted.captures()] == [(SEGMENT, 100)]
        assert list(noted.lines()) == []
        assert (noted.lost, list(noted.faults())) == ((), [])


async def test_where_a_segment_was_moved_to_can_be_read(filled):
    path, store = filled
    await store.seal(SEGMENT, "sealed", b"x", 9)
    await store.place_segment(SEGMENT, "file:///mnt/attic")
    with open_ledger(path) as ledger:
        (one,) = ledger.shelved()
    assert (one.uri, one.sha256, one.sealed_at) == ("file:///mnt/attic", b"x", 9)


async def test_what_captures_take_is_told_by_day_kind_host_and_source(filled):
    path, _ = filled
    with open_ledger(path) as ledger:
        told = {by: ledger.sizes(by) for by in ("day", "kind", "host", "source")}
    assert {by: len(sizes) for by, sizes in told.items()} == dict.fromkeys(told, 1)
    assert len({(size.captures, size.bytes) for (size,) in told.values()}) == 1
    assert (told["day"][0].name, told["kind"][0].name, told["source"][0].name) == ("1970-01-01", "page", "-")


async def test_what_points_to_nothing_in_the_store_is_found(filled):
    path, store = filled
    await store.close()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE captures SET revisit_host = 1, revisit_h = 2, revisit_at = 3")
        db.execute("INSERT INTO payloads VALUES (5, x'00', 6, 7)")
        db.execute("INSERT INTO articles VALUES (1, 'a', 2, '', 0, 0, 0, '', '', '', '', '', 0, 's', 0, 1, NULL, NULL)")
    db.close()
    with open_ledger(path) as ledger:
        lost = [str(finding) for finding in ledger.note().lost]
    assert len(lost) == 3
    assert all(line.startswith("warraq.db: ") for line in lost)


def test_a_store_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(StoreError, match=r"nowhere\.db"), open_ledger(tmp_path / "nowhere.db"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_store_is_refused(tmp_path):
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE meta (a)")
    db.close()
    with pytest.raises(StoreError, match="no store of Warraq"), open_ledger(path):
        pass


async def test_a_store_of_another_version_is_refused_and_left_as_it_is(filled):
    path, store = filled
    await store.close()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE meta SET value = '1' WHERE key = 'schema_version'")
    db.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="version 1 of the store"), open_ledger(path):
        pass
    assert path.read_bytes() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_store_in_a_folder_that_may_not_be_written_to_is_read(filled):
    path, store = filled
    await store.close()
    Path(path).chmod(0o444)
    path.parent.chmod(0o555)
    try:
        with open_ledger(path) as ledger:
            assert len(ledger.shelved()) == 1
    finally:
        path.parent.chmod(0o755)


MARK, NEAR_IT, FAR = "8123456789abcdef", "8123456789abcdee", "7edcba9876543210"


async def test_articles_that_say_the_same_are_found_by_one_of_them(filled):
    path, store = filled
    (receipt,) = await store.outbox(SEGMENT, None, 9)
    marks = {"A": MARK, "B": NEAR_IT, "C": FAR, "D": None}
    rows = tuple(article(receipt, article_id=name, fingerprint=mark) for name, mark in marks.items())
    await publish(store, decision(receipt, articles=rows), size=9, spans=((0, 9),))
    with open_ledger(path) as ledger:
        assert [(one.article_id, one.fingerprint) for one in ledger.alike("A")] == [("A", MARK), ("B", NEAR_IT)]
        assert [one.article_id for one in ledger.alike("C")] == ["C"]
        assert ledger.alike("D") == ledger.alike("nobody") == []
        assert [one.article_id for one in ledger.fingerprinted(0, 9)] == ["A", "B", "C"]
        assert len(ledger.fingerprinted(0, 2)) == 2
        assert ledger.fingerprinted(10**15, 9) == []


async def test_a_new_version_has_a_new_fingerprint(filled):
    path, store = filled
    (receipt,) = await store.outbox(SEGMENT, None, 9)
    rows = (article(receipt, fingerprint=MARK), article(receipt, fingerprint=FAR, text_hash="t2"))
    await publish(store, decision(receipt, articles=rows), size=9, spans=((0, 9),))
    with open_ledger(path) as ledger:
        assert [one.fingerprint for one in ledger.fingerprinted(0, 9)] == [FAR]


async def test_who_differs_in_eight_bits_is_found_wherever_they_are(filled):
    path, store = filled
    (receipt,) = await store.outbox(SEGMENT, None, 9)
    flipped = (0, 0xFF << 56, 0x01010101_01010101, 0x80200400_80108401, 0x1FF)
    marks = [int(MARK, 16) ^ bits for bits in flipped]
    rows = [article(receipt, article_id=str(n), fingerprint=f"{mark:016x}") for n, mark in enumerate(marks)]
    await publish(store, decision(receipt, articles=(*rows, article(receipt, fingerprint=FAR))), size=9, spans=((0, 9),))
    with open_ledger(path) as ledger:
        assert [one.article_id for one in ledger.alike("0")] == list("0123")
