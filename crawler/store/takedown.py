"""What the store knows of pages that must go, and its forgetting them. For commands and for the start of a daemon."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, NamedTuple

from crawler import urls
from crawler.model import Capture, CaptureKey, HostId, Millis, SegmentId, Url, UrlHash
from crawler.model.takedowns import Barred, Takedown
from crawler.store import aliases, catalog, enqueue, migrate, rows, search, statements
from crawler.store.connection import Database, Row, Transaction, listed
from crawler.store.rules import Address

SQL: Final = statements.load("takedown")

_PAGE: Final = 5_000


class Known(NamedTuple):
    """An article as it is looked for."""

    article_id: str
    address: Address
    url: Url
    aliases: tuple[Url, ...]
    """Other addresses it was found at."""

    @property
    def paged(self) -> bool:
        """It has a page of its own; else it is a feed's entry, and the address is the feed's."""
        return self.article_id == urls.article_id(self.url)


class LineAt(NamedTuple):
    """Where a version's record lies."""

    article_id: str
    segment: SegmentId
    offset: int
    length: int


class Takedowns:
    """A store, open for this. Make one with `open_takedowns`."""

    def __init__(self, db: Database, archive_id: str) -> None:
        self._db = db
        self.archive_id = archive_id

    async def article(self, article_id: str) -> Known | None:
        """An article by its id; None: there is none."""
        async with self._db.outside() as inside:
            found = await inside.rows(SQL["article"], (article_id,))
            if not found:
                return None
            host_id, h, url, canonical = found[0]
            kin = await inside.rows(catalog.SQL["kin"], (listed(sorted({article_id, canonical or article_id})),))
        told = aliases.told_once([(0, article_id)], map(rows.kin, kin))
        others = [one for status in told for one in (status.url, *status.aliases) if one != url]
        return Known(article_id, (host_id, h), url, tuple(map(Url, others)))

    async def articles_at(self, addresses: Iterable[Address]) -> list[str]:
        """Articles whose page lies there; entries of a feed that lies there are none of them."""
        found = await self._db.read(lambda tx: tx.rows(SQL["articles_at"], (listed(sorted(addresses)),)))
        return [article_id for article_id, url in found if article_id == urls.article_id(Url(url))]

    async def lines(self, articles: Iterable[str]) -> list[LineAt]:
        """Where the records of all versions lie."""
        found = await self._db.read(lambda tx: tx.rows(SQL["lines"], (listed(sorted(articles)),)))
        return [LineAt(*row) for row in found]

    async def captures_at(self, addresses: Iterable[Address]) -> list[Capture]:
        """What was archived of these addresses."""
        found = await self._db.read(lambda tx: tx.rows(SQL["captures_at"], (listed(sorted(addresses)),)))
        return [rows.capture(row) for row in found]

    async def capture(self, key: CaptureKey) -> Capture | None:
        """One capture; None: there is none."""
        found = await self._db.read(lambda tx: tx.rows(SQL["capture"], (key.host_id, key.h, key.fetched_at)))
        return rows.capture(found[0]) if found else None

    async def repeats(self, keys: Iterable[CaptureKey]) -> list[Capture]:
        """Captures that refer to these for their payload. Reads all captures."""
        wanted = listed([(key.host_id, key.h, key.fetched_at) for key in keys])
        return [rows.capture(row) for row in await self._db.read(lambda tx: tx.rows(SQL["repeats"], (wanted,)))]

    async def forget(self, order: Takedown) -> None:
        """Take everything out that an order names, and never let it in again. Doing it again changes nothing more."""
        async with self._db.transaction() as tx:
            reasons = [(host_id, h, order.order) for host_id, h in order.addresses]
            await tx.each(SQL["block"], reasons)
            await tx.each(SQL["take_down"], [(article_id, order.order) for article_id in order.articles])
            for name in ("end_waiting", "forget_waiting", "forget_payload", "forget_capture"):
                await tx.each(SQL[name], order.captures)
            for name in ("forget_versions", "forget_article", "forget_events"):
                await tx.each(SQL[name], [(article_id,) for article_id in order.articles])
            await tx.each(SQL["forget_failure"], order.addresses)
            await _unqueue(tx, order.addresses)
            await _forget_entries(tx, frozenset(order.addresses))
            if order.articles:
                await search.forget(tx)

    async def known(self) -> frozenset[str]:
        """Orders that this store has heard of: one put back from a backup may have missed some."""
        return frozenset(order for (order,) in await self._db.read(lambda tx: tx.rows(SQL["known"])))

    async def reseal(self, segment: SegmentId, sha256: bytes) -> None:
        """Note a sealed segment's new sum."""
        await self._db.write(lambda tx: tx.rows(SQL["reseal"], (sha256, segment)))

    async def empty_log(self) -> bool:
        """Bring the write-ahead log into the file and empty it; False: a reader is in the way."""
        ((busy, *_),) = await self._db.read(lambda tx: tx.rows(SQL["checkpoint"]))
        return not busy

    async def rewrite(self) -> None:
        """Write the whole file anew, without what lies between its rows."""
        await self._db.read(lambda tx: tx.rows("VACUUM"))

    async def exports(self, articles: Iterable[str]) -> list[tuple[str, str, Millis]]:
        """Where these articles were exported to: folder, form and when."""
        found = await self._db.read(lambda tx: tx.rows(SQL["exports"], (listed(sorted(articles)),)))
        return [(folder, form, at) for folder, form, at in found]

    async def add_export(self, folder: str, form: str, at: Millis, articles: Iterable[str]) -> None:
        """Note an export that was finished, and what is in it."""
        async with self._db.transaction() as tx:
            ((export_id,),) = await tx.rows(SQL["add_export"], (folder, form, at))
            await tx.each(SQL["add_exported"], ((export_id, article_id) for article_id in articles))


@asynccontextmanager
async def open_takedowns(path: Path) -> AsyncIterator[Takedowns]:
    """Open a store; one of an older version is migrated.

    Raises:
        StoreError: it can't be opened.
    """
    async with migrate.opened(path) as (db, archive_id):
        yield Takedowns(db, archive_id)


async def block(tx: Transaction, orders: Iterable[Takedown]) -> None:
    """Let nothing in that these orders name: for a store that is made again."""
    for order in orders:
        await tx.each(SQL["block"], [(host_id, h, order.order) for host_id, h in order.addresses])
        await tx.each(SQL["take_down"], [(article_id, order.order) for article_id in order.articles])


async def barred(tx: Transaction, addresses: Sequence[tuple[int, int]], articles: Sequence[str]) -> Barred:
    """As `Catalog.barred`."""
    gone = await tx.rows(SQL["barred_addresses"], (listed(addresses),)) if addresses else ()
    never = await tx.rows(SQL["barred_articles"], (listed(articles),)) if articles else ()
    return Barred(addresses=frozenset((host_id, h) for host_id, h in gone), articles=frozenset(one for (one,) in never))


async def _unqueue(tx: Transaction, addresses: Sequence[tuple[int, int]]) -> None:
    fewer: Counter[HostId] = Counter()
    for address in addresses:
        fewer.update(row[0] for row in await tx.rows(SQL["forget_queued"], address))
    await tx.each(SQL["stop_source"], addresses)
    await tx.each(SQL["fewer"], [(count, host_id) for host_id, count in fewer.items()])
    await enqueue.settle_wake(tx, fewer)


async def _forget_entries(tx: Transaction, addresses: frozenset[tuple[int, int]]) -> None:
    """What sources said of these pages: known by their addresses, whose hashes are all that an order holds."""
    after: Row = ("", "")
    while page := await tx.rows(SQL["entries"], (*after, _PAGE)):
        gone = [(source_id, key) for source_id, key, url in page if _at(url or key) in addresses]
        await tx.each(SQL["forget_entry"], gone)
        after = page[-1][:2]


def _at(text: str) -> tuple[HostId, UrlHash] | None:
    try:
        return urls.address(urls.parse(text))
    except urls.UrlError:
        return None
