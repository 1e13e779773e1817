"""What is promised of every entry point whatever bytes come: one function each, which fails where a promise is broken."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from crawler import urls
from crawler.charset import Decoded, decode, decode_xml, known
from crawler.messages import Body
from crawler.model import Article, Discovery, Kind, ParseTask, Span, Url
from crawler.parse import frames
from crawler.parse.reading import read_body
from crawler.robots import Rules
from crawler.sources import read_feed, read_list, read_opml, read_sitemap
from crawler.sources.discovery import MOST_FEEDS
from crawler.sources.items import MOST_ITEMS
from crawler.sources.lists import MOST_ADDRESSES
from crawler.sources.mending import mended, xml_text
from crawler.sources.rss import read_rss
from crawler.sources.section import MOST_LINKS
from crawler.sources.sitemap import MOST_URLS
from crawler.sources.soup import soup
from crawler.urls import UrlError
from tests.sources.eyes import same
from tests.torture.fuzz.wire import wire

URL: Final = Url("https://paper.example/news/index.html?page=2")
_LABELS: Final = """
utf-8 windows-1256 iso-8859-6 windows-1252 windows-1251 koi8-r gb18030 big5 shift_jis euc-jp iso-2022-jp euc-kr utf-16 utf-16be
x-mac-cyrillic windows-874 utf-7 nonsense
"""
_TYPES: Final = """
text/html text/html;charset=windows-1256 text/plain text/markdown;charset=utf-8 application/json application/rss+xml
text/xml;charset=iso-8859-6 application/xhtml+xml image/png multipart/mixed;boundary=x -
"""
LABELS: Final = _LABELS.split()
TYPES: Final = _TYPES.split()
TLDS: Final = (None, "com", "ir", "cn", "ru", "jp", "kr", "gr", "xn--mgbaam7a8h")
KINDS: Final = (Kind.PAGE, Kind.TARGET, Kind.SECTION, Kind.FEED, Kind.SITEMAP)

_NOWHERE: Final = Span(path="", offset=0, length=0)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_STAMP: Final = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?", re.ASCII)
_KINDS: Final = re.compile(r"[a-z]+\d?(?:\*(\d+))?")
_LEAST_OUT: Final = 20_000
_MOST_OUT: Final = 40
"""What is handed on is at most so many times as long as what came in: a link of a letter is made absolute."""


def url(data: bytes) -> None:
    """`reference NEWLINE base`."""
    text, _, base = data.decode("utf-8", "surrogateescape").partition("\n")
    try:
        address = urls.parse(text, urls.parse(base) if base else None)
    except UrlError:
        return
    assert urls.parse(address) == address
    assert address.isascii()
    assert address.startswith(("http://", "https://"))
    assert "#" not in address
    assert len(address) <= 12 * len(data) + 100
    assert urls.dedupe_key(Url(urls.dedupe_key(address))) == urls.dedupe_key(address)
    assert urls.hostname(address)
    assert "@" not in urls.host(address)
    assert address.startswith(urls.origin(address))
    assert 0 <= urls.port(address) <= 65_535
    assert urls.path(address).startswith("/")
    assert urls.same_site(address, address)
    named = urls.trusted_canonical(address, text)
    assert named is None or urls.same_site(named, address)


def robots(data: bytes) -> None:
    """`path NEWLINE robots.txt`."""
    path, _, body = data.partition(b"\n")
    rules = Rules.parse(body)
    asked = "https://paper.example/" + path.decode("utf-8", "replace")
    decision = rules.allows(asked)
    assert isinstance(decision, bool)
    assert rules.allows("https://paper.example/robots.txt")
    assert rules.crawl_delay is None or (rules.crawl_delay >= 0 and math.isfinite(rules.crawl_delay))
    for said in (*rules.sitemaps, *rules.rights.values()):
        assert said.isprintable()
    assert len(rules.sitemaps) <= body.count(b"\n") + body.count(b"\r") + 1
    if not body.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\r" not in body:
        assert Rules.parse(body.replace(b"\n", b"\r\n")).allows(asked) == decision
    assert Rules.parse(b"User-agent: *\nDisallow: /\n" + body, "nobody-we-know").allows(asked) in (True, False)


def feed(data: bytes) -> None:
    """`a byte that chooses a type, document`."""
    content_type = _chosen(TYPES, data[:1])
    found = read_feed(data[1:], url=URL, content_type=content_type, known={})
    assert found.found in ("feed", "nothing")
    _sound(found, data)
    assert len(found.entries) <= found.items <= MOST_ITEMS
    keys = [entry.key for entry in found.entries]
    assert len(keys) == len(set(keys))
    known_now = {entry.key: entry.item_hash for entry in found.entries}
    again = read_feed(data[1:], url=URL, content_type=content_type, known=known_now)
    assert again.entries == ()
    assert again.items == found.items
    sent = xml_text(data[1:], content_type).text
    plain = read_rss(sent)
    if plain is not None:
        same(plain, soup(mended(sent)))


def sitemap(data: bytes) -> None:
    """A document, read as a sitemap, and as the lists people keep."""
    found = read_sitemap(data, url=URL)
    assert found.found in ("sitemap", "nothing")
    _sound(found, data)
    assert len(found.links) + len(found.sitemaps) <= min(found.items, MOST_URLS)
    assert all(urls.same_site(address, URL) for address in (*found.links, *found.sitemaps))
    addresses = [*read_list(data), *(feed.url for feed in read_opml(data))]
    assert len(addresses) <= 2 * MOST_ADDRESSES
    assert all(urls.parse(address) == address for address in addresses)


def encoding(data: bytes) -> None:
    """`a byte each that chooses a label and a top-level domain, bytes`."""
    label, tld, body = _chosen(LABELS, data[:1]), _chosen(TLDS, data[1:2]), data[2:]
    declared = f"text/html; charset={label}"
    for read in (
        decode(body, declared, tld=tld),
        decode(body, None, html=False, tld=tld),
        decode_xml(body, declared),
        decode_xml(body, None),
    ):
        _readable(read, body)
    assert decode(body, declared, tld=tld) == decode(body, declared, tld=tld)


def html(data: bytes) -> None:
    """`a byte that chooses what it is asked for as, one that chooses a type, document`; as a parser's child reads it."""
    kind, content_type, body = _chosen(KINDS, data[:1]), _chosen(TYPES, data[1:2]), data[2:]
    headers = (("Content-Type", content_type),) if content_type != "-" else ()
    task = ParseTask(span=_NOWHERE, url=URL, kind=kind)
    found = read_body(task, Body(status=200, headers=headers, body=body, whole=True))
    _sound(found, data)
    if found.found in ("section", "nothing"):
        assert len(found.links) <= MOST_LINKS
    if found.found == "article":
        assert found.article is not None
        assert found.article.text


def _chosen(of: Sequence[Any], by: bytes) -> Any:
    return of[by[0] % len(of)] if by else of[0]


def _readable(read: Decoded, data: bytes) -> None:
    assert known(read.charset) == read.charset
    assert _SURROGATE.search(read.text) is None
    assert len(read.text) <= len(data)
    assert 0 <= read.sure <= 1


def _sound(found: Discovery, data: bytes) -> None:
    packed = frames.pack_found(found)
    assert len(packed) <= _MOST_OUT * len(data) + _LEAST_OUT
    assert len(found.feeds) <= MOST_FEEDS
    assert found.found != "nothing" or found.note
    for addresses in (found.links, found.sitemaps, found.feeds):
        assert len(addresses) == len(set(addresses))
        assert all(urls.parse(address) == address for address in addresses)
    for article in (found.article, *(entry.article for entry in found.entries)):
        if article is not None:
            _whole(article)


def _whole(article: Article) -> None:
    lines = article.text.split("\n") if article.text else []
    assert all(line.strip() for line in lines)
    assert article.text.splitlines() == lines
    assert not article.layout or sum(int(times or 1) for times in _KINDS.findall(article.layout)) == len(lines)
    for at, length, link in article.anchors:
        assert 0 <= at < at + length <= len(article.text)
        assert 0 <= link < len(article.links)
    assert all(0 <= picture.line <= len(lines) for picture in article.images)
    assert all(0 <= value <= 1 for value in article.sure.values())
    assert article.sure.keys() <= article.found_in.keys()
    for stamp in (article.published, article.modified):
        assert stamp is None or _STAMP.fullmatch(stamp)


TARGETS: Final[Mapping[str, Callable[[bytes], None]]] = MappingProxyType(
    {"url": url, "robots": robots, "feed": feed, "sitemap": sitemap, "encoding": encoding, "html": html, "wire": wire}
)
