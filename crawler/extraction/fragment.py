"""A piece of HTML that is all text, as feeds carry it: nothing of it is chosen, all of it is set."""

from __future__ import annotations

from typing import Final

from selectolax.lexbor import LexborHTMLParser

from crawler.extraction import blocks, parts, tables
from crawler.extraction.fingerprint import fingerprint
from crawler.model import Article

MOST_CHARS: Final = 500_000
"""What lies behind isn't read."""


def fragment(html: str, base: str | None) -> Article:
    """An article of text, layout, links, pictures and fingerprint alone."""
    page = blocks.parse(LexborHTMLParser(f"<body>{html[:MOST_CHARS]}"))
    lines = parts.lines(tables.rows(page.blocks), base)
    composed = parts.compose(lines, MOST_CHARS)
    return Article(
        text=composed.text,
        layout=composed.layout,
        links=composed.links,
        anchors=composed.anchors,
        images=parts.pictures(page, page.blocks, [line.text for line in lines], base),
        fingerprint=fingerprint(composed.text),
    )
