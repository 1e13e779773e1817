"""What outlets are told: an event with its record, or how a source fares."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec
import structlog

from crawler.archive.recorded import RecordReader
from crawler.couriers.outlets import Outlet
from crawler.export.news import line
from crawler.keywords import says
from crawler.model import Millis, News, Value
from crawler.revisits import counted_from
from crawler.store.outlet import OutletStore

log = structlog.get_logger()


class _Said(Value, frozen=True, kw_only=True):
    title: str | None = None
    summary: str | None = None
    text: str = ""


_said: Final = msgspec.json.Decoder(_Said).decode

_DAY: Final[Millis] = 86_400_000


class _Place(Value, frozen=True, kw_only=True):
    fetched_at: str


class _Dated(Value, frozen=True, kw_only=True):
    capture: _Place
    published: str | None = None
    backfill: bool = False


_dated: Final = msgspec.json.Decoder(_Dated).decode


async def about(news: News, outlet: Outlet, records: RecordReader, store: OutletStore) -> bytes | None:
    """The message about an event for an outlet; None: there is nothing to tell.

    With a keyword: only of an article that says it, and of a new version only where the one before it didn't. Of a source's
    past only where it is wanted.

    Raises:
        ArchiveError: the record can't be read now.
    """
    record = records.read(news.segment, news.offset, news.length)
    if not isinstance(record, bytes):
        if record == "changed":
            log.warning("record_changed", segment=news.segment, offset=news.offset, seq=news.seq)
        return None
    if news.event == "article" and not outlet.past and is_past(record):
        return None
    keyword = outlet.keyword
    if keyword is None:
        return line(news, record)[:-1]
    if not _says(record, keyword) or await _said_before(news, keyword, records, store):
        return None
    return b'{"alert":%b,%b' % (msgspec.json.encode({"keyword": keyword}), line(news, record)[1:-1])


def is_past(record: bytes) -> bool:
    """Whether an article is old news: its source named it when it was first read, and it was a day old or more.

    What says no date may be new, and whoever waits for news had better be told.
    """
    if b'"backfill":true' not in record:  # spares the others being decoded: within a text the quotes have backslashes
        return False
    said = _dated(record)
    fetched_at = round(datetime.fromisoformat(said.capture.fetched_at).timestamp() * 1000)
    return said.backfill and fetched_at - counted_from(said.published, fetched_at) >= _DAY


def _says(record: bytes, keyword: str) -> bool:
    said = _said(record)
    return says("\n".join((said.title or "", said.summary or "", said.text)), keyword)


async def _said_before(news: News, keyword: str, records: RecordReader, store: OutletStore) -> bool:
    place = await store.version(news.article_id, news.version - 1) if news.version > 1 else None
    before = records.read(*place) if place else "changed"
    return isinstance(before, bytes) and _says(before, keyword)
