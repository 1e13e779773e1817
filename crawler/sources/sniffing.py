"""Which kind of document this is: by content; the declared type only tips the scale."""

from __future__ import annotations

import re
from typing import Final, Literal

from crawler.charset import utf16
from crawler.sources import codepages
from crawler.sources.prolog import end_of_doctype, is_doctype, past_asides
from crawler.sources.unpack import unpacked

Sniffed = Literal["feed", "sitemap", "html", "text", "opml", "list", "other"]
"""What a document is. `list`: a text whose every line is an http(s) address. `other`: nothing we read."""

_HEAD: Final = 65_536
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))

_ROOTS: Final[dict[str, Sniffed]] = {
    "rss": "feed",
    "feed": "feed",
    "entry": "feed",
    "channel": "feed",
    "urlset": "sitemap",
    "sitemapindex": "sitemap",
    "opml": "opml",
    "html": "html",
}
# Elements an HTML fragment may begin with: tags are optional in HTML, so a page need not say `<html>`.
_HTML_NAMES: Final = """
head body title meta link script style base div p span a b i table tr td ul ol li h1 h2 h3 article section main header
nav footer form img br hr center font noscript iframe frameset pre blockquote aside figure strong em
"""
_HTML: Final = frozenset(_HTML_NAMES.split())
_ELEMENT: Final = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
_TELLING: Final = re.compile(
    r"<(?:(?P<feed>rss|feed|rdf:RDF)|(?P<sitemap>urlset|sitemapindex)|(?P<opml>opml)|(?P<html>html|!doctype\s+html))[\s>]",
    re.IGNORECASE,
)
_RSS_1: Final = re.compile(r"<(?:\w+:)?(?:channel|item)[\s>]|xmlns=[\"']http://(?:purl\.org/rss/|my\.netscape\.com/rdf/)")
# How more than half of all pages begin: to look at the characters of 64 KB besides tells nothing more of them, and takes 12 us.
_PAGE: Final = re.compile(rb"\s*<!doctype html>\s*<html[\s>]", re.IGNORECASE)
_DOCTYPE_HTML: Final = re.compile(r"<!doctype\s+html\b", re.IGNORECASE)
_JSON_FEED: Final = re.compile(r"jsonfeed\.org/version|^\{\s*\"items\"\s*:\s*\[\s*\{|\"items\"\s*:\s*\[\s*\{\s*\"(?:id|url)\"")
_BINARY: Final = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]|\A%PDF|\A%!PS|\x00")
# Bytes written as letters (base64 and the like); scripts that don't space their words aren't ASCII.
_BLOB: Final = re.compile(r"(?:[\x21-\x7e]{60,}\s+){8}")
_ADDRESS: Final = re.compile(rb"https?://\S+", re.IGNORECASE)


def sniff(data: bytes, mime: str | None) -> Sniffed:
    """The kind of a document, packed by gzip or not. `mime` is the declared type without parameters, or None."""
    if _PAGE.match(data) and "xml" not in (mime or ""):
        return "html"
    data = unpacked(data)
    head = _head(data)
    start = _past_prolog(head)
    if head.startswith("<", start):
        return _markup(head, start, mime or "")
    if head.startswith(("{", "["), start):
        return _json(head[start:], mime or "")
    return _plain(data, head, start, mime or "")


def is_json(data: bytes) -> bool:
    """Whether an unpacked document begins as a JSON object does."""
    head = _head(data[:512])
    return head.startswith("{", _past_prolog(head))


def _head(data: bytes) -> str:
    """The beginning as characters; markup is ASCII, so Latin-1 does for all that isn't UTF-16."""
    head = data[:_HEAD]
    if (strange := codepages.decoded(head)) is not None:
        return strange.text
    for mark, charset in _BOMS:
        if head.startswith(mark):
            return head[len(mark) :].decode(charset, "replace")
    name = utf16(head)
    return head.decode("utf-16-le" if name == "utf-16le" else "utf-16-be" if name else "latin-1", "replace")


def _past_prolog(head: str) -> int:
    """Where the first thing stands that is no blank, comment, processing instruction or doctype other than HTML's."""
    at = past_asides(head)
    while is_doctype(head, at) and not _DOCTYPE_HTML.match(head, at):
        at = past_asides(head, end_of_doctype(head, at))
    return at


def _markup(head: str, start: int, mime: str) -> Sniffed:
    if _DOCTYPE_HTML.match(head, start):
        behind = _ELEMENT.match(head, past_asides(head, end_of_doctype(head, start)))
        if behind and _ROOTS.get(behind[1].lower()) == "feed":  # a generator that puts a page's doctype above all
            return "feed"
        return _first_telling(head, start + 9) if "xml" in mime else "html"
    found = _ELEMENT.match(head, start)
    name = found[1].lower() if found else ""
    if name == "rdf":
        return "feed" if _RSS_1.search(head) else "other"
    if name in _ROOTS:
        return _ROOTS[name]
    if name in _HTML:
        return _first_telling(head, start, otherwise="html")
    return _unknown_root(head, mime)


def _unknown_root(head: str, mime: str) -> Sniffed:
    if re.search(r"<(?:\w+:)?(?:item|entry)[\s>]", head):
        return "feed"
    telling = _first_telling(head, 0, otherwise="other")
    return "html" if telling == "other" and "html" in mime else telling


def _first_telling(head: str, start: int, otherwise: Sniffed = "html") -> Sniffed:
    """The first root element of a kind we know: what comes before it is a server's warning or a comment."""
    is_rss_1 = _RSS_1.search(head) is not None
    is_rss_1 = _RSS_1.search(head) is not None
    for found in _TELLING.finditer(head, start):
        if found["feed"] and not is_rss_1 and found["feed"].lower() == "rdf:rdf":
            continue  # a trackback of an old blog, a drawing's metadata: RDF within a page, but no RSS
        kinds: tuple[Sniffed, ...] = ("feed", "sitemap", "opml", "html")
        return next(kind for kind in kinds if found[kind])
    return otherwise


def _json(head: str, mime: str) -> Sniffed:
    if _JSON_FEED.search(head) or mime == "application/feed+json":
        return "feed"
    return "other" if head.startswith("{") or "json" in mime else "text"


def _plain(data: bytes, head: str, start: int, mime: str) -> Sniffed:
    if start == len(head) or _BINARY.search(head, start) or _BLOB.match(head, start):
        return "other"
    if head[start : start + 4].lower() == "http" and _only_addresses(data):
        return "list"
    return _first_telling(head, start, otherwise="html" if "html" in mime else "text")


def _only_addresses(data: bytes) -> bool:
    lines = data.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").split()
    return len(lines) == _lines(data) and all(_ADDRESS.fullmatch(line) for line in lines)


def _lines(data: bytes) -> int:
    return sum(1 for line in data.replace(b"\0", b"").splitlines() if line.strip(b"\xef\xbb\xbf\t "))
