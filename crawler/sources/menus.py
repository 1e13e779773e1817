"""The section pages a site's front page leads to, in any script: by where their links stand and how their addresses look."""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

from crawler.charset import decode
from crawler.model import Url, Value
from crawler.sources.onward import onward
from crawler.sources.shapes import ARTICLE, score
from crawler.urls import dedupe_key

MOST_SECTIONS: Final = 40
_MENU: Final = "nav a[href], header a[href], [role=navigation] a[href], [class*=menu] a[href], [id*=menu] a[href]"
_FOOT: Final = "footer a[href], [role=contentinfo] a[href]"
_MOST_WORDS: Final = 4  # sections are called by a word or two, headlines have more
_DEEPEST: Final = 3
_ENOUGH: Final = 3  # fewer than that are no menu but what its rules left over: then all of it is kept


class _Link(Value, frozen=True, kw_only=True):
    url: Url
    points: int


def likely_sections(data: bytes, *, url: str, content_type: str | None) -> tuple[Url, ...]:
    """The addresses on an HTML page that are likely sections of its site, the likeliest first, each once.

    A section is on the same site, isn't the page or one above it, has a short address that doesn't look like an article's,
    and is called by a word or a few. What stands in a menu comes first, what stands in the foot of the page only where there
    is no menu.
    """
    tree = LexborHTMLParser(decode(data, content_type).text)
    menu = {node.mem_id for node in tree.css(_MENU)}
    foot = {node.mem_id for node in tree.css(_FOOT)}
    found: dict[str, _Link] = {}
    for node, address in onward(tree, url):
        if not _like_section(address, node.text(separator=" ")[:500].split()):
            continue
        points = 2 * (node.mem_id in menu) - 2 * (node.mem_id in foot and node.mem_id not in menu) - _deep(address)
        before = found.setdefault(dedupe_key(address), _Link(url=address, points=points))
        if points > before.points:
            found[dedupe_key(address)] = _Link(url=before.url, points=points)
    return _best(list(found.values()))


def _best(links: list[_Link]) -> tuple[Url, ...]:
    above = [link for link in links if link.points > -_DEEPEST]
    kept = above if len(above) >= _ENOUGH else links
    return tuple(link.url for link in sorted(kept, key=lambda link: -link.points)[:MOST_SECTIONS])


def _like_section(address: Url, words: list[str]) -> bool:
    """Whether an address and what it is called by may be a section's: `/world`, `/ar/اقتصاد/`, `/?cat=7`."""
    parts = urlsplit(address)
    if not 1 <= len(words) <= _MOST_WORDS or not any(word[0].isalpha() for word in words):
        return False
    name = unquote(parts.path, errors="replace").rstrip("/").rpartition("/")[2]
    # a dot is a file's (`/logo.png`), but for the pages of old servers
    plain = "." not in name or name.lower().endswith((".html", ".htm", ".php", ".aspx"))
    short = _deep(address) <= _DEEPEST and (name or parts.query) and len(parts.query) <= 40
    return bool(plain and short and score(address, words=1) < ARTICLE)


def _deep(address: Url) -> int:
    return urlsplit(address).path.rstrip("/").count("/")
