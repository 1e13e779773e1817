"""The sources of the configuration, as the store knows them."""

from __future__ import annotations

from typing import Final, Literal

from crawler import schedule, urls
from crawler.config import Config, SourceConfig
from crawler.model import WEIGHTS, Context, Millis, Offer, Seconds, Source
from crawler.pipeline import Tools
from crawler.ports import Store
from crawler.wiring.shares import ms

AT_ONCE: Final = 50
"""Sources that are new together and asked without waiting; more of them are a burst, for us and for the hosters they share."""
APART: Final[Seconds] = 0.36
"""What each one more adds to the span they are spread over: 10,000 take an hour."""


async def sync_sources(config: Config, tools: Tools) -> None:
    """Make the config's sources the store's."""
    await enter_sources(config, tools.store, tools.clock.now())


async def enter_sources(config: Config, store: Store, now: Millis) -> None:
    """As `sync_sources`, for a store that nobody works with."""
    found = sources(config)
    span = span_of(len(found))
    await store.sync_sources(found, [first_poll(source, now, span) for source in found], now)


def sources(config: Config) -> tuple[Source, ...]:
    """The config's sources as the store knows them."""
    return tuple(source_of(config, entry) for entry in config.sources)


def source_of(config: Config, entry: SourceConfig, origin: Literal["config", "command"] = "config") -> Source:
    """A source as the store knows it."""
    every = entry.every or (None if entry.cron else config.schedule.every)
    return Source(
        source_id=urls.source_id(entry.url),
        kind=entry.kind,
        url=entry.url,
        host_id=urls.host_id(urls.host(entry.url)),
        h=urls.url_hash(entry.url),
        every_ms=None if every is None else ms(min(max(every, config.schedule.least), config.schedule.most)),
        cron=entry.cron,
        weight=WEIGHTS[entry.priority],
        name=entry.name,
        origin=origin,
        tags=entry.tags,
        details=entry.details,
    )


def span_of(new: int) -> Seconds:
    """Over how long so many new sources are spread."""
    return max(0, new - AT_ONCE) * APART


def first_poll(source: Source, now: Millis, span: Seconds = 0) -> Offer:
    """The row of a source that is new: due within `span` from now, each at its own moment."""
    return Offer(
        host=urls.host(source.url),
        host_id=source.host_id,
        h=source.h,
        url=source.url,
        kind=source.kind,
        due_at=schedule.spread(now, span, (source.h & 0xFFFF) / 0x10000),
        context=Context(source=source.source_id),
        gated=False,
    )
