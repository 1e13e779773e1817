"""A finished store file takes the place of another in one step."""

import sqlite3
from contextlib import closing

import pytest

from crawler.ports import StoreError
from crawler.store import placing


def database(path, word):
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE said (word)")
        db.execute("INSERT INTO said VALUES (?)", (word,))
        db.commit()
    return path


def said(path):
    with closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT word FROM said").fetchall()


def test_what_an_earlier_attempt_left_is_begun_anew(tmp_path):
    path = tmp_path / "warraq.db"
    for name in ("warraq.db.rebuild", "warraq.db.rebuild-wal", "warraq.db.rebuild-shm"):
        (tmp_path / name).write_bytes(b"half a file")
    with placing.making(path, "rebuild") as new:
        assert new == tmp_path / "warraq.db.rebuild"
    assert list(tmp_path.iterdir()) == []


def half_made(path):
    with placing.making(path, "restore") as new:
        new.write_bytes(b"half a file")
        raise KeyboardInterrupt


def test_what_is_not_finished_does_not_stay(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        half_made(tmp_path / "warraq.db")
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_appears_meanwhile_is_not_replaced(tmp_path):
    new, path = database(tmp_path / "new", "new"), database(tmp_path / "warraq.db", "theirs")
    with pytest.raises(StoreError, match="--force"):
        placing.put_in_place(new, path, over=False)
    assert (said(path), said(new)) == ([("theirs",)], [("new",)])


def test_the_old_one_is_kept_with_what_only_its_log_held(tmp_path):
    new, path = database(tmp_path / "new", "new"), database(tmp_path / "warraq.db", "old")
    reader = sqlite3.connect(path)  # as long as somebody looks, the log stays beside the file
    assert said(path) == [("old",)]
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE said SET word = 'newest'")
        db.commit()
    reader.close()
    kept = placing.put_in_place(new, path, over=True)
    assert (said(path), said(kept)) == ([("new",)], [("newest",)])


def test_a_broken_old_one_is_moved_aside_with_its_log(tmp_path):
    new, path = database(tmp_path / "new", "new"), tmp_path / "warraq.db"
    path.write_bytes(b"no database at all" * 100)
    (tmp_path / "warraq.db-wal").write_bytes(b"of it")
    kept = placing.put_in_place(new, path, over=True)
    assert kept.read_bytes().startswith(b"no database")
    assert (tmp_path / "warraq.db.bak-wal").read_bytes() == b"of it"
    assert said(path) == [("new",)]


def test_each_one_moved_aside_has_a_name_of_its_own(tmp_path):
    path = database(tmp_path / "warraq.db", "1")
    kept = [placing.put_in_place(database(tmp_path / "new", word), path, over=True) for word in "23"]
    assert [(one.name, said(one)) for one in kept] == [("warraq.db.bak", [("1",)]), ("warraq.db.bak-2", [("2",)])]
