"""The index of all articles' texts in the store, by FTS5. Blocking; whoever writes the store meanwhile is in nobody's way."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, NamedTuple, Protocol, TypeVar

from crawler.model import Millis, SegmentId, SourceId, Value
from crawler.ports import StoreError
from crawler.store import rows, statements
from crawler.store.connection import PATIENCE, Row, Transaction, told
from crawler.store.looking import is_full, looking, writable

T = TypeVar("T")

SQL: Final = statements.load("search")

_SEVERAL: Final = 4
"""So many times what is asked for is looked at: of what is found some are near-copies, and some older versions."""

_MANY: Final = 3_000
_ALL: Final = -1  # SQLite's LIMIT for: no limit
_MERGED: Final = 500
"""Pages of 4 KB a step: some 20 ms. All at once 100,000 articles take longer than others wait for their turn."""
_MOST_STEPS: Final = 100_000  # 200 GB: an end in any case


class Unread(NamedTuple):
    """An article whose newest text isn't in the index, and where its record lies."""

    seq: int
    segment: SegmentId
    offset: int
    length: int


class Document(NamedTuple):
    """Terms with blanks between them."""

    seq: int
    body: str
    title: str


class Filters(Value, frozen=True, kw_only=True):
    """Which articles count; None: all."""

    language: str | None = None
    source: str | None = None
    """Its id, name, address, or the host of its articles."""
    since: Millis | None = None
    """Published then or later; where that is unknown, fetched."""
    until: Millis | None = None
    tag: str | None = None
    """Of its source."""


class Hit(Value, frozen=True, kw_only=True):
    """An article that was found."""

    article_id: str
    url: str
    title: str | None
    published: str | None
    language: str | None
    source: SourceId | None
    fetched_at: Millis
    segment: SegmentId
    offset: int
    length: int
    fingerprint: str | None
    family: str
    """The id of the article it calls its own."""
    score: float
    """By bm25; the less, the better."""
    deleted: bool
    """The publisher has taken it away since."""


class Index:
    """An open store. Make one with `open_index`."""

    def __init__(self, path: Path, db: sqlite3.Connection, *, writable: bool = True) -> None:
        self.path = path
        self._db = db
        self.writable = writable

    def unread(self, version: int, most: int) -> list[Unread]:
        """What it hasn't read, at most so many, in order. An index of another version of the terms has read nothing.

        Raises:
            StoreError: this Python's SQLite has no FTS5, or the store can't be read.
        """
        with told(self.path):
            return [Unread(*row) for row in self._db.execute(SQL["behind"], (self._seq(version), most))]

    def behind(self, version: int) -> int:
        """How many events lie between what it has read and the last one."""
        with told(self.path):
            return int(self._db.execute(SQL["newest"]).fetchone()[0]) - self._seq(version)

    def add(self, documents: Sequence[Document], version: int, after: int, upto: int, missed: int = 0) -> None:
        """Take documents in, in one transaction. Nothing is done if somebody else was quicker: `after` is how far it had come.

        `missed`: how many articles up to there couldn't be read.

        Raises:
            StoreError: this Python's SQLite has no FTS5, or the store can't be written.
        """
        with told(self.path), self._db:
            self._db.execute("BEGIN IMMEDIATE")
            if self._seq(version) != after:
                return
            if after == 0:
                self._make()
            self._db.executemany(SQL["add"], documents)
            missed += self._missed() if after else 0
            marks = {"search_seq": upto, "search_version": version, "search_missed": missed}
            self._db.executemany(SQL["set_mark"], [(name, str(value)) for name, value in marks.items()])

    def forget(self) -> None:
        """Make it empty, as if nothing had been read."""
        with told(self.path), self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute(SQL["drop"])
            self._db.execute(SQL["forget_marks"])

    def optimize(self) -> None:
        """Make one piece of it, which is smaller and quicker to search; in small steps, between which others may write."""
        step = -_MERGED
        with told(self.path):
            for _ in range(_MOST_STEPS):
                before = self._db.total_changes
                self._db.execute(SQL["merge"], (step,))
                if self._db.total_changes - before < 2:  # so FTS5 says that there is nothing left to merge
                    return
                step = _MERGED

    def read_upto(self, version: int) -> int:
        """The number of the last event it has read."""
        with told(self.path):
            return self._seq(version)

    def missed(self) -> int:
        """How many articles it passed over, since their records couldn't be read."""
        with told(self.path):
            return self._missed()

    def find(self, expression: str, filters: Filters, most: int) -> list[Hit]:
        """The best articles for an expression of FTS5, the best first."""
        narrow = (filters.language, filters.source, filters.since, filters.until, filters.tag)
        with told(self.path):
            if not self._db.execute(SQL["is_there"]).fetchone()[0]:
                return []
            if not any(one is not None for one in narrow):
                return self._best(expression, _SEVERAL * most + 100, most, narrow)
            # Of a common word's articles the best are mostly enough, and to look up all of them takes ten times as long.
            some = self._best(expression, _MANY, most, narrow)
            return some if len(some) == most else self._best(expression, _ALL, most, narrow)

    def _best(self, expression: str, looked_at: int, most: int, narrow: tuple[str | int | None, ...]) -> list[Hit]:
        return [_hit(row) for row in self._db.execute(SQL["found"], (expression, looked_at, most, *narrow))]

    def _seq(self, version: int) -> int:
        marks = dict(self._db.execute(SQL["marks"]))
        return int(marks["search_seq"]) if marks.get("search_version") == str(version) else 0

    def _missed(self) -> int:
        return int(dict(self._db.execute(SQL["marks"])).get("search_missed", 0))

    def _make(self) -> None:
        self._db.execute(SQL["drop"])
        try:
            self._db.execute(SQL["make"])
        except sqlite3.OperationalError as error:
            if "fts5" not in str(error):
                raise
            raise StoreError("this Python's SQLite has no FTS5, so there is no search; use a Python that has it") from None


class OnIndex(Protocol):
    """Who does work on the index of an open store, blocking, in the store's own thread."""

    async def __call__(self, work: Callable[[Index], T]) -> T:
        """Do it, and give what comes of it."""


@contextmanager
def open_index(path: Path) -> Iterator[Index]:
    """Open a store to search it, and to index what is new in it where it can be written.

    Raises:
        StoreError: it isn't there or can't be opened, is no store, or isn't of this version.
    """
    with looking(path) as (seen, _):
        if not (writable(path) and _has_room(path)):
            yield Index(path, seen, writable=False)
            return
    # That one is closed first: who only reads would leave the log behind, with all in it.
    with told(path), closing(_connected(path)) as db:
        yield Index(path, db)


def _connected(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)


def _has_room(path: Path) -> bool:
    """Whether its disk isn't so full that nothing can be written."""
    try:
        with closing(_connected(path)) as db:
            db.execute(SQL["is_there"])
    except sqlite3.OperationalError as error:
        return not is_full(error)
    return True


async def forget(tx: Transaction) -> None:
    """Within a transaction of the store: no word of any article stays in the index, which the next search makes anew.

    FTS5 before SQLite 3.43 can't take one document out of an index without texts.
    """
    await tx.rows(SQL["drop"])
    await tx.rows(SQL["forget_marks"])


def _hit(row: Row) -> Hit:
    article_id, url, title, published, language, source, fetched_at, *place, fingerprint, family, score, deleted = row
    segment, offset, length = place
    return Hit(
        article_id=article_id,
        url=url,
        title=title,
        published=published or None,
        language=language,
        source=source,
        fetched_at=fetched_at,
        segment=segment,
        offset=offset,
        length=length,
        fingerprint=None if fingerprint is None else rows.fingerprint_out(fingerprint),
        family=family,
        score=score,
        deleted=bool(deleted),
    )
