"""The headline: what the page's own headings, OpenGraph, JSON-LD and `<title>` agree on, without the site's name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from crawler.extraction.head import Head
from crawler.extraction.words import key

MOST_CHARS: Final = 500
_MOST_H1S: Final = 8
_LEAST: Final = 12
_BARS: Final = re.compile(r"\s+[|\-–—·•»«›:/~_]+\s+|\s*[|｜ㅣ▷]\s*|\s*(?:::|--)\s*|[_＿]|\s+:\s*|(?<=\S)[–—](?=\S)")
_BAR: Final = re.compile(r"[|\-–—·•»«›:/~_｜ㅣ▷＿]")
"""Without one of these there is no bar: found out in a tenth of the time."""

# How much a witness's word counts, and how much that the whole of a headline stands within what it says. Chosen by hand and
# looked at on four sets; a fit on three of them was no better on the fourth.
_WORTH: Final = {"json-ld": 5.0, "h1": 3.1, "og": 2.0, "meta": 2.0, "title": 1.0, "twitter": 0.5}
_HELD: Final = {"json-ld": 1.2, "h1": 1.2, "og": 1.2, "title": 0.4}
_RANKS: Final = ("twitter", "title", "meta", "og", "json-ld", "h1")
_BORNE_OUT: Final = 0.6
_ALONE: Final = 0.3
"""Shares of the words two headlines have in common, from which on an h1 is the article's and below which it is the page's."""
_FEW: Final = 18
_SITE_WORDS: Final = 4
_SITE_LEAST: Final = 4


class Named(NamedTuple):
    """A headline as witnesses have it."""

    text: str
    key: str
    where: tuple[str, ...]


class _Names(NamedTuple):
    """Keys of a site's names, without blanks; and those that had none, at which a longer name may begin or end."""

    all: frozenset[str]
    words: tuple[str, ...]

    @classmethod
    def of(cls, sites: frozenset[str]) -> _Names:
        words = tuple(site for site in sites if " " not in site and len(site) >= _SITE_LEAST)
        return cls(frozenset(site.replace(" ", "") for site in sites), words)


def headline(head: Head, sites: frozenset[str]) -> tuple[str, str] | None:
    """The title and who said so. `sites`: keys of the site's names."""
    said = [(text, where) for text, where in _said(head) if text]
    names = _Names.of(sites | _masthead(head))
    bare = {text: _without_site(text, names) for text, _ in said}  # most say the same
    named = _distinct([(bare[text], where) for text, where in said], names)
    if not named:
        return None
    full = [(key(text), where) for text, where in said]
    best = max(named, key=lambda one: _weight(one, named, full))
    where = max(best.where, key=_RANKS.index)
    return best.text[:MOST_CHARS], "og" if where == "twitter" else where


def _distinct(said: list[tuple[str, str]], sites: _Names) -> list[Named]:
    """Each headline once, with all who say it."""
    found: dict[str, Named] = {}
    for text, where in said:
        folded = key(text)
        if folded and not _is_site(text, sites):
            known = found.get(folded, Named(text, folded, ()))
            found[folded] = known._replace(where=(*known.where, where))
    return list(found.values())


def _masthead(head: Head) -> frozenset[str]:
    """Keys of an h1 that is the site's name: the only one, and the shorter last part of `<title>`."""
    only = {key(text) for text in head.h1s}
    parts = _BARS.split(head.title or "") if len(only) == 1 else []
    if len(parts) < 2:
        return frozenset()
    last = key(parts[-1])
    return frozenset(only) if only == {last} and len(last) < len(key(" ".join(parts[:-1]))) else frozenset()


def _weight(one: Named, named: list[Named], full: list[tuple[str, str]]) -> float:
    """How many say the same, or hold it in what they say; an h1 that nobody else has must be like what others say."""
    weight = sum(_WORTH[where] for where in set(one.where))
    if len(one.key) > 15:
        holders = {where for text, where in full if one.key in text and where not in one.where}
        weight += sum(_HELD.get(where, 0.0) for where in holders)
    return weight + (_likeness(one, named) if set(one.where) == {"h1"} else 0.0)


def _likeness(one: Named, named: list[Named]) -> float:
    others = [other for other in named if set(other.where) & {"json-ld", "og", "twitter", "title"}]
    if not others:
        return 0.0
    shared = max(_shared(one.key, other.key) for other in others)
    several = sum("h1" in other.where for other in named) > 1
    return (
        (1.0 if shared >= _BORNE_OUT else -2.0 if shared < _ALONE else 0.0)
        - (3.0 if several and shared < _BORNE_OUT else 0.0)
        + (4.0 if any(other.key.startswith(f"{one.key} ") for other in others) else 0.0)
        - (1.0 if len(one.key) < _FEW else 0.0)
    )


def _shared(one: str, other: str) -> float:
    """The share of the shorter one's words (of unspaced scripts, signs) that both have."""
    mine, theirs = _words(one), _words(other)
    return len(mine & theirs) / max(1, min(len(mine), len(theirs)))


def _words(text: str) -> set[str]:
    return set(text.split()) if " " in text else set(text)


def sure(head: Head, title: str) -> float:
    """How sure a title is: by how many kinds of witnesses have it, alone or within what they say."""
    wanted = key(title)
    said = [(key(text), where) for text, where in _said(head) if text]
    alike = {where for text, where in said if text == wanted or (len(wanted) > _LEAST and wanted in text)}
    if len(alike) > 1:
        return 0.98 if len(alike) > 2 else 0.9
    return 0.8 if len({where for _, where in said}) == 1 else 0.6


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
    other = [
        value for name in ("title", "headline", "dc.title", "sailthru.title", "parsely-title") for value in head.every(name)[:1]
    ]
    said = [(head.story.headline or "", "json-ld"), *((t, "og") for t in head.every("og:title")[:1])]
    twitter = [(t, "twitter" if head.every("og:title") else "og") for t in head.every("twitter:title")[:1]]
    return [*said, *twitter, *((h, "h1") for h in h1s[:_MOST_H1S]), *((t, "meta") for t in other), (head.title or "", "title")]


def _without_site(text: str, sites: _Names) -> str:
    """The text without a site's name before or after a bar; of a text with several bars, as often as there is one."""
    bars = _BARS.findall(text) if _BAR.search(text) else []
    if not bars:
        return text.strip()
    parts = _BARS.split(text)
    while len(parts) > 1 and (_is_site(parts[-1], sites) or _is_called_after(parts[-1], sites)):
        parts.pop()
        bars.pop()
    while len(parts) > 1 and _is_site(parts[0], sites):
        parts.pop(0)
        bars.pop(0)
    return "".join(p + b for p, b in zip(parts, [*bars, ""], strict=True)).strip()


def _is_site(part: str, sites: _Names) -> bool:
    name = key(part)
    return not name or name.replace(" ", "") in sites.all


def _is_called_after(part: str, sites: _Names) -> bool:
    """A few words that begin or end with one of the site's names: "Riverton Forums" on riverton.example."""
    name = key(part)
    bare = name.replace(" ", "")
    return len(name.split()) <= _SITE_WORDS and (bare.startswith(sites.words) or bare.endswith(sites.words))
