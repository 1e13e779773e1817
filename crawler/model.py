"""The nouns of a crawl. Values only: frozen, serialisable, without behaviour that touches the outside.

A thing changes its type whenever it changes its meaning, so that a signature tells where in the river one stands::

    Offer -> Job -> Outcome (in a Visit) -> Receipt -> Discovery -> Decision
"""

from __future__ import annotations

from enum import IntEnum
from typing import Literal, NewType

from msgspec import Struct, field

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


SOURCE_KINDS = frozenset({Kind.FEED, Kind.SITEMAP, Kind.SECTION})


# --- sources and the frontier ------------------------------------------------------------------------------------------


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
    every_ms: Millis
    name: str = ""
    origin: Literal["config", "command"] = "config"
    tags: tuple[str, ...] = ()


class Poll(Value, frozen=True, kw_only=True):
    """What a lease knows of the source it is about to ask."""

    source_id: SourceId
    url: Url
    host_id: HostId
    h: UrlHash
    every_ms: Millis
    validators: Validators = Validators()
    body_digest: str | None = None
    """Payload digest of the last body that was read through to the end; None: whatever comes is parsed."""
    failures: int = 0
    """Polls without an answer that could be used, in a row."""


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
    fails: int = 0
    jobs: tuple[Job, ...] = ()


class Freed(Value, frozen=True, kw_only=True):
    """A lease given back before its jobs were done."""

    host_id: HostId
    epoch: int
    polite_at: Millis
    """When the next request may start."""


# --- the fetch ---------------------------------------------------------------------------------------------------------

Truncated = Literal["length", "time", "disconnect"]


class Request(Value, frozen=True, kw_only=True):
    """One exchange asked for."""

    url: Url
    kind: Kind
    validators: Validators = Validators()


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


RefusedReason = Literal["robots", "robots_unreachable", "gone", "missing", "forbidden", "later", "address", "hops", "unusable"]


class Refused(Value, frozen=True, kw_only=True, tag=True):
    """We may not or can't have it, and asking again at once won't help.

    `robots`: disallowed. `robots_unreachable`: robots.txt couldn't be read (RFC 9309, 2.3.1.4). `gone`: 410. `missing`: 404.
    `forbidden`: 401, 403, 451 and other 4xx. `later`: 429, or 503 with Retry-After. `address`: the guard. `hops`: too many
    redirects, or one to nowhere. `unusable`: an answer that is no page (1xx, 204, 205, 206, an unasked 304, an empty 200).
    """

    reason: RefusedReason
    detail: str
    exchanges: tuple[Exchange, ...] = ()
    retry_after: Seconds | None = None


BrokenReason = Literal["dns", "connect", "tls", "timeout", "cut", "protocol", "server"]


class Broken(Value, frozen=True, kw_only=True, tag=True):
    """No whole answer.

    `cut`: the connection or the content coding ended early, `protocol`: not HTTP, `server`: 5xx.
    """

    reason: BrokenReason
    detail: str
    exchanges: tuple[Exchange, ...] = ()


Outcome = Fetched | Unchanged | Redirected | Refused | Broken


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
    polite_at: Millis
    """When the next request to this host may start."""
    delay_ms: Millis
    """The gap that was kept."""
    fails: int = 0
    """The host's failures in a row from now on."""
    last: bool
    """The lease ends with this visit: its commit frees the host."""


# --- the archive -------------------------------------------------------------------------------------------------------


class CaptureKey(Value, frozen=True, kw_only=True, order=True):
    """Names one archived exchange; `fetched_at` alone is unique within a host."""

    host_id: HostId
    h: UrlHash
    fetched_at: Millis


class PayloadKey(Value, frozen=True, kw_only=True):
    """Names a payload: identical bytes on one host are stored once."""

    host_id: HostId
    digest: str


class Original(Value, frozen=True, kw_only=True):
    """The capture that holds a payload, for a revisit to refer to."""

    key: CaptureKey
    url: Url
    segment: SegmentId
    offset: int
    length: int
    digest: str | None = None
    """Of the payload: a 304's record repeats it."""


class Extracted(IntEnum):
    """How far the reading of a capture has come; the number is what the store holds."""

    WAITING = 0
    """In the outbox: run again on start."""
    DONE = 1
    NOTHING = 2
    """There is nothing to read in it: errors, redirects, robots, revisits of the same URL."""
    GIVEN_UP = 3


class Capture(Value, frozen=True, kw_only=True):
    """One archived exchange: where it lies. A row of the catalog."""

    key: CaptureKey
    url: Url
    kind: Kind
    status: int
    mime: str | None
    digest: str | None
    segment: SegmentId
    offset: int
    """Of the response (or revisit) member in the WARC."""
    length: int
    """Of that member, compressed."""
    group_length: int
    """Of all members of the exchange: response or revisit, request, metadata."""
    revisit_of: CaptureKey | None = None
    extracted: Extracted = Extracted.NOTHING


class Receipt(Value, frozen=True, kw_only=True):
    """Proof that a visit's answer is kept, and the order to read it. What the outbox holds."""

    capture: Capture
    job: Job
    validators: Validators = Validators()
    """Of the answer: a source's from now on, once the body is read."""
    truncated: bool = False
    body: Original | None = None
    """Where the payload lies if not in the capture itself (an identical payload of another URL)."""


class SegmentState(Value, frozen=True, kw_only=True):
    """A segment's row."""

    segment: SegmentId
    owner: WorkerId
    state: Literal["open", "sealing", "sealed", "void"]
    committed: int
    records_committed: int
    created_at: Millis
    waiting: int = 0
    """Captures in it that no parser has read yet."""


class Span(Value, frozen=True, kw_only=True):
    """Bytes in a file: what a parser child is told instead of being sent them."""

    path: str
    offset: int
    length: int


# --- reading -----------------------------------------------------------------------------------------------------------


class Article(Value, frozen=True, kw_only=True):
    """A page as a human reads it. None and empty mean "not found", never a guess.

    `text` has one paragraph a line and no empty lines.
    """

    url: str | None = None
    canonical_url: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    """RFC 3339, with the zone only if the page gave one; a day alone is `YYYY-MM-DD`."""
    modified: str | None = None
    language: str | None = None
    """BCP 47, primary tag first."""
    direction: Literal["rtl", "ltr"] | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    site: str | None = None
    source: str | None = None
    """The outlet the page says it was taken from."""
    summary: str | None = None
    text: str = ""
    image: str | None = None
    links: tuple[str, ...] = ()
    """Absolute addresses linked from the body text."""
    rights: dict[str, str] = field(default_factory=dict)
    """Signals a publisher gives on reuse (meta robots, X-Robots-Tag …), recorded and not enforced."""
    found_in: dict[str, str] = field(default_factory=dict)
    """For each field that is set: where it was found (`json-ld`, `og`, `meta`, `h1`, `text`, `feed` …)."""
    note: str | None = None
    """Why there is no text."""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The body text, a paragraph each."""
        return tuple(self.text.splitlines())


class Entry(Value, frozen=True, kw_only=True):
    """One item of a feed that is new to us or has changed."""

    key: str
    """Identity within its source: guid, else id, else link, else a hash of what it says."""
    item_hash: str
    changed: bool = False
    """Its key is known with another hash."""
    link: Url | None = None
    guid: str | None = None
    title: str | None = None
    published: str | None = None
    """RFC 3339, or None if the feed gave no date that can be read."""
    published_raw: str | None = None
    article: Article | None = None
    """For an entry without a page of its own: what the feed itself says."""


class Discovery(Value, frozen=True, kw_only=True):
    """What a parser found in one capture. A value also where it found nothing: then `note` says why."""

    found: Literal["article", "feed", "sitemap", "section", "nothing"]
    article: Article | None = None
    entries: tuple[Entry, ...] = ()
    """New and changed ones only."""
    items: int = 0
    """All items of the document, known ones too."""
    links: tuple[Url, ...] = ()
    """Pages to visit: of a sitemap or a section page."""
    sitemaps: tuple[Url, ...] = ()
    """Children of a sitemap index."""
    feeds: tuple[Url, ...] = ()
    """Autodiscovered."""
    title: str | None = None
    floor: Seconds | None = None
    """The publisher's wish for the least time between two polls."""
    note: str | None = None
    given_up: bool = False
    """The parser was killed or failed on it; a source is then polled unconditionally next time."""


class ParseTask(Value, frozen=True, kw_only=True):
    """One capture to read."""

    span: Span
    url: Url
    """The address the content is read for: links resolve against it."""
    kind: Kind
    known: dict[str, str] = field(default_factory=dict)
    """For a source: entry key -> item hash, as stored."""
    truncated: bool = False


class Place(Value, frozen=True, kw_only=True):
    """Where the evidence of a record lies."""

    segment: SegmentId
    offset: int
    length: int
    fetched_at: str
    """RFC 3339 with milliseconds, UTC."""
    digest: str | None = None
    status: int = 200
    item: str | None = None
    """The entry key, where a feed entry has no page."""


class Record(Value, frozen=True, kw_only=True, omit_defaults=False):
    """One line of a segment's `.jsonl`: an article and the capture it was read from."""

    schema: int = 1
    id: str
    """Base32 of blake2b-10 over the dedupe key (for an entry without page: the feed's key, NUL, the entry's key)."""
    url: str
    canonical_url: str | None
    title: str | None
    authors: tuple[str, ...]
    published: str | None
    modified: str | None
    language: str | None
    direction: Literal["rtl", "ltr"] | None
    section: str | None
    tags: tuple[str, ...]
    site: str | None
    source: str | None
    summary: str | None
    text: str
    words: int
    """Runs of letters and digits; in unspaced scripts each character counts."""
    image: str | None
    links: tuple[str, ...]
    rights: dict[str, str]
    found_in: dict[str, str]
    note: str | None
    feed: dict[str, str]
    """`url`, `guid`, `published`, `title` as the feed gave them; empty for a page not found through one."""
    capture: Place
    extractor: str
    """Name and version of what read it."""


class ArticleRow(Value, frozen=True, kw_only=True):
    """An article for the catalog; the store finds out whether it is new, a new version or known."""

    article_id: str
    key: CaptureKey
    url: str
    title: str | None
    published: str | None
    language: str | None
    source: SourceId | None
    words: int
    text_hash: str
    """Over normalised headline and text: a new version only where this differs from the last one."""
    record: int
    """Index of its line among the batch's records of the same segment."""


class Postponed(Value, frozen=True, kw_only=True):
    """A leased job put back without asking."""

    job: Job
    epoch: int
    due_at: Millis


# --- decisions ---------------------------------------------------------------------------------------------------------


class PollRow(Value, frozen=True, kw_only=True):
    """How a poll went, for a source's history. Times in ms."""

    source_id: SourceId
    at: Millis
    status: int
    outcome: str
    """`fetched`, `unchanged`, `redirected`, or the reason it was refused or broken."""
    failed: bool
    detail: str = ""
    gone: bool = False


class Failure(Value, frozen=True, kw_only=True):
    """A job that ends without what it was for. Shown, kept, and never silently dropped."""

    host_id: HostId
    h: UrlHash
    at: Millis
    url: Url
    kind: Kind
    reason: str
    detail: str
    tries: int
    context: Context = Context()


class Settlement(Value, frozen=True, kw_only=True):
    """All that commit 1 writes about one visit."""

    host_id: HostId
    epoch: int
    h: UrlHash
    due_at: Millis
    """With `host_id` and `h` the key of the leased queue row, which goes."""
    captures: tuple[Capture, ...] = ()
    receipt: Receipt | None = None
    """Set where a parser shall read the last capture."""
    again: Offer | None = None
    """What is put back in the row's place. Only if the row was still there."""
    hop: Offer | None = None
    """The target of a redirect. Only if the row was still there."""
    robots: RobotsCopy | None = None
    poll: PollRow | None = None
    failure: Failure | None = None
    polite_at: Millis = 0
    delay_ms: Millis | None = None
    """The gap the host was given; None leaves it, as does None for `fails` (its failures in a row from now on)."""
    fails: int | None = None
    last: bool = False


class SourceUpdate(Value, frozen=True, kw_only=True):
    """What commit 2 writes about a source whose changed body was read (or given up)."""

    source_id: SourceId
    captured_at: Millis
    """`fetched_at` of the body; an older one than the stored changes nothing."""
    validators: Validators
    body_digest: str | None
    next: Offer
    """The source's queue row; `due_at` is the next poll."""
    title: str | None = None
    new: int = 0
    changed: int = 0


class Decision(Value, frozen=True, kw_only=True):
    """All that commit 2 writes about one capture that was read."""

    key: CaptureKey
    segment: SegmentId
    extracted: Extracted
    records: tuple[Record, ...] = ()
    articles: tuple[ArticleRow, ...] = ()
    entries: tuple[Entry, ...] = ()
    source_id: SourceId | None = None
    offers: tuple[Offer, ...] = ()
    source: SourceUpdate | None = None
    failure: Failure | None = None
