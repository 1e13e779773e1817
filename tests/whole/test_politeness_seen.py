"""What a host sees of us: gaps, one at a time, robots, Retry-After; from its own log."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from statistics import median

import pytest

from tests.whole import command
from tests.whole.web import NOT_FOUND, Answer, Web, page, rss

POLITE, BUSY = "127.0.4.1", "127.0.4.2"
GUARDED = ("127.0.4.3", "127.0.4.4", "127.0.4.5")
GAP = 0.3
SLACK = 0.12
"""Arrival isn't start: what a loaded machine may shift."""


def gaps(starts: list[float]) -> list[float]:
    return [after - before for before, after in pairwise(starts)]


def host(web: Web, name: str):
    asked: dict[str, int] = {}
    stories = [f"/story/{n}" for n in range(3)]
    others = ["/moved", "/stumbles", "/private/secret", "/busy", "/away"]

    def answer(path: str, headers: Mapping[str, str]) -> Answer:
        asked[path] = asked.get(path, 0) + 1
        match path:
            case "/robots.txt":
                return Answer(b"User-agent: *\nDisallow: /private/\n", kind="text/plain")
            case "/feed":
                return rss([web.url(name, link) for link in stories + others])
            case "/moved":
                return Answer(status=301, headers={"Location": "/story/moved"})
            case "/away":
                return Answer(status=302, headers={"Location": web.url(POLITE if name == BUSY else BUSY, "/story/from-away")})
            case "/stumbles" if asked[path] == 1:
                return Answer(b"oops", status=500)
            case "/busy" if asked[path] == 1:
                return Answer(b"slow down", status=429, headers={"Retry-After": "2"})
            case "/moved" | "/stumbles" | "/busy" | "/private/secret":
                return page(path)
            case _ if path.startswith("/story/"):
                return page(path)
        return NOT_FOUND

    return answer


def test_no_host_is_ever_asked_sooner_than_its_gap_nor_twice_at_once(tmp_path):
    with Web([POLITE, BUSY], host, latency=0.02) as web:
        command.write_config(tmp_path, [f"feed: {web.url(name, '/feed')}" for name in (POLITE, BUSY)], delay=f"{GAP}s")
        done = command.run(tmp_path, "run", "--once")
        assert done.returncode == 0, done.stderr[-3000:]
    for name in (POLITE, BUSY):
        hits = sorted((hit for hit in web.hits if hit.host == name), key=lambda hit: hit.at)
        assert [hit.path for hit in hits][:2] == ["/robots.txt", "/feed"]
        paths = {hit.path for hit in hits}
        assert {"/story/moved", "/stumbles", "/busy", "/story/from-away"} <= paths
        assert "/private/secret" not in paths
        for before, after in pairwise(hits):
            assert after.at - before.at >= GAP - SLACK, (before, after)
            assert after.at >= before.done, (before, after)
        told = next(hit for hit in hits if hit.path == "/busy")
        assert all(hit.at >= told.done + 2 - SLACK for hit in hits if hit.at > told.at)
        assert sum(hit.path == "/robots.txt" for hit in hits) == 1
    assert all(hit.headers["user-agent"].startswith("Warraq/") for hit in web.hits)


def test_a_crawl_delay_of_the_host_is_kept_where_it_is_longer_than_ours(tmp_path):
    def slow(web: Web, name: str):
        def answer(path: str, headers: Mapping[str, str]) -> Answer:
            if path == "/robots.txt":
                return Answer(b"User-agent: warraq\nCrawl-delay: 0.6\n", kind="text/plain")
            return rss([web.url(name, f"/story/{n}") for n in range(3)]) if path == "/feed" else page(path)

        return answer

    with Web([POLITE], slow) as web:
        command.write_config(tmp_path, [f"feed: {web.url(POLITE, '/feed')}"], delay="50ms")
        assert command.run(tmp_path, "run", "--once").returncode == 0
    starts = sorted(hit.at for hit in web.hits)
    assert len(starts) == 5
    assert min(after - before for before, after in pairwise(starts)) >= 0.6 - SLACK


@pytest.mark.parametrize("words", [("run", "--once"), ("fetch", "FEED")], ids=["run", "fetch"])
def test_a_host_that_answers_429_gets_at_most_half_its_former_rate_until_it_recovers(tmp_path, words):
    """Also where it doesn't say when to come again, and over the end of a lease (of four pages)."""

    def busy(web: Web, name: str):
        asked: list[str] = []

        def answer(path: str, headers: Mapping[str, str]) -> Answer:
            asked.append(path)
            if path == "/feed":
                return rss([web.url(name, f"/story/{n}") for n in range(8)])
            return Answer(b"slow down", status=429) if len(asked) == 7 else page(path)

        return answer

    with Web([POLITE], busy) as web:
        command.write_config(tmp_path, [f"feed: {web.url(POLITE, '/feed')}"], delay="200ms, urls_a_lease: 4")
        done = command.run(tmp_path, *(web.url(POLITE, "/feed") if word == "FEED" else word for word in words))
        assert done.returncode == 0, done.stderr[-3000:]
    starts = sorted(hit.at for hit in web.hits)
    before, after = gaps(starts[:7]), gaps(starts[6:])
    assert len(after) >= 4
    # the first page waits for the feed to be read, however slow we are: no gap of the host
    assert median(after) >= 2 * median(before)
    assert min(after) >= 2 * 0.2 - SLACK


def test_robots_rules_for_warraq_hold_under_any_user_agent(tmp_path):
    def closed(web: Web, name: str):
        return lambda path, headers: Answer(b"User-agent: warraq\nDisallow: /\n", kind="text/plain")

    with Web([POLITE], closed) as web:
        agent = 'fetch: {user_agent: "Paper/2 (+https://paper.example/bot)", allow_private: ["127.0.0.0/8"]}'
        command.write_config(tmp_path, [f"feed: {web.url(POLITE, '/feed')}"], more=agent)
        done = command.run(tmp_path, "run", "--once")
    assert [(hit.path, hit.headers["user-agent"]) for hit in web.hits] == [
        ("/robots.txt", "Paper/2 (+https://paper.example/bot)")
    ]
    assert "no_contact" not in done.stderr


@pytest.mark.parametrize("agent", ["", 'user_agent: "Paper/2", '])
def test_a_run_that_nobody_could_be_reached_about_says_so_once(tmp_path, agent):
    with Web([POLITE], lambda web, name: lambda path, headers: NOT_FOUND) as web:
        more = f'fetch: {{{agent}allow_private: ["127.0.0.0/8"]}}'
        command.write_config(tmp_path, [f"feed: {web.url(POLITE, '/feed')}"], more=more)
        done = command.run(tmp_path, "run", "--once")
    (line,) = [line for line in done.stderr.splitlines() if "no_contact" in line]
    assert "fetch.contact" in line


CHALLENGE = b"<html><head><title>Just a moment...</title><script>window._cf_chl_opt={cvId:'3'}</script></head></html>"


def test_a_block_page_is_archived_and_is_no_article_and_its_source_is_shown_as_blocked(tmp_path):
    def guarded(web: Web, name: str):
        def answer(path: str, headers: Mapping[str, str]) -> Answer:
            match path:
                case "/feed":
                    return rss([web.url(name, f"/story/{n}") for n in range(2)])
                case "/story/0":
                    return Answer(CHALLENGE)
                case "/challenged" | "/mitigated":
                    return Answer(CHALLENGE, headers={"CF-Mitigated": "challenge"} if path == "/mitigated" else {})
                case "/refused":
                    return Answer(b"<title>Attention Required! | Cloudflare</title>", status=403)
            return page(path)

        return answer

    with Web([POLITE, *GUARDED], guarded) as web:
        paths = [(POLITE, "/feed"), *zip(GUARDED, ("/challenged", "/mitigated", "/refused"), strict=True)]
        command.write_config(tmp_path, [f"feed: {web.url(*where)}" for where in paths], more="schedule: {revisits: []}")
        done = command.run(tmp_path, "run", "--once")
    assert done.returncode == 7, done.stderr[-3000:]
    states = command.rows(tmp_path, "SELECT state, last_outcome, failures FROM sources ORDER BY url")
    assert states == [("active", "fetched", 0)] + [("blocked", "blocked", 1)] * 3
    assert command.responses(tmp_path)[web.url(POLITE, "/story/0")] == 1
    assert [row for (row,) in command.rows(tmp_path, "SELECT url FROM articles")] == [web.url(POLITE, "/story/1")]
    (line,) = [line for line in command.records(tmp_path) if line["url"].endswith("/story/0")]
    assert (line["note"], line["text"]) == ("blocked: Cloudflare", "")
    ((tries,),) = command.rows(tmp_path, "SELECT tries FROM queue WHERE kind = 2")
    assert tries == 1
    ((slow,),) = command.rows(tmp_path, f"SELECT slow_ms FROM hosts WHERE host LIKE '{POLITE}%'")
    assert slow >= 220
