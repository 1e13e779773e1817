"""`warraq diff` and `warraq changes`: how articles changed after they were published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import click

from crawler import comparing, urls
from crawler.archive.recorded import RecordReader
from crawler.cli.columns import json_line
from crawler.cli.errors import Exit
from crawler.cli.failures import Since
from crawler.cli.marked import has_style, isolated
from crawler.cli.options import config_option, store_path
from crawler.comparing import Said
from crawler.differing import KINDS, Change, Difference
from crawler.differing import Kind as ChangeKind
from crawler.export import changed
from crawler.model import Value
from crawler.ports import LocalError
from crawler.records import rfc3339
from crawler.showing import safe
from crawler.store.versions import Named, Version, VersionReader, open_versions

_AROUND: Final = 30
"""Characters shown on either side of a change."""
_LONGEST: Final = 300


class _Compared(Value, frozen=True, kw_only=True, omit_defaults=False):
    """`warraq diff --json`."""

    id: str
    url: str
    old: int
    new: int
    old_fetched: str
    new_fetched: str
    deleted: bool
    kind: ChangeKind | None
    changes: tuple[Change, ...]


@click.command(
    epilog="""\b
Examples:
  warraq diff https://news.example.com/story
  warraq diff 2hvfszepjwfikjir 1 3 --html > diff.html"""
)
@click.argument("article", metavar="URL|ID")
@click.argument("old", type=click.IntRange(1), required=False, metavar="[N]")
@click.argument("new", type=click.IntRange(1), required=False, metavar="[M]")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--html", "as_html", is_flag=True, help="One page of HTML.")
@config_option
def diff(*, article: str, old: int | None, new: int | None, as_json: bool, as_html: bool, config_path: Path | None) -> int:
    """Show what changed between two versions of an article, word by word, what matters most first.

    Without N and M: between the last two; with N alone: from that one to the last.
    """
    if as_json and as_html:
        raise click.UsageError("--json or --html; take one of them away")
    root, store = store_path(None, config_path)
    with open_versions(store) as reader, RecordReader(root) as records:
        named = _found(reader, article)
        versions = reader.versions(named.article_id)
        pair = _pair(versions, old, new)
        if pair is None:
            click.echo(f"{named.article_id} has one version; there is nothing to compare", err=True)
            return Exit.OK
        said = comparing.read_all(versions, records)
    texts = _text(pair[0], said), _text(pair[1], said)
    _show_pair(named, pair, texts, as_json=as_json, as_html=as_html)
    return Exit.OK


def _found(reader: VersionReader, article: str) -> Named:
    named = reader.article(article)
    if named is None and "://" in article:
        try:
            named = reader.article(urls.article_id(urls.parse(article)))
        except urls.UrlError as error:
            raise click.UsageError(str(error)) from None
    if named is None:
        raise LocalError(f"{article[:200]}: no article of this id or address is in the archive; `warraq search` finds them")
    return named


def _pair(versions: Sequence[Version], old: int | None, new: int | None) -> tuple[Version, Version] | None:
    """The two to compare; None: there is only one."""
    known = {version.n: version for version in versions}
    missing = next((n for n in (old, new) if n is not None and n not in known), None)
    if missing is not None:
        raise click.UsageError(f"there is no version {missing}; there are {', '.join(map(str, known))}")
    last = versions[-1].n
    if old is None and len(versions) < 2:
        return None
    return known[versions[-2].n if old is None else old], known[last if new is None else new]


def _text(version: Version, said: Mapping[int, Said]) -> Said:
    if version.n not in said:
        raise LocalError(
            f"version {version.n}: its record at {version.offset} in {version.segment} can't be read; see `warraq verify`"
        )
    return said[version.n]


def _show_pair(named: Named, pair: tuple[Version, Version], texts: tuple[Said, Said], *, as_json: bool, as_html: bool) -> None:
    old, new = texts
    found = comparing.compare(old, new)
    if as_json:
        json_line(_compared(named, pair, found))
    elif as_html:
        when = " → ".join(f"{one.n}: {rfc3339(one.fetched_at)[:19]}Z" for one in pair)
        click.echo(changed.page(named.url, when, (old.title or "", old.text), (new.title or "", new.text), found), nl=False)
    else:
        _show(named, pair, found)


def _compared(named: Named, pair: tuple[Version, Version], found: Difference) -> _Compared:
    return _Compared(
        id=named.article_id,
        url=named.url,
        old=pair[0].n,
        new=pair[1].n,
        old_fetched=rfc3339(pair[0].fetched_at),
        new_fetched=rfc3339(pair[1].fetched_at),
        deleted=pair[1].length == 0,
        kind="deleted" if pair[1].length == 0 else found.kind,
        changes=found.changes,
    )


def _show(named: Named, pair: tuple[Version, Version], found: Difference) -> None:
    old, new = pair
    click.echo(click.style(isolated(named.title or named.url), bold=True))
    click.echo(
        f"  version {old.n}, {rfc3339(old.fetched_at)[:16]}Z, and {new.n}, {rfc3339(new.fetched_at)[:16]}Z  {safe(named.url)}"
    )
    if new.length == 0:
        click.echo("  deleted    the publisher took the article away")
        return
    for change in found.changes:
        click.echo(f"  {_line(change)}")
    if not found.changes:
        click.echo("  nothing that was said is another")


def _line(change: Change) -> str:
    """A change in one line: each part keeps its own direction, so that an Arabic word for a Latin one turns nothing round."""
    parts = [
        isolated("…" + change.before[-_AROUND:]) if change.before else "",
        _struck(change.old) if change.old else "",
        _put_in(change.new) if change.new else "",
        isolated(change.after[:_AROUND] + "…") if change.after else "",
    ]
    return f"{change.kind:10} {' '.join(part for part in parts if part)}"


def _struck(text: str) -> str:
    shown = isolated(_short(text))
    return click.style(shown, fg="red", strikethrough=True) if has_style() else f"[-{shown}-]"


def _put_in(text: str) -> str:
    shown = isolated(_short(text))
    return click.style(shown, fg="green", bold=True) if has_style() else f"{{+{shown}+}}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


# --- the stream --------------------------------------------------------------------------------------------------------


class _Story(Value, frozen=True, kw_only=True, omit_defaults=False):
    """A line of `warraq changes --json`."""

    seq: int
    at: str
    kind: ChangeKind
    id: str
    url: str
    title: str | None
    language: str | None
    source: str | None
    version: int
    before: int
    changes: tuple[Change, ...]


@click.command(
    epilog="""\b
Examples:
  warraq changes --since 24h
  warraq changes --least quote --json | jq -r '[.kind,.url]|@tsv'"""
)
@click.option("--since", type=Since(), default=0, metavar="SPAN|DATE", help="Only what was seen since then.")
@click.option("--source", metavar="NAME", help="Only of this source: its name, id, address, or a host.")
@click.option("--least", type=click.Choice(KINDS), default="style", help="Only what matters at least as much as this.")
@click.option(
    "--by", type=click.Choice(("substance", "time")), default="substance", show_default=True, help="What comes first."
)
@click.option("--json", "as_json", is_flag=True, help="A JSON object an article and version.")
@config_option
def changes(*, since: int, source: str | None, least: str, by: str, as_json: bool, config_path: Path | None) -> int:
    """List articles that changed after they were first read, what matters most first.

    A new headline, figure, name, quote, a "not", a paragraph less or more stand before wording, spelling and commas. Pages that
    only count, clock and link anew haven't changed.
    """
    root, store = store_path(None, config_path)
    with open_versions(store) as reader, RecordReader(root) as records:
        told = comparing.stories(reader.changes(since, source), reader, records)
        found = [_story(one) for one in told if KINDS.index(one.kind) <= KINDS.index(least)]
    if by == "substance":
        found.sort(key=lambda one: (KINDS.index(one.kind), -one.seq))
    for one in found:
        if as_json:
            json_line(one)
        else:
            _tell(one)
    if not found:
        click.echo("no article has changed", err=True)
    return Exit.OK


def _story(told: comparing.Told) -> _Story:
    one = told.changed
    return _Story(
        seq=one.seq,
        at=rfc3339(one.version.fetched_at),
        kind=told.kind,
        id=one.article.article_id,
        url=one.article.url,
        title=one.article.title,
        language=one.article.language,
        source=one.article.source,
        version=one.version.n,
        before=one.before.n,
        changes=told.difference.changes,
    )


def _tell(one: _Story) -> None:
    click.echo(f"{one.at[:16]}Z  {one.kind:9}  {one.id} {one.before}→{one.version}  {isolated(one.title or one.url)}")
    for change in one.changes[:3]:
        click.echo(f"    {_line(change)}")
