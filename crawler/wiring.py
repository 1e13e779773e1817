"""Which implementation answers which port: the only file that knows them all."""

from __future__ import annotations

import asyncio
import os
import random
import secrets
import socket
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Literal

from crawler import urls
from crawler.allocator import be_thrifty
from crawler.archive.disk import DiskArchive
from crawler.archive.files import make_folder
from crawler.archive.names import segment_id
from crawler.archive.workers import WorkerLock, bury, is_dead
from crawler.clock import SystemClock
from crawler.config import Config, SourceConfig
from crawler.engine import Settings
from crawler.fetching.files import Document
from crawler.fetching.http import open_fetcher
from crawler.fetching.limits import Limits
from crawler.fetching.turns import Turns
from crawler.model import Context, Millis, Offer, Seconds, Source, Value, WorkerId
from crawler.network import Network
from crawler.parse.pool import LATE, ParserPool
from crawler.parse.ruled import RuledParser
from crawler.patience import Patience
from crawler.pipeline import Tools
from crawler.ports import ArchiveError, Parser, Store
from crawler.room import Room
from crawler.settle import Policy
from crawler.store.beside import BesideStore
from crawler.store.memory import MemoryStore
from crawler.store.sqlite import SqliteStore
from crawler.timekeeping import Timekeeper
from crawler.traps import Bounds, Sieve
from crawler.version import VERSION

Role = Literal["run", "fetch"]
ONESHOT_PATIENCE: Seconds = 30
"""How long somebody at a terminal is let wait for a second try of one page."""


class Shot(Value, frozen=True, kw_only=True):
    """The tools of a one-shot; `store` is the `Tools.store`, by its own type."""

    tools: Tools
    store: BesideStore


@asynccontextmanager
async def open_tools(config: Config, role: Role, *, patient: bool = False) -> AsyncIterator[Tools]:
    """The tools of a daemon, entered in the store as a worker whose lock is held; all is let go at the end.

    `patient`: wait for a disk that is full, rather than end.

    Raises:
        StoreError: the store can't be used.
        ArchiveError: the archive's folder can't be written.
    """
    be_thrifty()
    async with AsyncExitStack() as stack:
        patience = Patience(lasts=patient)
        store = await _open_store(config, stack, patience)
        house = _House(
            config=config,
            role=role,
            store=store,
            archive_id=store.archive_id,
            folder=config.archive.dir,
            policy=policy(config),
            patience=patience,
        )
        yield await _tools(house, stack)


@asynccontextmanager
async def open_oneshot(
    config: Config, *, archive: bool, limit: int | None = None, documents: Sequence[Document] = ()
) -> AsyncIterator[Shot]:
    """The tools of a one-shot: its queue in memory; without `archive` everything else in memory and a passing folder too.

    Raises:
        StoreError: the store can't be used.
        ArchiveError: the archive's folder can't be written.
    """
    async with AsyncExitStack() as stack:
        patience = Patience(lasts=False)
        if archive:
            real: SqliteStore | MemoryStore = await _open_store(config, stack, patience)
            folder = config.archive.dir
        else:
            real = MemoryStore()
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="warraq-")))
        store = BesideStore(real, MemoryStore(), limit=limit)
        house = _House(
            config=config,
            role="fetch",
            store=store,
            archive_id=real.archive_id,
            folder=folder,
            policy=oneshot_policy(config),
            documents=tuple(documents),
            patience=patience,
        )
        yield Shot(tools=await _tools(house, stack), store=store)


class _House(Value, frozen=True, kw_only=True):
    """What the tools are made for."""

    config: Config
    role: Role
    store: Store
    archive_id: str
    folder: Path
    policy: Policy
    patience: Patience
    documents: tuple[Document, ...] = ()


def policy(config: Config) -> Policy:
    """The decisions' share of the configuration."""
    return Policy(
        tries=config.retry.tries,
        silent_tries=config.retry.tries,
        retry_base=config.retry.base,
        retry_most=config.retry.most,
        retry_after_most=config.politeness.retry_after_most,
        hops=config.fetch.hops,
        unchanged_feeds=config.archive.unchanged_feeds,
    )


def oneshot_policy(config: Config) -> Policy:
    """A person waits: a page is tried a few times within seconds, a silent host once."""
    return Policy(
        tries=3,
        silent_tries=1,
        retry_base=min(1.0, config.retry.base),
        host_base=0,
        patience=ONESHOT_PATIENCE,
        hops=config.fetch.hops,
        oneshot=True,
    )


def bounds(config: Config) -> Bounds:
    """How far addresses are followed."""
    frontier = config.frontier
    return Bounds(
        depth=frontier.depth,
        repeats=frontier.repeats,
        url_chars=frontier.url_chars,
        queries_a_path=frontier.queries_a_path,
    )


def settings(config: Config, goal: Literal["forever", "once", "drained"]) -> Settings:
    """The engine's share of the configuration."""
    return Settings(
        goal=goal,
        hosts=config.fetch.concurrency,
        urls_a_lease=config.politeness.urls_a_lease,
        ttl=_ms(config.store.lease_ttl),
        delay=_ms(config.politeness.delay),
        group_size=config.store.group_size,
        group_wait=config.store.group_wait,
        batch=config.parse.batch,
        readers=children(config) + LATE,
        reclaim_delay=_ms(config.politeness.delay),
        pages_a_day=config.frontier.pages_a_day if goal != "drained" else None,
    )


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
        every_ms=_ms(every),
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


async def _open_store(config: Config, stack: AsyncExitStack, patience: Patience) -> SqliteStore:
    path = config.store.path or config.archive.dir / "warraq.db"
    for folder in (config.archive.dir, path.parent):
        try:
            make_folder(folder)
        except OSError as error:
            raise ArchiveError(
                f"{folder}: {error.strerror}: can't make the folder; set archive.dir to one that can be written"
            ) from None
    store = await SqliteStore.open(path, patience)
    stack.push_async_callback(store.close)
    return store


async def _tools(house: _House, stack: AsyncExitStack) -> Tools:
    config, store, clock = house.config, house.store, SystemClock()
    worker = await _enlist(house, clock, stack)
    archive = DiskArchive(
        house.folder,
        archive_id=house.archive_id,
        compress=config.archive.compress,
        rotate_bytes=config.archive.rotate_size,
        rotate_ms=_ms(config.archive.rotate_age),
        info=_warcinfo(config),
    )
    stack.push_async_callback(archive.close)
    parser = parsers(config, children(config), house.patience)
    stack.push_async_callback(parser.close)
    serial, room = count(1), Room()
    return Tools(
        worker=worker,
        clock=clock,
        store=store,
        archive=archive,
        parser=parser,
        turn=(await _turns(house, worker, clock, stack, room)).turn,
        chance=random.SystemRandom().random,
        name_segment=lambda now: segment_id(now, next(serial), worker),
        reclaim=partial(_reclaim, house, worker, clock),
        publishing=asyncio.Lock(),
        policy=house.policy,
        sieve=Sieve(bounds(config)),
        patience=house.patience,
        room=room,
        network=Network(clock, lasts=house.patience.lasts),
        time=Timekeeper(clock, store.clock_moved),
    )


def parsers(config: Config, workers: int, patience: Patience | None = None) -> Parser:
    """The children that read pages; to be closed."""
    pool = ParserPool(
        workers=workers,
        page_seconds=config.parse.page_time,
        memory_bytes=config.parse.child_memory,
        decoded_bytes=config.fetch.decoded_max,
        patience=patience,
    )
    return RuledParser(pool, config.rules) if config.rules else pool


async def _enlist(house: _House, clock: SystemClock, stack: AsyncExitStack) -> WorkerId:
    """Be a worker: its lock held, then its row; at the end its hosts freed, then its lock."""
    worker = WorkerId(f"{house.role}-{secrets.token_hex(6)}")
    stack.callback(WorkerLock.take(house.folder, worker).release)
    info = {"host": socket.gethostname(), "pid": str(os.getpid()), "version": VERSION}
    await house.store.enlist(worker, info, clock.now())
    stack.push_async_callback(_strike_off, house, worker, clock)
    await _reclaim(house, worker, clock)
    return worker


async def _turns(house: _House, worker: WorkerId, clock: SystemClock, stack: AsyncExitStack, room: Room) -> Turns:
    config = house.config
    fetching = open_fetcher(
        _limits(config),
        agent=config.fetch.agent,
        allow=config.fetch.allow_private,
        insecure=config.fetch.insecure_hosts,
        clock=clock,
        room=room,
    )
    return Turns(
        await stack.enter_async_context(fetching),
        store=house.store,
        worker=worker,
        clock=clock,
        delay=config.politeness.delay,
        crawl_delay_most=config.politeness.crawl_delay_most,
        ttl_ms=_ms(config.store.lease_ttl),
        total=config.fetch.total,
        knocks=config.fetch.knocks,
        chance=random.SystemRandom().random,
        documents=house.documents,
    )


async def _reclaim(house: _House, worker: WorkerId, clock: SystemClock) -> None:
    """Free the hosts of every worker whose lock is free: it is dead."""
    delay = _ms(house.config.politeness.delay)
    for other in await house.store.workers():
        if other != worker and is_dead(house.folder, other):
            await house.store.reclaim(other, delay=delay, now=clock.now())
            bury(house.folder, other)


async def _strike_off(house: _House, worker: WorkerId, clock: SystemClock) -> None:
    await house.store.reclaim(worker, delay=_ms(house.config.politeness.delay), now=clock.now())


def _limits(config: Config) -> Limits:
    fetch = config.fetch
    return Limits(
        dns=fetch.dns,
        connect=fetch.connect,
        idle=fetch.idle,
        total=fetch.total,
        body_bytes=fetch.body_max,
        decoded_bytes=fetch.decoded_max,
        head_bytes=fetch.header_max,
        least_rate=fetch.least_rate,
    )


def _warcinfo(config: Config) -> dict[str, str]:
    info = {
        "software": f"Warraq/{VERSION}",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "robots": "obey (RFC 9309)",
        "http-header-user-agent": config.fetch.agent,
        "config-digest": f"sha256:{config.digest}",
    }
    if config.archive.operator:
        info["operator"] = config.archive.operator
    return info


def children(config: Config) -> int:
    """How many parser children: one core is the loop's."""
    if config.parse.workers != "auto":
        return config.parse.workers
    return max(1, len(os.sched_getaffinity(0)) - 1)


def _ms(seconds: Seconds) -> Millis:
    return round(seconds * 1000)
