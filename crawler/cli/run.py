"""`warraq run`: the daemon, or one round of it."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import Final

import click
import structlog

from crawler import daemon, wiring
from crawler.cli import logs
from crawler.cli.errors import Exit
from crawler.cli.options import config_option, loaded
from crawler.cli.tally import Tally
from crawler.config import Config
from crawler.couriers import open_couriers
from crawler.engine import Crawl
from crawler.model import Seconds

log = structlog.get_logger()

_TELLING: Final[Seconds] = 10
"""At the end, for telling hooks and alerts of what came last; who misses it is told at the next start."""


@click.command()
@click.option("--once", is_flag=True, help="Ask every source once, then fetch all pages due within a minute, and end.")
@config_option
def run(*, once: bool, config_path: Path | None) -> int:
    """Watch the sources of config.yaml: fetch, archive, extract, for as long as you like.

    SIGTERM or Ctrl-C ends it after what is in flight; a second one at once. Killing it any way loses nothing acknowledged.
    """
    config = loaded(config_path)
    if not config.sources:
        raise click.UsageError(
            f"{config.origin or 'the default config'} names no sources; add a feed to it (warraq init writes one)"
        )
    logs.set_up(config.log.level, config.log.format)
    return asyncio.run(_run(config, once=once))


async def _run(config: Config, *, once: bool) -> int:
    started = time.monotonic()
    tally = Tally()
    async with wiring.open_tools(config, "run", patient=not once) as tools:
        await wiring.sync_sources(config, tools)
        if once:
            await tools.store.poll_all(tools.clock.now())
        if not config.fetch.reachable:
            log.warning("no_contact", hint="publishers can't reach you: set fetch.contact in config.yaml")
        log.info("started", sources=len(config.sources), archive=str(config.archive.dir), worker=tools.worker)
        crawl = Crawl(tools, wiring.settings(config, "once" if once else "forever"), tally.told)
        async with open_couriers(config, os.environ, tools.clock, tools.patience) as couriers:
            ended_by = await daemon.run(crawl, beside=couriers.run)
            await couriers.drain(_TELLING)
    log.info("ended", seconds=round(time.monotonic() - started, 1), **tally.counts())
    if ended_by is not None:
        return 128 + ended_by
    return Exit.PARTIAL if once and tally.failing else Exit.OK
