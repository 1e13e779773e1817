"""From what was read to what is written: record lines and catalog rows. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import UNSET
from msgspec.structs import replace

from crawler import dates, urls
from crawler.model import Article, ArticleRow, Capture, Entry, Millis, Place, Receipt, Record, Sums, Url
from crawler.sums import text_hash, words

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def rfc3339(at: Millis) -> str:
    """Ms since 1970 as `2026-11-22T07:21:08.123Z`."""
    return (_EPOCH + timedelta(milliseconds=at)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def page_record(receipt: Receipt, article: Article, extractor: str, sums: Sums | None = None) -> Record:
    """The record of a page; `sums` is what was counted over its article already.

    What the page doesn't say of its date, the feed that named it may.
    """
    said, backfill = _dated(_printed(article, receipt), receipt), receipt.job.context.backfill
    return _record(urls.article_id(receipt.capture.url), receipt, said, extractor, backfill=backfill, sums=sums)


def unread_record(receipt: Receipt, note: str, extractor: str, *, given_up: bool = False) -> Record:
    """The record of a page that gave no text; `note` says why."""
    record = page_record(receipt, Article(note=note), extractor)
    return replace(record, given_up=True) if given_up else record


def entry_record(receipt: Receipt, entry: Entry, extractor: str) -> Record:
    """The record of a feed entry that has no page of its own."""
    article = entry.article or Article(title=entry.title, note="the entry has neither a page nor a text")
    if article.published and dates.ahead(article.published, receipt.capture.key.fetched_at):
        article = replace(article, published=None, found_in=_besides(article, "published"))
    name = urls.entry_article_id(receipt.capture.url, entry.key)
    record = _record(name, receipt, article, extractor, item=entry.key, backfill=entry.backfill)
    named = {"guid": entry.guid, "published": entry.published_raw}
    return replace(record, feed=record.feed | {name: value for name, value in named.items() if value})


def catalog_row(record: Record, article: Article, receipt: Receipt, line: int, sums: Sums | None = None) -> ArticleRow:
    """The catalog's row of a record that is the `line`-th of its segment in this batch; `sums` as for `page_record`."""
    return ArticleRow(
        article_id=record.id,
        key=receipt.capture.key,
        url=record.url,
        title=record.title,
        published=record.published,
        language=record.language,
        source=receipt.job.context.source,
        words=record.words,
        text_hash=text_hash(article) if sums is None else sums.text_hash,
        fingerprint=record.fingerprint,
        record=line,
        canonical=canonical_id(record.id, receipt.capture.url, record.canonical_url),
    )


def canonical_id(own: str, url: Url, canonical: str | None) -> str | None:
    """The id of the article a page calls its own, where that is believed; None: none, or it is this one (`own`)."""
    named = None if canonical == url else urls.trusted_canonical(url, canonical)
    other = urls.article_id(named) if named else None
    return other if other != own else None


def _printed(article: Article, receipt: Receipt) -> Article:
    """A PDF's dates are its file's: a feed knows better when it was published, and how it is called where it doesn't say."""
    if article.found_in.get("kind") != "pdf":
        return article
    context, at = receipt.job.context, receipt.capture.key.fetched_at
    if article.published and (context.pub_date or dates.ahead(article.published, at)):
        article = replace(article, published=None, found_in=_besides(article, "published"))
    if article.modified and dates.ahead(article.modified, at):
        article = replace(article, modified=None, found_in=_besides(article, "modified"))
    if article.title or not context.title:
        return article
    return replace(article, title=context.title, found_in={**article.found_in, "title": "feed"})


def _besides(article: Article, field: str) -> dict[str, str]:
    return {name: where for name, where in article.found_in.items() if name != field}


def _dated(article: Article, receipt: Receipt) -> Article:
    raw = receipt.job.context.pub_date
    when = dates.read(raw) if raw and article.published is None else None
    if when is None or dates.ahead(when.iso, receipt.capture.key.fetched_at):
        return article
    return replace(article, published=when.iso, found_in={**article.found_in, "published": "feed"})


def _record(
    name: str,
    receipt: Receipt,
    article: Article,
    extractor: str,
    *,
    backfill: bool,
    item: str | None = None,
    sums: Sums | None = None,
) -> Record:
    return Record(
        id=name,
        url=receipt.capture.url,
        canonical_url=article.canonical_url,
        title=article.title,
        authors=article.authors,
        published=article.published,
        modified=article.modified,
        language=article.language,
        direction=article.direction,
        section=article.section,
        tags=article.tags,
        site=article.site,
        source=article.source,
        summary=article.summary,
        text=article.text,
        words=words(article.text) if sums is None else sums.words,
        image=article.image,
        image_caption=article.image_caption,
        kind=article.kind,
        access=article.access,
        charset=article.charset,
        fingerprint=article.fingerprint,
        layout=article.layout,
        anchors=article.anchors,
        images=article.images,
        sure=article.sure,
        language_declared=article.language_declared,
        links=article.links,
        rights=receipt.rights | article.rights,
        found_in=article.found_in,
        note=article.note,
        feed=_feed(receipt),
        capture=_place(receipt.capture, item),
        extractor=extractor,
        backfill=(backfill and receipt.job.context.source is not None) or UNSET,
    )


def _feed(receipt: Receipt) -> dict[str, str]:
    context = receipt.job.context
    named = {"url": context.via, "guid": context.guid, "published": context.pub_date, "title": context.title}
    return {name: value for name, value in named.items() if value}


def _place(capture: Capture, item: str | None) -> Place:
    return Place(
        segment=capture.segment,
        offset=capture.offset,
        length=capture.length,
        fetched_at=rfc3339(capture.key.fetched_at),
        digest=capture.digest,
        status=capture.status,
        item=item,
    )
