"""A press for the long tests: ten papers of 300 stories each, and what is to be left of them."""

from __future__ import annotations

import random
import subprocess
import time
from collections import Counter
from collections.abc import Set as AbstractSet
from pathlib import Path

from tests.whole import command
from tests.whole.web import Web, newspaper

HOSTS = [f"127.0.9.{n}" for n in range(1, 11)]
PAGES = 300
PAPER = newspaper(PAGES)
SHORT_LEASES = "store: {lease_ttl: 900ms}\nfetch: {allow_private: ['127.0.0.0/8'], timeout: 300ms, connect: 300ms}"


def live_a_while(crawler: subprocess.Popen[bytes], web: Web, number: int, chance: random.Random) -> None:
    """Let a crawl live until a random moment: in its start, behind its first answer, or with some pages kept, by turns.

    However busy the machine is: what is asked for ten times by crawls that die of it is a suspect, and waits for a day.
    """
    turn, begun, before = number % 3, time.monotonic(), len(web.hits)
    while turn and len(web.hits) == before and crawler.poll() is None and time.monotonic() - begun < 60:
        time.sleep(0.01)
    time.sleep(chance.uniform(*((0, 1.2), (0, 0.7), (0.7, 1.7))[turn]))


def all_once(folder: Path, web: Web, more: AbstractSet[str] = frozenset()) -> None:
    """Each story, and these pages, have one response, one record, one capture; nothing is broken, nothing waits."""
    wanted = {web.url(host, f"/story/{n}") for host in HOSTS for n in range(PAGES)} | more
    archived = command.responses(folder)
    assert {url: archived[url] for url in wanted} == dict.fromkeys(wanted, 1)
    assert Counter(record["url"] for record in command.records(folder)) == dict.fromkeys(wanted, 1)
    captures = command.rows(folder, "SELECT url, count(*) FROM captures WHERE kind IN (2, 6) GROUP BY url")
    assert dict(captures) == dict.fromkeys(wanted, 1)
    assert command.rows(folder, "SELECT count(*) FROM captures WHERE extracted = 0") == [(0,)]
    assert command.rows(folder, "PRAGMA integrity_check") == [("ok",)]
    verified = command.run(folder, "verify", "--deep", timeout=300)
    assert verified.returncode == 0, verified.stdout + verified.stderr
