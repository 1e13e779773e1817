"""A round over healthy papers, with bombs among their pages or without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.whole import command
from tests.whole.bombs import FREEZING, PAGES, SOURCES, Bombs
from tests.whole.hostiles import FEEDS, Hostiles
from tests.whole.hostiles import PAGES as HOSTILE_PAGES
from tests.whole.measured import Measured, measured
from tests.whole.web import NOT_FOUND, Answer, Web, page, rss

LIMITS = "fetch: {allow_private: ['127.0.0.0/8'], timeout: 5s, idle: 2s, connect: 2s}"
ALL = {**FREEZING, **PAGES, **SOURCES}


@dataclass(frozen=True)
class Round:
    measured: Measured
    stored: int
    """Healthy pages with a record."""
    given_up: int
    """Bombs the parser was the end of."""
    hostile: Mapping[str, str]
    """What came of each hostile behaviour."""


def go_round(
    folder: Path, net: str, *, papers: int, stories: int, bombs: Sequence[str], hostile: bool = False, seconds: float = 240
) -> Round:
    """`net` is that of the papers; the bombs' is `127.0.14`, all hostile behaviours' is `127.0.0`."""
    folder.mkdir()
    hosts = [f"{net}.{n}" for n in range(1, papers + 1)]
    with ExitStack() as stack:
        hurting = stack.enter_context(Bombs({name: ALL[name] for name in bombs}, "127.0.14"))
        others = stack.enter_context(Hostiles((*FEEDS, *HOSTILE_PAGES) if hostile else ()))
        among = [hurting.url(name) for name in bombs if name not in SOURCES]
        among += [others.url(one) for one in HOSTILE_PAGES if hostile]

        def paper(web: Web, host: str):
            mine = among[hosts.index(host) :: papers]
            links = [f"/story/{n}" for n in range(stories)]

            def answer(path: str, _: Mapping[str, str]) -> Answer:
                if path == "/feed":
                    urls = [web.url(host, link) for link in links]
                    return rss([*urls[:5], *mine, *urls[5:]])
                return page(f"Story {host}{path}", 60) if path in links else NOT_FOUND

            return answer

        web = stack.enter_context(Web(hosts, paper))
        feeds = [f"feed: {web.url(host, '/feed')}" for host in hosts]
        sources = [f"{_kind(name)}: {hurting.url(name)}" for name in bombs if name in SOURCES]
        sources += [f"feed: {others.url(one)}" for one in FEEDS if hostile]
        command.write_config(folder, feeds + sources, more=LIMITS)
        seen = measured(folder, seconds)
    stored = command.rows(folder, f"SELECT count(*) FROM articles WHERE url LIKE 'http://{net}.%'")[0][0]
    records = command.records(folder)
    notes = [record.get("note") or "" for record in records]
    return Round(
        measured=seen,
        stored=stored,
        given_up=sum(note.startswith("the parser ") for note in notes),
        hostile=others.judged(records),
    )


def _kind(name: str) -> str:
    first = name.partition(" ")[0]
    return first if first in ("sitemap", "section") else "feed"
