"""A site's name within a title: before or after a bar, in full, in parts or by its first letters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from crawler.extraction.head import Head
from crawler.extraction.words import key, weigh

BARS: Final = re.compile(r"\s+[|\-–—·•»«›:/~_]+\s+|\s*[|｜ㅣ▷]\s*|\s*(?:::|--)\s*|[_＿]|\s+:\s*|(?<=\S)[–—](?=\S)")
_SIGNS: Final = r"[|\-–—·•»«›:/~_｜ㅣ▷＿]"
_BARRED: Final = re.compile(rf"((?=\s*{_SIGNS})(?:{BARS.pattern}))")
BAR: Final = re.compile(_SIGNS)
"""Without one of these there is no bar: found out in a tenth of the time, and of one place in a third."""
_STEP: Final = "»"
_SITE_WORDS: Final = 4
_LONGEST: Final = 7
"""Words of a name whose first letters are all that a host has of it."""
_SITE_LEAST: Final = 4
_CHAPTER: Final = 12
"""Letters; what is shorter is a section's name."""
_SMALL: Final = 3
"""Letters of "of", "the", "für", which short names leave out."""


class Names(NamedTuple):
    """Keys of a site's names, without blanks; and those that had none, at which a longer name may begin or end."""

    all: frozenset[str]
    words: tuple[str, ...]


# Asked for thrice a page, of which a child reads many of few sites in a row.
@lru_cache(maxsize=64)
def called(sites: frozenset[str]) -> Names:
    """The names of some keys."""
    words = tuple([site for site in sites if " " not in site and len(site) >= _SITE_LEAST])
    return Names(frozenset([site.replace(" ", "") for site in sites]), words)


# A page's titles are asked for their parts three times.
@lru_cache(maxsize=64)
def parted(text: str) -> tuple[str, ...]:
    """What stands between bars, and these, in turns."""
    return tuple(_BARRED.split(text)) if BAR.search(text) else (text,)


def without(text: str, sites: Names) -> str:
    """The text without a site's name before or after a bar; of a text with several bars, as often as there is one."""
    parts, bars = list(parted(text)[::2]), list(parted(text)[1::2])
    if not bars:
        return text.strip()
    if is_trail(bars) and _is_for_site(parts[0], sites):
        return parts[-1].strip()
    while len(parts) > 1 and _is_for_site(parts[-1], sites):
        parts.pop()
        bars.pop()
    while len(parts) > 1 and is_site(parts[0], sites):
        parts.pop(0)
        bars.pop(0)
    return "".join(p + b for p, b in zip(parts, [*bars, ""], strict=True)).strip()


def is_trail(bars: Sequence[str]) -> bool:
    """Whether a title leads from the site to the page, as old blogs write it: "The Post » Archive » A market opens"."""
    return {bar.strip() for bar in bars} == {_STEP}


def is_site(part: str, sites: Names) -> bool:
    """Whether it is one of the site's names, or nothing."""
    name = key(part)
    return not name or name.replace(" ", "") in sites.all


def _is_for_site(part: str, sites: Names) -> bool:
    return is_site(part, sites) or _is_called_after(part, sites)


def _is_called_after(part: str, sites: Names) -> bool:
    """A few words that begin or end with one of the site's names, or end one: "Riverton Forums" on theriverton.example."""
    name = key(part)
    words, bare = name.split(), name.replace(" ", "")
    if len(words) > _SITE_WORDS:
        return len(words) <= _LONGEST and _is_short_for(words, sites.words)
    within = len(bare) >= _SITE_LEAST and any(site.endswith(bare) for site in sites.words)
    return within or bare.startswith(sites.words) or bare.endswith(sites.words) or _is_short_for(words, sites.words)


def _is_short_for(words: list[str], sites: tuple[str, ...]) -> bool:
    """Whether a site is called by first letters of words, or by some of them: "Museum of the River" on museumriver.example."""
    letters = "".join([word[0] for word in words])
    large = "".join([word[0] for word in words if len(word) > _SMALL])
    likely = [site for site in sites if site.startswith((letters[0], large[:1] or letters[0]))]
    return any(site in (letters, large) or _are_in(words, site) for site in likely)


def _are_in(words: list[str], site: str) -> bool:
    """Whether a site's name is the first of some words, the last, and any between them, without a blank."""
    if site == words[0] or not (site.startswith(words[0]) and site.endswith(words[-1])):
        return False
    rest = site
    for word in words:
        rest = rest.removeprefix(word)
    return not rest


def masthead(head: Head) -> frozenset[str]:
    """Keys of an h1 that is the site's name: one end of `<title>`, the rest of which is said elsewhere; or its shorter end."""
    if not head.h1s:
        return frozenset()
    title = head.title or ""
    said, parts = key(title), parted(title)
    others = {key(text) for text in (head.story.headline, *head.every("og:title")) if text}
    h1s, chapters = {key(text) for text in head.h1s}, _chapters(head)
    named = {one for one in h1s - others if said in _joined(one, others, chapters)}
    if is_trail(parts[1::2]):
        named |= {key(parts[0])} & (h1s - others)
    if h1s == {last := key(parts[-1])} and len(last) < len(key(" ".join(parts[:-1:2]))):
        named.add(last)
    return frozenset(named)


def _chapters(head: Head) -> set[str]:
    """Of a book's page, "Chapter - Book", the book is the h1, the chapter an h2; a section's name is shorter."""
    return {part for pieces in head.h2s if weigh(part := key(pieces[-1])) > _CHAPTER}


def _joined(name: str, headlines: set[str], chapters: set[str]) -> set[str]:
    """What a `<title>` says of which a site's name, or a book's, is one end."""
    return {f"{name} {one}" for one in headlines} | {f"{one} {name}" for one in headlines | chapters}
