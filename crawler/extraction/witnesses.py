"""What a page's witnesses say its headline is: JSON-LD, OpenGraph, its own headings, `<title>`; unjudged."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Final

from crawler.extraction.head import Head
from crawler.extraction.mastheads import Names, is_site

MOST_CHARS: Final = 500
_MOST_H1S: Final = 8
HEADINGS: Final = ("h1", "bare")
_OTHERS: Final = ("title", "headline", "dc.title", "sailthru.title", "parsely-title")
_MISREAD: Final = re.compile("[\x80-\x9f]")
"""Signs that no text has: what is left of UTF-8 that a program took for Latin-1."""


def witnesses(head: Head) -> list[tuple[str, str]]:
    """What the witnesses say, in the order of their trust, each with who it is."""
    metas = head.metas
    og, twitter = metas.get("og:title", ())[:1], metas.get("twitter:title", ())[:1]
    said = [
        (head.story.headline, "json-ld"),
        *[(text, "og") for text in og],
        *[(text, "twitter" if og else "og") for text in twitter],
        *[(text, "h1") for text in _fitting(head.h1s)[:_MOST_H1S]],
        *[(text, "bare") for text in _fitting(head.bare_h1s)],
        *[(metas[name][0], "meta") for name in _OTHERS if name in metas],
        (head.title, "title"),
    ]
    return [(_meant(text), where) for text, where in said if text]


def _fitting(texts: Iterable[str]) -> list[str]:
    return [text for text in texts if len(text) <= MOST_CHARS]


def _meant(text: str) -> str:
    """A title where a program wrote entities twice, or took UTF-8 for Latin-1."""
    if "&" in text and ";" in text:
        text = html.unescape(text)
    if not text.isascii() and _MISREAD.search(text):
        try:
            return text.encode("latin-1").decode("utf-8")
        except UnicodeError:
            return text
    return text


def of_front_page(head: Head, sites: Names) -> list[tuple[str, str]]:
    """What is said, without slogans in headings where OpenGraph has a title: that was right on 11 front pages of 12."""
    found = witnesses(head)
    if head.story.headline is None and any(where == "og" and not is_site(text, sites) for text, where in found):
        return [one for one in found if one[1] not in HEADINGS]
    return found


def first_of(said: list[tuple[str, str]]) -> dict[str, str]:
    """The first thing that each witness says."""
    return {where: text for text, where in reversed(said)}
