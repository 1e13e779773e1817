"""How a store stands, for those who only read: commands, and a daemon that tells of itself. Blocking."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from typing import Final

from crawler import rhythm
from crawler.model import CONDITIONS, Cause, Condition, Late, Millis, Pace, Standing, Untold
from crawler.store import source_rows, statements
from crawler.store.connection import Row, told
from crawler.store.looking import looking

SQL: Final = statements.load("standing")

HOUR: Final[Millis] = 3_600_000
DAY: Final = 24 * HOUR
_WEEK: Final = 7 * DAY
_MOST_LATE: Final = 5


class StandingReader:
    """An open store. Make one with `open_standing`."""

    def __init__(self, path: Path, db: sqlite3.Connection) -> None:
        self._path = path
        self._db = db

    def standing(self, now: Millis) -> Standing:
        """All but `articles`. With 10,000 sources, 20,000 hosts and 100,000 answers a day it takes 70 ms."""
        with told(self._path):
            waiting, waiting_since = self._one("outbox")
            succeeded = [at for at in self._one("success") if at is not None]
            size, begun = self._one("bytes")
            return Standing(
                at=now,
                sources=self._conditions(now),
                late=tuple(self._late(now)),
                queue=self._one("queue")[0],
                outbox=waiting,
                outbox_since=waiting_since,
                last_success=max(succeeded, default=None),
                beat_at=self._one("beat")[0],
                hour=self._pace(now - HOUR),
                day=self._pace(now - DAY),
                bytes=size,
                bytes_a_day=self._grown(now, begun),
                causes=self._causes(now - DAY),
                untold=tuple(
                    Untold(name=name, fails=fails, waiting=waiting, error=error)
                    for name, fails, waiting, error in self._db.execute(SQL["untold"])
                ),
            )

    def articles(self) -> int:
        """How many there are; they are counted one by one."""
        with told(self._path):
            return int(self._one("articles")[0])

    def _one(self, name: str, *parameters: int) -> Row:
        return tuple(self._db.execute(SQL[name], parameters).fetchone())

    def _conditions(self, now: Millis) -> dict[Condition, int]:
        there = self._db.execute(SQL["sources"])
        found = Counter(
            rhythm.condition(state, failures, source_rows.rhythm_in(packed), now) for state, failures, packed in there
        )
        return {condition: found[condition] for condition in CONDITIONS}

    def _late(self, now: Millis) -> Iterator[Late]:
        for source_id, name, url, since in self._db.execute(SQL["late"], (now, _MOST_LATE)):
            yield Late(source_id=source_id, name=name, url=url, since=since)

    def _pace(self, since: Millis) -> Pace:
        newest = takewhile(lambda row: row[0] >= since, self._db.execute(SQL["events"]))
        return Pace(answers=self._one("answers", since)[0], articles=sum(1 for _ in newest))

    def _grown(self, now: Millis, begun: Millis | None) -> int:
        """What they grow by in a day, over the last week; of a store that is younger than a day, what it holds.

        A first crawl takes a source's past in: six seconds of it made a day of 35 GB.
        """
        if begun is None:
            return 0
        span = max(DAY, min(_WEEK, now - begun))
        return round(int(self._one("grown", now - span)[0]) * DAY / span)

    def _causes(self, since: Millis) -> tuple[Cause, ...]:
        found: dict[str, Cause] = {}
        for reason, count, at, url, detail in self._db.execute(SQL["failing"]):
            found[reason] = Cause(reason=reason, pages=0, sources=count, at=at, url=url, detail=detail)
        for reason, count, at, url, detail in self._db.execute(SQL["pages"], (since,)):
            also = found[reason].sources if reason in found else 0
            found[reason] = Cause(reason=reason, pages=count, sources=also, at=at, url=url, detail=detail)
        return tuple(sorted(found.values(), key=lambda one: (-one.sources, -one.pages, one.reason)))


@contextmanager
def open_standing(path: Path) -> Iterator[StandingReader]:
    """Open a store to see how it stands.

    Raises:
        StoreError: as `looking`.
    """
    with looking(path) as (db, _):
        yield StandingReader(path, db)
