"""Which sources are meant, and how one is told in a row."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

import click

from crawler import urls
from crawler.config.units import span_text
from crawler.model import Kind, Millis, SourceId, Value
from crawler.model.standing import Condition
from crawler.records import rfc3339
from crawler.store.roster import Enrolled, condition

WORDS: Final = {Kind.FEED: "feed", Kind.SITEMAP: "sitemap", Kind.SECTION: "section"}

source_arguments: Final = click.argument("words", nargs=-1, metavar="SOURCE...")
tag_option: Final = click.option("--tag", help="All sources with this tag, too.")


class Line(Value, frozen=True, kw_only=True, omit_defaults=False):
    """A source, as `--json` tells it. Times are RFC 3339 in UTC, None: never, or not known."""

    id: SourceId
    url: str
    kind: str
    name: str
    title: str | None
    condition: Condition
    state: str
    origin: str
    tags: tuple[str, ...]
    every: str | None
    """Its own interval, or cron string; None: as often as it has news."""
    last: str | None
    outcome: str | None
    detail: str
    failures: int
    next: str | None
    new: int
    changed: int
    parent: SourceId | None = None


def line(one: Enrolled, now: Millis) -> Line:
    """All of a row."""
    status, source = one.status, one.source
    return Line(
        id=source.source_id,
        url=source.url,
        kind=kind_of(one),
        name=source.name,
        title=one.title,
        condition=condition(one, now),
        state=status.state,
        origin=source.origin,
        tags=source.tags,
        every=every_of(one),
        last=_time(status.last_at),
        outcome=status.outcome,
        detail=one.detail,
        failures=status.failures,
        next=_time(status.due_at),
        new=one.found_new,
        changed=one.found_changed,
        parent=source.parent,
    )


def kind_of(one: Enrolled) -> str:
    """The word its address stands behind in config.yaml."""
    return "site" if one.source.details.site else WORDS[one.source.kind]


def every_of(one: Enrolled) -> str | None:
    """Its own interval or cron string."""
    source = one.source
    return source.cron or (span_text(source.every_ms / 1000) if source.every_ms else None)


def shown_name(one: Enrolled) -> str:
    """What to call it: as its owner does, else as it does itself, else by its address."""
    return one.source.name or one.title or one.source.url


def ago(then: Millis | None, now: Millis) -> str:
    """`5 min ago`, `in 2 h`; a dash for never."""
    if then is None:
        return "-"
    minutes = abs(now - then) // 60_000
    if not minutes:
        return "now"
    length = f"{minutes} min" if minutes < 120 else f"{minutes // 60} h" if minutes < 72 * 60 else f"{minutes // 1440} d"
    return f"in {length}" if then > now else f"{length} ago"


def meant(words: Sequence[str], known: Sequence[Enrolled], tag: str | None = None) -> list[Enrolled]:
    """The sources these words name, by address, id or name, and those with a tag; each once.

    Raises:
        click.UsageError: a word names none, or a name names several.
    """
    tagged = [one for one in known if tag in one.source.tags and one.source.parent is None]
    if tag is not None and not tagged:
        raise click.UsageError(f"no source has the tag {tag!r} - `warraq sources list` shows what is watched")
    if not words and not tagged:
        raise click.UsageError("which source? - name it by its address, its id or its name; `warraq sources list` shows them")
    named = [_one(word, known) for word in words]
    return list({one.source.source_id: one for one in (*named, *tagged)}.values())


def _one(word: str, known: Sequence[Enrolled]) -> Enrolled:
    named = _called(word, known) or _by_address(word, known)
    if not named:
        raise click.UsageError(f"no source is called {word!r} - {_hint(word, known)}")
    if len(named) > 1:
        raise click.UsageError(f"{len(named)} sources are called {word!r} - name the one by its address or id")
    return named[0]


def _called(word: str, known: Sequence[Enrolled]) -> list[Enrolled]:
    """An empty word, as of a shell's variable that isn't set, is nobody's name: not that of those without one either."""
    return [one for one in known if word in (one.source.source_id, one.source.name)] if word else []


def _hint(word: str, known: Sequence[Enrolled]) -> str:
    names = [text for one in known for text in (one.source.name, one.source.url) if text]
    near = get_close_matches(word, names, n=1)
    return f"did you mean {near[0]}?" if near else "`warraq sources list` shows what is watched"


def _by_address(word: str, known: Sequence[Enrolled]) -> list[Enrolled]:
    try:
        key = urls.dedupe_key(urls.parse(word if "://" in word else f"https://{word}"))
    except urls.UrlError:
        return []
    return [one for one in known if urls.dedupe_key(one.source.url) == key]


def _time(at: Millis | None) -> str | None:
    return None if at is None else rfc3339(at)
