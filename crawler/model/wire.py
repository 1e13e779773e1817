"""Requests, exchanges, outcomes, visits: what went over the wire, and what it means."""

from __future__ import annotations

from typing import Literal

from msgspec import field

from crawler.model.base import HostId, Kind, Millis, Seconds, SourceId, Url, Value
from crawler.model.frontier import Job, Strain, Validators

Truncated = Literal["length", "time", "disconnect"]


class Request(Value, frozen=True, kw_only=True):
    """One exchange asked for."""

    url: Url
    kind: Kind
    validators: Validators = Validators()
    source: SourceId | None = None
    """For whom: a source may have a way of its own to be asked."""


class Exchange(Value, frozen=True, kw_only=True):
    """What went over the wire for one request: bytes, not a reconstruction."""

    url: Url
    kind: Kind
    fetched_at: Millis
    """When the request was sent; unique and rising within a host. WARC-Date and the capture's key."""
    took: Seconds
    request: bytes
    """As sent, values of our own secrets starred."""
    response: bytes
    """As received, from the status line on; still chunked, still content-encoded. Interim 1xx answers are not in it."""
    interim: bytes = b""
    peer: str | None = None
    protocol: str = "http/1.1"
    cipher: str | None = None
    unverified: bool = False
    """Inside TLS, but nobody looked at the certificate: the configuration says so of this host."""
    truncated: Truncated | None = None
    rebuilt: bool = False
    """The tap gave nothing and the head was rebuilt from parsed headers."""
    status: int = 0
    """0: the answer couldn't be parsed (it is kept all the same)."""
    mime: str | None = None
    """The media type without parameters, lower-case, as declared."""
    payload_digest: str | None = None
    """`sha1:` + base32 over the de-chunked, still content-encoded entity; None for no payload or an unknown one."""
    payload_bytes: int = 0


class Fetched(Value, frozen=True, kw_only=True, tag=True):
    """The server answered with a body that may be read. The last exchange is the answer."""

    exchanges: tuple[Exchange, ...]
    validators: Validators = Validators()


class Unchanged(Value, frozen=True, kw_only=True, tag=True):
    """304, or for a feed the same payload as before: what we hold is current."""

    exchanges: tuple[Exchange, ...]
    validators: Validators = Validators()
    """Those of the answer; a field that is None keeps the old one."""


class Redirected(Value, frozen=True, kw_only=True, tag=True):
    """The server points elsewhere. Following is the frontier's business: the target has its own host and its own turn."""

    exchanges: tuple[Exchange, ...]
    target: Url
    permanent: bool


RefusedReason = Literal[
    "robots", "robots_unreachable", "gone", "missing", "forbidden", "later", "blocked", "address", "hops", "unusable"
]  # fmt: skip


class Refused(Value, frozen=True, kw_only=True, tag=True):
    """We may not or can't have it, and asking again at once won't help.

    `robots`: disallowed. `robots_unreachable`: robots.txt couldn't be read (RFC 9309, 2.3.1.4). `gone`: 410. `missing`: 404.
    `forbidden`: 401, 403, 451 and other 4xx. `later`: 429, or 503 with Retry-After. `blocked`: a guard before the site wants
    proof that we are a browser, whatever the status (see `crawler.blocking`). `address`: our guard. `hops`: too many
    redirects, or one to nowhere. `unusable`: an answer that is no page (1xx, 204, 205, 206, an unasked 304, an empty 200).
    """

    reason: RefusedReason
    detail: str
    exchanges: tuple[Exchange, ...] = ()
    retry_after: Seconds | None = None


BrokenReason = Literal["dns", "connect", "tls", "timeout", "cut", "too_large", "protocol", "server"]


class Broken(Value, frozen=True, kw_only=True, tag=True):
    """No whole answer.

    `cut`: the connection or the content coding ended early, `too_large`: headers beyond our limit (a body beyond it is kept,
    cut), `protocol`: not HTTP, `server`: 5xx.
    """

    reason: BrokenReason
    detail: str
    exchanges: tuple[Exchange, ...] = ()


class Unasked(Value, frozen=True, kw_only=True, tag=True):
    """The job was not asked after all: told to stop, or asked lately. It is put back; nothing is said about it."""

    exchanges: tuple[Exchange, ...] = ()
    """What had come before: a robots.txt, a first knock."""
    due_at: Millis | None = None
    """When to put it back to; None: where it was."""
    ours: str = ""
    """What our own machine lacked for it."""


Outcome = Fetched | Unchanged | Redirected | Refused | Broken | Unasked


class RobotsCopy(Value, frozen=True, kw_only=True):
    """A robots.txt as it was last answered, for one origin (`scheme://host[:port]`)."""

    origin: str
    host_id: HostId
    status: int
    """The HTTP status; 0: unreachable."""
    body: bytes
    """Decoded, cut at 500 KiB; empty unless the status is 2xx."""
    fetched_at: Millis
    until: Millis
    """Asked again after this."""


class Visit(Value, frozen=True, kw_only=True):
    """One job and what came of it, on its way to the archive."""

    job: Job
    epoch: int
    outcome: Outcome
    evidence: tuple[Exchange, ...] = ()
    """What of the outcome's exchanges is archived: all, but for the answer of an unchanged feed."""
    robots: RobotsCopy | None = None
    """A copy fetched in this visit, to be remembered."""
    rights: dict[str, str] = field(default_factory=dict)
    """What the robots.txt in force says on reuse; keys as in `Article.rights`."""
    polite_at: Millis
    """When the next request to this host may start."""
    delay_ms: Millis
    """The gap that was kept."""
    strain: Strain = Strain()
    """The host's from now on."""
    slowed: bool = False
    """Its `slow_ms` isn't what it was when the lease began."""
    last: bool
    """The lease ends with this visit: its commit frees the host."""
