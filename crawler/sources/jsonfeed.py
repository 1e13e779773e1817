"""JSON Feed 1 and 1.1 (jsonfeed.org), read leniently: a field of a wrong type is absent, not an error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from crawler.charset import decode_xml
from crawler.model import Enclosure, Url
from crawler.sources import markup
from crawler.sources.fields import Fields, count, mapping, sequence, text
from crawler.sources.items import MOST_ITEMS, Document, Item

_NOT_JSON: Final = (msgspec.MsgspecError, RecursionError, UnicodeError)


def read_json(data: bytes, *, url: str) -> Document:
    """Read a JSON feed, already unpacked. `url` is what its links are relative to."""
    read = decode_xml(data, "application/json")
    try:
        fields = msgspec.json.decode(_utf8(read.text), type=dict[str, object])
    except _NOT_JSON as fault:
        return Document(note=f"the JSON can't be read: {fault}"[:200])
    items = fields.get("items")
    if not isinstance(items, list):
        return Document(note="this JSON is no feed")
    language = text(fields, "language")
    return Document(
        items=tuple(_item(mapping(item), url=url, language=language) for item in items[:MOST_ITEMS]),
        title=text(fields, "title"),
        read_as=msgspec.structs.replace(read, text=""),
    )


def _utf8(text: str) -> bytes:
    return text.lstrip("\ufeff").encode("utf-8", "replace")


def _item(item: Fields, *, url: str, language: str | None) -> Item:
    html, plain = text(item, "content_html"), text(item, "content_text")
    return Item(
        guid=_identifier(item.get("id")),
        link=_link(item, url),
        title=text(item, "title"),
        date=text(item, "date_published"),
        body=html or plain or "",
        plain=html is None,
        summary=text(item, "summary") or "",
        enclosures=tuple(_enclosures(item, url)),
        authors=tuple(_authors(item)),
        tags=tuple(tag for tag in sequence(item.get("tags")) if isinstance(tag, str)),
        language=text(item, "language") or language,
        base=url,
    )


def _link(item: Fields, url: str) -> Url | None:
    return markup.resolved(text(item, "url"), url)


def _enclosures(item: Fields, base: str) -> Iterator[Enclosure]:
    for file in map(mapping, sequence(item.get("attachments"))):
        if url := markup.resolved(text(file, "url"), base):
            yield Enclosure(url=url, type=text(file, "mime_type"), length=count(file, "size_in_bytes"))


def _identifier(value: object) -> str | None:
    """Version 1.1: "If an id is presented as a number, a feed reader should coerce it to a string"."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value.strip() or None if isinstance(value, str) else None


def _authors(item: Fields) -> Iterator[str]:
    yield from _values(item, "authors", "name")
    single = text(mapping(item.get("author")), "name")
    if single and not item.get("authors"):
        yield single


def _values(item: Fields, name: str, part: str) -> Iterator[str]:
    for value in map(mapping, sequence(item.get(name))):
        found = text(value, part)
        if found:
            yield found
