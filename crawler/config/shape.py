"""What config.yaml may say: sections, keys, defaults and their bounds. The one list the reader, the schema and `show` use."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, field

from crawler.model import Assets, Details, Kind, Priority, Rule, Seconds, Url, Value
from crawler.traps import Bounds
from crawler.version import VERSION

# What stands in `extra` tells the reader how a value is written; `examples` tell the editor, through the JSON Schema.
Span = Annotated[Seconds, Meta(extra={"unit": "span"}, extra_json_schema={"examples": ["200ms", "2s", "15m", "24h", "7d"]})]
Size = Annotated[int, Meta(extra={"unit": "size"}, extra_json_schema={"examples": ["512B", "64KB", "16MB", "1GB"]})]
Header = Annotated[str, Meta(min_length=1, max_length=500, extra={"unit": "header"})]
Network = Annotated[str, Meta(extra={"unit": "network"}, extra_json_schema={"examples": ["127.0.0.1:8080", "10.0.0.0/8"]})]
Host = Annotated[str, Meta(extra={"unit": "host"}, extra_json_schema={"examples": ["old.example", "old.example:8443"]})]
Address = Annotated[Url, Meta(extra={"unit": "address"}, extra_json_schema={"format": "uri"})]
Listen = Annotated[str, Meta(extra={"unit": "listen"}, extra_json_schema={"examples": ["127.0.0.1:8765", "[::1]:8765"]})]
Line = Annotated[str, Meta(min_length=1, max_length=500)]
Webhook = Annotated[
    str,
    Meta(max_length=2000, extra={"unit": "webhook"}, extra_json_schema={"examples": ["https://hooks.example/x", "${HOOK}"]}),
]
Cron = Annotated[
    str, Meta(min_length=1, max_length=200, extra={"unit": "cron"}, extra_json_schema={"examples": ["*/15 6-22 * * *"]})
]
Language = Annotated[str, Meta(extra={"unit": "language"}, extra_json_schema={"examples": ["ar", "fa"]})]
Pattern = Annotated[
    str, Meta(min_length=1, max_length=500, extra={"unit": "pattern"}, extra_json_schema={"examples": ["/world/", "*.pdf$"]})
]
FieldName = Annotated[str, Meta(min_length=1, max_length=100, extra={"unit": "field"})]
Secret = Annotated[
    str, Meta(extra={"unit": "secret"}, extra_json_schema={"examples": ["${PAPER_PASSWORD}", "file:/etc/warraq/paper"]})
]
Proxy = Annotated[
    str, Meta(extra={"unit": "proxy"}, extra_json_schema={"examples": ["http://proxy.example:3128", "socks5://127.0.0.1:9050"]})
]


class Strict(Value, frozen=True, kw_only=True, omit_defaults=False, forbid_unknown_fields=True):
    """A section: a key it doesn't know is a mistake, never passed over."""


class ArchiveConfig(Strict, frozen=True, kw_only=True):
    """Where the bytes go, and how."""

    dir: Path = field(default_factory=lambda: Path("archive"))
    """Absolute after `load`; in the file, relative to the file."""
    compress: Literal["isal", "zlib"] = "isal"
    rotate_size: Annotated[Size, Meta(ge=4096, le=1 << 40)] = 1 << 30
    rotate_age: Annotated[Span, Meta(ge=1, le=31 * 86_400)] = 86_400.0
    free_least: Annotated[Size, Meta(ge=0, le=1 << 40)] = 1 << 30
    """While less is free on its disk nothing new is asked for; never more than a twentieth of the disk."""
    unchanged_feeds: bool = False
    """Archive also the answer of a feed that didn't change."""
    assets: Assets = "none"
    """Archive also what pages are drawn with: the picture of an article, or all of it."""
    assets_most: Annotated[int, Meta(ge=1, le=1000)] = 100
    """Of a page, and of a style sheet."""
    operator: Line | None = None
    """Who runs this crawler, for the WARC's first record."""


class StoreConfig(Strict, frozen=True, kw_only=True):
    """The queue and the catalog."""

    path: Path | None = None
    """Absolute after `load`, and never None then."""
    lease_ttl: Annotated[Span, Meta(ge=0.1, le=86_400)] = 180.0
    group_size: Annotated[int, Meta(ge=1, le=1000)] = 64
    """With 32 a page costs 0.07 ms more (docs/decisions/0008-groups-of-64.md)."""
    group_wait: Annotated[Span, Meta(ge=0, le=10)] = 0.2
    keep: Annotated[Span, Meta(ge=86_400, le=36_600 * 86_400)] = 366 * 86_400.0
    """How long it is remembered what couldn't be had, and robots.txt files that nobody asked for since."""


class FetchConfig(Strict, frozen=True, kw_only=True):
    """How the web is asked, and what is the most that is taken from it."""

    contact: Header | None = None
    """An address or a page by which a site's owner can reach us."""
    user_agent: Header | None = None
    concurrency: Annotated[int, Meta(ge=1, le=1000)] = 64
    dns: Annotated[Span, Meta(ge=0.01, le=600)] = 5.0
    connect: Annotated[Span, Meta(ge=0.01, le=600)] = 10.0
    """For name, connection and TLS together."""
    idle: Annotated[Span, Meta(ge=0.01, le=600)] = 20.0
    timeout: Annotated[Span, Meta(ge=0.01, le=3600)] = 60.0
    body_max: Annotated[Size, Meta(ge=1024, le=1 << 30)] = 16 << 20
    decoded_max: Annotated[Size, Meta(ge=1024, le=4 << 30)] = 64 << 20
    header_max: Annotated[Size, Meta(ge=1024, le=1 << 20)] = 64 << 10
    least_rate: Annotated[Size, Meta(ge=0, le=1 << 20)] = 512
    """Bytes a second, averaged after `idle`."""
    hops: Annotated[int, Meta(ge=0, le=50)] = 10
    knocks: Annotated[int, Meta(ge=1, le=5)] = 2
    allow_private: tuple[Network, ...] = ()
    insecure_hosts: tuple[Host, ...] = ()
    """Hosts whose certificate isn't looked at; what comes from them says so."""

    @property
    def reachable(self) -> bool:
        """Whether what we send names a page or a mailbox of whoever runs this."""
        return self.contact is not None or any(mark in (self.user_agent or "") for mark in ("://", "@"))

    @property
    def agent(self) -> str:
        """The User-Agent that is sent."""
        return self.user_agent or (f"Warraq/{VERSION} (+{self.contact})" if self.contact else f"Warraq/{VERSION}")


class PolitenessConfig(Strict, frozen=True, kw_only=True):
    """How gently a host is asked. What the host itself wants (robots, Retry-After) always wins."""

    delay: Annotated[Span, Meta(ge=0, le=3600)] = 2.0
    urls_a_lease: Annotated[int, Meta(ge=1, le=1000)] = 8
    crawl_delay_most: Annotated[Span, Meta(ge=0, le=86_400)] = 300.0
    retry_after_most: Annotated[Span, Meta(ge=0, le=31 * 86_400)] = 86_400.0


class FrontierConfig(Strict, frozen=True, kw_only=True):
    """How far addresses are followed before they are taken for a trap."""

    depth: Annotated[int, Meta(ge=1, le=1000)] = 25
    repeats: Annotated[int, Meta(ge=1, le=1000)] = 3
    url_chars: Annotated[int, Meta(ge=100, le=16_384)] = 2_000
    queries_a_path: Annotated[int, Meta(ge=1, le=100_000)] = 1_000
    pages_a_day: Annotated[int, Meta(ge=1, le=10_000_000)] = 20_000
    """Of one host; what is over waits for the next day."""

    @property
    def bounds(self) -> Bounds:
        """The same for who judges addresses."""
        return Bounds(depth=self.depth, repeats=self.repeats, url_chars=self.url_chars, queries_a_path=self.queries_a_path)


class RetryConfig(Strict, frozen=True, kw_only=True):
    """How often and when again, for what failed but may yet come."""

    tries: Annotated[int, Meta(ge=1, le=50)] = 5
    base: Annotated[Span, Meta(ge=0.01, le=86_400)] = 60.0
    most: Annotated[Span, Meta(ge=0.01, le=31 * 86_400)] = 86_400.0


class ParseConfig(Strict, frozen=True, kw_only=True):
    """The children that read pages, and what they may use up."""

    workers: Literal["auto"] | Annotated[int, Meta(ge=1, le=64)] = "auto"
    page_time: Annotated[Span, Meta(ge=0.05, le=600)] = 2.0
    child_memory: Annotated[Size, Meta(ge=80 << 20, le=1 << 40)] = 96 << 20
    batch: Annotated[int, Meta(ge=1, le=1000)] = 64


class ScheduleConfig(Strict, frozen=True, kw_only=True):
    """When a source is asked again."""

    every: Annotated[Span, Meta(ge=1, le=366 * 86_400)] | None = None
    """Of every source that says nothing else; None: as often as each has news."""
    polls_a_day: Annotated[float, Meta(ge=0.01, le=86_400)] = 24.0
    """Of a source, on average over all that are asked by their news."""
    hints_most: Annotated[Span, Meta(ge=0, le=31 * 86_400)] = 86_400.0
    """The longest a publisher's hint (max-age, ttl, sy:) keeps us away."""
    least: Annotated[Span, Meta(ge=1, le=366 * 86_400)] = 60.0
    most: Annotated[Span, Meta(ge=1, le=366 * 86_400)] = 86_400.0
    revisits: Annotated[tuple[Annotated[Span, Meta(ge=1, le=366 * 86_400)], ...], Meta(max_length=100)] = (
        3_600.0,
        21_600.0,
        86_400.0,
        604_800.0,
    )
    """How long after its publication an article is looked at again."""


class LogConfig(Strict, frozen=True, kw_only=True):
    """What is said while it runs, and how."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "text", "json"] = "auto"


class WebConfig(Strict, frozen=True, kw_only=True):
    """Where a running daemon tells how it is."""

    listen: Listen | None = "127.0.0.1:8765"
    hosts: tuple[Host, ...] = ()
    """Names by which it may be called, besides addresses and `localhost`: a page elsewhere can't have a browser ask it."""


class ExtractConfig(Strict, frozen=True, kw_only=True):
    """How pages are read."""

    rules: Path | None = None
    """The folder of rules for single sites; absolute after `load`. None: `rules` beside the file, if there is one."""


class Sections(Strict, frozen=True, kw_only=True):
    """The file but for its sources."""

    archive: ArchiveConfig = field(default_factory=ArchiveConfig)
    store: StoreConfig = StoreConfig()
    fetch: FetchConfig = FetchConfig()
    politeness: PolitenessConfig = PolitenessConfig()
    frontier: FrontierConfig = FrontierConfig()
    retry: RetryConfig = RetryConfig()
    parse: ParseConfig = ParseConfig()
    schedule: ScheduleConfig = ScheduleConfig()
    extract: ExtractConfig = ExtractConfig()
    log: LogConfig = LogConfig()
    web: WebConfig = WebConfig()


class SourceEntry(Strict, frozen=True, kw_only=True):
    """A source as it is written: one of `feed`, `sitemap`, `section`, `site`, and what else is known."""

    feed: Address = Url("")
    sitemap: Address = Url("")
    section: Address = Url("")
    site: Address = Url("")
    name: Line | None = None
    every: Annotated[Span, Meta(ge=1, le=366 * 86_400)] | None = None
    cron: Cron | None = None
    tags: tuple[Line, ...] = ()
    priority: Priority = "normal"
    language: Language | None = None
    include: tuple[Pattern, ...] = ()
    exclude: tuple[Pattern, ...] = ()
    max_age: Annotated[Span, Meta(ge=60, le=36_600 * 86_400)] | None = None
    languages: tuple[Language, ...] = ()
    depth: Annotated[int, Meta(ge=0, le=20)] | None = None
    assets: Assets | None = None
    delay: Annotated[Span, Meta(ge=0, le=3600)] | None = None
    headers: dict[FieldName, Header] = field(default_factory=dict)
    cookies: dict[FieldName, Secret] = field(default_factory=dict)
    user: Header | None = None
    password: Secret | None = None
    user_agent: Header | None = None
    proxy: Proxy | None = None


class HookEntry(Strict, frozen=True, kw_only=True):
    """Who is told of each new article: a command or a webhook."""

    command: tuple[Line, ...] = ()
    """Its words; no shell. It gets a line of JSON on stdin."""
    webhook: Webhook | None = None
    secret: Secret | None = None
    """What a webhook's messages are signed with; never the secret itself, but where it is."""
    timeout: Annotated[Span, Meta(ge=0.1, le=3600)] = 30.0
    """For one message."""
    past: bool = True
    """Also of what a source had, and dated more than a day back, when it was first read."""


class AlertEntry(HookEntry, frozen=True, kw_only=True):
    """Who is told of what: one of `keyword`, `quiet`, `failing`."""

    keyword: Line | None = None
    """A word or words in a row, in any spelling of them."""
    quiet: Annotated[Span, Meta(ge=60, le=366 * 86_400)] | None = None
    """A source that has brought nothing new for so long."""
    failing: Annotated[int, Meta(ge=1, le=1000)] | None = None
    """A source that failed so often in a row, or is blocked or gone."""


class HooksEntry(Strict, frozen=True, kw_only=True):
    """What happens when something happened."""

    on_article: tuple[HookEntry, ...] = ()


class File(Sections, frozen=True, kw_only=True):
    """The whole file as it is written; its JSON Schema is the file's."""

    hooks: HooksEntry = HooksEntry()
    alerts: tuple[AlertEntry, ...] = ()
    sources: tuple[SourceEntry, ...] = ()


class SourceConfig(Strict, frozen=True, kw_only=True):
    """A source as it is used."""

    kind: Kind
    url: Url
    name: str = ""
    every: Seconds | None = None
    """None: `schedule.every`."""
    cron: str | None = None
    tags: tuple[str, ...] = ()
    priority: Priority = "normal"
    details: Details = Details()


class Config(Sections, frozen=True, kw_only=True):
    """All that was configured; every path in it is absolute."""

    hooks: tuple[HookEntry, ...] = ()
    """Of each new article and version."""
    alerts: tuple[AlertEntry, ...] = ()
    sources: tuple[SourceConfig, ...] = ()
    rules: tuple[Rule, ...] = ()
    origin: Path | None = None
    """The file it was read from; None: defaults."""
    digest: str
    """sha256 of the file's bytes (of nothing, for defaults), in hex."""
