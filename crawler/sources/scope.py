"""What of a site is crawled: how deep, which addresses, how old, in which languages. Pure."""

from __future__ import annotations

from typing import Literal

from crawler.model import Millis, Scope, Url
from crawler.robots.paths import forms, matches, patterns
from crawler.urls import same_site

Outside = Literal["site", "depth", "include", "exclude"]
Unwanted = Literal["age", "language"]


def outside(scope: Scope, url: Url, *, home: Url, depth: int) -> Outside | None:
    """Why an address isn't asked for; None: it is."""
    if not same_site(url, home):
        return "site"
    if depth > scope.depth:
        return "depth"
    return beyond(scope, url)


def beyond(scope: Scope, url: Url) -> Literal["include", "exclude"] | None:
    """Which of a source's patterns speaks against an address; None: none of them."""
    if scope.exclude and _fits(scope.exclude, url):
        return "exclude"
    if scope.include and not _fits(scope.include, url):
        return "include"
    return None


def unwanted(scope: Scope, *, published: Millis | None, language: str | None, now: Millis) -> Unwanted | None:
    """Why an article isn't kept; None: it is. What isn't known of it speaks for nothing."""
    if scope.max_age is not None and published is not None and now - published > scope.max_age * 1000:
        return "age"
    primary = (language or "").partition("-")[0].lower()
    return "language" if scope.languages and primary and primary not in scope.languages else None


def _fits(wanted: tuple[str, ...], url: Url) -> bool:
    """Whether one of these patterns means an address; as in robots.txt, from its beginning, its end free unless it says `$`."""
    ways = forms(url)
    # robots.txt's patterns are bytes read as Latin-1, one a line
    told = [pattern.replace("\n", "%0A").encode("utf-8", "replace").decode("latin-1") for pattern in wanted]
    return any(matches(pattern, way) for pattern in patterns(told) for way in ways)
