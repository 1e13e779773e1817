"""OPML (opml.org/spec2): the lists of feeds people take from one reader to another. In, out, and nothing lost on the way.

FOAF documents in RDF, which planets publish in the place of OPML, are read as well; they are written as OPML.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from msgspec.structs import replace

from crawler.model import Url, Value
from crawler.sources.foaf import FoafReader
from crawler.sources.markup import resolved
from crawler.sources.mending import mended, xml_text

MOST_OUTLINES: Final = 50_000
"""Of one document; what lies behind is not read."""
MOST_DEEP: Final = 64
_MOST_TEXT: Final = 10_000
_LISTS: Final = ("include", "source")
"""Types of outlines whose `xmlUrl` is another list, by OPML 2.0 and by Liferea."""
_NOWHERE: Final = "http://-.invalid/"
_WHOLE: Final = True  # for expat: nothing more follows


class OpmlFeed(Value, frozen=True, kw_only=True):
    """A feed of an OPML list."""

    url: Url
    title: str = ""
    tags: tuple[str, ...] = ()
    """The folders it lies in, outermost first, then its categories; of all places it lies in."""
    home: str = ""
    """The page it belongs to (`htmlUrl`)."""
    description: str = ""
    language: str = ""


class Outline(Value, frozen=True, kw_only=True):
    """One element of a list: a feed, a folder, a link, whatever it says; its attributes as written, in order."""

    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple[Outline, ...] = ()

    def said(self, name: str) -> str:
        """An attribute whatever its case, blanks made one; empty if it isn't there."""
        return next((" ".join(value.split()) for key, value in self.attributes if key.lower() == name.lower()), "")


class Opml(Value, frozen=True, kw_only=True):
    """A whole document."""

    version: str = "2.0"
    head: tuple[tuple[str, str], ...] = ()
    """Its elements and their texts: title, dateCreated, ownerName …"""
    outlines: tuple[Outline, ...] = ()


def read_document(data: bytes) -> Opml:
    """All an OPML document says; of a broken one what stands before the fault. Never fails."""
    reader = _Reader()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    with suppress(expat.ExpatError, _EnoughError):  # what was read up to the fault stays
        parser.Parse(mended(xml_text(data, None).text), _WHOLE)
    return reader.document()


def read_opml(data: bytes) -> tuple[OpmlFeed, ...]:
    """The feeds of an OPML or FOAF document, in its order, each once; of a broken one those up to the fault.

    No `xmlUrl`: no feed. A feed that lies in several folders has the tags of all.
    """
    return feeds_of(read_document(data))


def feeds_of(document: Opml) -> tuple[OpmlFeed, ...]:
    """The feeds of a document, each once."""
    found: dict[Url, OpmlFeed] = {}
    for outline, folders in _walk(document.outlines, ()):
        url = _address(outline)
        if url is not None:
            found[url] = _joined(outline, folders, found.get(url) or OpmlFeed(url=url))
    return tuple(found.values())


def _address(outline: Outline) -> Url | None:
    address = outline.said("xmlUrl")
    listed = outline.said("type").lower() in _LISTS
    return resolved(address, _NOWHERE) if "://" in address and not listed else None


def _joined(outline: Outline, folders: Iterable[str], before: OpmlFeed) -> OpmlFeed:
    """A feed with what another place says of it: all tags, and of the rest what the first place tells."""
    categories = (part.strip() for part in outline.said("category").split(","))
    tags = dict.fromkeys(tag for tag in (*before.tags, *folders, *categories) if tag)
    title = before.title or outline.said("text") or outline.said("title")
    if title == outline.said("xmlUrl"):  # what we write for want of a name
        title = ""
    return OpmlFeed(url=before.url, title=title, tags=tuple(tags), **_more(outline, before))


def _more(outline: Outline, before: OpmlFeed) -> dict[str, str]:
    """What else is known of a feed, by the first place that tells."""
    told = {"home": outline.said("htmlUrl"), "description": outline.said("description"), "language": outline.said("language")}
    return {key: getattr(before, key) or value[:_MOST_TEXT] for key, value in told.items()}


def document_of(feeds: Iterable[OpmlFeed], *, title: str = "") -> Opml:
    """Feeds as a document: the first tag of each is its folder, all of them are its `category`. Folders stand as first met."""
    folders: dict[str, list[Outline]] = {}
    for feed in feeds:
        folders.setdefault(feed.tags[0] if feed.tags else "", []).append(_outline(feed))
    loose = folders.pop("", [])
    named = (Outline(attributes=(("text", name), ("title", name)), children=tuple(rows)) for name, rows in folders.items())
    return Opml(head=(("title", title),) if title else (), outlines=(*loose, *named))


def written(document: Opml) -> bytes:
    """The document as XML in UTF-8. Read again it says the same, but for characters XML has no place for."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<opml version={_quoted(document.version)}>", "  <head>"]
    lines += [f"    <{name}>{escape(text)}</{name}>" for name, text in document.head]
    lines += ["  </head>", "  <body>", *_lines(document.outlines, "    "), "  </body>", "</opml>", ""]
    return "\n".join(lines).encode("utf-8", "replace")


def _outline(feed: OpmlFeed) -> Outline:
    name = feed.title or feed.url
    more = (("htmlUrl", feed.home), ("description", feed.description), ("language", feed.language))
    plain = (("text", name), ("title", name), ("type", "rss"), ("xmlUrl", feed.url), *(pair for pair in more if pair[1]))
    # a comma divides categories, so a tag with one in it can't be among them
    tags = ",".join(tag for tag in feed.tags if "," not in tag)
    return Outline(attributes=(*plain, ("category", tags)) if tags else plain)


def _walk(outlines: Iterable[Outline], folders: tuple[str, ...]) -> Iterator[tuple[Outline, tuple[str, ...]]]:
    for outline in outlines:
        yield outline, folders
        name = "" if outline.said("xmlUrl") else outline.said("title") or outline.said("text")
        yield from _walk(outline.children, (*folders, name) if name else folders)


def _lines(outlines: Iterable[Outline], indent: str) -> Iterator[str]:
    for outline in outlines:
        said = "".join(f" {name}={_quoted(value)}" for name, value in outline.attributes)
        if not outline.children:
            yield f"{indent}<outline{said}/>"
            continue
        yield f"{indent}<outline{said}>"
        yield from _lines(outline.children, f"{indent}  ")
        yield f"{indent}</outline>"


def _quoted(value: str) -> str:
    # plain line ends and tabs in an attribute are read as blanks (XML 1.0, section 3.3.3)
    return quoteattr(value, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


class _EnoughError(Exception):
    """The deepest nesting is reached."""


class _Reader:
    """Builds the document while expat walks through; outlines that are open at a fault are closed there."""

    def __init__(self) -> None:
        self._version = "2.0"
        self._head: list[tuple[str, str]] = []
        self._open: list[tuple[Outline, list[Outline]]] = [(Outline(), [])]
        self._path: list[str] = []
        self._text: list[str] = []
        self._count = 0
        self._foaf = FoafReader()

    def document(self) -> Opml:
        while len(self._open) > 1:
            self._close()
        told = (
            _outline(OpmlFeed(url=Url(feed.address), title=feed.name, tags=(feed.group,) if feed.group else ()))
            for feed in self._foaf.feeds()[:MOST_OUTLINES]
        )
        return Opml(version=self._version, head=tuple(self._head), outlines=(*self._open[0][1], *told))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.lower()
        if local == "outline":
            self._count += 1
            if len(self._open) > MOST_DEEP or self._count > MOST_OUTLINES:
                raise _EnoughError
            self._open.append((Outline(attributes=tuple(attributes.items())), []))
        elif local == "opml":
            self._version = attributes.get("version", self._version)
        self._path.append(name)
        self._text = []
        self._foaf.start(name, attributes)

    def text(self, text: str) -> None:
        if len(self._text) < 64:
            self._text.append(text[:_MOST_TEXT])

    def end(self, name: str) -> None:
        self._path.pop()
        text = "".join(self._text).strip()
        self._text = []
        self._foaf.end(name, text)
        if name.lower() == "outline":
            self._close()
        elif self._path and self._path[-1].lower() == "head" and ":" not in name:
            self._head.append((name, text))

    def _close(self) -> None:
        outline, children = self._open.pop()
        self._open[-1][1].append(replace(outline, children=tuple(children)) if children else outline)
