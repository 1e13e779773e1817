"""Who answers which port is chosen here; opened in order, and let go in the other."""

from __future__ import annotations

import asyncio
import os
import random
import secrets
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Literal

import structlog

from crawler.allocator import be_thrifty
from crawler.archive.disk import DiskArchive
from crawler.archive.files import make_folder
from crawler.archive.names import segment_id
from crawler.archive.workers import WorkerLock, bury, is_dead
from crawler.at_hand import AtHand
from crawler.clock import SystemClock
from crawler.config import Config
from crawler.config.problems import Mistake
from crawler.config.secrets import resolved
from crawler.fetching.entrances import Entrances, NoSecretError
from crawler.fetching.files import Document
from crawler.fetching.http import open_fetcher
from crawler.fetching.turns import Turns
from crawler.model import Value, WorkerId
from crawler.network import Network
from crawler.parse.pool import ParserPool
from crawler.parse.ruled import RuledParser
from crawler.particulars import Particulars
from crawler.patience import Patience
from crawler.pipeline import Tools
from crawler.ports import ArchiveError, Parser, Store
from crawler.room import Room
from crawler.store.beside import BesideStore
from crawler.store.memory import MemoryStore
from crawler.store.search import OnIndex
from crawler.store.sqlite import SqliteStore
from crawler.takedown.carrying import Watch
from crawler.terms import Policy
from crawler.timekeeping import Timekeeper
from crawler.traps import Sieve
from crawler.version import VERSION
from crawler.wiring.shares import children, limits, ms, oneshot_policy, pacemaker, policy, warcinfo

log = structlog.get_logger()

Role = Literal["run", "fetch"]


class Shot(Value, frozen=True, kw_only=True):
    """The tools of a one-shot; `store` is the `Tools.store`, by its own type."""

    tools: Tools
    store: BesideStore


@asynccontextmanager
async def open_tools(
    config: Config, role: Role, *, patient: bool = False, child_started: Callable[[], None] = lambda: None
) -> AsyncIterator[Tools]:
    """The tools of a daemon, entered in the store as a worker whose lock is held; all is let go at the end.

    `patient`: wait for a disk that is full, rather than end. `child_started` hears of each parser child.

    Raises:
        StoreError: the store can't be used.
        ArchiveError: the archive's folder can't be written.
    """
    be_thrifty()
    async with AsyncExitStack() as stack:
        patience = Patience(lasts=patient)
        store = await _open_store(config, stack, patience)
        watch = Watch(config.archive.dir, store_path(config))
        await watch.look()
        house = _House(
            config=config,
            role=role,
            store=store,
            archive_id=store.archive_id,
            folder=config.archive.dir,
            policy=policy(config),
            patience=patience,
            watch=watch,
            child_started=child_started,
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
            policy=oneshot_policy(config, archive=archive),
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
    watch: Watch | None = None
    child_started: Callable[[], None] = lambda: None


def store_path(config: Config) -> Path:
    """Where the store is, or will be."""
    return config.store.path or config.archive.dir / "warraq.db"


def make_folders(config: Config) -> None:
    """The archive's, and the store's.

    Raises:
        ArchiveError: they can't be made.
    """
    for folder in (config.archive.dir, store_path(config).parent):
        try:
            make_folder(folder)
        except OSError as error:
            raise ArchiveError(
                f"{folder}: {error.strerror}: can't make the folder; set archive.dir to one that can be written"
            ) from None


async def _open_store(config: Config, stack: AsyncExitStack, patience: Patience) -> SqliteStore:
    make_folders(config)
    store = await SqliteStore.open(store_path(config), patience)
    stack.push_async_callback(store.close)
    clock = SystemClock()
    by = await store.begun(round(clock.monotonic() * 1000), clock.now())
    if by:
        log.warning("clock_moved", seconds=round(by / 1000, 1), detail="the clock was ahead when the store was last written")
    return store


async def _tools(house: _House, stack: AsyncExitStack) -> Tools:
    config, store, clock = house.config, house.store, SystemClock()
    worker = await _enlist(house, clock, stack)
    at_hand = AtHand()
    stack.callback(at_hand.close)
    archive = DiskArchive(
        house.folder,
        archive_id=house.archive_id,
        compress=config.archive.compress,
        rotate_bytes=config.archive.rotate_size,
        rotate_ms=ms(config.archive.rotate_age),
        info=warcinfo(config),
        at_hand=at_hand,
    )
    stack.push_async_callback(archive.close)
    parser = parsers(config, children(config), house.patience, house.child_started, at_hand)
    stack.push_async_callback(parser.close)
    serial, room = count(1), Room()
    particulars = Particulars(await store.said())
    return Tools(
        worker=worker,
        clock=clock,
        store=store,
        archive=archive,
        parser=parser,
        turn=(await _turns(house, worker, clock, stack, room=room, particulars=particulars)).turn,
        chance=random.Random().random,  # noqa: S311 - it spreads requests; the system's own costs a call of it each time
        name_segment=lambda now: segment_id(now, next(serial), worker),
        reclaim=partial(_tidy, house, worker, clock, archive),
        publishing=asyncio.Lock(),
        policy=house.policy,
        sieve=Sieve(config.frontier.bounds),
        pacemaker=pacemaker(config),
        particulars=particulars,
        patience=house.patience,
        room=room,
        network=Network(clock, lasts=house.patience.lasts),
        time=Timekeeper(clock, store.clock_moved),
    )


def on_index(tools: Tools) -> OnIndex:
    """Who does work on the index of the search beside a crawl: the crawl's own store."""
    if not isinstance(tools.store, SqliteStore):
        raise TypeError(f"{type(tools.store).__name__} has no index")
    return tools.store.on_index


def parsers(
    config: Config,
    workers: int,
    patience: Patience | None = None,
    started: Callable[[], None] = lambda: None,
    at_hand: AtHand | None = None,
) -> Parser:
    """The children that read pages; to be closed."""
    pool = ParserPool(
        workers=workers,
        page_seconds=config.parse.page_time,
        memory_bytes=config.parse.child_memory,
        decoded_bytes=config.fetch.decoded_max,
        patience=patience,
        started=started,
        at_hand=at_hand,
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


async def _turns(
    house: _House, worker: WorkerId, clock: SystemClock, stack: AsyncExitStack, *, room: Room, particulars: Particulars
) -> Turns:
    config = house.config
    fetching = open_fetcher(
        limits(config),
        agent=config.fetch.agent,
        allow=config.fetch.allow_private,
        insecure=config.fetch.insecure_hosts,
        clock=clock,
        room=room,
        entrances=Entrances(particulars.of, secret, f"Warraq/{VERSION}"),
    )
    return Turns(
        await stack.enter_async_context(fetching),
        store=house.store,
        worker=worker,
        clock=clock,
        delay=config.politeness.delay,
        crawl_delay_most=config.politeness.crawl_delay_most,
        ttl_ms=ms(config.store.lease_ttl),
        total=config.fetch.timeout,
        knocks=config.fetch.knocks,
        chance=random.Random().random,  # noqa: S311 - as above
        documents=house.documents,
        own_delay=particulars.delay,
    )


def secret(place: str) -> str:
    """What stands where a source's secret is said to be.

    Raises:
        NoSecretError: it can't be had.
    """
    try:
        return resolved(place, os.environ)
    except Mistake as mistake:
        raise NoSecretError(str(mistake)) from None


async def _tidy(house: _House, worker: WorkerId, clock: SystemClock, archive: DiskArchive) -> None:
    """What is done once a minute: hosts of the dead are freed, and takedowns gone on with, in what we write to ourselves."""
    await _reclaim(house, worker, clock)
    if house.watch is not None:
        for segment, why in await house.watch.look(archive.erase):
            log.warning("takedown_waits", segment=segment, why=why)


async def _reclaim(house: _House, worker: WorkerId, clock: SystemClock) -> None:
    """Free the hosts of every worker whose lock is free: it is dead."""
    delay = ms(house.config.politeness.delay)
    for other in await house.store.workers():
        if other != worker and is_dead(house.folder, other):
            await house.store.reclaim(other, delay=delay, now=clock.now())
            bury(house.folder, other)


async def _strike_off(house: _House, worker: WorkerId, clock: SystemClock) -> None:
    await house.store.reclaim(worker, delay=ms(house.config.politeness.delay), now=clock.now())
