"""Statements that nobody waits for: done in order, with the next one that is waited for, and all or none."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crawler.ports import StoreError
from crawler.store.connection import Database, Row, Transaction

TABLE = "CREATE TABLE words (word TEXT PRIMARY KEY)"


async def opened(path: Path) -> Database:
    db = await Database.connect(path)
    async with db.outside() as tx:
        await tx.rows(TABLE)
    return db


def kept(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as other:
        return [word for (word,) in other.execute("SELECT word FROM words ORDER BY rowid")]


async def write_two(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.each("INSERT INTO words VALUES (?)", [("two",)])
        await tx.each("INSERT INTO nowhere VALUES (?)", [("two",)])


async def test_a_question_sees_what_was_written_before_it(tmp_path: Path) -> None:
    db = await opened(tmp_path / "db")
    async with db.transaction() as tx:
        await tx.each("INSERT INTO words VALUES (?)", [("one",), ("two",)])
        await tx.each("UPDATE words SET word = ? WHERE word = ?", [("three", "two")])
        found = await tx.rows("SELECT word FROM words ORDER BY rowid")
    await db.close()
    assert found == [("one",), ("three",)]


async def test_what_was_written_last_is_kept_though_nothing_is_asked_after_it(tmp_path: Path) -> None:
    db = await opened(tmp_path / "db")
    async with db.transaction() as tx:
        await tx.each("INSERT INTO words VALUES (?)", [("one",)])
    async with db.outside() as tx:
        await tx.each("INSERT INTO words VALUES (?)", [("two",)])
    assert kept(tmp_path / "db") == ["one", "two"]
    await db.close()


async def test_what_is_wrong_with_a_write_undoes_all_of_its_transaction_and_nothing_of_the_next(tmp_path: Path) -> None:
    db = await opened(tmp_path / "db")
    with pytest.raises(StoreError, match="UNIQUE"):
        async with db.transaction() as tx:
            await tx.each("INSERT INTO words VALUES (?)", [("one",), ("one",)])
    with pytest.raises(StoreError, match="no such table"):
        await write_two(db)
    async with db.transaction() as tx:
        await tx.each("INSERT INTO words VALUES (?)", [("three",)])
    assert kept(tmp_path / "db") == ["three"]
    await db.close()


async def three_words(tx: Transaction) -> list[Row]:
    await tx.each("INSERT INTO words VALUES (?)", [("one",), ("two",)])
    found = await tx.rows("SELECT word FROM words ORDER BY rowid")
    await tx.each("INSERT INTO words VALUES (?)", [("three",)])
    return found


async def a_word_and_a_mistake(tx: Transaction) -> None:
    await three_words(tx)
    await tx.rows("INSERT INTO nowhere VALUES (1)")


async def a_word_and_a_nap(tx: Transaction) -> None:
    await three_words(tx)
    await asyncio.sleep(0)


async def test_an_errand_is_one_transaction_in_which_a_question_sees_what_was_written_before_it(tmp_path: Path) -> None:
    db = await opened(tmp_path / "db")
    assert await db.write(three_words) == [("one",), ("two",)]
    assert kept(tmp_path / "db") == ["one", "two", "three"]
    assert await db.read(lambda tx: tx.rows("SELECT count(*) FROM words")) == [(3,)]
    await db.close()


async def test_of_an_errand_that_fails_nothing_is_kept_and_the_next_one_is_done(tmp_path: Path) -> None:
    db = await opened(tmp_path / "db")
    with pytest.raises(StoreError, match="no such table"):
        await db.write(a_word_and_a_mistake)
    with pytest.raises(StoreError, match="no such table"):
        await db.read(lambda tx: tx.rows("SELECT * FROM nowhere"))
    assert kept(tmp_path / "db") == []
    assert await db.write(three_words) == [("one",), ("two",)]
    await db.close()


async def test_an_errand_that_waits_for_something_else_is_our_mistake_and_leaves_nothing(tmp_path: Path) -> None:
    db = await opened(tmp_path / "db")
    with pytest.raises(AssertionError, match="waits for something"):
        await db.write(a_word_and_a_nap)
    assert kept(tmp_path / "db") == []
    await db.close()


async def test_an_errand_that_is_cancelled_under_way_is_done_to_its_end_before_the_next(tmp_path: Path) -> None:
    db = await opened(tmp_path / "db")
    first, then = asyncio.create_task(db.write(three_words)), asyncio.create_task(db.read(lambda tx: tx.rows("SELECT 1")))
    await asyncio.sleep(0)
    first.cancel()
    assert await then == [(1,)]
    assert first.done()
    assert kept(tmp_path / "db") in ([], ["one", "two", "three"])
    await db.close()
