"""A quick look at a document that may be a source: what it is, its title, how much is in it, how fresh that is. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, Literal

from crawler import dates
from crawler.messages import Body, header, media_type
from crawler.model import Discovery, Entry, Millis, Url, Value
from crawler.preflight import objection, tags_in, within
from crawler.sources.discovery import find_feeds, header_feeds
from crawler.sources.feed import read_feed
from crawler.sources.menus import likely_sections
from crawler.sources.section import read_section
from crawler.sources.sitemap import read_sitemap
from crawler.sources.sniffing import sniff

Watchable = Literal["feed", "sitemap", "section"]


class Glance(Value, frozen=True, kw_only=True):
    """What one document offers to somebody who wants to watch its site."""

    kind: Watchable | None = None
    """None: it can't be watched; `said` says why."""
    title: str | None = None
    items: int = 0
    newest: Millis | None = None
    """Of the dates its items have, the last that isn't ahead."""
    feeds: tuple[Url, ...] = ()
    """What its head announces."""
    header_feeds: tuple[Url, ...] = ()
    sections: tuple[Url, ...] = ()
    """Of an HTML page: where its menu leads."""
    said: str | None = None


def glance(body: Body, *, url: Url, now: Millis) -> Glance:
    """Look at the content of an answer, whatever it was asked for as. Never fails."""
    declared = header(body.headers, "content-type")
    linked = header_feeds(header(body.headers, "link"), url=url)
    sniffed = sniff(body.body, media_type(declared))
    data = within(body.body, tags_in(body.body), sniffed)
    match sniffed:
        case "feed":
            return _feed(read_feed(data, url=url, content_type=declared, known={}), now)
        case "sitemap" | "list":
            return _sitemap(read_sitemap(data, url=url, known={}), now)
        case "html":
            return _page(data, url, declared, linked)
        case "text" | "opml" | "other":
            return Glance(header_feeds=linked, said=_NOT[sniffed])


_NOT: Final = {"opml": "a list of feeds (OPML)", "text": "plain text", "other": "nothing that can be read"}
_ZERO: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _feed(found: Discovery, now: Millis) -> Glance:
    return Glance(kind="feed", title=found.title, items=found.items, newest=_newest(found.entries, now), said=found.note)


def _sitemap(found: Discovery, now: Millis) -> Glance:
    named = found.links or found.sitemaps
    told = max((at for at in found.told if 0 < at <= now), default=None)
    newest = _newest(found.entries, now) or told
    return Glance(kind="sitemap" if named else None, items=len(named), newest=newest, said=found.note)


def _page(data: bytes, url: Url, declared: str | None, linked: tuple[Url, ...]) -> Glance:
    why = objection(data)
    if why is not None:
        return Glance(header_feeds=linked, said=f"not given to the parser: {why}")
    section = read_section(data, url=url, content_type=declared)
    return Glance(
        kind="section" if section.links else None,
        title=section.title,
        items=len(section.links),
        feeds=find_feeds(data, url=url, content_type=declared),
        header_feeds=linked,
        sections=likely_sections(data, url=url, content_type=declared),
        said=section.note,
    )


def _newest(entries: tuple[Entry, ...], now: Millis) -> Millis | None:
    said = (entry.published for entry in entries if entry.published and not dates.ahead(entry.published, now))
    return max(map(_millis, said), default=None)


def _millis(iso: str) -> Millis:
    """Of an RFC 3339 time, or a day; without a zone it is taken for UTC: which of two is newer is all that hangs on it."""
    when = datetime.fromisoformat(iso)
    return round(((when if when.tzinfo else when.replace(tzinfo=UTC)) - _ZERO).total_seconds() * 1000)
