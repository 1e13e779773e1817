"""What decisions are made under: the user's policy, the time, a die already thrown, and how sources are asked. Pure."""

from __future__ import annotations

from crawler.model import Assets, Millis, Seconds, Value
from crawler.schedule import Tempo


class Policy(Value, frozen=True, kw_only=True):
    """What the user wants, as far as decisions need it."""

    tries: int = 5
    """Outcomes a page may have before it is a failure."""
    silent_tries: int = 5
    """The same, for outcomes of a host that gave no answer."""
    patience: Seconds | None = None
    """A page that would be asked again only after this is a failure (the one-shot has somebody waiting)."""
    retry_base: Seconds = 60
    retry_most: Seconds = 86_400
    host_base: Seconds = 2
    """First pause for a host that gave no answer; doubled with each in a row. 0: none (the one-shot doesn't wait)."""
    host_most: Seconds = 3600
    """The longest of these pauses."""
    retry_after_most: Seconds = 86_400
    """A host that asks for more rests so long."""
    hops: int = 10
    oneshot: bool = False
    """Somebody waits for the records of these targets: a page is read again although its bytes are those we had."""
    unchanged_feeds: bool = False
    """Archive the answers of polls that brought nothing, too."""
    revisits: tuple[Seconds, ...] = ()
    """How long after its publication an article is looked at again, in rising order."""
    assets: Assets = "none"
    """What is archived of what pages are drawn with, where their source says nothing else."""
    most_assets: int = 100
    """Of a page, and of a style sheet."""
    limit: int | None = None
    """At most so many pages of one feed, sitemap or section."""


class Terms(Value, frozen=True, kw_only=True):
    """What a decision is made under: the user's policy, the time, and a die already thrown (in [0, 1))."""

    policy: Policy
    now: Millis
    chance: float = 0.5
    tempo: Tempo = Tempo()
    """What all sources share of when they are asked again."""
