"""The sources of the configuration, as the store knows them."""

from __future__ import annotations

from typing import Final

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
    span = max(0, len(found) - AT_ONCE) * APART
    await store.sync_sources(found, [_first_poll(source, now, span) for source in found], now)


def sources(config: Config) -> tuple[Source, ...]:
    """The config's sources as the store knows them."""
    return tuple(_source(config, entry) for entry in config.sources)


def _source(config: Config, entry: SourceConfig) -> Source:
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
        tags=entry.tags,
        details=entry.details,
    )


def _first_poll(source: Source, now: Millis, span: Seconds) -> Offer:
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
