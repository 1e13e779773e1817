"""The headline: what the page's own headings, OpenGraph, JSON-LD and `<title>` agree on, without the site's name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from crawler.extraction.head import Head
from crawler.extraction.words import key

MOST_CHARS: Final = 500
_LEAST: Final = 12
_BARS: Final = re.compile(r"\s+[|\-–—·•»«:/~_]+\s+|\s*[|｜ㅣ▷]\s*|\s*(?:::|--)\s*|[_＿]|\s+:\s*|(?<=\S)[–—](?=\S)")
_RANKS: Final = {"h1": 3, "json-ld": 3, "og": 3, "meta": 2, "title": 1}


class Named(NamedTuple):
    """A headline as one witness has it."""

    text: str
    where: str


def headline(head: Head, sites: frozenset[str]) -> tuple[str, str] | None:
    """The title and who said so. `sites`: keys of the site's names."""
    witnesses = [Named(_without_site(text, sites), where) for text, where in _said(head) if text]
    witnesses = [w for w in witnesses if w.text and key(w.text) not in sites]
    if not witnesses:
        return None
    best = max(witnesses, key=lambda w: _agreement(w, witnesses))
    return best.text[:MOST_CHARS], best.where


def as_shown(text: str, shown: Iterable[str]) -> str:
    """A title that only `<title>` gave, without what isn't shown on the page: its longest part that is."""
    parts = _BARS.split(text[:MOST_CHARS])
    bars = [*_BARS.findall(text[:MOST_CHARS]), ""]
    keys = {key(line) for line in shown if len(line) <= MOST_CHARS} if len(parts) > 1 else set()
    for size in range(len(parts) - 1, 0, -1):
        for first in range(len(parts) - size + 1):
            some = "".join(
                part + bar for part, bar in zip(parts[first : first + size], [*bars[first : first + size - 1], ""], strict=True)
            )
            if len(some) > _LEAST and key(some) in keys:
                return some.strip()
    return text


def _said(head: Head) -> list[tuple[str, str]]:
    h1s = [h for h in head.h1s if len(h) <= MOST_CHARS]
    tagged = [value for name in ("og:title", "twitter:title") for value in head.every(name)[:1]]
    other = [
        value for name in ("title", "headline", "dc.title", "sailthru.title", "parsely-title") for value in head.every(name)[:1]
    ]
    said = [(head.story.headline or "", "json-ld"), *((t, "og") for t in tagged), *((h, "h1") for h in h1s[:3])]
    return [*said, *((t, "meta") for t in other), (head.title or "", "title")]


def _agreement(witness: Named, witnesses: list[Named]) -> tuple[float, int]:
    """How many kinds of witness say the same, or hold it in what they say; then the rank of who says it."""
    mine = key(witness.text)
    same: dict[str, float] = {}
    for other in witnesses:
        theirs = key(other.text)
        worth = 1.0 if theirs == mine else 0.4 if len(mine) > 15 and (mine in theirs) else 0.0
        same[other.where] = max(same.get(other.where, 0.0), worth * _RANKS[other.where])
    return sum(same.values()), _RANKS[witness.where]


def _without_site(text: str, sites: frozenset[str]) -> str:
    """The text without a site's name before or after a bar; of a text with several bars, as often as there is one."""
    parts = _BARS.split(text)
    if len(parts) == 1:
        return text.strip()
    bars = _BARS.findall(text)
    while len(parts) > 1 and _is_site(parts[-1], sites):
        parts.pop()
        bars.pop()
    while len(parts) > 1 and _is_site(parts[0], sites):
        parts.pop(0)
        bars.pop(0)
    return "".join(p + b for p, b in zip(parts, [*bars, ""], strict=True)).strip()


def _is_site(part: str, sites: frozenset[str]) -> bool:
    name = key(part)
    return not name or name in sites or any(name.replace(" ", "") == site.replace(" ", "") for site in sites)
