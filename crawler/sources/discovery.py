"""Feeds a page announces, in its head or in the head of its answer; and where they often are, for who wants to try."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.charset import decode
from crawler.model import Url
from crawler.sources.markup import resolved
from crawler.urls import parse

MOST_FEEDS: Final = 50
_TYPES: Final = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "application/x.atom+xml"}
)


_USUAL_PLACES: Final = "feed rss feed.xml rss.xml atom.xml index.xml feed.json sitemap.xml sitemap_index.xml news-sitemap.xml"
_MOST_HEADER: Final = 16_384
# A parameter's value in quotes may hold commas and semicolons.
_LINK: Final = re.compile(r'<([^<>]*)>((?:[^,"<]|"(?:[^"\\]|\\.)*")*)')
_PARAMETER: Final = re.compile(r';\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*))')


def find_feeds(data: bytes, *, url: str, content_type: str | None = None) -> tuple[Url, ...]:
    """The feeds an HTML page links to as alternates of itself, in its order, each once.

    `rel` is a list of tokens in any case and order, `type` may have parameters and blanks, `href` is resolved against
    `<base>` (RSS advisory board, "RSS autodiscovery"; HTML, section 4.6.7.1).
    """
    tree = LexborHTMLParser(decode(data, content_type).text)
    base = base_of(tree, url)
    found: dict[Url, None] = {}
    for node in tree.css("link[rel][href], a[rel][type][href]"):
        feed = resolved(node.attributes.get("href"), base) if _announces(node) else None
        if feed is not None:
            found[feed] = None
    return tuple(found)[:MOST_FEEDS]


def base_of(tree: LexborHTMLParser, url: str) -> str:
    """What the links of a page are relative to: its first `<base href>`, else its own address."""
    base = tree.css_first("base[href]")
    return (resolved(base.attributes.get("href"), url) if base else None) or url


def _announces(node: LexborNode) -> bool:
    return _is_feed(node.attributes.get("rel") or "", node.attributes.get("type") or "")


def _is_feed(rel: str, mime: str) -> bool:
    tokens = rel.lower().split()
    return "alternate" in tokens and "stylesheet" not in tokens and mime.partition(";")[0].strip().lower() in _TYPES


def header_feeds(link: str | None, *, url: str) -> tuple[Url, ...]:
    """The feeds a `Link` header announces (RFC 8288), in its order, each once; several headers are joined by commas."""
    found: dict[Url, None] = {}
    for address, said in _links(link or ""):
        feed = resolved(address, url) if _is_feed(said.get("rel", ""), said.get("type", "")) else None
        if feed is not None:
            found[feed] = None
    return tuple(found)[:MOST_FEEDS]


def usual_places(url: str) -> tuple[Url, ...]:
    """Where feeds and sitemaps of a site often are though nothing announces them: nobody is asked for them unasked."""
    home = parse("/", url)
    return tuple(parse(place, home) for place in _USUAL_PLACES.split())


def named_sitemaps(named: Iterable[str], *, url: str) -> tuple[Url, ...]:
    """The sitemaps a robots.txt names, of any host: it speaks for the site, so it may hand its sitemap to another.

    `url` is the address of the robots.txt. The protocol wants whole addresses, so a relative one is none.
    """
    found = (resolved(name, url) for name in named if name.strip().lower().startswith(("https://", "http://")))
    return tuple(dict.fromkeys(address for address in found if address is not None))[:MOST_FEEDS]


def _links(header: str) -> list[tuple[str, dict[str, str]]]:
    """Targets and parameters; of a parameter that comes twice the first counts (RFC 8288, section 3)."""
    links: list[tuple[str, dict[str, str]]] = []
    for found in _LINK.finditer(header[:_MOST_HEADER]):
        said: dict[str, str] = {}
        for name, quoted, plain in _PARAMETER.findall(found[2]):
            said.setdefault(name.lower(), re.sub(r"\\(.)", r"\1", quoted) or plain)
        links.append((found[1].strip(), said))
    return links
