"""`warraq search`: articles by what they say."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Final

import click

from crawler import searching
from crawler.cli.columns import json_line
from crawler.cli.errors import Exit
from crawler.cli.failures import Since
from crawler.cli.marked import marked
from crawler.cli.options import config_option, store_path
from crawler.cli.progress import Progress
from crawler.model import Millis, Value
from crawler.records import rfc3339
from crawler.search.query import QueryError
from crawler.search.snippets import Mark
from crawler.searching import Answer, Found, Lack
from crawler.showing import many, safe
from crawler.store.search import Filters, Hit, open_index

_DAY: Final[Millis] = 86_400_000


class Until(Since):
    """As `Since`, but a day counts to its end."""

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Millis:
        """The time in ms since 1970; else a usage error."""
        at = super().convert(value, param, ctx)
        return at + _DAY if isinstance(value, str) and _is_day(value) else at


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


class _Also(Value, frozen=True, kw_only=True):
    id: str
    url: str


class _Line(Value, frozen=True, kw_only=True, omit_defaults=False):
    """An article that was found, as JSON."""

    id: str
    url: str
    title: str | None
    published: str | None
    fetched: str
    language: str | None
    source: str | None
    snippet: str
    marks: tuple[Mark, ...]
    """Begin and end of each word that was looked for, in characters of `snippet`."""
    score: float
    deleted: bool
    whole: bool
    """It has all that was asked for; False: no article has, this one has some of it."""
    alike: tuple[_Also, ...]


@click.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
    epilog="""\b
Examples:
  warraq search كهرباء المدينة --lang ar
  warraq search '"interest rates" inflation -housing' --from 30d
  warraq search 普京 --json | jq -r .url""",
)
@click.argument("words", nargs=-1, metavar="QUERY")
@click.option("--lang", metavar="CODE", help="Only articles in this language (ar, zh, ...).")
@click.option("--source", metavar="NAME", help="Only of this source: its name, id, address, or a host.")
@click.option("--from", "since", type=Since(), metavar="SPAN|DATE", help="Only articles published since then.")
@click.option("--to", "until", type=Until(), metavar="SPAN|DATE", help="Only articles published until then.")
@click.option("--tag", metavar="TAG", help="Only of sources with this tag.")
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object an article.")
@click.option("--reindex", is_flag=True, help="Make the index anew before.")
@config_option
def search(
    *,
    words: Sequence[str],
    lang: str | None,
    source: str | None,
    since: int | None,
    until: int | None,
    tag: str | None,
    limit: int,
    as_json: bool,
    reindex: bool,
    config_path: Path | None,
) -> int:
    """Find articles by what they say, in any script; the best first, near-copies as one.

    All words must be there, in any form; "a phrase" as it stands; begin* of a word; -without; one OR other. Vowel marks,
    accents, hamza and forms of digits don't matter. If no article has all, those that have some are told.
    """
    _refuse(words, reindex=reindex)
    filters = Filters(language=lang, source=source, since=since, until=until, tag=tag)
    root, store = store_path(None, config_path)
    with ExitStack() as held:
        index = held.enter_context(open_index(store))
        progress = held.enter_context(Progress("looking …"))
        if reindex:
            index.forget()
        lack = searching.ready(index, root, lambda left: progress.show(f"indexing: {left} articles to read"))
        try:
            answer = searching.search(index, root, " ".join(words), filters, limit) if words else None
        except QueryError as error:
            raise click.UsageError(str(error)) from None
    tell_lack(lack, store)
    if answer is not None:
        _tell(answer, as_json=as_json)
    return Exit.OK


def tell_lack(lack: Lack, store: Path) -> None:
    """Say that articles aren't searched, if there are any."""
    if lack.waiting:
        click.echo(safe(f"{_arent(lack.waiting)}, and {store} can't be written; {searching.ELSEWHERE}"), err=True)
    if lack.missed:
        click.echo(
            f"{_arent(lack.missed)}: their records couldn't be read; `warraq verify` tells what is missing, and "
            "`warraq search --reindex` takes them in when it is there",
            err=True,
        )


def _arent(count: int) -> str:
    return f"{many(count, 'article')} {'isn' if count == 1 else 'aren'}'t in the index"


def _refuse(words: Sequence[str], *, reindex: bool) -> None:
    strange = next((word for word in words if word.startswith("--")), None)
    if strange is not None:
        raise click.UsageError(f"no such option: {strange}")
    if not words and not reindex:
        raise click.UsageError("nothing to look for; write a word that articles should have")


def _tell(answer: Answer, *, as_json: bool) -> None:
    if not answer.found:
        click.echo("no article has any of this", err=True)
    elif not answer.whole:
        click.echo("no article has all of this; these have some of it, or words that begin alike", err=True)
    for found in answer.found:
        if as_json:
            json_line(_line(found, whole=answer.whole))
        else:
            _show(found)


def _show(found: Found) -> None:
    hit = found.hit
    day = (hit.published or rfc3339(hit.fetched_at))[:10]
    notes = [note for note in (day, hit.language or "", "deleted since" if hit.deleted else "") if note]
    click.echo(click.style(safe(hit.title or hit.url), bold=True))
    click.echo(f"  {'  '.join(notes)}  {hit.article_id}  {safe(hit.url)}")
    click.echo(f"  {marked(found.snippet.text, found.snippet.marks)}")
    if found.alike:
        click.echo(f"  and {len(found.alike)} that say the same: {'  '.join(safe(one.url) for one in found.alike[:3])}")
    click.echo()


def _line(found: Found, *, whole: bool) -> _Line:
    hit = found.hit
    return _Line(
        id=hit.article_id,
        url=hit.url,
        title=hit.title,
        published=hit.published,
        fetched=rfc3339(hit.fetched_at),
        language=hit.language,
        source=hit.source,
        snippet=found.snippet.text,
        marks=found.snippet.marks,
        score=round(-hit.score, 3),
        deleted=hit.deleted,
        whole=whole,
        alike=tuple(map(_also, found.alike)),
    )


def _also(hit: Hit) -> _Also:
    return _Also(id=hit.article_id, url=hit.url)
