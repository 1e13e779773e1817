"""`warraq retry`: what was given up, or done with, is asked once more."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import click
from msgspec.structs import replace

from crawler import setbacks, urls
from crawler.cli.errors import Exit
from crawler.cli.failures import Since
from crawler.cli.options import address_of, config_option, store_path
from crawler.clock import SystemClock
from crawler.model import Context, Failure, Kind, Millis, Offer, Url
from crawler.setbacks import Class
from crawler.showing import many, safe
from crawler.store.dossier import Dossier, open_dossier
from crawler.store.ledger import open_ledger
from crawler.store.sqlite import SqliteStore


@click.command(
    epilog="""\b
Examples:
  warraq retry https://news.example.com/a-story
  warraq retry --class timeout --since 24h
  warraq retry --host news.example.com"""
)
@click.argument("addresses", metavar="[URL]...", nargs=-1)
@click.option("--class", "sort", type=click.Choice(get_args(Class)), help="What was given up for this (docs/politeness.md).")
@click.option("--host", metavar="NAME", help="What was given up of this host, and of hosts below it.")
@click.option("--since", type=Since(), metavar="WHEN", help="What was given up since then: 24h, 7d, 2026-11-22.")
@config_option
def retry(
    *, addresses: tuple[str, ...], sort: Class | None, host: str | None, since: Millis | None, config_path: Path | None
) -> int:
    """Put pages back into the queue: the ones named, or those that were given up and are as the options say.

    `warraq run` asks for them when their hosts may be asked. Pages that were fetched before are asked for again.
    """
    chosen = (sort, host, since) != (None, None, None)
    if bool(addresses) == chosen:
        raise click.UsageError(
            "name pages, or say which: retry URL, retry --class timeout, retry --host NAME, retry --since 24h"
        )
    _, store = store_path(None, config_path)
    now = SystemClock().now()
    found = _of_addresses(store, addresses, now) if addresses else _given_up(store, sort, host, since or 0, now)
    offers = {(offer.host_id, offer.h): offer for offer in found}
    passed_over = asyncio.run(_put(store, list(offers.values())))
    for url in passed_over:
        click.echo(f"warraq: {safe(url)}: it was taken down, and is never asked again", err=True)
    count = len(offers) - len(passed_over)
    click.echo(f"{many(count, 'page')} put back; `warraq run` asks for {'it' if count == 1 else 'them'}", err=True)
    if passed_over:
        return Exit.PARTIAL if count else Exit.REMOTE
    return Exit.OK


def _of_addresses(store: Path, addresses: Sequence[str], now: Millis) -> list[Offer]:
    with open_dossier(store) as dossier:
        return [_named(address_of(word), dossier, now) for word in addresses]


def _given_up(store: Path, sort: Class | None, host: str | None, since: Millis, now: Millis) -> list[Offer]:
    with open_ledger(store) as ledger:
        return [_again(one, now) for one in ledger.failures(since) if _wanted(one, sort, host)]


def _named(url: Url, dossier: Dossier, now: Millis) -> Offer:
    if dossier.source(url) is not None:
        raise click.UsageError(f"{url}: it is a source; `warraq sources poll` asks it now")
    article = dossier.article_at(url)
    if not (article or dossier.seen(url) or dossier.given_up(url) or dossier.captures(url, 1)):
        raise click.UsageError(f"{url}: nothing is known of it here; `warraq fetch` fetches it once")
    return _offer(url, Kind.PAGE, Context(source=article.source if article else None, revisit=True), now)


def _again(failure: Failure, now: Millis) -> Offer:
    # What a one-shot was asked for is a page to whoever asks again and again.
    kind = Kind.PAGE if failure.kind is Kind.TARGET else failure.kind
    return _offer(failure.url, kind, replace(failure.context, hops=0, revisit=True), now)


def _offer(url: Url, kind: Kind, context: Context, now: Millis) -> Offer:
    host = urls.host(url)
    return Offer(
        host=host,
        host_id=urls.host_id(host),
        h=urls.url_hash(url),
        url=url,
        kind=kind,
        due_at=now,
        context=context,
        gated=False,
    )


def _wanted(failure: Failure, sort: Class | None, host: str | None) -> bool:
    if sort is not None and setbacks.sort_of(failure.reason) != sort:
        return False
    return host is None or f".{urls.hostname(failure.url)}".endswith(f".{host.lower().lstrip('.')}")


async def _put(path: Path, offers: Sequence[Offer]) -> Sequence[Url]:
    store = await SqliteStore.open(path)
    try:
        return await store.put_back(offers) if offers else ()
    finally:
        await store.close()
