"""RSS, RDF, Atom, CDF: feedparser's reading of a document, or one like it, as our items. Nothing of it leaves this file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Final

from msgspec.structs import replace

from crawler.charset import Decoded
from crawler.model import Enclosure, Url
from crawler.sources import markup
from crawler.sources.delta import Piece, is_strict, pieces, without
from crawler.sources.depth import shallow
from crawler.sources.fields import LONGEST_AUTHOR, Fields, Soup, count, mapping, sequence, text
from crawler.sources.history import archive_of, is_complete, removed
from crawler.sources.items import HASH_DIGITS, MOST_ITEMS, Document, Item, claim, plain_key
from crawler.sources.mending import mended, xml_text
from crawler.sources.rss import read_rss
from crawler.sources.wishes import wishes

MOST_CHARS: Final = 32_000_000
"""Of a decoded feed; entries up to there are read."""
_MOST_JUNK: Final = 65_536  # what proxies and counters put behind a root is a script or two
_ROOT_ENDS: Final = ("</rss>", "</feed>", "</rdf:RDF>")
_ITEM: Final = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>]")
_NOT_WHOLE: Final = "the document ends inside an item, which is left out"
# Items under a prefix that is bound to nothing, or to a name nobody knows.
_PREFIXED: Final = re.compile(r"<(\w+):(?:item|entry)[\s>]")

_MAIL: Final = re.compile(r"\S{1,100}@\S{1,250}")


def read_xml(data: bytes, *, url: str, content_type: str | None, known: Mapping[str, str]) -> Document:
    """Read an XML feed; of a broken one the items up to the fault. `url` is what its links are relative to.

    Of items that `known` (keys to item hashes) holds as they stand here, only the number is told.
    """
    sent = xml_text(data, content_type)
    sent = replace(sent, text=_without_junk(sent.text[:MOST_CHARS]))
    found = pieces(sent.text, url)
    rest = None if is_complete(sent.text) else _read_rest(sent, found, url, known)
    return rest or _read_whole(sent, found, url)


def _read_rest(sent: Decoded, found: Sequence[Piece], url: str, known: Mapping[str, str]) -> Document | None:
    """Only the items we don't know; None where that could be anything else than a part of the whole."""
    seen = _marks(known)
    old, new = _parted(found, seen)
    if not old or len(found) > MOST_ITEMS or not _is_sound(sent.text):
        return None
    document = _read_new(sent, new, old, url)
    if document is None or _is_claimed(document, {seen[piece.mark] for piece in old}):
        return None
    return replace(document, passed=len(old))


def _marks(known: Mapping[str, str]) -> Mapping[str, str]:
    """Mark of an item that was read -> its key; the mark stands behind the hash."""
    return {said[HASH_DIGITS:]: key for key, said in known.items() if len(said) > HASH_DIGITS}


def _parted(found: Sequence[Piece], seen: Mapping[str, str]) -> tuple[list[Piece], list[Piece]]:
    """Those that stand here as they were read, and the others."""
    return [piece for piece in found if piece.mark in seen], [piece for piece in found if piece.mark not in seen]


def _is_claimed(document: Document, keys: Iterable[str]) -> bool:
    """Whether a new item claims what one of the others has: which is whose is told from the whole document only."""
    claimed = set(map(claim, keys))
    return any(claim(plain_key(item)) in claimed for item in document.items)


def _is_sound(text: str) -> bool:
    """Whether its items are where they seem to be: of tag soup nobody knows."""
    return is_strict(text.encode()) or is_strict(mended(text))


def _read_new(sent: Decoded, new: Sequence[Piece], old: Sequence[Piece], url: str) -> Document | None:
    document = without(sent.text, old)
    read = read_rss(document) or _soup(shallow(document))
    whole = not read.fault and bool(read.version) and len(read.entries) == len(new)
    return _document(read, sent, new, url) if whole else None


def _read_whole(sent: Decoded, found: Sequence[Piece], url: str) -> Document:
    if (plain := read_rss(sent.text)) is not None:
        return _document(plain, sent, found, url)
    document = _whole_items(shallow(sent.text))
    read = _soup(document)
    if not read.entries and (prefix := _PREFIXED.search(document)):
        read = _soup(re.sub(rf"(</?){re.escape(prefix[1])}:", r"\1", document))
    note = f"read up to a fault: {read.fault}" if read.fault else _NOT_WHOLE if len(document) < len(sent.text) else None
    note = note if read.version or read.entries else "this is no feed"
    return replace(_document(read, sent, found, url), note=note)


def _soup(document: str) -> Soup:
    # loaded for the first feed that needs it: feedparser, with urllib and the mail reader behind it, takes a child 35 ms
    found: Soup = import_module("crawler.sources.soup").soup(mended(document))
    return found


def _document(read: Soup, sent: Decoded, found: Sequence[Piece], url: str) -> Document:
    atom, language = read.version.startswith("atom"), text(read.channel, "language")
    marks = [piece.mark for piece in found] if len(found) == len(read.entries) else [""] * len(read.entries)
    entries = list(zip(read.entries, marks, strict=True))[:MOST_ITEMS]
    return Document(
        items=tuple(replace(_item(entry, url=url, atom=atom, language=language), mark=mark) for entry, mark in entries),
        title=_words(read.channel, "title"),
        hints=wishes(read.channel, sent.text),
        archive=archive_of(sent.text, url),
        removed=removed(sent.text),
        complete=is_complete(sent.text),
        read_as=replace(sent, text=""),
    )


def _without_junk(text: str) -> str:
    """A document up to the end of its root: scripts that proxies put behind it make it tag soup for a strict parser."""
    ends = [at + len(end) for end in _ROOT_ENDS if (at := text.rfind(end, -_MOST_JUNK)) >= 0]
    return text[: max(ends)] if ends and not _ITEM.search(text, max(ends)) else text


def _whole_items(document: str) -> str:
    """A document that ends inside an item, without that item: half a link or half a text would pass for a whole one."""
    for name in ("item", "entry"):
        opened = max(document.rfind(f"<{name}>"), document.rfind(f"<{name} "))
        if opened > document.rfind(f"</{name}") > 0 and not _in_comment(document, opened):
            return document[:opened]
    return document


def _in_comment(document: str, at: int) -> bool:
    return document.rfind("<!--", 0, at) > document.rfind("-->", 0, at)


def _item(entry: Fields, *, url: str, atom: bool, language: str | None) -> Item:
    contents = [mapping(content) for content in sequence(entry.get("content"))]
    body = next((content for content in contents if text(content, "value")), mapping(entry.get("summary_detail")))
    return Item(
        guid=_guid(entry, url=url, atom=atom),
        link=_link(entry, url=url, atom=atom),
        title=_words(entry, "title"),
        date=_date(entry, atom=atom),
        body=text(body, "value") or "",
        plain=body.get("type") == "text/plain",
        summary=text(entry, "summary") or "",
        enclosures=_enclosures(entry, url),
        thumbnails=_thumbnails(entry, url),
        authors=tuple(_authors(entry, atom=atom)),
        tags=tuple(_tags(entry)),
        language=text(body, "language") or language,
        base=markup.resolved(text(body, "base"), url) or url,
    )


def _guid(entry: Fields, *, url: str, atom: bool) -> str | None:
    """As it is written; but Atom's must be an IRI (RFC 4287, section 4.2.6), so a path there is one cut short."""
    guid = text(entry, "id")
    return markup.resolved(guid, url) or guid if guid and atom and guid.startswith("/") else guid


def _link(entry: Fields, *, url: str, atom: bool) -> Url | None:
    """The page of an entry. A guid in place of a link must be a whole address; an Atom id counts only without content."""
    original = text(entry, "feedburner_origlink")
    if original:
        return markup.resolved(original, url)
    link = text(entry, "link")
    if link and entry.get("guidislink") and not any(_alternates(entry)):
        whole = link.lower().startswith(("http://", "https://"))
        if not whole or (atom and sequence(entry.get("content"))):
            return None
    return markup.resolved(link, url)


def _alternates(entry: Fields) -> Iterator[str]:
    """What the link elements of an entry say; feedparser puts a guid into `link` as well, but never here."""
    for link in map(mapping, sequence(entry.get("links"))):
        if link.get("rel") == "alternate" and (href := text(link, "href")):
            yield href


def _date(entry: Fields, *, atom: bool) -> str | None:
    """The date of publication as written. Atom's `updated` is none; elsewhere dc:date and the like arrive under that name."""
    names = ("published", "created") if atom else ("published", "created", "updated")
    return next((value for name in names if (value := text(entry, name))), None)


def _enclosures(entry: Fields, base: str) -> tuple[Enclosure, ...]:
    links = [link for link in map(mapping, sequence(entry.get("links"))) if link.get("rel") == "enclosure"]
    return _files([*links, *map(mapping, sequence(entry.get("media_content")))], base)


def _thumbnails(entry: Fields, base: str) -> tuple[Enclosure, ...]:
    return _files(map(mapping, sequence(entry.get("media_thumbnail"))), base)


def _files(told: Iterable[Fields], base: str) -> tuple[Enclosure, ...]:
    """Files that go with an entry, each once: an enclosure says `length` and `href`, Media RSS `fileSize` and `url`."""
    found: dict[Url, Enclosure] = {}
    for file in told:
        url = markup.resolved(text(file, "href") or text(file, "url"), base)
        if url is not None:
            length = count(file, "length") or count(file, "filesize")
            found.setdefault(url, Enclosure(url=url, type=text(file, "type"), length=length))
    return tuple(found.values())


def _authors(entry: Fields, *, atom: bool) -> Iterator[str]:
    """Names; RSS has `address (name)` in one field, which feedparser takes apart only for old top-level domains."""
    whole = (text(entry, "author") or "")[:LONGEST_AUTHOR]
    if "@" in whole and not atom:
        if rest := _MAIL.sub("", whole).strip("()<>,; "):
            yield rest
        return
    for author in map(mapping, sequence(entry.get("authors"))):
        name = text(author, "name")
        if name:
            yield markup.words(name)


def _tags(entry: Fields) -> Iterator[str]:
    for tag in map(mapping, sequence(entry.get("tags"))):
        term = text(tag, "label") or text(tag, "term")
        if term:
            yield " ".join(term.split())


def _words(fields: Fields, name: str) -> str | None:
    value = text(fields, name)
    if value is None:
        return None
    html = mapping(fields.get(f"{name}_detail")).get("type") != "text/plain"
    return (markup.words(value) if html else " ".join(value.split())) or None
