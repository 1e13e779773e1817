"""What all nouns are made of: names of things, units, and the frozen `Value`."""

from __future__ import annotations

from enum import IntEnum
from typing import NewType

from msgspec import Struct

Url = NewType("Url", str)
"""An absolute http(s) address as the WHATWG parser writes it, without fragment and userinfo; or a `urn:sha256:` name."""

Millis = int
"""Wall-clock milliseconds since 1970-01-01 UTC. The unit of everything that is stored."""

Seconds = float
"""A span of time, or a reading of the monotonic clock."""

HostId = NewType("HostId", int)
"""Signed 64 bits of blake2b over the politeness key (see `crawler.urls.host_id`)."""

UrlHash = NewType("UrlHash", int)
"""Signed 64 bits of blake2b over the dedupe key (see `crawler.urls.url_hash`)."""

WorkerId = NewType("WorkerId", str)
"""`<role>-<random hex>`; the role is `run` or `fetch`. Never reused."""

SegmentId = NewType("SegmentId", str)
"""The stem of a segment's files: `WARRAQ-<17 digits of UTC>-<serial>-<worker>`."""

SourceId = NewType("SourceId", str)
"""Base32 of blake2b-10 over the dedupe key of the address a source was first given."""

NEVER: Millis = 9_000_000_000_000_000_000
"""Later than anything: the `wake_at` of a host with nothing to do."""


class Value(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The base of every noun: frozen, made by keyword, compared by content."""


class Kind(IntEnum):
    """What an address is asked for as; the number is what the store holds."""

    FEED = 1
    PAGE = 2
    SITEMAP = 3
    SECTION = 4
    ROBOTS = 5
    """Only in captures: robots.txt is fetched inside a visit, never queued."""
    TARGET = 6
    """A word of `warraq fetch`: feed, sitemap or page, found out by content."""
    ASSET = 7
    """What a page is drawn with: a picture, a style sheet, a font. Archived, and read for what it names itself at most."""


SOURCE_KINDS = frozenset({Kind.FEED, Kind.SITEMAP, Kind.SECTION})
