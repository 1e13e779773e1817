"""What isn't as it should be with a crawl, and what to do about it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from crawler.model import Millis, Seconds, Standing, Value

MINUTE: Final[Millis] = 60_000
LATE: Final = 60 * MINUTE
"""A source may be due for so long: a host with many pages, a network that was away, a machine that slept."""
UNREAD: Final = 15 * MINUTE
"""And a capture may wait so long for its parser; a page that is given up takes two minutes at most."""
BEATLESS: Final = 5 * MINUTE
"""A daemon says every minute that it lives."""
SILENT: Final = 24 * 60 * MINUTE
"""So long may pass without any success where something fails or is late."""
TURNLESS: Final[Seconds] = 600
"""The leasing looks for hosts at least once a lease (180 s), or as soon as one is given back."""
FULL_SOON: Final = 3
"""Days."""
UNTOLD: Final = 5
"""Failures in a row of a hook: it may be restarted, and miss some."""


class Ailment(Value, frozen=True, kw_only=True):
    """One thing that is wrong."""

    name: str
    """Stable: scripts and alerts may rely on it."""
    text: str
    hint: str
    """What to do."""


class Signs(Value, frozen=True, kw_only=True):
    """What is known besides the store."""

    daemon: bool
    """One runs."""
    disk_low: str | None = None
    """The place where there is less room than wanted."""
    days_left: float | None = None
    """Until the disk is full; None: it doesn't get fuller, or nobody can say."""


NAMES: Final = ("disk_low", "disk_fills", "stalled", "unread", "late", "failing", "silent", "untold")


def ailments(standing: Standing, signs: Signs) -> tuple[Ailment, ...]:
    """All that is wrong, the most urgent first; none: it is well."""
    return (
        *_of_the_disk(signs),
        *_of_the_daemon(standing, signs),
        *_of_the_sources(standing, signs),
        *_of_the_outlets(standing),
    )


def _of_the_disk(signs: Signs) -> Iterator[Ailment]:
    hint = "make room; `warraq archive move` brings sealed segments elsewhere"
    if signs.disk_low is not None:
        yield Ailment(name="disk_low", text=f"{signs.disk_low}: less room than archive.free_least", hint=hint)
    elif signs.days_left is not None and signs.days_left < FULL_SOON:
        yield Ailment(name="disk_fills", text=f"the disk is full in {signs.days_left:.1f} days at this pace", hint=hint)


def _of_the_daemon(standing: Standing, signs: Signs) -> Iterator[Ailment]:
    now = standing.at
    if signs.daemon and standing.beat_at is not None and now - standing.beat_at > BEATLESS:
        text = f"the daemon runs, but hasn't said so for {_span(now - standing.beat_at)}"
        yield Ailment(name="stalled", text=text, hint="look into its log; nothing is lost by ending and starting it")
    if standing.outbox_since is not None and now - standing.outbox_since > UNREAD:
        text = f"{standing.outbox} pages wait for a parser, the oldest since {_span(now - standing.outbox_since)}"
        hint = "look into the log; more parse.workers read faster" if signs.daemon else "start `warraq run`, which reads them"
        yield Ailment(name="unread", text=text, hint=hint)


def _of_the_sources(standing: Standing, signs: Signs) -> Iterator[Ailment]:
    now, counts = standing.at, standing.sources
    asked = sum(counts.values()) - counts["paused"] - counts["gone"]
    oldest = min((one.since for one in standing.late), default=now)
    if now - oldest > LATE:
        text = f"a source is due since {_span(now - oldest)}: {standing.late[0].url}"
        hint = "look into its log; fetch.concurrency may be too low" if signs.daemon else "no daemon runs: start `warraq run`"
        yield Ailment(name="late", text=text, hint=hint)
    bad = counts["failing"] + counts["blocked"]
    if asked and 2 * bad > asked:
        text = f"{bad} of {asked} sources fail"
        hint = "`warraq failures` says why; is it our network, or what we are called (fetch.contact)?"
        yield Ailment(name="failing", text=text, hint=hint)
    troubled = bad > 0 or now - oldest > LATE
    if troubled and standing.last_success is not None and now - standing.last_success > SILENT:
        text = f"nothing came for {_span(now - standing.last_success)}"
        yield Ailment(name="silent", text=text, hint="`warraq failures` says why; `warraq doctor` looks at the network")


def _of_the_outlets(standing: Standing) -> Iterator[Ailment]:
    for one in standing.untold:
        if one.fails >= UNTOLD:
            text = f"{one.name} couldn't be told {one.fails} times in a row: {one.error}"
            yield Ailment(name="untold", text=text, hint="see to it that it listens; it is told all it missed")
            return


def days_until_full(free: int, a_day: int) -> float | None:
    """How long a disk will do; None: it doesn't get fuller. Not more than ten years are told."""
    return min(3653.0, free / a_day) if a_day > 0 else None


def advice(reason: str) -> str:
    """What to do where things can't be had for a reason, as `Failure` names it."""
    return _ADVICE.get(reason, "`warraq failures` lists them")


_ADVICE: Final[Mapping[str, str]] = {
    "dns": "check how the host is written; if many hosts fail so, check the resolver",
    "connect": "the server is away; it is asked again by itself",
    "cut": "the server breaks off; it is asked again by itself",
    "tls": "its certificate is wrong or outdated; if you trust it all the same: fetch.insecure_hosts",
    "timeout": "the server is slow; it is asked less often by itself, a longer fetch.timeout may help",
    "too_large": "its headers are larger than fetch.header_max",
    "protocol": "what answers there is no web server",
    "hops": "it redirects in circles; look at the address in a browser",
    "unusable": "it answers with nothing that can be read; look at the address in a browser",
    "unreadable": "the page can't be parsed in time; its bytes are kept, `warraq reparse` tries again",
    "server": "the server fails (5xx); it is asked again by itself",
    "later": "the server wants us to come later; politeness.delay makes us slower from the start",
    "robots_unreachable": "its robots.txt can't be had, so nothing is asked (RFC 9309); it is asked again by itself",
    "blocked": "it wants proof that we are a browser: write to its owner; fetch.contact says who you are",
    "robots": "its robots.txt doesn't allow it",
    "gone": "it is gone for good (410): take it out, or find its new address with `warraq discover`",
    "missing": "nothing is there (404): find its new address with `warraq discover`",
    "forbidden": "it needs a permission (401, 403): write to its owner, or give it credentials",
    "address": "an address that may not be asked; fetch.allow_private names private ones that may",
}


def _span(length: Millis) -> str:
    seconds = length // 1000
    if seconds < 120:
        return f"{seconds} s"
    if seconds < 7200:
        return f"{seconds // 60} min"
    return f"{seconds // 3600} h" if seconds < 172_800 else f"{seconds // 86_400} days"
