"""Whether a part of an article is kept back: by what the page says of itself, or by where its text stops."""

from __future__ import annotations

import re
from typing import Final

from crawler.extraction import labels
from crawler.extraction.head import Head
from crawler.extraction.metadata import Field
from crawler.extraction.words import fold

_TIERS: Final = ("article:content_tier", "content_tier", "article:tier", "cxenseparse:articlepaywall", "mrf:tags:paywall")
_KEPT_BACK: Final = frozenset({"locked", "paid", "premium", "subscriber", "subscribers", "subscription", "true", "closed"})
_CUT: Final = re.compile(r"(?:\[\s?(?:…|\.{3})\s?\]|\(\s?(?:…|\.{3})\s?\))[\s→»>.]*$")
_DOTS: Final = ("…", "...")


def access(head: Head, text: str, below: list[str]) -> Field | None:
    """`paywalled` where JSON-LD or a meta tag says it; `truncated` where the text stops at a cut. `below`: lines after it."""
    if not head.story.free:
        return "paywalled", "json-ld"
    if any(value.lower() in _KEPT_BACK for name in _TIERS for value in head.every(name)):
        return "paywalled", "meta"
    return ("truncated", "text") if is_cut(text, below) else None


def is_cut(text: str, below: list[str]) -> bool:
    """A text that ends in "[…]"; or in dots, and a line after it calls to read on."""
    last = text.rstrip()
    if _CUT.search(last):
        return True
    return last.endswith(_DOTS) and any(labels.READ_ON.match(fold(line)) for line in below[:3])
