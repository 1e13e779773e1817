"""`warraq fetch`: feeds, pages, sitemaps and files, once; records on stdout."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from signal import Signals
from typing import Final, get_args

import click
from msgspec.structs import replace

from crawler import daemon, oneshot, wiring
from crawler.cli import logs, pace, targets
from crawler.cli.errors import Exit
from crawler.cli.options import SpanType, config_option, loaded, quiet_option, verbose_option
from crawler.cli.output import Form, Output, open_output
from crawler.cli.progress import Progress
from crawler.cli.tally import Tally
from crawler.config import Config
from crawler.engine import Told
from crawler.model import NEVER, Assets, Kind, Record, Seconds, Url, Value
from crawler.oneshot import Report
from crawler.showing import many, safe

NETWORK: Final = frozenset({"dns", "connect", "tls", "timeout", "cut", "protocol", "busy"})
"""Reasons that mean: no whole answer came. All others: an answer came and can't be used."""


@click.command(
    epilog="""\b
Examples:
  warraq fetch https://news.example.com/rss.xml --limit 5
  warraq fetch page.html --md
  warraq fetch https://news.example.com/story --assets page
  printf 'https://a.example/1\\nhttps://b.example/2\\n' | warraq fetch - --jsonl | jq -r .title"""
)
@click.argument("words", metavar="URL|FILE|-...", nargs=-1)
@click.option("--limit", type=click.IntRange(min=1), help="At most so many articles out of feeds, sitemaps and sections.")
@click.option("--json", "form", flag_value="json", help="Records as one JSON array.")
@click.option("--jsonl", "form", flag_value="jsonl", help="Records as JSON lines (the default for a pipe or file).")
@click.option("--md", "form", flag_value="md", help="Articles as Markdown (the default for a terminal).")
@click.option("--html", "form", flag_value="html", help="Articles as one page of simplified HTML, safe to show.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the records here instead of stdout."
)
@click.option(
    "--assets",
    type=click.Choice(get_args(Assets)),
    help="Archive also each article's picture, or all its page is drawn with.",
)
@click.option("--no-archive", is_flag=True, help="Keep nothing but what is printed.")
@click.option(
    "--timeout", type=SpanType(0.001, 86_400 * 366), default="600s", show_default=True, metavar="SPAN", help="For all of it."
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
    assets: Assets | None,
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
    if assets not in (None, "none") and no_archive:
        raise click.UsageError("--assets says what is archived, and --no-archive that nothing is; keep one of them")
    config = _with_assets(loaded(config_path), assets)
    logs.set_up(_level(quiet=quiet, verbose=verbose), config.log.format)
    form = form or ("md" if output is None and sys.stdout.isatty() else "jsonl")
    order = Order(found=found, limit=limit, archive=not no_archive, timeout=timeout, quiet=quiet, verbose=verbose > 0)
    with open_output(output, form) as out:
        return asyncio.run(_fetch(config, order, out))


def _with_assets(config: Config, assets: Assets | None) -> Config:
    return config if assets is None else replace(config, archive=replace(config.archive, assets=assets))


def _level(*, quiet: bool, verbose: int) -> str:
    return "error" if quiet else ("warning", "info", "debug")[min(verbose, 2)]


class Order(Value, frozen=True, kw_only=True):
    """What is to be fetched, and how."""

    found: targets.Targets
    limit: int | None
    archive: bool
    timeout: Seconds
    quiet: bool
    verbose: bool


class Ended(Value, frozen=True, kw_only=True):
    """How it ended."""

    by: Signals | None
    left: int
    """Addresses that are not done."""
    busy: tuple[str, ...]
    """Hosts of these that others held to the end."""

    @property
    def late(self) -> int:
        """How many there was no time for: neither a signal nor another process kept us from them."""
        return self.left if self.by is None and not self.busy else 0


async def _fetch(config: Config, order: Order, out: Output) -> int:
    started = time.monotonic()
    with Progress("asking …", quiet=order.quiet or order.verbose) as progress:

        def give(record: Record) -> None:
            with progress.aside():  # records may go to the same terminal
                out.give(record)

        report = Report(give)
        for line, wrong in order.found.bad:
            report.miss(line, "address", wrong)
        ended = await _crawl(config, order, report, progress)
    for host in ended.busy:
        report.miss(host, "busy", f"another process holds this host; waited {order.timeout:g} s (--timeout waits longer)")
    _say(order, report, ended.late)
    if not order.quiet:
        click.echo(_summary(report, time.monotonic() - started, config.archive.dir if order.archive else None), err=True)
    if ended.by is not None:
        return 128 + ended.by  # as a shell says it of a process that a signal killed
    return Exit.LIMIT if ended.late else exit_code(report)


def _say(order: Order, report: Report, left: int) -> None:
    """A line for each address that gave nothing, and one for those there was no time for."""
    names = {document.url: document.name for document in order.found.documents}
    for miss in report.misses:
        click.echo(f"warraq: {safe(names.get(Url(miss.url), miss.url))}: {safe(miss.detail)}", err=True)
    if left:
        click.echo(f"warraq: {many(left, 'address')} not done within {order.timeout:g} s; --timeout gives them more", err=True)


async def _crawl(config: Config, order: Order, report: Report, progress: Progress) -> Ended:
    tally = Tally()
    found = order.found
    begun, wanted = time.monotonic(), len(found.urls) + len(found.documents)

    def told(what: Told) -> None:
        report.told(what)
        progress.show(_moving(report, wanted, order.limit, time.monotonic() - begun))
        if order.verbose:
            tally.told(what)

    async with wiring.open_oneshot(config, archive=order.archive, limit=order.limit, documents=found.documents) as shot:
        addresses = [*found.urls, *(document.url for document in found.documents)]
        crawl = await oneshot.start(shot.tools, wiring.settings(config, "drained"), addresses, told)
        ended_by = await daemon.run(crawl, within=order.timeout)
        for url in sorted(shot.store.refused):
            report.miss(url, "taken down", "was taken down here; it isn't asked again")
        left = await shot.store.pending(NEVER, frozenset(Kind))
        return Ended(by=ended_by, left=left, busy=tuple(shot.store.busy) if left else ())


def exit_code(report: Report) -> Exit:
    """The code for all of it: 0, 7 if only some came, 5 if no answer came at all, else 6."""
    if not report.misses:
        return Exit.OK
    if report.records or report.lists:
        return Exit.PARTIAL
    return Exit.NETWORK if all(miss.reason in NETWORK for miss in report.misses) else Exit.REMOTE


def _summary(report: Report, seconds: float, archive: Path | None) -> str:
    parts = [_counts(report), f"{seconds:.1f} s"]
    return " · ".join([*parts, str(archive)] if archive else parts)


def _moving(report: Report, wanted: int, limit: int | None, seconds: Seconds) -> str:
    """How far it is; what lists named may be fewer pages in the end, or more."""
    done = report.records + report.lists + report.assets_done + len(report.misses)
    named = report.assets_named + (report.named if limit is None else min(report.named, limit))
    return f"{_counts(report)} · {pace.told('addresses', done, max(done, wanted + named), seconds)}"


def _counts(report: Report) -> str:
    articles = many(report.records, "article")
    assets = f" · {report.assets} of {report.assets_done} assets" if report.assets_done else ""
    return f"{articles}{assets} · {len(report.misses)} failed · {report.bytes / 1000:.0f} KB"
