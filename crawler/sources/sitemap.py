"""Sitemaps (sitemaps.org): urlset, sitemapindex, plain text, Google's news extension; RSS and Atom that is handed in as one.

Read as a stream: 50,000 addresses cost some hundred KB and what is kept of them. Deliberately absent: `changefreq` and
`priority`, which templates fill in; `lastmod` is told but not believed (`crawler.sources.trust`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Final
from xml.parsers import expat

from crawler import dates
from crawler.model import Discovery, Entry, Millis, Url, Value
from crawler.sources.feed import read_feed
from crawler.sources.lists import read_list
from crawler.sources.markup import resolved
from crawler.sources.sniffing import Sniffed, sniff
from crawler.sources.streamed import pieces
from crawler.sources.trust import moment
from crawler.sources.unpack import CHUNK, chunks_of, unpacked, unzipped
from crawler.urls import hostname, site

MOST_URLS: Final = 50_000
"""Of one sitemap; the limit of the protocol. What lies behind it is not read."""
MOST_NEWS: Final = 5_000
"""Addresses of one sitemap that are told with title and date; Google's limit for news sitemaps is 1,000."""
_MOST_DEPTH: Final = 32  # the format has five levels
_MOST_BUFFERS: Final = 4
"""Of expat, 8 KB each: no field is longer."""
_ROWS: Final = frozenset({"url", "sitemap"})
# A field and what it must stand in: pictures and films have titles, too.
_PARENTS: Final[dict[str, frozenset[str]]] = {
    "loc": _ROWS,
    "lastmod": _ROWS,
    "title": frozenset({"news"}),
    "publication_date": frozenset({"news"}),
    "language": frozenset({"publication"}),
}
_USUAL: Final = "url sitemap loc lastmod news:news news:publication news:name news:language news:publication_date news:title"


def _named(name: str) -> tuple[str, frozenset[str] | None]:
    local = name.rpartition(":")[2].lower()
    return local, _PARENTS.get(local)


_NAMES: Final = {name: _named(name) for name in _USUAL.split()}
"""A name in any namespace, and what it must stand in if it is a field. Looked up: a sitemap has half a million names."""


class Located(Value, frozen=True, kw_only=True):
    """One address of a sitemap and what is said of it, as it is written there."""

    url: Url
    child: bool = False
    """A further sitemap, not a page."""
    lastmod: str | None = None
    published: str | None = None
    """`news:publication_date`; with it or a title it is news."""
    title: str | None = None
    language: str | None = None

    @property
    def news(self) -> bool:
        """Whether the news extension speaks of it."""
        return self.published is not None or self.title is not None


def located(chunks: Iterable[bytes], *, url: str) -> Iterator[Located]:
    """The addresses of an XML sitemap, packed by gzip or not, in its order, of any site, as they are read.

    At most `MOST_URLS`, of the first 50 MB; of a broken document those before the fault.
    """
    reader, left = _Reader(expat.ParserCreate("utf-8"), url), MOST_URLS
    for piece in pieces(unzipped(chunks)):
        whole = reader.read(piece)
        rows = reader.taken()
        yield from rows[:left]
        left -= len(rows)
        if left <= 0 or not whole:
            break
    reader.close()
    yield from reader.taken()[: max(left, 0)]


def read_sitemap(data: bytes, *, url: str, known: Mapping[str, str] | None = None) -> Discovery:
    """The pages (`links`) or further sitemaps (`sitemaps`) of a sitemap, in its order, each once.

    Only addresses of the sitemap's own site are kept; `items` counts all. Of a broken document what lies before the fault
    is kept. Given what is `known` of it (keys and item hashes), its news are told as `entries` too, new and changed ones only.
    """
    head = next(unzipped(chunks_of(data)), b"")
    kind = _kind(head)
    if kind == "html":
        return Discovery(found="nothing", note="this is an HTML page, not a sitemap")
    if kind == "feed":
        feed = read_feed(unpacked(data), url=url, content_type=None, known={})
        return _discovery((Located(url=entry.link) for entry in feed.entries if entry.link), url, None)
    if kind == "list":
        return _discovery((Located(url=address) for address in read_list(data)), url, None)
    return _discovery(located(chunks_of(data), url=url), url, known)


def _kind(head: bytes) -> Sniffed:
    """What a document is by its first chunk; the last line of a longer one may be half an address."""
    whole = len(head) < CHUNK or head.startswith(b"<")
    return sniff(head if whole else head[: head.rfind(b"\n") + 1] or head, None)


def _discovery(found: Iterable[Located], url: str, known: Mapping[str, str] | None) -> Discovery:
    ours, count = _own(url), 0
    pages: dict[Url, Millis] = {}
    read: dict[str, Millis] = {}
    children: dict[Url, None] = {}
    entries: dict[Url, Entry] = {}
    for row in found:
        count += 1
        if not ours(row.url):
            continue
        if row.child:
            children[row.url] = None
        else:
            pages[row.url] = moment(row.lastmod, read) if row.lastmod else 0
        if known is not None and row.news:
            _tell(entries, row, known)
    if not count:
        return Discovery(found="nothing", note="there is no address in this sitemap")
    return Discovery(
        found="sitemap",
        links=tuple(pages),
        told=tuple(pages.values()) if any(pages.values()) else (),
        sitemaps=tuple(children),
        entries=tuple(entries.values()),
        items=count,
    )


def _tell(entries: dict[Url, Entry], row: Located, known: Mapping[str, str]) -> None:
    """Add the news of an address, where there are any, and not too many."""
    if row.url not in entries and len(entries) < MOST_NEWS:
        entry = _entry(row, known)
        if entry is not None:
            entries[row.url] = entry


def _own(url: str) -> Callable[[Url], bool]:
    """Whether an address is on the site of `url`: nobody may send us to somebody else's house (sitemaps.org, "location")."""
    home = site(hostname(url))
    sites: dict[str, bool] = {}

    def ours(address: Url) -> bool:
        place = address.split("/", 3)[2]
        if place not in sites:
            sites[place] = site(hostname(address)) == home
        return sites[place]

    return ours


def _entry(row: Located, known: Mapping[str, str]) -> Entry | None:
    """The news of an address; None if it is known with the same words."""
    said = f"{row.title or ''}\0{row.published or ''}"
    item_hash = blake2b(said.encode("utf-8", "replace"), digest_size=16).hexdigest()
    if known.get(row.url) == item_hash:
        return None
    when = dates.read(row.published) if row.published else None
    return Entry(
        key=row.url,
        item_hash=item_hash,
        changed=row.url in known,
        link=row.url,
        title=row.title,
        published=when.iso if when else None,
        published_raw=row.published,
    )


class _EnoughError(Exception):
    """The deepest nesting of a sitemap is reached."""


class _Reader:
    """Collects `url` and `sitemap` elements while expat walks through, whatever their namespace or case."""

    def __init__(self, parser: expat.XMLParserType, url: str) -> None:
        self._parser = parser
        self._url = url
        self._rows: list[Located] = []
        self._said: dict[str, str] = {}
        """What was said of the row that is open; `loc` is its address."""
        self._path = [""]
        self._text: list[str] = []
        """Of the field that is open, and behind it of whatever follows."""
        self._open = False
        parser.buffer_text = True
        parser.ordered_attributes = True  # nobody reads them; a list costs less than a dictionary, half a million times
        # In C: to hand texts to Python only inside of fields took a tenth longer.
        parser.CharacterDataHandler = self._text.append
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def read(self, piece: bytes) -> bool:
        """Whether reading can go on behind this piece."""
        for chunk in chunks_of(piece):
            try:
                self._parser.Parse(chunk)
            except (expat.ExpatError, _EnoughError):
                return False
            del self._text[_MOST_BUFFERS:]
        return True

    def taken(self) -> list[Located]:
        """The rows read since the last call."""
        rows, self._rows = self._rows, []
        return rows

    def close(self) -> None:
        """Ends the row that is open: of a document that was cut the last address counts."""
        said, self._said = self._said, {}
        loc = said.get("loc", "")
        # nearly all are absolute, and without a base an address is read in two thirds of the time
        address = resolved(loc, None if loc.startswith(("https://", "http://")) else self._url)
        if address is not None:
            self._rows.append(
                Located(
                    url=address,
                    child="child" in said,
                    lastmod=said.get("lastmod"),
                    published=said.get("publication_date"),
                    title=said.get("title"),
                    language=said.get("language"),
                )
            )

    def _start(self, name: str, _attributes: list[str]) -> None:
        local, parents = _NAMES.get(name) or _named(name)
        path = self._path
        if parents is not None and path[-1] in parents:
            self._open = True
            self._text.clear()
        elif len(path) > _MOST_DEPTH:
            raise _EnoughError
        elif local == "sitemap":  # some indexes leave the `loc` out: there the address is a sitemap's own text
            self._open = True
            self._text.clear()
        path.append(local)

    def _end(self, _name: str) -> None:
        local = self._path.pop()
        if not self._open:
            if local in _ROWS:
                self.close()
        elif local in _PARENTS or local == "sitemap":
            self._open = False
            self._take(local, "".join(self._text[:_MOST_BUFFERS]).strip())

    def _take(self, local: str, value: str) -> None:
        if local == "sitemap":
            self._end_bare(value)
            return
        if local == "loc":
            self._begin()
        if value and local not in self._said:
            self._said[local] = value

    def _end_bare(self, value: str) -> None:
        if "loc" not in self._said and value.startswith(("https://", "http://")):
            self._said |= {"loc": value, "child": ""}
        self.close()

    def _begin(self) -> None:
        if "loc" in self._said:  # the row before wasn't closed
            self.close()
        if self._path[-1] == "sitemap":
            self._said["child"] = ""
