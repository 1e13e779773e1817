"""Sitemaps (sitemaps.org): urlset, sitemapindex, plain text; also the RSS and Atom feeds sites hand in as one."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from io import BytesIO
from typing import Final
from xml.parsers import expat

from crawler.model import Discovery, Url
from crawler.sources.feed import read_feed
from crawler.sources.lists import read_list
from crawler.sources.markup import resolved
from crawler.sources.mending import mended, xml_text
from crawler.sources.sniffing import sniff
from crawler.sources.unpack import unpacked
from crawler.urls import hostname, site

MOST_URLS: Final = 50_000
"""Of one sitemap; the limit of the protocol. What lies behind it is not read."""
_MOST_DEPTH: Final = 32
_MOST_LOC: Final = 20_000


def read_sitemap(data: bytes, *, url: str) -> Discovery:
    """The pages (`links`) or further sitemaps (`sitemaps`) of a sitemap, in its order, each once.

    Only addresses of the sitemap's own site are kept; `items` counts all. Of a broken document what lies before the fault
    is kept.
    """
    data = unpacked(data)
    kind = sniff(data, None)
    if kind == "html":
        return Discovery(found="nothing", note="this is an HTML page, not a sitemap")
    if kind == "feed":
        return _from_feed(data, url)
    if kind == "list":
        pages: list[Url] = list(read_list(data))
        return _discovery(pages, [], url)
    reader = _read(data, url)
    return _discovery(reader.pages, reader.children, url)


def _from_feed(data: bytes, url: str) -> Discovery:
    feed = read_feed(data, url=url, content_type=None, known={})
    return _discovery([entry.link for entry in feed.entries if entry.link], [], url)


def _discovery(pages: list[Url], children: list[Url], url: str) -> Discovery:
    if not pages and not children:
        return Discovery(found="nothing", note="there is no address in this sitemap")
    return Discovery(
        found="sitemap",
        links=_own(pages, url),
        sitemaps=_own(children, url),
        items=len(pages) + len(children),
    )


def _own(found: Iterable[Url], url: str) -> tuple[Url, ...]:
    """Those on the site of `url`, each once: nobody may send us to somebody else's house (sitemaps.org, "location")."""
    home = site(hostname(url))
    sites: dict[str, bool] = {}
    kept: dict[Url, None] = {}
    for address in found:
        name = hostname(address)
        if name not in sites:
            sites[name] = site(name) == home
        if sites[name]:
            kept[address] = None
    return tuple(kept)


def _read(data: bytes, url: str) -> _Reader:
    reader = _Reader(url)
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    with suppress(expat.ExpatError, _EnoughError):  # what was read up to the fault stays
        parser.ParseFile(BytesIO(mended(xml_text(data, None).text)))
    return reader


class _EnoughError(Exception):
    """The most addresses, or the deepest nesting, of a sitemap is reached."""


class _Reader:
    """Collects `url/loc` and `sitemap/loc` while expat walks through, whatever their namespace or case."""

    def __init__(self, url: str) -> None:
        self.pages: list[Url] = []
        self.children: list[Url] = []
        self._url = url
        self._path: list[str] = []
        self._loc: list[str] | None = None

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        if len(self._path) >= _MOST_DEPTH:
            raise _EnoughError
        local = name.rpartition(":")[2].lower()
        if local == "loc" and self._path and self._path[-1] in ("url", "sitemap"):
            self._loc = []
        self._path.append(local)

    def text(self, text: str) -> None:
        if self._loc is not None and len(self._loc) < _MOST_LOC:
            self._loc.append(text[:_MOST_LOC])

    def end(self, _name: str) -> None:
        local = self._path.pop()
        if local != "loc" or self._loc is None:
            return
        address = resolved("".join(self._loc), self._url)
        self._loc = None
        if address is None:
            return
        (self.children if self._path[-1] == "sitemap" else self.pages).append(address)
        if len(self.pages) + len(self.children) >= MOST_URLS:
            raise _EnoughError
