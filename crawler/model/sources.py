"""What may be said of one source alone: how it is asked, what of it is wanted, what its owner notes about it."""

from __future__ import annotations

from typing import Final, Literal

from crawler.model.base import Millis, Seconds, Url, Value

Priority = Literal["low", "normal", "high"]

WEIGHTS: Final[dict[Priority, float]] = {"low": 0.25, "normal": 1.0, "high": 4.0}
"""How much an entry is worth beside another's; a source worth four times as much is asked about twice as often."""


Assets = Literal["none", "lead-image", "page"]
"""What is archived of what a page is drawn with: nothing, its article's picture, or all of it but scripts and films."""


class Scope(Value, frozen=True, kw_only=True):
    """The bounds of one source; all of them hold, and of an empty one nothing."""

    depth: int = 3
    """Of a site: links from its first page on."""
    include: tuple[str, ...] = ()
    """Patterns of path and query, written as in robots.txt; with any, one of them must fit."""
    exclude: tuple[str, ...] = ()
    """Patterns none of which may fit; they win."""
    max_age: Seconds | None = None
    languages: tuple[str, ...] = ()
    """Primary tags: `ar`, `fa`."""


class Entrance(Value, frozen=True, kw_only=True):
    """How the site of a source is asked. No secret stands here, only where it is to be had: `${NAME}`, `file:/path`."""

    headers: tuple[tuple[str, str], ...] = ()
    cookies: tuple[tuple[str, str], ...] = ()
    user: str | None = None
    password: str | None = None
    user_agent: str | None = None
    """Sent with our product token behind it, if it hasn't got it: robots.txt speaks to that."""
    proxy: str | None = None
    """`http://host:port` or `socks5://host:port`."""


class Details(Value, frozen=True, kw_only=True):
    """What only some sources have; most have nothing of it."""

    site: bool = False
    """Not one page with links but a whole site, within its scope."""
    scope: Scope = Scope()
    entrance: Entrance = Entrance()
    assets: Assets | None = None
    """None: as configured for all."""
    delay: Seconds | None = None
    """Between two requests to its host, in the place of the configured one."""
    language: str | None = None
    """What its owner says it is written in."""
    home: str = ""
    """The page it belongs to."""
    description: str = ""


class Said(Value, frozen=True, kw_only=True):
    """What is said of a source, and where it is."""

    url: Url
    details: Details


class WatchedLine(Value, frozen=True, kw_only=True, tag_field="what", tag="source"):
    """What the manifest says of a source that was added, paused or resumed by a command; the last line of an address holds."""

    at: str
    """When it was written: RFC 3339 with milliseconds, UTC."""
    url: Url
    kind: str
    """`feed`, `sitemap` or `section`."""
    name: str = ""
    tags: tuple[str, ...] = ()
    every_ms: Millis | None = None
    cron: str | None = None
    weight: float = 1
    details: Details = Details()
    paused: bool = False
    origin: Literal["command", "config"] = "command"
    """`config`: the configuration says what it is, and this line only whether it is paused."""


class UnwatchedLine(Value, frozen=True, kw_only=True, tag_field="what", tag="source_removed"):
    """What the manifest says of a source that a command took away again."""

    at: str
    url: Url
