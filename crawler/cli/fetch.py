"""`warraq fetch`: feeds, pages, sitemaps and files, once; records on stdout."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import Literal

import click

from crawler import daemon, oneshot, wiring
from crawler.cli import logs, targets
from crawler.cli.errors import Exit, safe
from crawler.cli.options import config_option, loaded, quiet_option, verbose_option
from crawler.cli.output import Output, open_output
from crawler.cli.report import Report
from crawler.config import Config

Form = Literal["json", "jsonl", "md"]


@click.command()
@click.argument("words", metavar="URL|FILE|-...", nargs=-1)
@click.option("--limit", type=click.IntRange(min=1), help="At most so many articles out of feeds, sitemaps and sections.")
@click.option("--json", "form", flag_value="json", help="Records as one JSON array.")
@click.option("--jsonl", "form", flag_value="jsonl", help="Records as JSON lines (the default for a pipe or file).")
@click.option("--md", "form", flag_value="md", help="Articles as Markdown (the default for a terminal).")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the records here instead of stdout."
)
@click.option("--no-archive", is_flag=True, help="Keep nothing but what is printed.")
@click.option(
    "--timeout", type=click.FloatRange(min=0, min_open=True), default=600.0, show_default=True, help="Seconds for all of it."
)
@quiet_option
@verbose_option
@config_option
def fetch(
    *,
    words: tuple[str, ...],
    limit: int | None,
    form: Form | None,
    output: Path | None,
    no_archive: bool,
    timeout: float,
    quiet: bool,
    verbose: int,
    config_path: Path | None,
) -> int:
    """Fetch feeds, pages, sitemaps or files now, and print their articles.

    What a target is, is found out by its content; a feed brings its articles. `-` reads a list of addresses from stdin.
    """
    if not words:
        raise click.UsageError("nothing to fetch: name a URL, a file, or - for a list on stdin")
    found = targets.find(words)
    config = loaded(config_path)
    logs.set_up(_level(quiet=quiet, verbose=verbose), config.log.format)
    form = form or ("md" if output is None and sys.stdout.isatty() else "jsonl")
    with open_output(output, form) as out:
        return asyncio.run(_fetch(config, found, out, limit=limit, archive=not no_archive, timeout=timeout, quiet=quiet))


def _level(*, quiet: bool, verbose: int) -> str:
    return "error" if quiet else ("warning", "info", "debug")[min(verbose, 2)]


async def _fetch(
    config: Config, found: targets.Targets, out: Output, *, limit: int | None, archive: bool, timeout: float, quiet: bool
) -> int:
    started = time.monotonic()
    report = Report(out.give)
    for line, wrong in found.bad:
        report.miss(line, "address", wrong)
    async with wiring.open_oneshot(config, archive=archive, limit=limit, documents=found.documents) as shot:
        crawl = await oneshot.start(shot, found.urls, found.documents, report.told)
        ended_by = await daemon.run(crawl, within=timeout)
        left = [] if ended_by else await oneshot.unfinished(shot)
        busy = shot.store.busy
    for miss in report.misses:
        print(f"warraq: {safe(miss.url)}: {safe(miss.detail)}", file=sys.stderr)
    for url in left:
        print(f"warraq: {safe(url)}: not done within {timeout:g} s; --timeout gives it more", file=sys.stderr)
    if not quiet:
        where = f" · {config.archive.dir}" if archive else ""
        seconds = time.monotonic() - started
        print(
            f"{report.records} articles · {len(report.misses)} failed · {report.bytes / 1000:.0f} KB · {seconds:.1f} s{where}",
            file=sys.stderr,
        )
    if ended_by is not None:
        return 128 + ended_by
    return Exit.LIMIT if left and not busy else report.exit()
