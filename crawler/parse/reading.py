"""What a child does with a task: read the capture, look at it, let the room that knows its kind read it.

What a document is, its content says; the task's kind says what it was asked for as.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from msgspec.structs import replace

from crawler import assets, blocking
from crawler.archive.reading import MemberError
from crawler.at_hand import NONE, borrowed
from crawler.extraction import extract
from crawler.extraction.addresses import absolute
from crawler.messages import Body, Headers, by_name, header, media_type
from crawler.model import Article, Discovery, Entry, Kind, ParseTask, Url, Value
from crawler.parse.contents import Beware, content, content_of
from crawler.parse.portable import is_pdf, read_pdf
from crawler.preflight import has_long_tags, is_large, most_bytes, objection, tags_in, within
from crawler.sources import Sniffed, find_feeds, likely_sections, read_feed, read_section, read_sitemap, sniff
from crawler.sums import sums

MOST_STUB_LINKS: Final = 3
"""A challenge names its guard's own site; a page of links has more to offer."""
_PARTS: Final = re.compile(r"(?:multipart|message)/")
_PLAIN: Final = re.compile(r"\s*text/(?:plain|markdown)\s*(?=;|$)", re.IGNORECASE)
# A page from its first character on, in ASCII or UTF-16.
_PAGE: Final = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*<\0?(?:!\0?d\0?o|h\0?t\0?m)", re.IGNORECASE)
# Made of characters, but for machines: without markup nobody would call it a page.
_NO_TEXT: Final = re.compile(
    r"(?:image|audio|video|font|model|multipart|message)/"
    r"|text/(?:css|csv|calendar|vcard|event-stream|(?:x-)?(?:java|ecma)script|tab-separated-values)"
    r"|application/(?:(?:x-)?(?:java|ecma)script|json|.*\+json|pdf|zip|.*\bmpegurl|wasm)$"
)


class Document(Value, frozen=True, kw_only=True):
    """A body, ready to be read as whatever it is."""

    task: ParseTask
    data: bytes
    headers: Headers
    content_type: str | None
    sniffed: Sniffed
    tags: int
    """As `preflight.tags_in` counts them: of all there was."""
    beyond: bool = False
    """There is more of it than is read."""


def read(task: ParseTask, limit: int, beware: Beware = lambda: None, at_hand: int = NONE) -> Discovery:
    """Read one capture, its content at most `limit` bytes long; from the archive, if it isn't `at_hand`.

    Whatever a server sent is a value.
    """
    try:
        block = borrowed(at_hand, task.lent)
        if block is not None:
            return read_body(task, content_of((block,), min(limit, most_bytes(task.kind)), beware), beware)
        return read_body(task, content(task.span, limit, most_bytes(task.kind), beware), beware)
    except MemberError as error:
        return Discovery(found="nothing", note=f"the archive can't be read: {error}", given_up=True)


def read_body(task: ParseTask, body: Body, beware: Beware = lambda: None) -> Discovery:
    """Read what a capture holds: every byte of it is somebody else's."""
    if not body.body:
        return _nothing(body.note or "the answer has no content")
    document = _document(task, body)
    cut = _cut(task, body, document)
    del body  # of which the document may be a small part
    if is_large(document.data, document.tags) or (document.sniffed != "html" and has_long_tags(document.data)):
        beware()  # a page with such tags isn't parsed
    found = _counted(_unblocked(document))
    if cut is None:
        return found
    article = replace(found.article, note=found.article.note or cut) if found.article is not None else None
    return replace(found, note=found.note or cut, article=article)


def _counted(found: Discovery) -> Discovery:
    if found.article is None or not found.article.text:
        return found
    try:
        return replace(found, sums=sums(found.article))
    except UnicodeEncodeError:
        return found  # it becomes another text on its way to the pool (`frames.pack_found`)


def _cut(task: ParseTask, body: Body, document: Document) -> str | None:
    if body.whole and not task.truncated and not document.beyond:
        return None
    return f"read from a body that was cut: {body.note or ('it is too large' if document.beyond else 'not all of it came')}"


def _document(task: ParseTask, body: Body) -> Document:
    declared = header(body.headers, "content-type")
    sniffed = sniff(body.body, media_type(declared))
    begun = tags_in(body.body)
    data = within(body.body, begun, sniffed)
    beyond = len(data) < len(body.body)
    return Document(
        task=task, data=data, headers=body.headers, content_type=declared, sniffed=sniffed, tags=begun, beyond=beyond
    )


def _unblocked(document: Document) -> Discovery:
    """What was found in it; but for a challenge in its place, whatever could be made of that."""
    found = _READERS[document.task.kind](document)
    guard = blocking.by_headers(200, document.headers) or _stub(document, found)
    return found if guard is None else Discovery(found="nothing", note=f"blocked: {guard}", blocked=guard)


def _stub(document: Document, found: Discovery) -> str | None:
    if document.sniffed != "html" or found.entries or len(found.links) > MOST_STUB_LINKS:
        return None
    text_chars = len(found.article.text) if found.article else blocking.text_chars(document.data)
    return blocking.by_stub(document.data, text_chars)


# --- by what it was asked for as ---------------------------------------------------------------------------------------


def _feed(document: Document) -> Discovery:
    match document.sniffed:
        case "html":
            return replace(_nothing("an HTML page, not a feed"), feeds=_feeds(document))
        case "sitemap":
            return _read_sitemap(document)
        case "opml":
            return _nothing("a list of feeds (OPML), not a feed")
        case "feed" | "text" | "list" | "other":
            return _read_feed(document)


def _sitemap(document: Document) -> Discovery:
    if document.sniffed == "html":
        return _nothing("an HTML page, not a sitemap")
    found = _read_sitemap(document)
    # a news sitemap of a quiet weekend is empty, and none the less what was asked for
    return replace(found, found="sitemap") if document.sniffed == "sitemap" else found


def _section(document: Document) -> Discovery:
    match document.sniffed:
        case "html":
            refused = _refused(document)
            return refused or _listed(document)
        case "feed":
            return _read_feed(document)
        case "sitemap" | "list":
            return _read_sitemap(document)
        case "text" | "opml" | "other":
            return _nothing(f"{_kind_of(document)}, not a page with links")


def _page(document: Document) -> Discovery:
    if document.sniffed == "other" and is_pdf(document.data):
        return _as_article(document, read_pdf(document.data))
    match document.sniffed:
        case "html" if not _PARTS.match(media_type(document.content_type) or ""):
            return _refused(document) or _read_article(document)
        case "text" | "list" if not _NO_TEXT.match(media_type(document.content_type) or ""):
            return _read_article(document)
        case "html" | "text" | "list" | "feed" | "sitemap" | "opml" | "other":
            return _nothing(f"{_kind_of(document)}, not a page")


def _target(document: Document) -> Discovery:
    match document.sniffed:
        case "feed":
            return _read_feed(document)
        case "sitemap" | "list":
            return _read_sitemap(document)
        case "html" | "text" | "opml" | "other":
            return _page(document)


def _asset(document: Document) -> Discovery:
    found = _nothing("part of a page")
    if document.task.assets != "page" or media_type(document.content_type) != "text/css":
        return found
    named = assets.of_style(document.data, url=document.task.url, content_type=document.content_type)
    return replace(found, assets=named)


def _robots(_: Document) -> Discovery:
    return _nothing("rules for robots")


_READERS: Final[Mapping[Kind, Callable[[Document], Discovery]]] = {
    Kind.FEED: _feed,
    Kind.PAGE: _page,
    Kind.SITEMAP: _sitemap,
    Kind.SECTION: _section,
    Kind.ROBOTS: _robots,
    Kind.TARGET: _target,
    Kind.ASSET: _asset,
}


def _listed(document: Document) -> Discovery:
    """A section's links that are new to us are its entries: what they say is on their own pages."""
    task = document.task
    found = read_section(document.data, url=task.url, content_type=document.content_type)
    new = (link for link in found.links if link not in task.known)
    entries = tuple(Entry(key=link, item_hash="", backfill=not task.known, link=link) for link in new)
    return _with_sections(replace(found, entries=entries), document) if task.sections else replace(found, entries=entries)


def _with_sections(found: Discovery, document: Document) -> Discovery:
    """A page that leads to sections is one itself, though it names no article."""
    sections = likely_sections(document.data, url=document.task.url, content_type=document.content_type)
    return replace(found, found="section", sections=sections, note=None) if sections else found


# --- by what it is -----------------------------------------------------------------------------------------------------


def _read_feed(document: Document) -> Discovery:
    task = document.task
    return read_feed(document.data, url=task.url, content_type=document.content_type, known=task.known)


def _read_sitemap(document: Document) -> Discovery:
    return read_sitemap(document.data, url=document.task.url, known=document.task.known)


def _read_article(document: Document) -> Discovery:
    url = document.task.url
    article = extract(
        document.data,
        url=None if url.startswith("urn:") else url,
        content_type=_type_to_read(document),
        headers=by_name(document.headers),
        rule=document.task.rule,
    )
    return _as_article(document, article)


def _as_article(document: Document, article: Article) -> Discovery:
    needed = _needed(document, article.image)
    if article.text:
        return Discovery(found="article", article=article, assets=needed)
    found = _nothing(article.note or "no article text was found")
    return replace(found, article=article, feeds=_feeds(document), assets=needed)


def _needed(document: Document, image: str | None) -> tuple[Url, ...]:
    """What is wanted of what the page is drawn with."""
    url = document.task.url
    if document.task.assets == "none" or url.startswith("urn:"):
        return ()
    if document.task.assets == "lead-image" or document.sniffed != "html":
        lead = absolute(image, url)
        return () if lead is None else (lead,)
    return assets.of_page(document.data, url=url, content_type=_type_to_read(document), lead=image)


def _type_to_read(document: Document) -> str | None:
    """As declared; but a page that calls itself plain text is a page all the same."""
    declared = document.content_type
    return _PLAIN.sub("text/html", declared, count=1) if declared and _PAGE.match(document.data) else declared


def _feeds(document: Document) -> tuple[Url, ...]:
    if document.sniffed != "html" or objection(document.data, document.tags):
        return ()
    return find_feeds(document.data, url=document.task.url, content_type=document.content_type)


def _refused(document: Document) -> Discovery | None:
    why = objection(document.data, document.tags)
    return replace(_nothing(f"not given to the parser: {why}"), given_up=True) if why else None


def _nothing(note: str) -> Discovery:
    return Discovery(found="nothing", note=note)


def _kind_of(document: Document) -> str:
    declared = media_type(document.content_type)
    if declared and _NO_TEXT.match(declared):
        return f"a document of type {declared}"
    names = {"feed": "a feed", "sitemap": "a sitemap", "opml": "a list of feeds (OPML)", "text": "plain text"}
    return names.get(document.sniffed) or (f"a document of type {declared}" if declared else "a document of no known type")
