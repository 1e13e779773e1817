"""What is given out, chosen: articles with their evidence, captures with what they refer to. Blocking; changes nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from crawler.model import Kind, Millis, SegmentId, Url, Value
from crawler.store import statements
from crawler.store.connection import listed, told
from crawler.store.looking import looking
from crawler.store.rules import Address

SQL: Final = statements.load("outgoing")


class Choice(Value, frozen=True, kw_only=True):
    """Which articles; None: all."""

    language: str | None = None
    source: str | None = None
    """Its id, name, address, or the host of its articles."""
    since: Millis | None = None
    """Published then or later; where that is unknown, fetched."""
    until: Millis | None = None
    ids: tuple[str, ...] | None = None
    """What a search found."""

    @property
    def everything(self) -> bool:
        """Nothing is left out."""
        return self == Choice()


class Place(NamedTuple):
    """A member or a line."""

    segment: SegmentId
    offset: int
    length: int


class Chosen(NamedTuple):
    """An article's newest version: where its record lies, and the payload it was read from."""

    article_id: str
    record: Place
    fetched_at: Millis
    payload: Place | None


class Group(NamedTuple):
    """All records of an archived exchange."""

    segment: SegmentId
    offset: int
    length: int
    fetched_at: Millis


class Answer(NamedTuple):
    """A capture with its bytes."""

    url: Url
    status: int
    mime: str | None
    segment: SegmentId
    offset: int
    length: int


class Outgoing:
    """An open store, and a choice of it. Make one with `open_outgoing`."""

    def __init__(self, path: Path, db: sqlite3.Connection, archive_id: str, choice: Choice) -> None:
        self._path = path
        self._db = db
        self._choice = choice
        self.archive_id = archive_id
        self._noted = False

    def count(self) -> int:
        """How many articles."""
        with told(self._path):
            return int(self._db.execute(SQL["count"]).fetchone()[0])

    def articles(self) -> Iterator[Chosen]:
        """By the time of their fetching."""
        with told(self._path):
            for article_id, segment, offset, length, at, *payload in self._db.execute(SQL["articles"]):
                place = None if payload[0] is None else Place(*payload)
                yield Chosen(article_id, Place(segment, offset, length), at, place)

    @property
    def everything(self) -> bool:
        """Nothing is left out."""
        return self._choice.everything

    def capture_count(self) -> int:
        """How many captures go with the articles; all there are, where nothing is left out."""
        self._note()
        with told(self._path):
            return int(self._db.execute(SQL["count_noted"]).fetchone()[0])

    def has_assets(self) -> bool:
        """Whether anything was archived that pages are drawn with."""
        with told(self._path):
            return bool(self._db.execute(SQL["has_assets"], (int(Kind.ASSET),)).fetchone()[0])

    def answers(self) -> list[Answer]:
        """The pages among the captures that go."""
        with told(self._path):
            return [Answer(*row) for row in self._db.execute(SQL["answers"])]

    def take(self, addresses: Sequence[Address]) -> list[Answer]:
        """Let go, too, what was archived of these addresses as an asset; gives what wasn't among it before."""
        self._note()
        with told(self._path):
            found = self._db.execute(SQL["named"], (listed(addresses), int(Kind.ASSET))).fetchall()
            for row in found:
                self._db.executemany(SQL["note"], (row[:4], row[4:8]))
        return [Answer(*row[8:]) for row in found]

    def _note(self) -> None:
        if self._noted:
            return
        self._noted = True
        with told(self._path):
            self._db.execute(SQL["noted"])
            for name in ("note_all",) if self.everything else ("note_wanted", "note_originals"):
                self._db.execute(SQL[name])

    def captures(self) -> Iterator[Group]:
        """These, in the order of the files."""
        self._note()
        with told(self._path):
            for row in self._db.execute(SQL["captures"]):
                yield Group(*row)


@contextmanager
def open_outgoing(path: Path, choice: Choice) -> Iterator[Outgoing]:
    """Open a store and choose; whoever writes is in nobody's way.

    Raises:
        StoreError: it isn't there or can't be read, is no store, or isn't of this version.
    """
    with looking(path) as (db, archive_id), told(path):
        db.execute(SQL["wanted"])
        ids = None if choice.ids is None else listed(choice.ids)
        db.execute(SQL["want"], (choice.language, choice.source, choice.since, choice.until, ids))
        yield Outgoing(path, db, archive_id, choice)
