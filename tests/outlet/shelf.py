"""A store and a file of records, with as many articles as a test wants; and somebody who is told."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec

from crawler.archive import marks
from crawler.couriers.courier import Courier, Desk
from crawler.couriers.outlets import Outlet
from crawler.outlet import Message, Refusal
from crawler.patience import Patience
from crawler.store.outlet import OutletStore
from crawler.store.sqlite import SqliteStore
from tests.fetching.hands import HandClock

SEGMENT = "WARRAQ-20261122072108123-00001-run-0a1b2c"
PUT = """
INSERT INTO articles (article_id, version, text_hash, host_id, h, fetched_at, url, words, seg_id, rec_off, rec_len)
VALUES (?, 1, 'x', 1, 1, 0, '', 1, '', 0, 0) ON CONFLICT DO NOTHING
"""
PUT_VERSION = "INSERT INTO versions SELECT id, ?2, 'x', 0, ?3, ?4, ?5 FROM articles WHERE article_id = ?1"


class Shelf:
    """Articles by number: article 7 has the id `a7` and event number 7, as long as each is added once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.store = root / "warraq.db"
        self.records = root / "2026" / "11" / "22" / f"{SEGMENT}.jsonl"

    async def make(self) -> Shelf:
        self.records.parent.mkdir(parents=True)
        self.records.touch()
        await (await SqliteStore.open(self.store)).close()
        return self

    def add(self, *texts: str, version: int = 1, article: str | None = None, **said: object) -> None:
        """Articles of these titles; `said` are further fields of their records."""
        with closing(sqlite3.connect(self.store)) as db:
            for text in texts:
                (known,) = db.execute("SELECT coalesce(max(seq), 0) FROM events").fetchone()
                name = article or f"a{known + 1}"
                record = {"id": name, "url": f"https://p.example/{name}", "title": text, "text": ""} | said
                line = marks.marked(msgspec.json.encode(record))
                offset = self.records.stat().st_size
                with self.records.open("ab") as file:
                    file.write(line)
                db.execute(PUT, (name,))
                db.execute(PUT_VERSION, (name, version, SEGMENT, offset, len(line)))
                kind = "article" if version == 1 else "version"
                db.execute("INSERT INTO events (kind, article_id, n, at) VALUES (?, ?, ?, 0)", (kind, name, version))
            db.commit()

    def rows(self, sql: str) -> list[tuple]:
        with closing(sqlite3.connect(self.store)) as db:
            found = db.execute(sql).fetchall()
            db.commit()
            return found


class Ear:
    """Takes messages, unless it is told not to: by their event's number, or all."""

    def __init__(self) -> None:
        self.heard: list[int] = []
        self.names: list[str] = []
        self.bodies: list[dict] = []
        self.poison: set[int] = set()
        self.deaf = False
        self.wait = 0.0
        self.tries = 0

    async def tell(self, message: Message) -> Refusal | None:
        self.tries += 1
        body = json.loads(message.body)
        if self.deaf or body.get("seq") in self.poison:
            return Refusal(why="no", wait=self.wait)
        self.heard.append(body.get("seq", 0))
        self.names.append(message.name)
        self.bodies.append(body)
        return None


class Post:
    """A courier, its clock in our hands."""

    def __init__(self, shelf: Shelf, store: OutletStore, outlet: Outlet) -> None:
        self.clock = HandClock()
        self.shelf, self.store, self.outlet = shelf, store, outlet
        self.desk = Desk(store=store, root=shelf.root, clock=self.clock, chance=lambda: 1.0)
        self.courier = Courier(outlet, self.desk)

    async def for_seconds(self, seconds: float) -> None:
        end = self.clock.monotonic() + seconds
        while self.clock.monotonic() <= end:
            await self.clock.sleep(await self.courier.round())


async def post(shelf: Shelf, ear: Ear, outlet_id: str = "o", **more: object) -> Post:
    """Entered and begun; to be closed by `.store.close()`."""
    outlet = Outlet(outlet_id=outlet_id, name="an ear", taker=ear, **more)
    store = await OutletStore.open(shelf.store, Patience(lasts=False))
    await store.enter(dict.fromkeys({"o", outlet_id}, "an ear"))
    made = Post(shelf, store, outlet)
    await made.courier.begin()
    return made
