"""The addresses that a page's attributes and style sheets name for what is drawn with them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from crawler import urls
from crawler.model import Url

CSS_URL: Final = re.compile(r"url\(\s*(?:\"([^\"]*)\"|'([^']*)'|([^)\"'\s]*))\s*\)", re.IGNORECASE)
CSS_IMPORT: Final = re.compile(r"@import\s+(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
LAZY: Final = ("data-src", "data-original", "data-lazy-src", "data-lazy")
"""Where pages keep the address of a picture that a script loads once it comes into view; the first that is there holds."""
LAZY_LISTS: Final = ("data-srcset", "data-lazy-srcset", "data-original-set")
_CANDIDATE: Final = re.compile(r"\s*([^\s,]\S*[^\s,]|[^\s,])(\s+[^,]*)?\s*(?:,|$)")
_MOST_CANDIDATES: Final = 100
MOST_DATA: Final = 1 << 20


def base_of(tree: LexborHTMLParser, url: Url) -> Url:
    """What relative addresses of a page stand for: its own address, or what it says."""
    said = tree.css_first("base[href]")
    return absolute(said.attributes.get("href"), url) or url if said is not None else url


def absolute(text: str | None, base: Url) -> Url | None:
    """As an http(s) address; None: it is none."""
    try:
        return urls.parse(text.strip(), base) if text and text.strip() else None
    except urls.UrlError:
        return None


def candidates(value: str) -> list[tuple[str, str]]:
    """Address and size of each picture of a `srcset`."""
    found = [(one[1], one[2] or "") for one in _CANDIDATE.finditer(value[:MOST_DATA])]
    return found[:_MOST_CANDIDATES]


def in_css(css: str, base: Url) -> Iterator[Url]:
    """What a style sheet names: pictures and fonts, then other sheets."""
    for pattern in (CSS_URL, CSS_IMPORT):
        for found in pattern.finditer(css):
            address = absolute(next((group for group in found.groups() if group), None), base)
            if address is not None:
                yield address
