"""Traps for crawlers: addresses that grow or multiply without end. What they lead to is passed over and counted. Pure.

Only what a section page links to is held to the bounds as they are: a calendar, a faceted list or a relative link gone wrong
shows there. What a feed or a sitemap names was meant to be read: it may go twice as far, with any number of queries, for papers
whose every article is `/news?id=…` name thousands on one path.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final, Literal
from urllib.parse import unquote

from msgspec.structs import replace

from crawler import urls
from crawler.model import Decision, HostId, Millis, Offer, PassedOver, Url, UrlHash, Value

_DAY: Final[Millis] = 86_400_000
_MOST_QUERIES: Final = 100_000
"""Queries remembered, over all paths (some 10 MB); beyond it the path that was met first is forgotten."""


class Bounds(Value, frozen=True, kw_only=True):
    """How far an address may go."""

    depth: int = 25
    """Segments of a path (a Heritrix profile has 20)."""
    repeats: int = 3
    """How often one segment may stand in a path: `/a/b/a/b/a/b/a` is a relative link that feeds on itself."""
    url_chars: int = 2_000
    """Characters as a person reads them: an escaped Arabic letter is one, not six."""
    queries_a_path: int = 1_000
    """Distinct queries by which section pages may lead to one path on one day."""


def objection(url: Url, limits: Bounds) -> str | None:
    """Why an address looks like a trap; None: it doesn't."""
    if len(url) > limits.url_chars and len(unquote(url)) > limits.url_chars:
        return f"longer than {limits.url_chars} characters"
    segments = [segment for segment in urls.path(url).partition("?")[0].split("/") if segment]
    if len(segments) > limits.depth:
        return f"more than {limits.depth} segments"
    if len(segments) > limits.repeats and max(Counter(segments).values()) > limits.repeats:
        return f"a segment more than {limits.repeats} times"
    return None


class Sieve:
    """Lets addresses through, or not. Remembers a day, in memory: a restart begins to count anew."""

    def __init__(self, limits: Bounds) -> None:
        self._limits = limits
        self._twice = replace(limits, depth=2 * limits.depth, repeats=2 * limits.repeats, url_chars=2 * limits.url_chars)
        self._queries = _Queries(limits.queries_a_path)

    def sieve(self, decision: Decision, found: Literal["feed", "sitemap", "section"], now: Millis) -> Decision:
        """The decision without what looks like a trap; what was passed over is noted in it."""
        whys = [self._objection(offer, found, now) for offer in decision.offers]
        if not any(whys):
            return decision
        kept = tuple(offer for offer, why in zip(decision.offers, whys, strict=True) if why is None)
        return replace(decision, offers=kept, passed_over=(*decision.passed_over, *_passed(decision.offers, whys)))

    def _objection(self, offer: Offer, found: Literal["feed", "sitemap", "section"], now: Millis) -> str | None:
        if found != "section":
            return objection(offer.url, self._twice)
        why = objection(offer.url, self._limits)
        if why is None and not self._queries.admit(offer, now):
            return f"more than {self._limits.queries_a_path} queries on one path today"
        return why


class Budget:
    """How many pages of a host may be asked for on one day (UTC). Kept in memory: a restart begins to count anew."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._day = 0
        self._asked: Counter[HostId] = Counter()

    def postponed(self, host_id: HostId, now: Millis) -> Millis | None:
        """When to ask instead: the beginning of the next day; None: now, and it counts."""
        if now // _DAY != self._day:
            self._day = now // _DAY
            self._asked.clear()
        if self._asked[host_id] >= self._most:
            return (self._day + 1) * _DAY
        self._asked[host_id] += 1
        return None


class _Queries:
    def __init__(self, most: int) -> None:
        self._most = most
        self._day = 0
        self._known: dict[str, set[UrlHash]] = {}
        self._total = 0

    def admit(self, offer: Offer, now: Millis) -> bool:
        path, query, _ = offer.url.partition("?")
        if not query:
            return True
        if now // _DAY != self._day:
            self._day, self._known, self._total = now // _DAY, {}, 0
        known = self._known.setdefault(path, set())
        if offer.h in known:
            return True
        if len(known) >= self._most:
            return False
        known.add(offer.h)
        self._total += 1
        while self._total > _MOST_QUERIES:
            self._total -= len(self._known.pop(next(iter(self._known))))
        return True


def _passed(offers: tuple[Offer, ...], whys: list[str | None]) -> Iterator[PassedOver]:
    """One for each reason, with the first address it speaks of."""
    for why, count in Counter(why for why in whys if why).items():
        yield PassedOver(why=why, count=count, example=offers[whys.index(why)].url)
