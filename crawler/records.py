"""From what was read to what is written: record lines and catalog rows. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import filterfalse
from typing import Final

from msgspec import UNSET
from msgspec.structs import replace

from crawler import dates, urls
from crawler.model import Article, ArticleRow, Capture, Entry, Millis, Place, Receipt, Record, Url
from crawler.steady import steady

_UNSPACED: Final = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
"""Kana, Han, Thai, Lao, Burmese and Khmer don't space their words: each character counts."""

_WORD: Final = re.compile(f"{_UNSPACED.pattern}|[^\\W_]+")

_IN_WORDS: Final = bytes(ord("." if chr(byte).isalnum() else " ") for byte in range(256))
"""ASCII to dots and blanks: a dot for each letter or figure."""

_BLANKS: Final = bytes(ord(" ") if chr(byte).isspace() and byte < 128 else byte for byte in range(256))
_RARE_BLANK: Final = re.compile("[\x85\u1680\u2028\u2029]")
"""White space beyond ASCII that NFKC doesn't make a blank."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def rfc3339(at: Millis) -> str:
    """Ms since 1970 as `2026-11-22T07:21:08.123Z`."""
    return (_EPOCH + timedelta(milliseconds=at)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def words(text: str) -> int:
    """How many words a text has; in unspaced scripts, how many characters."""
    if text.isascii():
        # Counted as beginnings in a row of bytes, no word is ever made: a sixth of the time.
        return (b" " + text.encode().translate(_IN_WORDS)).count(b" .")
    if _UNSPACED.search(text):
        return len(_WORD.findall(text))
    # Of ten words nine are letters alone, and counted by that: half the time of looking at each for what a word is.
    runs = text.split()
    mixed = list(filterfalse(str.isalnum, runs))
    return len(runs) - len(mixed) + len(_WORD.findall(" ".join(mixed)))


def text_hash(article: Article) -> str:
    """Over headline and text, blind to layout: case, marks that only look different (NFKC), and white space don't count.

    Nor does what a page counts, clocks and links anew at each visit (`crawler.steady`).
    """
    text = "\n".join(steady(article.text, article.anchors))
    folded = unicodedata.normalize("NFKC", f"{article.title or ''}\n{text}").casefold()
    return blake2b(_evenly_spaced(folded), digest_size=10).hexdigest()


def _evenly_spaced(text: str) -> bytes:
    """A text in NFKC with one blank wherever there was white space, and none at its ends, as UTF-8."""
    if not text.isascii() and _RARE_BLANK.search(text):
        return " ".join(text.split()).encode()
    spaced = text.encode().translate(_BLANKS)
    # Most texts have no two blanks in a row: to look for that takes a sixth of the time of taking the words apart.
    return b" ".join(spaced.split()) if b"  " in spaced else spaced.strip()


def page_record(receipt: Receipt, article: Article, extractor: str) -> Record:
    """The record of a page. What the page doesn't say of its date, the feed that named it may."""
    said = _dated(_printed(article, receipt), receipt)
    return _record(urls.article_id(receipt.capture.url), receipt, said, extractor, backfill=receipt.job.context.backfill)


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


def catalog_row(record: Record, article: Article, receipt: Receipt, line: int) -> ArticleRow:
    """The catalog's row of a record that is the `line`-th of its segment in this batch."""
    return ArticleRow(
        article_id=record.id,
        key=receipt.capture.key,
        url=record.url,
        title=record.title,
        published=record.published,
        language=record.language,
        source=receipt.job.context.source,
        words=record.words,
        text_hash=text_hash(article),
        fingerprint=record.fingerprint,
        record=line,
        canonical=canonical_id(record.id, receipt.capture.url, record.canonical_url),
    )


def canonical_id(own: str, url: Url, canonical: str | None) -> str | None:
    """The id of the article a page calls its own, where that is believed; None: none, or it is this one (`own`)."""
    named = urls.trusted_canonical(url, canonical)
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
    name: str, receipt: Receipt, article: Article, extractor: str, *, backfill: bool, item: str | None = None
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
        words=words(article.text),
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
