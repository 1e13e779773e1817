"""One scripted server, asked in rounds by us and by `reader`: which manners each has (a part of `./run bench feeds`).

`reader` lives in an environment of its own: `--reader PYTHON`. Each feed has a host of its own on loopback, so that none is in
another's way; each round is a new process, so that what is known must have been written down.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
ROUNDS, FIRST_HOST, DATE = 3, 10, "Sun, 22 Nov 2026 07:21:08 GMT"
ROUND = Path(__file__).parent / "rivals" / "reader_rounds.py"


class Said(NamedTuple):
    """An answer."""

    status: int = 200
    headers: Mapping[str, str] = MappingProxyType({})
    body: bytes = b""


class Entry(NamedTuple):
    """What a client made of an item; ours tells title and date of those without a page."""

    key: str
    link: str | None
    title: str | None
    published: str | None


class Told(NamedTuple):
    """What came of a scenario: the requests of each round (path, headers in small letters), and the entries at the end."""

    rounds: list[list[tuple[str, dict[str, str]]]]
    entries: list[Entry]

    def sent(self, turn: int, name: str) -> str | None:
        """A header of the last request of a round; None: not sent, or no request."""
        return self.rounds[turn][-1][1].get(name) if self.rounds[turn] else None


class Scenario(NamedTuple):
    """`say` answers the n-th request for a path in a round."""

    name: str
    what: str
    say: Callable[[int, str, dict[str, str]], Said]
    good: Callable[[Told], bool]


def rss(*items: str, head: str = "", encoding: str = "utf-8", root: str = "") -> bytes:
    body = "".join(f"<item>{item}</item>" for item in items)
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'
    return f'{declared}<rss version="2.0"{root}><channel><title>x</title>{head}{body}</channel></rss>'.encode(encoding)


def item(name: str) -> str:
    return f"<guid>{name}</guid><title>{name}</title><description>a text of its own for {name}</description>"


def feed(*names: str, **headers: str) -> Said:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return Said(headers={"Content-Type": "application/rss+xml", **given}, body=rss(*map(item, names)))


def by_round(*answers: Said) -> Callable[[int, str, dict[str, str]], Said]:
    return lambda turn, path, headers: answers[min(turn, len(answers) - 1)]


def keys(*names: str) -> Callable[[Told], bool]:
    return lambda told: sorted(entry.key.rpartition("/")[2] for entry in told.entries) == sorted(names)


def titles(*names: str) -> Callable[[Told], bool]:
    return lambda told: sorted(entry.title or "" for entry in told.entries) == sorted(names)


def one_document(
    name: str, what: str, body: bytes, good: Callable[[Told], bool], mime: str = "application/rss+xml"
) -> Scenario:
    return Scenario(name, what, by_round(Said(headers={"Content-Type": mime}, body=body)), good)


def stuck(turn: int, path: str, headers: dict[str, str]) -> Said:
    return feed(*["a", "b"][: 1 + (turn > 0)], ETag='"stuck"')


def moved(turn: int, path: str, headers: dict[str, str]) -> Said:
    return feed("a", ETag='"there"') if path == "/there" else Said(302, {"Location": "/there"})


def circle(turn: int, path: str, headers: dict[str, str]) -> Said:
    return Said(302, {"Location": "/there" if path == "/feed" else "/feed"})


def hanging_xml(depth: int = 20) -> bytes:
    layers = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, depth))
    return f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "ha">{layers}]>'.encode() + rss(item("a"))[38:]


ONE_304 = by_round(feed("a", ETag='W/"x;gzip"', Last_Modified="Sunday, 22-Nov-26 07:21:08 GMT"), Said(304))
NO_GUID = [f"<title>t{n}</title><description>text number {n}, quite another</description>" for n in range(3)]
ARABIC = "<guid>1</guid><title>افتتاح الجسر</title><description>نص</description>"

SCENARIOS = [
    Scenario("A1", "conditional, also after a restart", ONE_304, lambda told: told.sent(1, "if-none-match") is not None),
    Scenario("A2", "ETag byte for byte", ONE_304, lambda told: told.sent(1, "if-none-match") == 'W/"x;gzip"'),
    Scenario(
        "A3",
        "Last-Modified as written",
        ONE_304,
        lambda told: told.sent(1, "if-modified-since") == "Sunday, 22-Nov-26 07:21:08 GMT",
    ),
    Scenario(
        "A4",
        "a 200 replaces both validators",
        by_round(feed("a", ETag='"1"', Last_Modified=DATE), feed("a", "b", ETag='"2"'), Said(304)),
        lambda told: (told.sent(2, "if-none-match"), told.sent(2, "if-modified-since")) == ('"2"', None),
    ),
    Scenario(
        "A5",
        "a 304 may bring a new validator",
        by_round(feed("a", ETag='"1"'), Said(304, {"ETag": '"2"'}), Said(304)),
        lambda told: told.sent(2, "if-none-match") == '"2"',
    ),
    Scenario(
        "A6",
        "validators stay with their address",
        moved,
        lambda told: [h.get("if-none-match") for _, h in told.rounds[1]] == [None, '"there"'],
    ),
    Scenario("A8", "another body under the same ETag", stuck, keys("a", "b")),
    Scenario("A10", "an empty 200 deletes nothing", by_round(feed("a"), Said(), feed("a", "b")), keys("a", "b")),
    Scenario("A10", "a 206 is no document", by_round(feed("a"), Said(206, {}, rss(item("z"))), feed("a", "b")), keys("a", "b")),
    Scenario("A11", "one request a poll", by_round(feed("a")), lambda told: [len(one) for one in told.rounds] == [1, 1, 1]),
    Scenario(
        "B1",
        "no cookie, no referer",
        by_round(feed("a", Set_Cookie="seen=1"), feed("b", Set_Cookie="seen=1")),
        lambda told: not any(name in h for one in told.rounds for _, h in one for name in ("cookie", "referer")),
    ),
    Scenario(
        "B2",
        "product, version, a way to reach us",
        by_round(feed("a")),
        lambda told: bool(re.search(r"\w+/\d.*https?://", told.sent(0, "user-agent") or "")),
    ),
    Scenario(
        "B4", "feed types asked for", by_round(feed("a")), lambda told: "application/rss+xml" in (told.sent(0, "accept") or "")
    ),
    Scenario(
        "C2",
        "Retry-After is kept",
        by_round(Said(429, {"Retry-After": "86400"})),
        lambda told: [len(one) for one in told.rounds] == [1, 0, 0],
    ),
    Scenario(
        "D2",
        "a temporary move is followed, not believed",
        moved,
        lambda told: all(one and one[0][0] == "/feed" for one in told.rounds),
    ),
    Scenario("D4", "a circle ends soon", circle, lambda told: len(told.rounds[0]) <= 6),
    Scenario("D8", "back to normal after one success", by_round(Said(500), Said(500), feed("a")), keys("a")),
    one_document(
        "E1",
        "XML declaration before the header",
        rss(ARABIC, encoding="windows-1256"),
        titles("افتتاح الجسر"),
        "text/xml; charset=iso-8859-1",
    ),
    one_document(
        "E2",
        "entries up to a fault",
        rss(item("a"), item("b"))[:-90],
        lambda told: "a" in {e.key.rpartition("/")[2] for e in told.entries},
    ),
    Scenario(
        "E3",
        "a page in its place takes nothing away",
        by_round(feed("a"), Said(headers={"Content-Type": "text/html"}, body=b"<!doctype html><p>Soon"), feed("a", "b")),
        keys("a", "b"),
    ),
    one_document("E4", "no entity is expanded", hanging_xml(), lambda told: True),
    one_document(
        "E7",
        "JSON Feed by its content",
        json.dumps(
            {"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": [{"id": "a", "content_text": "t"}]}
        ).encode(),
        keys("a"),
        "text/plain",
    ),
    one_document(
        "F2",
        "a guid that two items claim",
        rss("<guid>1</guid><link>/a</link>", "<guid>1</guid><link>/b</link>"),
        lambda told: len(told.entries) == 2,
    ),
    Scenario(
        "F3",
        "a move to https brings no entry anew",
        by_round(
            *(
                Said(
                    body=rss(
                        f"<guid isPermaLink='false'>{scheme}://paper.example/1</guid><title>t</title><description>d</description>"
                    )
                )
                for scheme in ("http", "https")
            )
        ),
        lambda told: len(told.entries) == 1,
    ),
    Scenario("F6", "what left the window stays", by_round(feed("a"), feed("b"), feed("c")), keys("a", "b", "c")),
    one_document("F10", "entries without link and guid", rss(*NO_GUID), lambda told: len(told.entries) == 3),
    one_document(
        "G1", "no date is invented", rss(item("a")), lambda told: [e.published or None for e in told.entries] == [None]
    ),
    one_document(
        "G5",
        "a date in Arabic",
        rss(f"{item('a')}<pubDate>٢٢ تشرين الثاني ٢٠٢٥ 07:21 +0000</pubDate>"),
        lambda told: [(e.published or "")[:10] for e in told.entries] == ["2025-11-22"],
    ),
]


class Server:
    """Answers each scenario on a host of its own, and remembers who asked what in which round."""

    def __init__(self) -> None:
        self.turn = 0
        self.seen: dict[str, list[list[tuple[str, dict[str, str]]]]] = {}
        server = self

        class Answering(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host = self.headers["Host"].partition(":")[0]
                index = int(host.rpartition(".")[2]) - FIRST_HOST
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = self.path in ("/feed", "/there")
                said = SCENARIOS[index].say(server.turn, self.path, headers) if asked else Said(404)
                if asked:
                    server.seen[host][server.turn].append((self.path, headers))
                self.send_response_only(said.status)
                for name, value in said.headers.items():
                    self.send_header(name, value)
                if said.status != 304:
                    self.send_header("Content-Length", str(len(said.body)))
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(said.body)

            def log_message(self, *_: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("0.0.0.0", 0), Answering)
        self.urls = [f"http://127.0.0.{FIRST_HOST + n}:{self._http.server_port}/feed" for n in range(len(SCENARIOS))]
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def begin(self) -> None:
        self.seen = {f"127.0.0.{FIRST_HOST + n}": [[] for _ in range(ROUNDS)] for n in range(len(SCENARIOS))}

    def told(self, entries: list[list[Entry]]) -> list[Told]:
        return [Told(rounds, entries[n]) for n, rounds in enumerate(self.seen.values())]


def ours(server: Server, folder: Path) -> list[list[Entry]]:
    """Rounds of `warraq run --once`."""
    sources = "\n".join(f"  - feed: {url}" for url in server.urls)
    contact = "contact: 'https://paper.example/bot'"
    text = f"archive: {{dir: archive, free_least: 0B}}\nweb: {{listen: null}}\npoliteness: {{delay: 0s}}\nsources:\n{sources}\n"
    (folder / "config.yaml").write_text(
        f"fetch: {{allow_private: ['127.0.0.0/8'], {contact}, knocks: 1}}\nretry: {{tries: 1}}\n{text}"
    )
    for server.turn in range(ROUNDS):
        subprocess.run(
            [sys.executable, "-m", "crawler", "run", "--once"], cwd=folder, env=_environment(), capture_output=True, check=False
        )
    with closing(sqlite3.connect(folder / "archive" / "warraq.db")) as db:
        rows = db.execute(
            "SELECT s.url, e.key, e.url, a.title, a.published FROM sources AS s JOIN entries AS e USING (source_id)"
            " LEFT JOIN articles AS a ON a.source = s.source_id"
        ).fetchall()
    return _sorted(server, [(row[0], Entry(*row[1:])) for row in rows])


def readers(server: Server, folder: Path, python: str) -> list[list[Entry]]:
    """Rounds of `reader`'s update_feeds."""
    out = "{}"
    for server.turn in range(ROUNDS):
        done = subprocess.run(
            [python, str(ROUND), str(folder / "reader.db"), str(server.turn), *server.urls],
            capture_output=True,
            timeout=300,
            text=True,
            check=False,
        )
        out = done.stdout or out
    told = json.loads(out)
    return [[Entry(*entry) for entry in told.get(url, [])] for url in server.urls]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def _sorted(server: Server, rows: list[tuple[str, Entry]]) -> list[list[Entry]]:
    return [list({entry.key: entry for url, entry in rows if url == wanted}.values()) for wanted in server.urls]


def main(words: Sequence[str]) -> int:
    """Compare; 1 where a manner of ours is missing."""
    told = argparse.ArgumentParser(prog="feeds manners", description=__doc__)
    told.add_argument("--reader", help="the python of an environment with `reader`")
    said = told.parse_args(words)
    server, columns = Server(), {}
    with tempfile.TemporaryDirectory() as folder:
        server.begin()
        columns["warraq"] = _judged(server.told(ours(server, Path(folder))))
        if said.reader:
            server.begin()
            columns["reader"] = _judged(server.told(readers(server, Path(folder), said.reader)))
    print(f"{'':5}{'':44}" + "".join(f"{name:>8}" for name in columns))
    for n, one in enumerate(SCENARIOS):
        print(f"{one.name:5}{one.what:44}" + "".join(f"{'yes' if column[n] else '-':>8}" for column in columns.values()))
    print(f"{'':49}" + "".join(f"{sum(column):>5}/{len(column)}" for column in columns.values()))
    return int(not all(columns["warraq"]))


def _judged(told: list[Told]) -> list[bool]:
    return [one.good(what) for one, what in zip(SCENARIOS, told, strict=True)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
