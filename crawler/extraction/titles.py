"""The headline: what the page's own headings, OpenGraph, JSON-LD and `<title>` agree on, without the site's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from crawler.extraction.head import Head
from crawler.extraction.labels import HOME
from crawler.extraction.mastheads import BAR, BARS, Names, called, is_site, masthead, parted, without
from crawler.extraction.witnesses import HEADINGS, MOST_CHARS, first_of, of_front_page, witnesses
from crawler.extraction.words import WIDE, key, weigh

_LEAST: Final = 12
_SHORT: Final = 15

# How much a witness's word counts, and how much that the whole of a headline stands within what it says. Chosen by hand and
# looked at on four sets; a fit on three of them was no better on the fourth.
_WORTH: Final = {"json-ld": 5.0, "h1": 3.1, "bare": 3.1, "og": 2.0, "meta": 2.0, "title": 1.0, "twitter": 0.5}
_HELD: Final = {"json-ld": 1.2, "h1": 1.2, "og": 1.2, "title": 0.4}
_RANKS: Final = ("twitter", "title", "meta", "og", "json-ld", "bare", "h1")
_TAGS: Final = frozenset({"json-ld", "og", "twitter", "title"})
_TOLD_AS: Final = {"twitter": "og", "bare": "h1"}
_REST: Final = 5.0
"""More for what OpenGraph says where others have something before it, a kicker: on 35 of 38 pages it is the headline."""
_SHOWN: Final = 1.5
"""More for what readers see and OpenGraph says too: JSON-LD and `<title>` are often written for search, and agree."""
_WRITTEN: Final = 6.0
"""More for an h1 that is like what all tags have alike, but not it: right on eight pages of eight."""
_DESCRIBED: Final = 3.0
"""Less for what JSON-LD says in words that nobody else has: it describes what the page is about, as in encyclopaedias."""
_BORNE_OUT: Final = 0.6
_ALONE: Final = 0.3
"""Shares of the words two headlines have in common, from which on an h1 is the article's and below which it is the page's."""
_FEW: Final = 18
_TIGHT: Final = re.compile(rf"{BARS.pattern}|(?<=[^\x00-\x7f])-(?=[\u3040-\u9fff\uac00-\ud7af])")
"""In scripts without blanks a hyphen may be a bar, too; only where what it parts is shown on the page."""


class Named(NamedTuple):
    """A headline as witnesses have it."""

    text: str
    key: str
    where: tuple[str, ...]


def headline(head: Head, sites: frozenset[str], *, front: bool = False) -> tuple[str, str] | None:
    """The title and who said so. `sites`: keys of the site's names; `front`: whether it is the page at the site's root."""
    names = called(sites)
    said = of_front_page(head, names) if front else witnesses(head)
    if (agreed := _agreed(said)) and key(agreed) not in HOME and not is_site(agreed, names):
        return agreed[:MOST_CHARS], "h1"
    if shown := _shown(head, said, names):
        return shown[:MOST_CHARS], "h2"
    return _elected(said, _candidates(head, said, sites))


def _candidates(head: Head, said: list[tuple[str, str]], sites: frozenset[str]) -> list[Named]:
    """What may be the headline. Where all are a site's name, a long h1 may be more than that; else parts of a front page's."""
    named = _named(said, sites | masthead(head)) or _named(said, sites - {key(h1) for h1 in head.h1s if len(h1) > _FEW})
    return [one for one in named if one.key not in HOME] or _named(_of_front(said), frozenset())


def _elected(said: list[tuple[str, str]], named: list[Named]) -> tuple[str, str] | None:
    """What most is said for, and by whom."""
    if not named:
        return None
    best = _in_full(_heaviest(said, named), named) if len(named) > 1 else named[0]  # more than one on two pages of five
    where = max(best.where, key=_RANKS.index)
    return best.text[:MOST_CHARS], _TOLD_AS.get(where, where)


def _heaviest(said: list[tuple[str, str]], named: list[Named]) -> Named:
    full = [(key(text), where) for text, where in said]
    return max(named, key=lambda one: _weight(one, named, full))


def _in_full(best: Named, named: list[Named]) -> Named:
    """The whole of a headline that a program cut: "A market opens by..."."""
    if not best.text.endswith(("...", "…")):
        return best
    return next((one for one in named if one is not best and one.key.startswith(best.key)), best)


def _agreed(said: list[tuple[str, str]]) -> str | None:
    """What OpenGraph, the one h1 of a page and JSON-LD or `<title>` say alike, without a bar in it: that is never outvoted."""
    first = first_of(said)
    headline = first.get("og")
    if headline is None or "h1" not in first or "bare" in first or sum([where == "h1" for _, where in said]) > 1:
        return None
    wanted = key(headline)
    if not wanted or key(first["h1"]) != wanted or len(parted(headline)) > 1:
        return None
    return first.get("json-ld", headline) if _bears_out(first, wanted) else None


def _bears_out(first: Mapping[str, str], wanted: str) -> bool:
    """Whether JSON-LD says the same, or, where that is silent, `<title>` begins so."""
    return key(first["json-ld"]) == wanted if "json-ld" in first else key(first.get("title", "")).startswith(wanted)


def _shown(head: Head, said: list[tuple[str, str]], sites: Names) -> str | None:
    """What an h2 says, and OpenGraph or JSON-LD too, but no h1: that one is written for search, the last step of a trail.

    Right on 15 pages of 15, eight of which were read wrongly. Of a kicker and a headline the latter.
    """
    if not head.h2s:
        return None
    first = first_of(said)
    og, story = (key(without(first.get(where, ""), sites)) for where in ("og", "json-ld"))
    h1s = {"", *(key(text) for text, where in said if where in HEADINGS)}
    wanted, joined = {og, story} - h1s, {og} - {story} - h1s
    return next((text for text in _said_too(head, wanted, joined) if _says_something(text, sites)), None)


def _said_too(head: Head, wanted: set[str], joined: set[str]) -> Iterator[str]:
    """The last pieces of h2s that are wanted, alone or, of the joined ones, behind a kicker."""
    for *kicker, last in head.h2s:
        if key(last) in wanted or (len(kicker) == 1 and key(f"{kicker[0]} {last}") in joined):
            yield last


def _says_something(text: str, sites: Names) -> bool:
    folded = key(text)
    return weigh(folded) > _LEAST and folded not in HOME and not is_site(text, sites)


def _named(said: list[tuple[str, str]], sites: frozenset[str]) -> list[Named]:
    """What is said, without the site's name."""
    names = called(sites)
    bare = {text: without(text, names) for text in dict.fromkeys([text for text, _ in said])}  # most say the same
    return _distinct([(bare[text], where) for text, where in said], names)


def _of_front(said: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What front pages say, "Home - The Post", without the word for it."""
    parts = [(parted(text)[::2], where) for text, where in said if BAR.search(text)]
    return [
        (bare[-1], where) for all_, where in parts if len(bare := [part for part in all_ if key(part) not in HOME]) < len(all_)
    ]


def _distinct(said: list[tuple[str, str]], sites: Names) -> list[Named]:
    """Each headline once, with all who say it."""
    found: dict[str, tuple[str, list[str]]] = {}
    for text, where in said:
        folded = key(text)
        if folded in found:
            found[folded][1].append(where)
        elif folded and folded.replace(" ", "") not in sites.all:
            found[folded] = (text, [where])
    return [Named(text, folded, tuple(by)) for folded, (text, by) in found.items()]


def _weight(one: Named, named: list[Named], full: list[tuple[str, str]]) -> float:
    """How many say the same, or hold it in what they say; an h1 that nobody else has must be like what others say."""
    weight = sum(_WORTH[where] for where in set(one.where)) + _held(one, named, full) + _backed(one, named)
    return weight + (_likeness(one, named) if set(one.where) == {"h1"} else 0.0)


def _held(one: Named, named: list[Named], full: list[tuple[str, str]]) -> float:
    """What it counts that others say more, with it at the beginning, the end or within."""
    if weigh(one.key) <= _SHORT:
        return 0.0
    return sum(_HELD.get(where, 0.0) for where in _holders(one, named, full))


def _holders(one: Named, named: list[Named], full: list[tuple[str, str]]) -> set[str]:
    """Who has it within what they say; but an h1 that goes on behind it is another headline."""
    holders = {where for text, where in full if one.key in text and where not in one.where}
    longer = (other for other in named if "h1" in other.where and _goes_on(other, one))
    return holders - {"h1"} if "h1" in holders and "bare" not in one.where and any(longer) else holders


def _backed(one: Named, named: list[Named]) -> float:
    """What it counts more, or less, by who says it."""
    weight = _SHOWN if "og" in one.where and "h1" in one.where else 0.0
    if "og" in one.where and weigh(one.key) > _LEAST and any(other.key.endswith(f" {one.key}") for other in named):
        weight += _REST
    if set(one.where) == {"json-ld"} and _is_apart(one, named):
        weight -= _DESCRIBED
    return weight


def _is_apart(one: Named, named: list[Named]) -> bool:
    """Whether no other has any of its words, or signs of an unspaced script."""
    mine = set(one.key if WIDE.search(one.key) else one.key.split())
    return all(other is one or mine.isdisjoint(other.key if WIDE.search(other.key) else other.key.split()) for other in named)


def _goes_on(longer: Named, one: Named) -> bool:
    """Whether a headline begins with another one and goes on without a bar."""
    return longer.key.startswith(f"{one.key} ") and key(parted(longer.text)[0]) != one.key


def _likeness(one: Named, named: list[Named]) -> float:
    """What an h1 that nobody else has counts more, or less, by how much it is like what others say."""
    shared = _borne_out(one, named)
    if shared is None:
        return 0.0
    likely = shared >= _BORNE_OUT
    weight = 1.0 if likely else -2.0 if shared < _ALONE else 0.0
    if not likely and sum("h1" in other.where for other in named) > 1:
        weight -= 3.0
    if _begins_a_tag(one, named):
        weight += 4.0
    if likely and _is_writers(one, named):
        weight += _WRITTEN
    return weight - (len(one.key) < _FEW)


def _borne_out(one: Named, named: list[Named]) -> float | None:
    """The most words it has in common with what is said for programs; None where nothing is."""
    return max((_shared(one.key, other.key) for other in named if _is_tag(other)), default=None)


def _begins_a_tag(one: Named, named: list[Named]) -> bool:
    return any(_is_tag(other) and other.key.startswith(f"{one.key} ") for other in named)


def _is_tag(one: Named) -> bool:
    return not _TAGS.isdisjoint(one.where)


def _is_writers(one: Named, named: list[Named]) -> bool:
    """Whether JSON-LD and all other tags say the same, and more than the h1 or else: one program made that, for search."""
    others = [other for other in named if other is not one and not {"json-ld", "og", "title", "h1"}.isdisjoint(other.where)]
    tags = others[0] if len(others) == 1 else one
    return "json-ld" in tags.where and "h1" not in tags.where and weigh(one.key) > _FEW and one.key not in tags.key


def _shared(one: str, other: str) -> float:
    """The share of the shorter one's words (of unspaced scripts, signs) that both have."""
    mine, theirs = _words(one), _words(other)
    return len(mine & theirs) / max(1, min(len(mine), len(theirs)))


def _words(text: str) -> set[str]:
    return set(text.split()) if " " in text else set(text)


def sure(head: Head, title: str) -> float:
    """How sure a title is: by how many kinds of witnesses have it, alone or within what they say."""
    wanted, asked, alike = key(title), set[str](), set[str]()
    for text, where in witnesses(head):
        if text == title or (folded := key(text)) == wanted or (len(wanted) > _LEAST and wanted in folded):
            alike.add(where)
            if len(alike) > 2:
                return 0.98
        asked.add(where)
    if len(alike) > 1:
        return 0.9
    return 0.8 if len(asked) == 1 else 0.6


def as_shown(text: str, shown: Iterable[str]) -> str:
    """A title that only `<title>` gave, without what isn't shown on the page: its longest part that is."""
    parts = _TIGHT.split(text[:MOST_CHARS])
    bars = [*_TIGHT.findall(text[:MOST_CHARS]), ""]
    keys = {key(line) for line in shown if len(line) <= MOST_CHARS} if len(parts) > 1 else set()
    for size in range(len(parts) - 1, 0, -1):
        for first in range(len(parts) - size + 1):
            some = "".join(
                part + bar for part, bar in zip(parts[first : first + size], [*bars[first : first + size - 1], ""], strict=True)
            )
            if len(some) > _LEAST and key(some) in keys:
                return some.strip(" _＿|｜")
    return text
