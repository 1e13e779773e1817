"""The sources of the configuration, as the store knows them."""

from __future__ import annotations

from crawler import urls
from crawler.config import Config, SourceConfig
from crawler.model import Context, Millis, Offer, Source
from crawler.pipeline import Tools
from crawler.ports import Store
from crawler.wiring.shares import ms


async def sync_sources(config: Config, tools: Tools) -> None:
    """Make the config's sources the store's."""
    await enter_sources(config, tools.store, tools.clock.now())


async def enter_sources(config: Config, store: Store, now: Millis) -> None:
    """As `sync_sources`, for a store that nobody works with."""
    found = sources(config)
    await store.sync_sources(found, [_first_poll(source, now) for source in found], now)


def sources(config: Config) -> tuple[Source, ...]:
    """The config's sources as the store knows them."""
    return tuple(_source(config, entry) for entry in config.sources)


def _source(config: Config, entry: SourceConfig) -> Source:
    every = min(max(entry.every or config.schedule.every, config.schedule.least), config.schedule.most)
    return Source(
        source_id=urls.source_id(entry.url),
        kind=entry.kind,
        url=entry.url,
        host_id=urls.host_id(urls.host(entry.url)),
        h=urls.url_hash(entry.url),
        every_ms=ms(every),
        name=entry.name,
        tags=entry.tags,
    )


def _first_poll(source: Source, now: Millis) -> Offer:
    return Offer(
        host=urls.host(source.url),
        host_id=source.host_id,
        h=source.h,
        url=source.url,
        kind=source.kind,
        due_at=now,
        context=Context(source=source.source_id),
        gated=False,
    )
