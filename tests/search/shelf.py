"""A store and a file of records with whatever articles a test wants."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path

from crawler.archive import marks
from crawler.store.rows import fingerprint_in
from crawler.store.search import open_index
from crawler.store.sqlite import SqliteStore

SEGMENT = "WARRAQ-20261122072108123-00001-run-0a1b2c"
PUT = """
INSERT INTO articles (article_id, version, text_hash, host_id, h, fetched_at, url, title, published, language, source, words,
                      seg_id, rec_off, rec_len, canonical, fingerprint)
VALUES (?, ?, ?, 1, 1, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?) ON CONFLICT (article_id) DO UPDATE
   SET version = excluded.version, text_hash = excluded.text_hash, title = excluded.title, fetched_at = excluded.fetched_at,
       rec_off = excluded.rec_off, rec_len = excluded.rec_len
"""
PUT_VERSION = "INSERT INTO versions SELECT id, ?2, ?3, ?4, ?5, ?6, ?7 FROM articles WHERE article_id = ?1"


class Shelf:
    """Articles are added one after the other; the same id again is its next version, no text its deletion."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.store = root / "warraq.db"
        self.records = root / "2026" / "11" / "22" / f"{SEGMENT}.jsonl"
        self._known: dict[str, tuple[int, tuple[int, int]]] = {}

    async def make(self) -> Shelf:
        self.records.parent.mkdir(parents=True)
        self.records.touch()
        await (await SqliteStore.open(self.store)).close()
        return self

    def add(self, name: str, title: str, text: str, *, at: int = 1_700_000_000_000, **said: str | None) -> None:
        self.add_all([(name, title, text, said)], at=at)

    def add_all(self, articles, *, at: int = 1_700_000_000_000) -> None:
        with closing(sqlite3.connect(self.store)) as db, self.records.open("ab") as file:
            for name, title, text, said in articles:
                self._add(db, file, name, title, text, said, at)
            db.commit()

    def delete(self, name: str, *, at: int = 1_700_000_001_000) -> None:
        n, _ = self._known[name]
        self._known[name] = (n + 1, (0, 0))
        with closing(sqlite3.connect(self.store)) as db:
            db.execute("UPDATE articles SET version = ?, text_hash = '' WHERE article_id = ?", (n + 1, name))
            db.execute(PUT_VERSION, (name, n + 1, "", at, SEGMENT, 0, 0))
            db.execute("INSERT INTO events (kind, article_id, n, at) VALUES ('deleted', ?, ?, ?)", (name, n + 1, at))
            db.commit()

    def _add(self, db, file, name, title, text, said, at) -> None:
        n = self._known.get(name, (0, (0, 0)))[0] + 1
        url = said.get("url") or f"https://paper.example/{name}"
        record = {"id": name, "url": url, "title": title, "text": text, "language": said.get("language"), "tags": []}
        line = marks.marked(json.dumps(record, ensure_ascii=False).encode())
        place = (file.tell(), len(line))
        file.write(line)
        self._known[name] = (n, place)
        told = (title, said.get("published"), said.get("language"), said.get("source"))
        kin = (said.get("canonical"), fingerprint_in(said.get("fingerprint")))
        db.execute(PUT, (name, n, f"{title}{text}", at, url, *told, SEGMENT, *place, *kin))
        db.execute(PUT_VERSION, (name, n, f"{title}{text}", at, SEGMENT, *place))
        kind = "article" if n == 1 else "version"
        db.execute("INSERT INTO events (kind, article_id, n, at) VALUES (?, ?, ?, ?)", (kind, name, n, at))

    @contextmanager
    def index(self):
        with open_index(self.store) as index:
            yield index

    def rows(self, sql: str):
        with closing(sqlite3.connect(self.store)) as db:
            found = db.execute(sql).fetchall()
            db.commit()
            return found
