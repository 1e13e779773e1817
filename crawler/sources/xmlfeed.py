"""RSS, RDF, Atom, CDF: feedparser's reading of a document, as our items. Nothing of it leaves this file."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast

import feedparser

from crawler.model import Seconds, Url
from crawler.sources import markup
from crawler.sources.items import MOST_ITEMS, Document, Item
from crawler.sources.mending import mended, xml_text

MOST_CHARS: Final = 32_000_000
"""Of a decoded feed; entries up to there are read."""
_LONGEST_FLOOR: Final[Seconds] = 86_400.0
_PERIODS: Final[dict[str, Seconds]] = {
    "hourly": 3_600.0,
    "daily": 86_400.0,
    "weekly": 604_800.0,
    "monthly": 2_592_000.0,
    "yearly": 31_536_000.0,
}
# What its tag-soup parser was seen or can be read to raise; there is no base class of its own.
_FAULTS: Final = (ValueError, LookupError, AssertionError, TypeError, AttributeError, ArithmeticError, RecursionError)

# Items under a prefix that is bound to nothing, or to a name nobody knows.
_PREFIXED: Final = re.compile(r"<(\w+):(?:item|entry)[\s>]")

_Fields = Mapping[str, object]


def read_xml(data: bytes, *, url: str, content_type: str | None) -> Document:
    """Read an XML feed; of a broken one the items up to the fault. `url` is what its links are relative to."""
    text = xml_text(data, content_type)
    try:
        parsed = _parsed(text[:MOST_CHARS])
        if not parsed.get("entries") and (prefix := _PREFIXED.search(text)):
            parsed = _parsed(re.sub(rf"(</?){re.escape(prefix[1])}:", r"\1", text[:MOST_CHARS]))
    except _FAULTS as fault:
        return Document(note=f"the feed can't be read: {type(fault).__name__}: {fault}"[:200])
    channel = _mapping(parsed.get("feed"))
    atom = str(parsed.get("version", "")).startswith("atom")
    entries = [_mapping(entry) for entry in _sequence(parsed.get("entries"))[:MOST_ITEMS]]
    language = _text(channel, "language")
    return Document(
        items=tuple(_item(entry, url=url, atom=atom, language=language) for entry in entries),
        title=_words(channel, "title"),
        floor=_floor(channel),
        note=None if parsed.get("version") or entries else "this is no feed",
    )


def _parsed(text: str) -> _Fields:
    # A stream: parse() takes bytes for the name of a file, and text for an address to fetch. No base is given, so that
    # guids stay as they were written; links are resolved here.
    stream = io.BytesIO(mended(text))
    headers = {"content-type": "application/xml; charset=utf-8"}
    return cast("_Fields", feedparser.parse(stream, response_headers=headers, resolve_relative_uris=False, sanitize_html=False))


def _item(entry: _Fields, *, url: str, atom: bool, language: str | None) -> Item:
    contents = [_mapping(content) for content in _sequence(entry.get("content"))]
    body = next(
        (content for content in contents if _text(content, "value")), _mapping(dict.get(_dict(entry), "summary_detail"))
    )
    return Item(
        guid=_text(entry, "id"),
        link=_link(entry, url=url, atom=atom),
        title=_words(entry, "title"),
        date=_date(entry, atom=atom),
        body=_text(body, "value") or "",
        plain=body.get("type") == "text/plain",
        summary=_text(entry, "summary") or "",
        enclosures=tuple(_enclosures(entry)),
        authors=tuple(_authors(entry)),
        tags=tuple(_tags(entry)),
        language=_text(body, "language") or language,
        base=markup.resolved(_text(body, "base"), url) or url,
    )


def _link(entry: _Fields, *, url: str, atom: bool) -> Url | None:
    """The page of an entry. A guid in place of a link must be a whole address; an Atom id counts only without content."""
    original = _text(entry, "feedburner_origlink")
    if original:
        return markup.resolved(original, url)
    link = _text(entry, "link")
    if link and entry.get("guidislink"):
        whole = link.lower().startswith(("http://", "https://"))
        if not whole or (atom and _sequence(entry.get("content"))):
            return None
    return markup.resolved(link, url)


def _date(entry: _Fields, *, atom: bool) -> str | None:
    """The date of publication as written. Atom's `updated` is none; elsewhere dc:date and the like arrive under that name."""
    names = ("published", "created") if atom else ("published", "created", "updated")
    return next((value for name in names if (value := _text(entry, name))), None)


def _enclosures(entry: _Fields) -> Iterator[str]:
    for link in map(_mapping, _sequence(entry.get("links"))):
        if link.get("rel") == "enclosure":
            yield _text(link, "href") or ""
    for media in map(_mapping, _sequence(entry.get("media_content"))):
        yield _text(media, "url") or ""


def _authors(entry: _Fields) -> Iterator[str]:
    for author in map(_mapping, _sequence(entry.get("authors"))):
        name = _text(author, "name")
        if name:
            yield markup.words(name)


def _tags(entry: _Fields) -> Iterator[str]:
    for tag in map(_mapping, _sequence(entry.get("tags"))):
        term = _text(tag, "label") or _text(tag, "term")
        if term:
            yield " ".join(term.split())


def _floor(channel: _Fields) -> Seconds | None:
    """The longer of ttl and sy:update*, at most a day; what is no positive number says nothing."""
    minutes = _number(_text(channel, "ttl"))
    wishes = [wish for wish in (minutes * 60 if minutes else None, _update_gap(channel)) if wish]
    return min(max(wishes), _LONGEST_FLOOR) if wishes else None


def _update_gap(channel: _Fields) -> Seconds | None:
    """RSS 1.0 module "syndication": a period (daily by default), divided by a frequency (1 by default)."""
    period, frequency = _text(channel, "sy_updateperiod"), _text(channel, "sy_updatefrequency")
    if period is None and frequency is None:
        return None
    times = _number(frequency) if frequency else 1
    seconds = _PERIODS.get((period or "daily").lower())
    return seconds / times if seconds and times else None


def _number(text: str | None) -> int | None:
    if not text or not text.isdecimal() or len(text) > 9:
        return None
    return int(text)


def _words(fields: _Fields, name: str) -> str | None:
    value = _text(fields, name)
    if value is None:
        return None
    html = _mapping(fields.get(f"{name}_detail")).get("type") != "text/plain"
    return (markup.words(value) if html else " ".join(value.split())) or None


def _text(fields: _Fields, name: str) -> str | None:
    # dict.get: feedparser's own puts other fields in the place of missing ones
    value = dict.get(_dict(fields), name)
    return value.strip() or None if isinstance(value, str) else None


def _dict(fields: _Fields) -> dict[str, object]:
    return fields if isinstance(fields, dict) else dict(fields)


def _mapping(value: object) -> _Fields:
    return value if isinstance(value, dict) else {}


def _sequence(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()
