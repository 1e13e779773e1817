"""`warraq run`: the daemon, or one round of it."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import click
import structlog

from crawler import daemon, wiring
from crawler.cli import logs
from crawler.cli.errors import Exit
from crawler.cli.options import config_option, loaded
from crawler.config import Config
from crawler.engine import Crawl, Told
from crawler.pipeline import Kept, Read
from crawler.settle import describe

log = structlog.get_logger()


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
    async with wiring.open_tools(config, "run") as tools:
        await wiring.sync_sources(config, tools)
        if once:
            await tools.store.poll_all(tools.clock.now())
        if config.fetch.contact is None and config.fetch.user_agent is None:
            log.warning("no_contact", hint="publishers can't reach you: set fetch.contact in config.yaml")
        log.info("started", sources=len(config.sources), archive=str(config.archive.dir), worker=tools.worker)
        crawl = Crawl(tools, wiring.settings(config, "once" if once else "forever"), tally.told)
        ended_by = await daemon.run(crawl)
    log.info("ended", seconds=round(time.monotonic() - started, 1), **tally.counts())
    if ended_by is not None:
        return 128 + ended_by
    return Exit.PARTIAL if once and tally.failing else Exit.OK


class Tally:
    """Counts a crawl, logs it, and remembers what failed last and has not succeeded since."""

    def __init__(self) -> None:
        self.visits = self.articles = self.bytes = 0
        self.failing: dict[tuple[int, int], str] = {}

    def told(self, told: Told) -> None:
        """Take in a commit."""
        match told:
            case Kept():
                self._kept(told)
            case Read():
                self._read(told)

    def counts(self) -> dict[str, int]:
        """For the last line of the log."""
        return {"visits": self.visits, "articles": self.articles, "failing": len(self.failing), "bytes": self.bytes}

    def _kept(self, kept: Kept) -> None:
        for visit, _ in kept.settled:
            job = visit.job
            self.visits += 1
            self.bytes += sum(len(exchange.response) for exchange in visit.evidence)
            outcome, failed, detail = describe(visit.outcome)
            key = (job.host_id, job.h)
            if failed and not (job.poll is None and outcome in ("robots", "address")):
                self.failing[key] = outcome
            else:
                self.failing.pop(key, None)
            log.log(30 if failed else 20, outcome, url=job.url, kind=job.kind.name.lower(), detail=detail or None)

    def _read(self, read: Read) -> None:
        self.articles += len(read.decision.articles)
        if read.found.given_up:
            self.failing[read.receipt.job.host_id, read.receipt.job.h] = "unreadable"
        log.info(
            "read",
            url=read.receipt.capture.url,
            found=read.found.found,
            articles=len(read.decision.articles),
            offers=len(read.decision.offers),
            note=read.found.note,
        )
