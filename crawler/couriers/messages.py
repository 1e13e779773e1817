"""What outlets are told: an event with its record, or how a source fares."""

from __future__ import annotations

from typing import Final

import msgspec
import structlog

from crawler.archive.recorded import RecordReader
from crawler.export.news import line
from crawler.keywords import says
from crawler.model import News, Value
from crawler.store.outlet import OutletStore

log = structlog.get_logger()


class _Said(Value, frozen=True, kw_only=True):
    title: str | None = None
    summary: str | None = None
    text: str = ""


_said: Final = msgspec.json.Decoder(_Said).decode


async def about(news: News, keyword: str | None, records: RecordReader, store: OutletStore) -> bytes | None:
    """The message about an event; None: there is nothing to tell.

    With a keyword: only of an article that says it, and of a new version only where the one before it didn't.

    Raises:
        ArchiveError: the record can't be read now.
    """
    record = records.read(news.segment, news.offset, news.length)
    if not isinstance(record, bytes):
        if record == "changed":
            log.warning("record_changed", segment=news.segment, offset=news.offset, seq=news.seq)
        return None
    if keyword is None:
        return line(news, record)[:-1]
    if not _says(record, keyword) or await _said_before(news, keyword, records, store):
        return None
    return b'{"alert":%b,%b' % (msgspec.json.encode({"keyword": keyword}), line(news, record)[1:-1])


def _says(record: bytes, keyword: str) -> bool:
    said = _said(record)
    return says("\n".join((said.title or "", said.summary or "", said.text)), keyword)


async def _said_before(news: News, keyword: str, records: RecordReader, store: OutletStore) -> bool:
    place = await store.version(news.article_id, news.version - 1) if news.version > 1 else None
    before = records.read(*place) if place else "changed"
    return isinstance(before, bytes) and _says(before, keyword)
