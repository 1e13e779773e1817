"""`warraq archive redact`: a page out of the archive, for good."""

from __future__ import annotations

import asyncio
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click

from crawler import urls
from crawler.archive import manifest, warc
from crawler.archive.erasing import destroy
from crawler.cli.errors import Exit
from crawler.cli.options import config_option, known_store
from crawler.clock import SystemClock
from crawler.model import SegmentId
from crawler.model.takedowns import Takedown
from crawler.ports import ArchiveError
from crawler.showing import many, safe
from crawler.store.takedown import Takedowns, open_takedowns
from crawler.takedown import carrying, plan, residue
from crawler.takedown.scope import Elsewhere, Scope, Searcher, UnknownError

_MOST_SHOWN = 20


@click.command(epilog="Example: warraq archive redact https://news.example.com/a --reason 'court order 17/2026'")
@click.argument("page", metavar="URL|ID")
@click.option("--reason", required=True, metavar="TEXT", help="Why; it stands in the archive from then on.")
@click.option("--mentions", is_flag=True, help="Also feeds and lists that led to it and hold its headline or a part of it.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@config_option
def redact(page: str, *, reason: str, mentions: bool, yes: bool, config_path: Path | None) -> int:
    """Take a page out of the archive, for good: by its address, or the id of its article.

    What was received, asked and noted of it is overwritten where it lies, in every version; so is whatever came with the same
    bytes, and feeds that hold most of its text. No other record moves or changes. Its address is never asked again. A crash
    in between does no harm: the next start, or the same command, goes on.
    """
    root, store = known_store(None, config_path)
    return asyncio.run(_redact(_Order(root, store, page, reason, mentions, yes)))


class _Order(NamedTuple):
    """What was asked for."""

    root: Path
    store: Path
    page: str
    reason: str
    mentions: bool
    yes: bool


async def _redact(order: _Order) -> int:
    with carrying.only_one(order.root) as alone:
        if not alone:
            raise ArchiveError(f"{order.root}: another takedown or `warraq archive move` is at work; wait for it")
        async with open_takedowns(order.store) as store:
            left = await _go_on(order.root, store)
            try:
                left = [*left, *await _take_down(order, store)]
            except UnknownError:
                if not left:
                    raise
    return Exit.PARTIAL if any(one.why not in (carrying.HELD, "") for one in left) else Exit.OK


async def _go_on(root: Path, store: Takedowns) -> list[carrying.Left]:
    """With what a crash left unfinished: perhaps it is this very page. One without a reason tells that there was something."""
    _, pending = manifest.takedowns(manifest.read(root))
    if not pending:
        return []
    left = await carrying.carry_out(root, store, pending)
    for one in pending:
        click.echo(f"takedown {one.order} of before: gone on with")
    _tell_left(left)
    return [*left, *(carrying.Left(SegmentId(""), "") for _ in pending)]


async def _take_down(order: _Order, store: Takedowns) -> list[carrying.Left]:
    searcher = Searcher(order.root, store)
    scope = await _scope(searcher, order.page)
    scope = await searcher.taking(scope, [one for one in scope.elsewhere if order.mentions or one.held == "copy"])
    _show(scope, [one for one in scope.elsewhere if one.capture.key not in scope.exchanges])
    if not order.yes:
        _ask()
    orders = plan.orders(scope, searcher, order.root, _common(store.archive_id, order.reason))
    needles = residue.needles(scope, searcher)
    await carrying.give(order.root, orders)
    left = await carrying.carry_out(order.root, store, orders)
    await _clean(order.store, store, needles)
    await _tell_exports(store, orders)
    _sum_up(orders)
    _tell_left(left)
    return left


def _ask() -> None:
    if not sys.stdin.isatty():
        raise click.UsageError("nobody is there to be asked; --yes goes on without")
    click.confirm("Erase this for good?", abort=True, err=True)


async def _scope(searcher: Searcher, page: str) -> Scope:
    try:
        return await searcher.scope(page)
    except urls.UrlError as error:
        raise click.UsageError(str(error)) from None


def _common(archive_id: str, reason: str) -> Takedown:
    now = SystemClock().now()
    return Takedown(order=f"{now}-{secrets.token_hex(4)}", at=warc.date(now), archive_id=archive_id, reason=warc.line(reason))


def _show(scope: Scope, left_in: Sequence[Elsewhere]) -> None:
    captures = sorted((one.capture for one in scope.exchanges.values()), key=lambda one: one.key.fetched_at)
    for capture in captures[:_MOST_SHOWN]:
        click.echo(safe(f"{warc.date(capture.key.fetched_at)}  {capture.status}  {capture.url}"), err=True)
    if len(captures) > _MOST_SHOWN:
        click.echo(f"and {len(captures) - _MOST_SHOWN} more", err=True)
    counts = (len(captures), "capture"), (len(scope.articles), "article"), (len(scope.addresses), "address")
    click.echo(", ".join(many(*count) for count in counts), err=True)
    for url, number in _counted(left_in).items():
        captures_of = f"{many(number, 'capture')} of {url}"
        click.echo(safe(f"note: it is named, or a part of it held, in {captures_of}; --mentions takes them too"), err=True)
    for url in scope.drawn[:_MOST_SHOWN]:
        click.echo(safe(f"note: {url} stays, for other pages may be drawn with it; redact it by its address"), err=True)
    if len(scope.drawn) > _MOST_SHOWN:
        click.echo(f"note: so do {len(scope.drawn) - _MOST_SHOWN} more", err=True)


def _counted(others: Sequence[Elsewhere]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in others:
        found[one.capture.url] = found.get(one.capture.url, 0) + 1
    return found


async def _clean(path: Path, store: Takedowns, needles: Sequence[bytes]) -> None:
    """SQLite overwrites what it deletes; whether it did, is looked at."""
    if await asyncio.to_thread(residue.found, path, needles):
        await store.rewrite()
        await store.empty_log()
    for copy in await asyncio.to_thread(residue.copies, path, needles):
        await asyncio.to_thread(destroy, copy)
        click.echo(safe(f"note: {copy} was an older copy of the store that named it; it is erased"), err=True)


async def _tell_exports(store: Takedowns, orders: Sequence[Takedown]) -> None:
    articles = {article for order in orders for article in order.articles}
    for folder, form, at in await store.exports(articles):
        click.echo(
            safe(f"note: it was exported to {folder} ({form}, {warc.date(at)}); export again, and tell who has it"), err=True
        )


def _sum_up(orders: Sequence[Takedown]) -> None:
    records = sum(len(one.members) for order in orders for one in order.segments)
    lines = sum(len(one.lines) for order in orders for one in order.segments)
    click.echo(f"takedown {orders[0].order}: {many(records, 'WARC record')} and {many(lines, 'line')} of records erased")


def _tell_left(left: Sequence[carrying.Left]) -> None:
    for segment, why in left:
        click.echo(safe(f"note: not yet in {segment}: {why}"), err=True)
