"""Section and home pages: the links that look like articles, by the shape of their addresses, in any script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.charset import decode
from crawler.model import Discovery, Url, Value
from crawler.sources.discovery import find_feeds
from crawler.sources.onward import onward
from crawler.sources.shapes import ARTICLE, score
from crawler.urls import dedupe_key

MOST_LINKS: Final = 1_000
"""Of one page; a list of articles is shorter, and a trap is longer."""
_ENOUGH: Final = 3  # where fewer articles stand outside of menus and footers, the page is a list that calls itself a menu
_ASIDE: Final = "nav a[href], footer a[href], [role=navigation] a[href], [role=contentinfo] a[href]"


class _Anchor(Value, frozen=True, kw_only=True):
    """An address on the page, with the best it was called by."""

    url: Url
    words: int
    aside: bool
    """It stands only in menus and footers."""


def read_section(data: bytes, *, url: str, content_type: str | None) -> Discovery:
    """The links of an HTML page that look like articles: on its own site, in its order, each once; and the feeds it announces.

    Menus and footers count only where the rest of the page has hardly a link.
    """
    tree = LexborHTMLParser(decode(data, content_type).text)
    anchors = _anchors(tree, url)
    links = [anchor for anchor in anchors if score(anchor.url, words=anchor.words) >= ARTICLE]
    inside = [anchor.url for anchor in links if not anchor.aside]
    kept = inside if len(inside) >= _ENOUGH else [anchor.url for anchor in links]
    return Discovery(
        found="section" if kept else "nothing",
        links=tuple(kept[:MOST_LINKS]),
        feeds=find_feeds(data, url=url, content_type=content_type),
        items=len(kept),
        title=_title(tree),
        note=None if kept else "no link on this page looks like an article",
    )


def _title(tree: LexborHTMLParser) -> str | None:
    title = tree.css_first("title")
    return " ".join(title.text().split())[:1_000] or None if title else None


def _anchors(tree: LexborHTMLParser, url: str) -> list[_Anchor]:
    """The page's links within its site, one an article: several links to it count as one, with the longest words."""
    aside = {node.mem_id for node in tree.css(_ASIDE)}
    found: dict[str, _Anchor] = {}
    for node, address in onward(tree, url):
        key = dedupe_key(address)
        before = found.get(key)
        found[key] = _Anchor(
            url=before.url if before else address,
            words=max(_words(node), before.words if before else 0),
            aside=node.mem_id in aside and (before is None or before.aside),
        )
    return list(found.values())


def _words(node: LexborNode) -> int:
    """Words of a link; in a script without spaces, each two characters count as one."""
    text = node.text(separator=" ")[:500]
    return max(len(text.split()), sum(_unspaced(text)) // 2)


def _unspaced(text: str) -> Iterator[bool]:
    return (char >= "\u2e80" or "\u0e00" <= char <= "\u0eff" for char in text)
