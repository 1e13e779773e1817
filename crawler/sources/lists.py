"""Lists of addresses people keep: OPML of a feed reader, and plain text."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from typing import Final
from xml.parsers import expat

from crawler.model import Url, Value
from crawler.sources.markup import resolved
from crawler.sources.mending import mended, xml_text
from crawler.sources.unpack import unpacked
from crawler.urls import UrlError, parse

MOST_ADDRESSES: Final = 50_000


class OpmlFeed(Value, frozen=True, kw_only=True):
    """A feed of an OPML list."""

    url: Url
    title: str = ""
    tags: tuple[str, ...] = ()
    """The folders it lies in, outermost first."""


def read_opml(data: bytes) -> tuple[OpmlFeed, ...]:
    """The feeds of an OPML document, in its order, each once; of a broken one those up to the fault. No `xmlUrl`: no feed."""
    reader = _OpmlReader()
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    with suppress(expat.ExpatError):  # what was read up to the fault stays
        parser.ParseFile(BytesIO(mended(xml_text(data, None).text)))
    return tuple(reader.feeds.values())


def read_list(data: bytes) -> tuple[Url, ...]:
    """The http(s) addresses of a text, one a line, each once; other lines and lines that begin with `#` are passed over."""
    found: dict[Url, None] = {}
    for line in unpacked(data).decode("utf-8-sig", "replace").splitlines():
        address = _address(line.strip())
        if address is not None and len(found) < MOST_ADDRESSES:
            found[address] = None
    return tuple(found)


def _address(line: str) -> Url | None:
    try:
        return parse(line) if line and not line.startswith("#") else None
    except UrlError:
        return None


class _OpmlReader:
    """Collects the outlines of a document while expat walks through it."""

    def __init__(self) -> None:
        self.feeds: dict[Url, OpmlFeed] = {}
        self._folders: list[str | None] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name.lower() != "outline":
            return
        given = {key.lower(): " ".join(value.split()) for key, value in attributes.items()}
        title = given.get("title") or given.get("text") or ""
        url = resolved(given.get("xmlurl"), "http://-.invalid/") if "://" in given.get("xmlurl", "") else None
        if url is not None and url not in self.feeds and len(self.feeds) < MOST_ADDRESSES:
            tags = tuple(dict.fromkeys(folder for folder in self._folders if folder))
            self.feeds[url] = OpmlFeed(url=url, title=title, tags=tags)
        self._folders.append(None if given.get("xmlurl") else title)

    def end(self, name: str) -> None:
        if name.lower() == "outline":
            self._folders.pop()
