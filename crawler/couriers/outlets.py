"""From config.yaml to those who are told: what each is called, and who takes its messages."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path

import aiohttp
import msgspec

from crawler.config import Config
from crawler.config.arming import check_secrets
from crawler.config.arming import outlets as named
from crawler.config.secrets import resolved
from crawler.config.shape import AlertEntry, HookEntry
from crawler.config.units import span_text
from crawler.model import Seconds, Value
from crawler.outlet import Command, Taker, Webhook
from crawler.outlet.webhook import shown


class Outlet(Value, frozen=True, kw_only=True):
    """Somebody who is told of something."""

    outlet_id: str
    """The same as long as config.yaml says the same of whom, and of what."""
    name: str
    """To be shown: nothing secret is in it."""
    taker: Taker
    keyword: str | None = None
    """Of what they are told: articles that say this; None, with the next two too: all articles."""
    past: bool = True
    """Also of what a source had before it was first read."""
    quiet: Seconds | None = None
    failing: int | None = None

    @property
    def of_sources(self) -> bool:
        """Whether it is told of sources, and not of articles."""
        return self.quiet is not None or self.failing is not None


def outlets(config: Config, env: Mapping[str, str], session: aiohttp.ClientSession) -> list[Outlet]:
    """All there are, ready to be told; webhooks share a session.

    Raises:
        ConfigError: something secret isn't to be had.
    """
    check_secrets(config, env)
    return [_outlet(config, entry, env, session) for _, entry in named(config)]


def _outlet(config: Config, entry: HookEntry, env: Mapping[str, str], session: aiohttp.ClientSession) -> Outlet:
    alert = entry if isinstance(entry, AlertEntry) else AlertEntry()
    return Outlet(
        outlet_id=_id(entry),
        name=_name(entry),
        taker=_taker(config, entry, env, session),
        keyword=alert.keyword,
        past=entry.past,
        quiet=alert.quiet,
        failing=alert.failing,
    )


def _taker(config: Config, entry: HookEntry, env: Mapping[str, str], session: aiohttp.ClientSession) -> Taker:
    if entry.webhook is None:
        folder = config.origin.parent if config.origin else Path.cwd()
        return Command(entry.command, folder=folder, timeout=entry.timeout)
    secret = resolved(entry.secret, env) if entry.secret else None
    return Webhook(session, resolved(entry.webhook, env), secret=secret, timeout=entry.timeout)


def _id(entry: HookEntry) -> str:
    """Over whom and what, as written: another secret or patience makes it no other."""
    alert = entry if isinstance(entry, AlertEntry) else AlertEntry()
    said = (type(entry).__name__, entry.command, entry.webhook, alert.keyword, alert.quiet, alert.failing)
    return blake2b(msgspec.json.encode(said), digest_size=8).hexdigest()


def _name(entry: HookEntry) -> str:
    # Of an address only its host: a token stands in the rest of many, and all of it where it is a reference.
    whom = entry.command[0] if entry.webhook is None else shown(entry.webhook) if "://" in entry.webhook else entry.webhook
    if not isinstance(entry, AlertEntry):
        return f"articles: {whom}"
    if entry.keyword is not None:
        return f"keyword {entry.keyword}: {whom}"
    return f"quiet {span_text(entry.quiet)}: {whom}" if entry.quiet is not None else f"failing {entry.failing}: {whom}"
