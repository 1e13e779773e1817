"""A section page full of traps, and a host with more pages than its budget of a day."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing

from tests.whole import command
from tests.whole.web import Answer, Web, page

HOST = "127.0.6.1"
TITLE = "A headline that is long enough to be taken for a story"


def site(web, host):
    links = [f"/story-{n}-of-the-day" for n in range(6)] + ["/news" * n + f"/story-{n}-of-the-day" for n in (4, 5)]

    def answer(path, headers):
        if path == "/robots.txt":
            return Answer(status=404)
        if path == "/":
            rows = "".join(f'<h2><a href="{link}">{TITLE} {n}</a></h2>' for n, link in enumerate(links))
            return Answer(f"<!doctype html><title>Paper</title><main>{rows}</main>".encode())
        return page(path)

    return answer


def test_traps_are_passed_over_and_told_and_pages_over_the_budget_wait_for_tomorrow(tmp_path):
    with Web([HOST], site) as web:
        command.write_config(
            tmp_path, [f"section: {web.url(HOST, '/')}"], more="frontier: {pages_a_day: 4}\nschedule: {revisits: []}"
        )
        done = command.run(tmp_path, "run", "--once")
        asked = [path for path in web.paths() if "story" in path]
    told = [json.loads(line) for line in done.stderr.splitlines() if '"passed_over"' in line]
    assert [(line["count"], line["why"]) for line in told] == [(2, "a segment more than 3 times")]
    assert told[0]["example"].endswith("/news/story-4-of-the-day")
    assert len(asked) == 4
    with closing(sqlite3.connect(tmp_path / "archive/warraq.db")) as db:
        waiting = db.execute("SELECT due_at FROM queue WHERE kind = 2").fetchall()
    assert len(waiting) == 2
    assert all(due_at % 86_400_000 == 0 and due_at > time.time() * 1000 for (due_at,) in waiting)
