"""Sources, offers, jobs, leases: what is to be asked, and of whom."""

from __future__ import annotations

from typing import Literal

from crawler.model.base import HostId, Kind, Millis, SourceId, Url, UrlHash, Value
from crawler.model.rhythm import Rhythm
from crawler.model.sources import Details


class Validators(Value, frozen=True, kw_only=True):
    """What a server gave us to ask "has it changed?", byte for byte (RFC 9110, section 8.8)."""

    etag: str | None = None
    last_modified: str | None = None


class Source(Value, frozen=True, kw_only=True):
    """An address that is asked again and again."""

    source_id: SourceId
    kind: Kind
    url: Url
    host_id: HostId
    h: UrlHash
    every_ms: Millis | None = None
    """Its interval, whatever its rate; None: it follows from how often it has news."""
    cron: str | None = None
    """When it is asked instead, in five fields that `crawler.cron.read` takes; UTC."""
    weight: float = 1
    """How much an entry of it is worth beside another source's."""
    name: str = ""
    origin: Literal["config", "command", "index"] = "config"
    """Who named it: the file, a command, or a sitemap that lists it."""
    tags: tuple[str, ...] = ()
    parent: SourceId | None = None
    """The source it was found in; what it names is that one's."""
    details: Details = Details()


class Trust(Value, frozen=True, kw_only=True):
    """How often a sitemap's `lastmod` told the truth about its pages."""

    right: int = 0
    wrong: int = 0


class Poll(Value, frozen=True, kw_only=True):
    """What a lease knows of the source it is about to ask."""

    source_id: SourceId
    url: Url
    """Its address: the one it was first given, or the one it has moved to for good."""
    host_id: HostId
    h: UrlHash
    every_ms: Millis | None = None
    cron: str | None = None
    weight: float = 1
    """As in `Source`."""
    parent: SourceId | None = None
    validators: Validators = Validators()
    body_digest: str | None = None
    """Payload digest of the last body that was read through to the end; None: whatever comes is parsed."""
    rhythm: Rhythm = Rhythm()
    """What its polls taught."""
    trust: Trust = Trust()
    """What its own words about its pages are worth."""
    details: Details = Details()


class Step(Value, frozen=True, kw_only=True):
    """One of the visits an article gets after it was read, and what the last one knew of it."""

    number: int
    """From 1, in the order of `schedule.revisits`."""
    since: Millis
    """What they are counted from."""
    digest: str | None = None
    """Of the payload that was read last; None: it wasn't there."""
    validators: Validators = Validators()


class Context(Value, frozen=True, kw_only=True):
    """How a URL came to us; travels with its queue row and ends in the WARC's metadata record."""

    source: SourceId | None = None
    via: Url | None = None
    """The feed, sitemap or page the address was found in."""
    first_url: Url | None = None
    """Where a chain of redirects began; None: this is the beginning."""
    hops: int = 0
    guid: str | None = None
    pub_date: str | None = None
    """The feed's date of the entry, as written there."""
    title: str | None = None
    """The feed's title of the entry."""
    revisit: bool = False
    """Asked for again although seen; so are its redirects."""
    for_good: bool = False
    """Each of the redirects that led here says that it is permanent."""
    backfill: bool = False
    """Of its source's past: nothing of the source was known before."""
    judges: SourceId | None = None
    """The source whose word that this page has changed is proved, or not, by the visit."""
    step: Step | None = None
    """Set where an article is visited again to see whether it has changed."""


class Offer(Value, frozen=True, kw_only=True):
    """An address found somewhere, for the frontier to take or to know already."""

    host: str
    host_id: HostId
    h: UrlHash
    url: Url
    kind: Kind
    due_at: Millis
    depth: int = 0
    tries: int = 0
    context: Context = Context()
    gated: bool = True
    """Passed over if it was seen before. False: queued in any case (retries, re-visits, hops of feeds)."""
    since: Millis = 0
    """A gated one isn't passed over where the newest capture of its address is older than this."""


class Job(Value, frozen=True, kw_only=True):
    """One queue row, leased. `(host_id, due_at, h)` is the row's key."""

    host: str
    host_id: HostId
    h: UrlHash
    due_at: Millis
    url: Url
    kind: Kind
    depth: int = 0
    tries: int = 0
    leases: int = 0
    context: Context = Context()
    poll: Poll | None = None

    def row(self, due_at: Millis) -> Offer:
        """Its queue row, to be put back for another time, past `seen`."""
        return Offer(
            host=self.host,
            host_id=self.host_id,
            h=self.h,
            url=self.url,
            kind=self.kind,
            due_at=due_at,
            depth=self.depth,
            tries=self.tries,
            context=self.context,
            gated=False,
        )


class Strain(Value, frozen=True, kw_only=True):
    """How a host bears our visits, as far as we saw. Kept in its row, from lease to lease and over a restart."""

    fails: int = 0
    """Visits in a row in which it was silent, blocked us or asked us to come later."""
    latency_ms: Millis = 0
    """A moving average of what its answers take; 0: none came yet."""
    slow_ms: Millis = 0
    """The gap it was slowed to; 0: it isn't slowed."""
    calm: int = 0
    """Answers in a row since it was slowed, or let go a step faster."""


class Lease(Value, frozen=True, kw_only=True):
    """One host, ours alone until `until`: at most one worker starts requests to it."""

    host: str
    host_id: HostId
    epoch: int
    until: Millis
    delay_ms: Millis
    """The gap this host was last given (crawl-delay, back-off); the configured gap may be longer."""
    last_at: Millis
    """`fetched_at` of the host's newest capture; the next must be greater."""
    strain: Strain = Strain()
    jobs: tuple[Job, ...] = ()


class Freed(Value, frozen=True, kw_only=True):
    """A lease given back before its jobs were done."""

    host_id: HostId
    epoch: int
    polite_at: Millis
    """When the next request may start."""


class Jump(Value, frozen=True, kw_only=True):
    """The wall clock was set. Offsets: the wall clock minus the steady one, in ms; `since` and `at` are by the steady one."""

    was: Millis
    """The offset all times were written by."""
    since: Millis
    """When it was last seen so."""
    offset: Millis
    """The offset now."""
    at: Millis
