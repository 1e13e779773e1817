"""A store made again from what an archive tells, or an older one that takes in what came since.

Nobody else uses the file until it is finished and put in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple, Self

from crawler.model import Capture, CaptureKey, HostId, Millis, Original, Receipt, RobotsCopy, SegmentId, UrlHash, WorkerId
from crawler.model.takedowns import Takedown
from crawler.store import acknowledge, migrate, publish, rows, rules, statements, takedown
from crawler.store.connection import Database, Row, Transaction
from crawler.store.rules import Address, Version

SQL: Final = statements.load("rebuild")

_PAGE: Final = 5_000
_DIGEST_COLUMN: Final = (None,)


class SegmentRow(NamedTuple):
    """A row of `segments`."""

    segment: SegmentId
    owner: WorkerId
    state: int
    committed: int
    records_committed: int
    sha256: bytes | None
    created_at: Millis
    sealed_at: Millis | None
    uri: str | None
    """Where it was moved to."""


class Told(NamedTuple):
    """A record line with a text, and the capture it was read from; or a capture that says the article is gone."""

    article_id: str
    at: Millis
    """The newest `fetched_at` among this article's lines of the segment up to this one: lines stand in the order of their
    publication, segments don't.
    """
    segment: SegmentId
    offset: int
    length: int
    text_hash: str
    """`rules.DELETED`: it is gone."""
    host_id: HostId
    h: UrlHash
    fetched_at: Millis
    url: str
    title: str | None
    published: str | None
    language: str | None
    source: str | None
    words: int
    canonical: str | None
    fingerprint: int | None
    """As the column has it (`rows.fingerprint_in`)."""


class Counts(NamedTuple):
    """What a finished store holds."""

    captures: int
    payloads: int
    articles: int
    versions: int
    seen: int
    waiting: int


class Rebuilding:
    """A store in the making. Begin it, add in any order (captures before what refers to them), finish and close it."""

    def __init__(self, db: Database, archive_id: str) -> None:
        self._db = db
        self.archive_id = archive_id

    @classmethod
    async def begin(cls, path: Path) -> Self:
        """Make a new file, or go on with an older store.

        Raises:
            StoreError: it can't be written.
        """
        db, archive_id = await migrate.open_store(path, statements.migrations())
        async with db.outside() as inside:
            # It is made durable as a whole, when it is put in its place.
            await inside.rows("PRAGMA synchronous = OFF")
            await inside.rows(SQL["scratch"])
            await inside.rows(SQL["scratch_redirects"])
            await inside.rows(SQL["scratch_news"])
        return cls(db, archive_id)

    async def close(self) -> None:
        """Let the file go, with nothing left beside it."""
        await self._db.close()

    async def segments(self) -> Mapping[SegmentId, tuple[int, bytes | None]]:
        """The segments an older store knows: state and sha256."""
        found = await self._db.read(lambda tx: tx.rows(SQL["segments"]))
        return {segment: (state, sha256) for segment, state, sha256 in found}

    async def add_segment(self, row: SegmentRow) -> None:
        """Enter a segment."""
        await self._db.write(lambda tx: tx.rows(SQL["add_segment"], row))

    async def add_captures(self, captures: Iterable[tuple[Capture, Receipt | None]]) -> None:
        """Enter captures; one that waits comes with its receipt."""
        pairs = list(captures)
        async with self._db.transaction() as tx:
            await tx.each(SQL["add_capture"], [rows.capture_row(capture) for capture, _ in pairs])
            await tx.each(SQL["add_waiting"], [rows.waiting_row(receipt) for _, receipt in pairs if receipt])

    async def add_hosts(self, hosts: Iterable[tuple[HostId, str, Millis]]) -> None:
        """Enter hosts with their last capture's time."""
        await self._db.write(lambda tx: tx.each(SQL["add_host"], hosts))

    async def add_seen(self, addresses: Iterable[Address], redirects: Iterable[tuple[Address, Address]]) -> None:
        """Note addresses that are done with, and who pointed where: an address whose redirects were followed is done with."""
        async with self._db.transaction() as tx:
            await tx.each(SQL["add_seen"], [(host_id >> 40, h) for host_id, h in addresses])
            await tx.each(SQL["add_redirect"], [(a[0] >> 40, a[1], b[0] >> 40, b[1]) for a, b in redirects])

    async def add_told(self, told: Iterable[Told]) -> None:
        """Note record lines; articles are made of them at the end."""
        await self._db.write(lambda tx: tx.each(SQL["add_told"], told))

    async def put_robots(self, copies: Iterable[RobotsCopy]) -> None:
        """Enter copies of robots.txt; the newest of an origin is kept."""
        added = [rows.robots_row(copy) for copy in copies]
        await self._db.write(lambda tx: tx.each(acknowledge.SQL["put_robots"], added))

    async def block(self, orders: Iterable[Takedown]) -> None:
        """Let nothing in that takedowns took out."""
        await self._db.write(lambda tx: takedown.block(tx, orders))

    async def original(self, key: CaptureKey) -> Original | None:
        """The capture a revisit refers to, if the archive has it."""
        found = await self._db.read(lambda tx: tx.rows(SQL["original"], (key.host_id, key.h, key.fetched_at)))
        return rows.original((*found[0], *_DIGEST_COLUMN)) if found else None

    async def finish(self, archive_id: str | None) -> Counts:
        """Make what follows from what was added: payloads, articles, versions, events. `archive_id` stays if it is known."""
        async with self._db.transaction() as tx:
            if archive_id is not None:
                await tx.rows(migrate.SQL["set_meta"], ("archive_id", archive_id))
            await tx.rows(SQL["add_payloads"], (rows.digest_out(rules.EMPTY),))
            while await tx.rows(SQL["see_redirects"]):
                pass
            await _publish(tx)
            await tx.rows(SQL["forget_number"])
            await tx.rows(SQL["skip_numbers"])
            await tx.rows(SQL["add_events"])
            await tx.rows(SQL["forget_read"])
            await tx.rows(SQL["end_waiting"])
            (counts,) = await tx.rows(SQL["count"])
        return Counts(*counts)


async def _publish(tx: Transaction) -> None:
    """The articles and their versions, by the rule that holds when they are published one by one."""
    after: Sequence[str | int] = ("", 0, "", 0)
    while page := await tx.rows(SQL["told"], (*after, _PAGE)):
        known = await publish.known(tx, {row[0] for row in page})
        versions: list[Row] = []
        news: list[Row] = []
        newest: dict[str, Row] = {}
        deleted: dict[str, Row] = {}
        for article_id, text_hash, fetched_at, *place in page:
            n = rules.next_version(text_hash, fetched_at, known.get(article_id))
            if n is not None:
                known[article_id] = Version(n, text_hash, fetched_at)
                versions.append((article_id, *place, n))
                news.append((article_id, n, fetched_at))
                if text_hash == rules.DELETED:
                    deleted[article_id] = (n, text_hash, article_id)
                else:
                    newest[article_id] = versions[-1]
                    deleted.pop(article_id, None)
        await tx.each(SQL["publish_article"], newest.values())
        await tx.each(SQL["publish_version"], versions)
        await tx.each(acknowledge.SQL["delete_article"], deleted.values())
        await tx.each(SQL["note_news"], news)
        after = (page[-1][0], *page[-1][3:])
