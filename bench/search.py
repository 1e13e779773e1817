"""Full-text search at scale: how long an answer takes, how large the index is, what indexing costs.

    ./run bench search [--articles 100000] [--dir DIR]

Articles in ten languages and more, made of the words of the tests' own short articles and of words made up from their
halves, the common ones often and the rare ones rarely (Zipf). Queries are those of the tests, and as many of one to three
words drawn from the same texts. An answer is all `warraq search` does but for starting Python, with ten snippets.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sqlite3
import statistics
import tempfile
import time
from contextlib import closing
from itertools import accumulate
from pathlib import Path

from crawler import searching
from crawler.archive import marks
from crawler.store.search import Filters, Index, open_index
from crawler.store.sqlite import SqliteStore

FIXTURES = Path(__file__).parent.parent / "tests/search"
SEGMENT = "WARRAQ-20261122072108123-00001-run-0a1b2c"
UNSPACED = ("zh", "ja", "th")
WORDS = 350
MADE_UP = 15_000


class Tongue:
    """The words of a language, the common ones first."""

    def __init__(self, language: str, texts: list[str]) -> None:
        self.language = language
        self.gap = "" if language in UNSPACED else " "
        chance = random.Random(language)
        if language in UNSPACED:
            parts = [text[at : at + 2] for text in texts for at in range(0, len(text) - 1, 2)]
        else:
            parts = [word for text in texts for word in text.split()]
        made = [
            chance.choice(parts)[: chance.randint(1, 4)] + chance.choice(parts)[-chance.randint(1, 4) :] for _ in range(MADE_UP)
        ]
        self.words = list(dict.fromkeys(parts + made))
        self.weights = list(accumulate(1 / (rank + 5) for rank in range(len(self.words))))

    def some(self, chance: random.Random, count: int) -> list[str]:
        return chance.choices(self.words, cum_weights=self.weights, k=count)


def tongues() -> list[Tongue]:
    texts: dict[str, list[str]] = {}
    for line in (FIXTURES / "articles.jsonl").read_text("utf-8").splitlines():
        said = json.loads(line)
        texts.setdefault(said["language"], []).append(said["text"].replace("\n", " "))
    return [Tongue(language, said) for language, said in texts.items()]


def fill(root: Path, articles: int) -> int:
    """Put articles into a store; the bytes of their texts."""
    spoken, chance, size = tongues(), random.Random(1), 0
    records = root / "2026/11/22" / f"{SEGMENT}.jsonl"
    records.parent.mkdir(parents=True)
    with closing(sqlite3.connect(root / "warraq.db")) as db, records.open("wb") as file:
        db.execute("PRAGMA synchronous = OFF")
        for number in range(articles):
            tongue = spoken[number % len(spoken)]
            words = tongue.some(chance, WORDS + 8)
            text, title = tongue.gap.join(words[8:]), tongue.gap.join(words[:8])
            size += len(text.encode()) + len(title.encode())
            name = f"a{number:07}"
            said = {"id": name, "url": f"https://p.example/{name}", "title": title, "text": text, "tags": []}
            line = marks.marked(json.dumps(said, ensure_ascii=False).encode())
            place = (SEGMENT, file.tell(), len(line))
            file.write(line)
            added = db.execute(
                "INSERT INTO articles (article_id, version, text_hash, host_id, h, fetched_at, url, title, language, words, "
                "seg_id, rec_off, rec_len, fingerprint) VALUES (?, 1, ?, 1, 1, ?, ?, ?, ?, 1, ?, ?, ?, ?)",
                (name, name, number, said["url"], title, tongue.language, *place, chance.getrandbits(63)),
            )
            db.execute("INSERT INTO versions VALUES (?, 1, ?, ?, ?, ?, ?)", (added.lastrowid, name, number, *place))
            db.execute("INSERT INTO events (kind, article_id, n, at) VALUES ('article', ?, 1, ?)", (name, number))
        db.commit()
    return size


def queries() -> list[str]:
    own = [line.partition("\t")[0] for line in (FIXTURES / "queries.tsv").read_text("utf-8").splitlines()]
    spoken, chance = tongues(), random.Random(2)
    drawn = []
    for number in range(len(own)):
        tongue = spoken[number % len(spoken)]
        drawn.append(tongue.gap.join(tongue.some(chance, 1 + number % 3)))
    return own + drawn


def timed(index: Index, root: Path, filters: Filters) -> tuple[list[float], list[float], int]:
    """Milliseconds by the clock and of CPU, and how many had an answer."""
    took, used, found = [], [], 0
    for query in queries():
        begun, cpu = time.perf_counter(), time.process_time()
        try:
            found += bool(searching.search(index, root, query, filters, 10).found)
        except searching.queries.QueryError:
            continue
        took.append(1000 * (time.perf_counter() - begun))
        used.append(1000 * (time.process_time() - cpu))
    return took, used, found


def index_bytes(path: Path) -> tuple[int, int]:
    """What the index takes, and what of the file is free."""
    with closing(sqlite3.connect(path)) as db:
        (page,) = db.execute("PRAGMA page_size").fetchone()
        (free,) = db.execute("PRAGMA freelist_count").fetchone()
        (pages,) = db.execute("PRAGMA page_count").fetchone()
    return (pages - free) * page, free * page


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--dir", type=Path)
    said = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=said.dir) as folder:
        root = Path(folder)
        asyncio.run(_made(root / "warraq.db"))
        size = fill(root, said.articles)
        before, _ = index_bytes(root / "warraq.db")
        with open_index(root / "warraq.db") as index:
            begun = time.process_time()
            searching.catch_up(index, root)
            cpu = time.process_time() - begun
            after, free = index_bytes(root / "warraq.db")
            print(f"{said.articles} articles, {size / 1e6:.0f} MB of text")
            print(f"indexing: {1000 * cpu / said.articles:.2f} CPU-ms an article")
            print(
                f"index: {(after - before) / 1e6:.0f} MB, {(after - before) / size:.2f} of the text ({free / 1e6:.0f} MB free)"
            )
            for name, filters in (("all", Filters()), ("one language", Filters(language="ar"))):
                took, used, found = timed(index, root, filters)
                ranked = sorted(took)
                print(
                    f"{name}: {len(took)} queries, {found} with an answer: median {statistics.median(took):.1f} ms "
                    f"({statistics.median(used):.1f} of CPU), "
                    f"90 % within {ranked[len(ranked) * 9 // 10]:.1f}, the slowest {ranked[-1]:.0f}"
                )


async def _made(path: Path) -> None:
    await (await SqliteStore.open(path)).close()


if __name__ == "__main__":
    main()
