"""Workers that fall asleep for longer than their leases, while others take their hosts over (`./run torture`)."""

from __future__ import annotations

import random
import signal
import time

import pytest

from tests.torture.press import HOSTS, PAPER, SHORT_LEASES, all_once
from tests.whole import command
from tests.whole.web import Web

pytestmark = pytest.mark.torture


def test_workers_that_fall_asleep_change_nothing_when_they_wake(tmp_path):
    chance = random.Random(13)
    with Web(HOSTS, PAPER, latency=0.05) as web:
        command.write_config(tmp_path, [f"feed: {web.url(host, '/feed')}" for host in HOSTS], more=SHORT_LEASES)
        workers = [command.start(tmp_path, "run") for _ in range(3)]
        for _ in range(12):
            time.sleep(chance.uniform(0.3, 0.8))
            asleep = chance.choice(workers)
            asleep.send_signal(signal.SIGSTOP)
            time.sleep(1.5)
            asleep.send_signal(signal.SIGCONT)
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.communicate(timeout=60)
            assert worker.returncode == 143
        assert command.run(tmp_path, "run", "--once", timeout=300).returncode == 0
        all_once(tmp_path, web)
