"""One daemon a store, and who it is."""

import os
import socket
import threading

import pytest

from crawler.holder import Holder, hold, holder
from crawler.ports import LocalError

SINCE = 1_795_000_000_000


@pytest.fixture
def store(tmp_path):
    return tmp_path / "warraq.db"


def test_a_second_daemon_is_refused_and_says_who_is_there(store):
    with hold(store, SINCE):
        with pytest.raises(LocalError) as refused, hold(store, SINCE + 1):
            raise AssertionError
        said = str(refused.value)
    assert f"process {os.getpid()} on {socket.gethostname()}, since 2026-11-18T11:06:40Z" in said
    assert said.startswith(str(store))


def test_when_it_has_ended_the_next_one_may(store):
    for _ in range(2):
        with hold(store, SINCE):
            pass
    assert holder(store) is None


def test_who_looks_sees_who_it_is_and_takes_nothing_away(store):
    assert holder(store) is None
    with hold(store, SINCE):
        assert holder(store) == holder(store) == Holder(pid=os.getpid(), host=socket.gethostname(), since=SINCE)
    assert holder(store) is None


def test_what_a_killed_daemon_left_written_holds_nothing(store):
    store.with_name("warraq.db.lock").write_bytes(b'{"pid":1,"host":"x","since":0}')
    assert holder(store) is None
    with hold(store, SINCE):
        assert holder(store) is not None


def test_a_file_that_nobody_can_read_is_still_a_lock(store):
    with hold(store, SINCE):
        store.with_name("warraq.db.lock").write_bytes(b"\xff{")
        assert holder(store) == Holder(pid=0, host="?", since=0)


def test_a_daemon_that_starts_while_somebody_looks_isnt_turned_away(store):
    over = threading.Event()

    def look():
        while not over.is_set():
            holder(store)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        for _ in range(20):
            with hold(store, SINCE):
                pass
    finally:
        over.set()
        looking.join()


def test_a_folder_that_isnt_there_is_named(tmp_path):
    with pytest.raises(LocalError, match="nowhere"), hold(tmp_path / "nowhere" / "warraq.db", SINCE):
        raise AssertionError
