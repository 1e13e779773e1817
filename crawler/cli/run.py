"""`warraq run`: the daemon, or one round of it."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Final

import click
import structlog

from crawler import daemon, wiring
from crawler.allocator import collect_seldom
from crawler.cli import logs
from crawler.cli.errors import Exit
from crawler.cli.options import config_option, loaded
from crawler.cli.tally import Tally
from crawler.clock import SystemClock
from crawler.config import Config
from crawler.config.arming import check_secrets
from crawler.couriers import Couriers, open_couriers
from crawler.daemon.single import Beside
from crawler.engine import Crawl
from crawler.holder import hold
from crawler.meters.crawl import CrawlMeter
from crawler.model import Millis, Seconds
from crawler.notify import Notifier
from crawler.records import rfc3339
from crawler.store.roster import open_roster, resting
from crawler.watermark import Watermark

log = structlog.get_logger()

_MOST_TOLD: Final = 20
_TELLING: Final[Seconds] = 10
"""At the end, for telling hooks and alerts of what came last; who misses it is told at the next start."""


@click.command(
    epilog="""\b
Examples:
  warraq run
  warraq run --once --config /etc/warraq/config.yaml"""
)
@click.option("--once", is_flag=True, help="Ask every source once, then fetch all pages due within a minute, and end.")
@config_option
def run(*, once: bool, config_path: Path | None) -> int:
    """Watch the sources of config.yaml: fetch, archive, extract, for as long as you like.

    SIGTERM or Ctrl-C ends it after what is in flight; a second one at once. Killing it any way loses nothing acknowledged.
    SIGHUP has it read the configuration again. One daemon watches a store; `warraq fetch` may work beside it.
    """
    config = _armed(config_path)
    if not config.sources and not asyncio.run(_added(config)):
        raise click.UsageError(
            f"{config.origin or 'the default config'} names no sources, and none were added; `warraq sources add` adds one"
        )
    _adopt(config)
    collect_seldom()
    return asyncio.run(_once(config) if once else _forever(config, lambda: _armed(config_path)))


def _armed(config_path: Path | None) -> Config:
    """The configuration, all secrets of its sources, hooks and alerts at hand."""
    config = loaded(config_path)
    check_secrets(config, os.environ)
    return config


async def _added(config: Config) -> bool:
    """Whether there are sources that commands added."""
    path = wiring.store_path(config)
    if not path.exists():
        return False
    async with open_roster(path) as roster:
        return any(one.source.origin == "command" for one in await roster.all())


async def _once(config: Config) -> int:
    started, tally, clock = time.monotonic(), Tally(), SystemClock()
    async with _opened(config, patient=False) as opened:
        await opened.sync(config)
        await opened.tools.store.poll_all(clock.now())
        log.info("started", sources=len(config.sources), archive=str(config.archive.dir), worker=opened.tools.worker)
        watermark = Watermark(_places(config), config.archive.free_least, clock)
        settings = wiring.settings(config, "once")
        crawl = Crawl(opened.tools, settings, tally.told, watermark.open)
        watermark.when_low = crawl.stop
        ended_by = await daemon.run(crawl, beside=opened.beside)
    whole = ended_by is None and watermark.low is None
    rest = _tell_resting(wiring.store_path(config), clock.now(), settings.once_within) if whole else 0
    _say_ended(started, tally)
    if ended_by is not None:
        return 128 + ended_by
    if watermark.low is not None:
        return Exit.LIMIT
    return Exit.PARTIAL if tally.failing or crawl.put_off or rest else Exit.OK


def _tell_resting(store: Path, now: Millis, within: Seconds) -> int:
    """Say which sources weren't asked in this round, since their hosts want to be left alone for longer; how many."""
    found = resting(store, now, now + round(within * 1000))
    for one in found[:_MOST_TOLD]:
        log.warning("rests", url=one.url, until=rfc3339(one.until), detail="its host wants to be left alone till then")
    if len(found) > _MOST_TOLD:
        log.warning("rests", more=len(found) - _MOST_TOLD)
    return len(found)


async def _forever(config: Config, load: Callable[[], Config]) -> int:
    started, tally, clock = time.monotonic(), Tally(), SystemClock()
    meter = CrawlMeter(clock)
    watch = daemon.Watch(
        config,
        load,
        partial(_opened, patient=True, child_started=meter.child_started),
        tell=tally.told,
        adopt=_adopt,
        meter=meter,
        notifier=Notifier(os.environ),
        clock=clock,
        restarts=daemon.Restarts(clock),
    )
    wiring.make_folders(config)
    with hold(wiring.store_path(config), clock.now()):
        ended_by = await watch.run()
    _say_ended(started, tally)
    return 128 + ended_by if ended_by is not None else Exit.OK


@asynccontextmanager
async def _opened(
    config: Config, *, patient: bool, child_started: Callable[[], None] = lambda: None
) -> AsyncIterator[daemon.Round]:
    async with (
        wiring.open_tools(config, "run", patient=patient, child_started=child_started) as tools,
        open_couriers(config, os.environ, tools.clock, tools.patience) as couriers,
    ):
        # Its module is loaded here and not when it begins: by then there may be no descriptor left to open a file with.
        indexing = partial(daemon.keep_indexed, wiring.on_index(tools), config.archive.dir, SystemClock()) if patient else None
        yield daemon.Round(
            tools=tools,
            settings=wiring.settings(config, "forever"),
            sync=lambda config: wiring.sync_sources(config, tools),
            beside=partial(_beside, couriers, indexing) if indexing else couriers.run,
        )
        await couriers.drain(_TELLING)


async def _beside(couriers: Couriers, indexing: Beside) -> None:
    async with asyncio.TaskGroup() as services:
        services.create_task(couriers.run())
        services.create_task(indexing())


def _adopt(config: Config) -> None:
    logs.set_up(config.log.level, config.log.format)
    if not config.fetch.reachable:
        log.warning("no_contact", hint="publishers can't reach you: set fetch.contact in config.yaml")


def _places(config: Config) -> tuple[Path, Path]:
    return config.archive.dir, wiring.store_path(config).parent


def _say_ended(started: Seconds, tally: Tally) -> None:
    log.info("ended", seconds=round(time.monotonic() - started, 1), **tally.counts())
