"""The words of an HTML fragment, as feeds carry them."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from crawler.model import Url
from crawler.preflight import objection
from crawler.urls import UrlError, parse

MOST_CHARS: Final = 500_000
"""Of a fragment; what lies behind it is not read."""

_BLOCKS_NAMES: Final = """
address article aside blockquote br dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li
main nav ol p pre section table tbody td tfoot th thead tr ul
"""
_BLOCKS: Final = frozenset(_BLOCKS_NAMES.split())
_SILENT: Final = "script, style, noscript, template, iframe, svg, math, head"
_TAGS: Final = re.compile(r"<[^<>]*>?")
"""All there is of markup where a fragment would keep the parser busy for seconds: 100,000 nested elements took 24."""
_SPACES: Final = re.compile(r"[^\S\n]+")


def paragraphs(html: str) -> str:
    """The text of a fragment, a paragraph a line, no empty lines."""
    if "<" not in html and "&" not in html:
        return lines(html)
    if freezes(html):
        return lines(unescape(_TAGS.sub("\n", html[:MOST_CHARS])))
    tree = LexborHTMLParser(f"<body>{_comments_closed(html[:MOST_CHARS])}")
    tree.strip_tags(_SILENT.split(", "))
    pieces: list[str] = []
    if tree.body is not None:
        for node in tree.body.traverse(include_text=True):
            if node.is_text_node:
                pieces.append((node.text_content or "").replace("\n", " "))
            elif node.tag in _BLOCKS:
                pieces.append("\n")
    return lines("".join(pieces))


def freezes(html: str) -> bool:
    """Whether a fragment would keep the parser busy for seconds."""
    return objection(html[:MOST_CHARS].encode("utf-8", "replace")) is not None


def _comments_closed(html: str) -> str:
    """A last comment that never ends, ended at the next `>`: for a browser all the rest is comment."""
    opened = html.rfind("<!--")
    if opened < 0 or html.find("-->", opened) >= 0:
        return html
    close = html.find(">", opened)
    return html[:opened] + (html[close + 1 :] if close >= 0 else "")


def lines(text: str) -> str:
    """Plain text with its blanks made one and its empty lines gone."""
    kept = (_SPACES.sub(" ", line).strip() for line in text[:MOST_CHARS].splitlines())
    return "\n".join(line for line in kept if line)


def words(html: str) -> str:
    """The text of a fragment in one line: a title."""
    return " ".join(paragraphs(html).split())


def resolved(reference: str | None, base: str | None) -> Url | None:
    """The address a reference means, or None if it means none we can fetch."""
    if not reference or not reference.strip():
        return None
    try:
        return parse(reference.strip(), base)
    except UrlError:
        return None
