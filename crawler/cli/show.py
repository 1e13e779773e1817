"""`warraq show`: an article, its versions, and the answer it was read from."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

import click
import msgspec

from crawler import urls
from crawler.archive.places import Places
from crawler.archive.reading import read_member
from crawler.archive.recorded import RecordReader
from crawler.cli.columns import json_line, table
from crawler.cli.options import address_of, config_option, loaded, store_path
from crawler.config import Config
from crawler.export import jsonl, markdown
from crawler.messages import read_head
from crawler.model import HostId, Millis, Record, SegmentId, Span, Url, UrlHash, Value
from crawler.parse.contents import content
from crawler.ports import LocalError
from crawler.records import rfc3339
from crawler.showing import safe
from crawler.store.dossier import Dossier, Known, Payload, Version, open_dossier

Form = Literal["md", "json", "raw", "headers", "versions"]

_ID: Final = 16
"""Characters of an article's id."""


class Shown(Value, frozen=True, kw_only=True):
    """What was asked for: an address that was archived, and the article that was read there, if any."""

    word: str
    host_id: HostId
    h: UrlHash
    at: Millis | None
    article: Known | None
    versions: tuple[Version, ...]


@click.command(
    epilog="""\b
Examples:
  warraq show https://news.example.com/a-story
  warraq show kq3zj6c5w2m4x7aa --raw > page.html
  warraq show kq3zj6c5w2m4x7aa --versions"""
)
@click.argument("word", metavar="URL|ID")
@click.option("--md", "form", flag_value="md", help="As Markdown (the default).")
@click.option("--json", "form", flag_value="json", help="Its record, as JSON; with --versions, a line each.")
@click.option("--raw", "form", flag_value="raw", help="The content of the answer it was read from, unpacked, as it was sent.")
@click.option("--headers", "form", flag_value="headers", help="The head of that answer.")
@click.option("--versions", is_flag=True, help="List its versions.")
@click.option("--version", "number", type=click.IntRange(min=1), metavar="N", help="This version; else the newest.")
@config_option
def show(*, word: str, form: Form | None, versions: bool, number: int | None, config_path: Path | None) -> None:
    """Show an article of the archive: by its id, or by the address of its page.

    --raw and --headers work for anything that was archived: feeds, sitemaps, errors.
    """
    if versions and form not in (None, "json"):
        raise click.UsageError(f"--versions lists them; take --{form} away, or name one with --version N")
    config = loaded(config_path)
    url = None if _is_id(word) else address_of(word)
    root, store = store_path(None, config_path)
    with open_dossier(store) as dossier:
        shown = _found(word, url, number, dossier)
        payload = dossier.payload(shown.host_id, shown.h, shown.at) if form in ("raw", "headers") else None
    if versions:
        _list(_article(shown), shown.versions, as_json=form == "json")
    elif form == "raw":
        sys.stdout.buffer.write(_content(payload, word, root, config))
    elif form == "headers":
        _tell_head(payload, word, root, config)
    else:
        _tell(_record(shown, number, root), as_json=form == "json")
        if number is None and _article(shown).deleted:
            click.echo(f"its publisher took it away, as of {rfc3339(shown.versions[-1].fetched_at)}", err=True)


def _is_id(word: str) -> bool:
    return "://" not in word and word.isalnum() and len(word) == _ID


def _found(word: str, url: Url | None, number: int | None, dossier: Dossier) -> Shown:
    article: Known | None
    at: Millis | None = None  # of a URL the newest capture, whatever was read of it
    if url is None:
        article = _of_id(word, dossier)
        host_id, h, at = article.host_id, article.h, article.fetched_at
    else:
        article = dossier.article_at(url)
        host_id, h = urls.address(url)
    versions = tuple(dossier.versions(article.article_id)) if article else ()
    if number is not None:
        at = _chosen(word, versions, number).fetched_at
    return Shown(word=word, host_id=host_id, h=h, at=at, article=article, versions=versions)


def _chosen(word: str, versions: Sequence[Version], number: int) -> Version:
    chosen = next((one for one in versions if one.n == number), None)
    if chosen is None:
        raise LocalError(f"{word}: there is no version {number} of it; --versions lists them")
    return chosen


def _of_id(word: str, dossier: Dossier) -> Known:
    article = dossier.article(word.lower())
    if article is None:
        raise LocalError(f"{word}: there is no article of this id here")
    return article


def _article(shown: Shown) -> Known:
    if shown.article is None:
        raise LocalError(f"{shown.word}: no article was read there; `warraq why URL` tells what is known of it")
    return shown.article


def _record(shown: Shown, number: int | None, root: Path) -> Record:
    article = _article(shown)
    place = next((one.record for one in shown.versions if one.n == number), article.record)
    if place[2] == 0:
        raise LocalError(f"{shown.word}: its publisher took it away, that is version {number}; show the one before")
    with RecordReader(root) as records:
        read = records.read(*place)
    if not isinstance(read, bytes):
        raise LocalError(f"{shown.word}: its record in {place[0]} at {place[1]} was {read}; `warraq verify` tells more")
    return msgspec.json.decode(read, type=Record)


def _tell(record: Record, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.buffer.write(jsonl.line(record))
    else:
        click.echo(markdown.document(record), nl=False)


def _list(article: Known, versions: Sequence[Version], *, as_json: bool) -> None:
    if not as_json:
        rows = [(str(one.n), f"{rfc3339(one.fetched_at)[:19]}Z", one.text_hash or "deleted", one.record[0]) for one in versions]
        table(("version", "fetched", "text", "segment"), rows)
        return
    for one in versions:
        said = {"id": article.article_id, "version": one.n, "fetched_at": rfc3339(one.fetched_at), "text_hash": one.text_hash}
        json_line({**said, "segment": one.record[0], "offset": one.record[1]})


# --- the answer --------------------------------------------------------------------------------------------------------


def _content(payload: Payload | None, word: str, root: Path, config: Config) -> bytes:
    return content(_span(_there(payload, word).content, root), config.fetch.decoded_max, config.fetch.decoded_max).body


def _tell_head(payload: Payload | None, word: str, root: Path, config: Config) -> None:
    """The head as it was sent, but for what a terminal would obey; then where it lies."""
    found = _there(payload, word)
    block = read_member(_span(found.answer, root), config.fetch.decoded_max + config.fetch.header_max).block
    for line in block[: read_head(block).size].decode("utf-8", "replace").splitlines():
        if line.strip():
            click.echo(safe(line))
    segment, offset, _ = found.answer
    click.echo(f"{safe(found.url)} as of {rfc3339(found.at)}, in {segment} at {offset}", err=True)


def _there(payload: Payload | None, word: str) -> Payload:
    if payload is None:
        raise LocalError(f"{word}: nothing of it is archived; `warraq why URL` tells what is known of it")
    return payload


def _span(place: tuple[SegmentId, int, int], root: Path) -> Span:
    segment, offset, length = place
    path = Places(root).names(segment).there()
    if path is None:
        raise LocalError(f"{segment}: the segment that holds it isn't there; `warraq verify` tells more")
    return Span(path=str(path), offset=offset, length=length)
