"""What the service manager hears."""

import os
import socket

import pytest

from crawler.notify import Notifier


@pytest.fixture
def manager(tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(5)
        yield listening


def heard(manager):
    return dict(line.split("=", 1) for line in manager.recv(4096).decode().split("\n"))


def test_it_hears_that_we_are_ready_reload_live_and_stop(manager, tmp_path):
    notifier = Notifier({"NOTIFY_SOCKET": str(tmp_path / "notify")})
    notifier.ready("watching 3 sources")
    assert heard(manager) == {"READY": "1", "STATUS": "watching 3 sources"}
    notifier.reloading()
    said = heard(manager)
    assert said["RELOADING"] == "1"
    assert int(said["MONOTONIC_USEC"]) > 0
    notifier.alive()
    assert heard(manager) == {"WATCHDOG": "1"}
    notifier.stopping()
    assert heard(manager)["STOPPING"] == "1"


def test_a_status_is_one_line_however_it_is_given(manager, tmp_path):
    Notifier({"NOTIFY_SOCKET": str(tmp_path / "notify")}).status("نص\nREADY=1 " + "x" * 500)
    said = heard(manager)
    assert list(said) == ["STATUS"]
    assert len(said["STATUS"]) == 200


def test_a_name_without_a_file_is_understood():
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0warraq-test-{os.getpid()}")
        listening.settimeout(5)
        Notifier({"NOTIFY_SOCKET": f"@warraq-test-{os.getpid()}"}).alive()
        assert heard(listening) == {"WATCHDOG": "1"}


@pytest.mark.parametrize("address", ["", "/nowhere/at/all", "relative", "@"])
def test_without_a_manager_nothing_happens(address):
    Notifier({"NOTIFY_SOCKET": address}).ready("x")


@pytest.mark.parametrize(
    ("env", "length"),
    [
        ({"WATCHDOG_USEC": "120000000"}, 120),
        ({"WATCHDOG_USEC": "120000000", "WATCHDOG_PID": str(os.getpid())}, 120),
        ({"WATCHDOG_USEC": "120000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({}, None),
    ],
)
def test_the_watchdog_is_fed_only_where_it_is_ours(env, length):
    assert Notifier(env).watchdog == length
