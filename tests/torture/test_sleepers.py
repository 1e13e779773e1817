"""Workers that fall asleep for longer than their leases, while others take their hosts over (`./run torture`)."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.torture.press import HOSTS, PAPER, SHORT_LEASES, all_once
from tests.whole import command
from tests.whole.web import Answer, Site, Web, short

pytestmark = pytest.mark.torture

NAPS = 12
NAP = 1.5
"""Longer than a lease that was renewed just before."""
ASIDE = 60
"""Pages of each host that nobody but one `fetch` asks for."""

Worker = subprocess.Popen[bytes]


def paper(web: Web, host: str) -> Site:
    stories = PAPER(web, host)

    def answer(path: str, headers: Mapping[str, str]) -> Answer:
        return short(path) if path.startswith("/aside/") else stories(path, headers)

    return answer


def start(folder: Path, name: str, *words: str) -> Worker:
    """What it says goes into files: a pipe that nobody reads would put it to sleep, too."""
    with (folder / f"{name}.out").open("wb") as out, (folder / f"{name}.err").open("wb") as err:
        words = (*command.COMMAND, *words)
        return subprocess.Popen(words, cwd=folder, env=command.environment(folder), stdout=out, stderr=err)


def start_daemon(folder: Path, web: Web) -> Worker:
    command.write_config(folder, [f"feed: {web.url(host, '/feed')}" for host in HOSTS], more=SHORT_LEASES)
    return start(folder, "daemon", "run")


def nap_in_turns(workers: Sequence[Worker], chance: random.Random) -> None:
    """One after the other stops for longer than its leases; who has ended meanwhile sleeps no more."""
    for _ in range(NAPS):
        time.sleep(chance.uniform(0.3, 0.8))
        asleep = chance.choice([one for one in workers if one.poll() is None])
        asleep.send_signal(signal.SIGSTOP)
        time.sleep(NAP)
        asleep.send_signal(signal.SIGCONT)


def told(folder: Path, name: str) -> tuple[set[str], Counter[str]]:
    """The pages a `fetch` gave, and how often it said of others that it has none."""
    given = [json.loads(line)["url"] for line in (folder / f"{name}.out").read_text().splitlines()]
    assert len(given) == len(set(given))
    lines = (folder / f"{name}.err").read_text().splitlines()
    return set(given), Counter(line.split(": ")[1] for line in lines if line.startswith("warraq: "))


def overslept(folder: Path) -> int:
    """How many pages came for nothing, since somebody else had their host by then."""
    return sum(file.read_text().count('"taken_over"') for file in folder.glob("*.err"))


def test_workers_of_one_queue_that_fall_asleep_change_nothing_when_they_wake(tmp_path):
    with Web(HOSTS, paper, latency=0.05) as web:
        daemon = start_daemon(tmp_path, web)
        while len(web.hits) < 2 * len(HOSTS):  # the feeds are read: there is something for the others
            time.sleep(0.05)
        rounds = [start(tmp_path, f"round {n}", "run", "--once") for n in range(2)]
        nap_in_turns([daemon, *rounds], random.Random(13))
        for worker in (daemon, *rounds):
            worker.terminate()
        assert daemon.wait(60) == 143
        assert {worker.wait(60) for worker in rounds} <= {0, 143}
        assert command.run(tmp_path, "run", "--once", timeout=300).returncode == 0
        assert overslept(tmp_path) > 0
        all_once(tmp_path, web)


def test_a_fetch_that_falls_asleep_beside_a_daemon_says_what_it_lost_and_keeps_the_rest_once(tmp_path):
    with Web(HOSTS, paper, latency=0.05) as web:
        asked = {name: {web.url(host, f"/aside/{name}/{n}") for n in range(ASIDE) for host in HOSTS} for name in "ab"}
        daemon = start_daemon(tmp_path, web)
        fetches = {name: start(tmp_path, name, "fetch", "-v", "--jsonl", *urls) for name, urls in asked.items()}
        nap_in_turns([daemon, *fetches.values()], random.Random(17))
        kept: set[str] = set()
        for name, worker in fetches.items():
            code = worker.wait(300)
            given, lost = told(tmp_path, name)
            assert (code, lost) == (7 if lost else 0, Counter(asked[name] - given))
            kept |= given
        daemon.terminate()
        assert daemon.wait(60) == 143
        assert command.run(tmp_path, "run", "--once", timeout=300).returncode == 0
        assert overslept(tmp_path) > 0
        all_once(tmp_path, web, kept)
