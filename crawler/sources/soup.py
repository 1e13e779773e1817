"""Drives feedparser's two readers: the strict one, and the one for tag soup where that fails.

`feedparser.parse` is not called: it takes bytes for the name of a file and text for an address to fetch, and what it had read
is lost where its soup reader raises. Decoding, doctypes and entities are behind us here (`mending`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Final, Protocol, cast
from xml.parsers.expat import XMLParserType
from xml.sax import SAXException
from xml.sax.expatreader import ExpatParser
from xml.sax.handler import ContentHandler, ErrorHandler, feature_external_ges, feature_external_pes, feature_namespaces

from feedparser.api import LooseFeedParser, StrictFeedParser

from crawler.sources.fields import LONGEST_AUTHOR, MOST_TAGS, Fields, Soup, sequence

# What its readers were seen to raise on broken documents; there is no base class of their own.
_FAULTS: Final = (ValueError, LookupError, AssertionError, TypeError, AttributeError, ArithmeticError, RecursionError)


class _Reader(Protocol):
    feeddata: Fields
    entries: list[Fields]
    version: str
    sanitize_html: bool
    resolve_relative_uris: bool
    decls: Fields
    _sync_author_detail: Callable[[str], None]

    def _get_context(self) -> Fields: ...

    def unknown_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> None: ...

    def unknown_endtag(self, tag: str) -> None: ...

    def feed(self, text: str) -> None:
        """Read a text (the soup reader only)."""


class _Plain:
    """What a reader knows of the content it is in, in a plain dictionary: it asks for it eight times an element.

    feedparser's own kind looks for other names of each field, and has none for these: a fifth of the time of a feed.
    """

    # Of the reader this is mixed into.
    _get_context: Callable[[], Fields]
    pop: Callable[[str], object]

    @property
    def contentparams(self) -> dict[str, object]:
        """As feedparser fills it."""
        return self._contentparams

    @contentparams.setter
    def contentparams(self, told: Mapping[str, object]) -> None:
        self._contentparams = dict(told)

    def _add_tag(self, term: str | None, scheme: str | None, label: str | None) -> None:
        if len(sequence(self._get_context().get("tags"))) < MOST_TAGS:
            super()._add_tag(term, scheme, label)  # type: ignore[misc]  # of the reader, too

    # Dates are taken as they are written: feedparser's reading of them was a twentieth of the time of a feed.

    def _end_published(self) -> None:
        self.pop("published")

    def _end_updated(self) -> None:
        self.pop("updated")

    _end_issued = _end_dcterms_issued = _end_pubdate = _end_published
    _end_modified = _end_lastbuilddate = _end_dcterms_modified = _end_dc_date = _end_updated


_STRICT: Final = type("StrictReader", (_Plain, StrictFeedParser), {})
_LOOSE: Final = type("LooseReader", (_Plain, LooseFeedParser), {})


class _Sax(ExpatParser):
    """Hands text over in pieces of 64 KB, not a line or an entity each: a fifth of the time (3,191 feeds, 3.8 -> 3.1 s).

    And bare elements (no attributes, no namespace: most of RSS) without SAX's values for what they don't have: another tenth.
    """

    _parser: XMLParserType
    """Missing in the stubs."""

    def __init__(self, reader: _Reader) -> None:
        self.reader = reader
        super().__init__()

    def reset(self) -> None:
        super().reset()
        self._parser.buffer_text, self._parser.buffer_size = True, 65_536

    def start_element_ns(self, name: str, attrs: Mapping[str, str]) -> None:
        if attrs or " " in name or self.reader.decls:
            super().start_element_ns(name, attrs)
        else:
            self.reader.unknown_starttag(name.lower(), [])

    def end_element_ns(self, name: str) -> None:
        if " " in name:
            super().end_element_ns(name)
        else:
            self.reader.unknown_endtag(name.lower())


def soup(document: bytes) -> Soup:
    """Read a feed in UTF-8; where a reader fails, what it had read by then. Links and guids stay as they are written."""
    strict = _lean(_STRICT)
    try:
        _run(strict, document)
    except (SAXException, *_FAULTS):
        return _loose(document)
    return _made(strict)


def _loose(document: bytes) -> Soup:
    reader, fault = _lean(_LOOSE), None
    try:
        reader.feed(document.decode("utf-8", "replace"))
    except _FAULTS as error:
        fault = f"{type(error).__name__}: {error}"[:200]
    return _made(reader, fault)


def _made(reader: _Reader, fault: str | None = None) -> Soup:
    # Plain dictionaries: feedparser's own raise and catch an error for each field that isn't there.
    entries: list[Fields] = [dict(entry) for entry in reader.entries]
    return Soup(channel=dict(reader.feeddata), entries=entries, version=reader.version, fault=fault)


def _lean(kind: type) -> _Reader:
    # The base is left empty, else guids would be resolved as if they were links.
    reader = cast("_Reader", kind("", None, "utf-8"))
    reader.resolve_relative_uris = reader.sanitize_html = False
    take_apart = reader._sync_author_detail  # noqa: SLF001 - there is no other way to bound it

    def short_ones(key: str = "author") -> None:
        if len(str(reader._get_context().get(key, ""))) <= LONGEST_AUTHOR:  # noqa: SLF001 - as above
            take_apart(key)

    reader._sync_author_detail = short_ones  # noqa: SLF001 - as above
    return reader


def _run(reader: _Reader, document: bytes) -> None:
    sax = _Sax(reader)
    # What a document names elsewhere is never fetched.
    for feature, state in ((feature_namespaces, True), (feature_external_ges, False), (feature_external_pes, False)):
        sax.setFeature(feature, state)
    sax.setContentHandler(cast("ContentHandler", reader))
    sax.setErrorHandler(cast("ErrorHandler", reader))
    sax.parse(BytesIO(document))
