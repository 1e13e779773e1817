"""Feeds of every format: what is new in one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from crawler.charset import Decoded, noted
from crawler.model import Discovery, Entry
from crawler.sources.discovery import find_feeds
from crawler.sources.items import Document, gone, news
from crawler.sources.jsonfeed import read_json
from crawler.sources.sniffing import Sniffed, is_json, sniff
from crawler.sources.unpack import unpacked
from crawler.sources.xmlfeed import read_xml

_NOT_FEEDS: Final[dict[Sniffed, str]] = {
    "html": "this is an HTML page, not a feed",
    "sitemap": "this is a sitemap, not a feed",
    "opml": "this is an OPML list of feeds, not a feed",
    "list": "this is a list of addresses, not a feed",
    "text": "this is plain text, not a feed",
}


def read_feed(data: bytes, *, url: str, content_type: str | None, known: Mapping[str, str]) -> Discovery:
    """The new and changed items of an RSS, Atom, RDF, CDF or JSON feed; `known` maps keys to item hashes.

    Links are relative to `url` (where the document came from, after redirects). Of a broken document the items up to the
    fault are there. An HTML page in its place gives `nothing`, and the feeds the page announces.
    """
    data = unpacked(data)
    mime = (content_type or "").partition(";")[0].strip().lower() or None
    kind = sniff(data, mime)
    if kind in _NOT_FEEDS:
        feeds = find_feeds(data, url=url, content_type=content_type) if kind == "html" else ()
        return Discovery(found="nothing", note=_NOT_FEEDS[kind], feeds=feeds)
    return _discovery(_document(data, url=url, content_type=content_type, known=known), known)


def _document(data: bytes, *, url: str, content_type: str | None, known: Mapping[str, str]) -> Document:
    if is_json(data):
        return read_json(data, url=url)
    return read_xml(data, url=url, content_type=content_type, known=known)


def _discovery(document: Document, known: Mapping[str, str]) -> Discovery:
    if document.note and not document.items and not document.passed:
        return Discovery(found="nothing", note=document.note, title=document.title)
    return Discovery(
        found="feed",
        entries=tuple(_noted(entry, document.read_as) for entry in news(document.items, known)),
        items=len(document.items) + document.passed,
        title=document.title,
        hints=document.hints,
        archive=document.archive,
        removed=document.removed + (gone(document.items, known) if document.complete and not document.note else ()),
        note=document.note,
    )


def _noted(entry: Entry, read: Decoded | None) -> Entry:
    return replace(entry, article=noted(entry.article, read)) if entry.article and read else entry
