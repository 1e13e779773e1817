"""`warraq export`: articles and their evidence, for other programs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import click

from crawler.cli.errors import Exit
from crawler.cli.failures import Since
from crawler.cli.options import config_option, known_store
from crawler.cli.pace import Pace
from crawler.cli.search import Until, tell_lack
from crawler.clock import SystemClock
from crawler.model import Millis
from crawler.outgoing.forms import FORMS
from crawler.outgoing.order import Done, Order, refuse_others
from crawler.outgoing.order import export as written
from crawler.outgoing.stamp import LICENCE
from crawler.ports import StoreError
from crawler.records import rfc3339
from crawler.search import query as queries
from crawler.search.query import QueryError
from crawler.searching import ready
from crawler.showing import many, safe
from crawler.store.looking import writable
from crawler.store.outgoing import Choice
from crawler.store.search import Filters, open_index
from crawler.store.takedown import open_takedowns

_MOST_FOUND = 1_000_000


@click.command(epilog="Example: warraq export wacz handover --from 2026-11-01 --source 'Lakeside Wire'")
@click.argument("form", type=click.Choice(list(FORMS)))
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--query", metavar="WORDS", help="Only what a search finds.")
@click.option("--from", "since", type=Since(), metavar="DATE|SPAN", help="Published then or later (else fetched).")
@click.option("--to", "until", type=Until(), metavar="DATE", help="Published until then; a day counts to its end.")
@click.option("--source", metavar="NAME", help="Of one source: its name, id or address; or the host of its articles.")
@click.option("--lang", metavar="CODE", help="In one language: ar, zh, en …")
@click.option("--licence", default=LICENCE, metavar="TEXT", help="The terms that are stated in it.")
@config_option
def export(
    form: str,
    folder: Path,
    *,
    query: str | None,
    since: Millis | None,
    until: Millis | None,
    source: str | None,
    lang: str | None,
    licence: str,
    config_path: Path | None,
) -> int:
    """Write articles to DIR: as JSON lines, CSV, Markdown or Parquet; as WARC or WACZ with all that was captured of them.

    Without a choice: everything. DIR appears when all is in it; it must be new, empty, or an earlier export, which is replaced
    then. The same archive and choice give the same bytes. `export.json` in it says what it is.
    """
    root, store = known_store(None, config_path)
    refuse_others(folder)
    ids = None if query is None else _found(store, root, query)
    said = {"query": query, "from": _date(since), "to": _date(until), "source": source, "lang": lang}
    order = Order(
        root=root,
        store=store,
        to=folder,
        form=form,
        choice=Choice(language=lang, source=source, since=since, until=until, ids=ids),
        chosen={name: value for name, value in said.items() if value is not None},
        licence=licence,
    )
    with Pace("steps" if form in ("warc", "wacz") else "articles") as pace:
        done = written(order, lambda total: _begin(pace, total))
    _note(order, done)
    captures = "" if done.captures is None else f", {many(done.captures, 'capture')}"
    click.echo(safe(f"{folder}: {many(len(done.articles), 'article')}{captures} in {pace.seconds():.1f} s"), err=True)
    return Exit.OK


def _date(at: Millis | None) -> str | None:
    return None if at is None else rfc3339(at)


def _begin(pace: Pace, total: int) -> Callable[[], None]:
    pace.steps(total)
    return pace.step


def _found(store: Path, root: Path, query: str) -> tuple[str, ...]:
    """What a search finds, all of it."""
    try:
        expression = queries.expression(queries.parse(query))
    except QueryError as error:
        raise click.UsageError(str(error)) from None
    with open_index(store) as index:
        tell_lack(ready(index, root), store)
        return tuple(sorted(hit.article_id for hit in index.find(expression, Filters(), _MOST_FOUND)))


def _note(order: Order, done: Done) -> None:
    """So that a takedown can say where else an article lies. What was exported is whole without it."""
    try:
        if not writable(order.store):
            raise StoreError(f"{order.store}: can't be written")
        asyncio.run(_noted(order, done))
    except StoreError as error:
        click.echo(safe(f"warraq: no takedown will name this export: {error}"), err=True)


async def _noted(order: Order, done: Done) -> None:
    async with open_takedowns(order.store) as store:
        await store.add_export(str(order.to.absolute()), order.form, SystemClock().now(), done.articles)
