"""`warraq demo`: a small newsroom that comes along, crawled by the real pipeline, and a table of what was got."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from hashlib import sha256
from importlib import import_module
from itertools import chain, count
from pathlib import Path

import click

from crawler import urls, wiring
from crawler.cli import logs
from crawler.cli.errors import Exit
from crawler.cli.options import config_option, loaded
from crawler.cli.tally import Tally
from crawler.config import ArchiveConfig, Config, FetchConfig, PolitenessConfig, RetryConfig, ScheduleConfig, SourceConfig
from crawler.demo.site import Newsroom
from crawler.engine import Crawl
from crawler.pipeline import Tools
from crawler.sealing import seal_all
from crawler.showing import safe


@click.command(
    epilog="""\b
Examples:
  warraq demo
  warraq demo -o news --serve"""
)
@click.option("--serve", is_flag=True, help="Leave the newsroom up afterwards, to look at in a browser; Ctrl-C ends it.")
@click.option("-o", "--archive", type=click.Path(path_type=Path, file_okay=False), help="The folder for what is archived.")
@click.option("-v", "--verbose", is_flag=True, help="Say what happens.")
@config_option
def demo(*, serve: bool, archive: Path | None, verbose: bool, config_path: Path | None) -> int:
    """Crawl a small newsroom that comes along, offline, in two rounds; show the articles and where they lie.

    Arabic and English papers on loopback ports: feeds, a sitemap, a section page, an edited article, a paper that answers
    429 and 500, a robots.txt. Without -o a new folder under the configured archive is used.
    """
    logs.set_up("info" if verbose else "error", "auto")
    folder = archive or _fresh(loaded(config_path).archive.dir / "demo")
    return asyncio.run(_demo(folder.absolute(), serve=serve))


def _fresh(demos: Path) -> Path:
    """A new folder in one of demos, named by the second; of two that start in the same one, the later has a number more."""
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%S}"
    names = chain([stamp], (f"{stamp}-{number}" for number in count(2)))
    return next(demos / name for name in names if _made(demos / name))


def _made(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        return False
    return True


async def _demo(folder: Path, *, serve: bool) -> int:
    started = time.monotonic()
    tally = Tally()
    async with Newsroom() as room:
        config = demo_config(room, folder)
        async with wiring.open_tools(config, "run") as tools:
            await wiring.sync_sources(config, tools)
            await _round(config, tools, tally)
            await room.next_round()
            await _round(config, tools, tally)
            await seal_all(tools)
            articles = await tools.store.articles()
        import_module("crawler.cli.demo_table").show(articles, tally, folder, time.monotonic() - started)
        if serve:
            await _serve(room)
    return Exit.OK if not tally.failing else Exit.PARTIAL


async def _round(config: Config, tools: Tools, tally: Tally) -> None:
    await tools.store.poll_all(tools.clock.now())
    await Crawl(tools, wiring.settings(config, "once"), tally.told).run()


def demo_config(room: Newsroom, folder: Path) -> Config:
    """Short delays, a quick second try, and permission for the newsroom's own ports only."""
    return Config(
        archive=ArchiveConfig(dir=folder, operator="warraq demo"),
        fetch=FetchConfig(
            contact="https://localhost/demo", allow_private=tuple({urls.host(url) for _, url, _ in room.sources})
        ),
        politeness=PolitenessConfig(delay=0.05),
        retry=RetryConfig(base=0.2),
        schedule=ScheduleConfig(every=60, least=1),
        sources=tuple(SourceConfig(kind=kind, url=url, name=name) for kind, url, name in room.sources),
        digest=sha256(b"").hexdigest(),
    )


async def _serve(room: Newsroom) -> None:
    for _, url, name in room.sources:
        click.echo(f"{safe(name)}: {url}")
    click.echo("Ctrl-C ends it.")
    await asyncio.Event().wait()
