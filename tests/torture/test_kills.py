"""SIGKILL at random moments, 200 times: nothing lost, nothing twice, nothing broken (`./run torture`)."""

from __future__ import annotations

import random
import signal
from contextlib import ExitStack

import pytest

from tests.torture.press import HOSTS, PAPER, SHORT_LEASES, all_once, live_a_while
from tests.whole import command
from tests.whole.test_killing import hold_locks
from tests.whole.web import Web

pytestmark = pytest.mark.torture

KILLS = 100
"""In each of two ways to get a dead worker's hosts back."""


@pytest.mark.parametrize(
    ("alive", "more"),
    [(False, ""), (True, SHORT_LEASES)],
    ids=["hosts freed by the lock of the dead", "hosts freed by time alone"],
)
def test_a_hundred_kills(tmp_path, alive, more):
    chance = random.Random(11)
    with Web(HOSTS, PAPER, latency=0.25) as web, ExitStack() as locks:
        command.write_config(tmp_path, [f"feed: {web.url(host, '/feed')}" for host in HOSTS], more=more)
        for number in range(KILLS):
            crawler = command.start(tmp_path, "run", "--once")
            live_a_while(crawler, web, number, chance)
            assert crawler.poll() is None
            crawler.send_signal(signal.SIGKILL)
            crawler.communicate()
            if alive:
                hold_locks(tmp_path, locks)
        assert command.run(tmp_path, "run", "--once", timeout=300).returncode == 0
        all_once(tmp_path, web)
