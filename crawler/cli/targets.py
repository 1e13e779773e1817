"""The words of `warraq fetch`: addresses, files, lists. What each is, is found out by its content."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from crawler import sources, urls
from crawler.fetching.files import Document, read_document
from crawler.model import Url, Value


class Targets(Value, frozen=True, kw_only=True):
    """What to fetch. `bad` are lines of a list that aren't addresses: told, and not in the way of the others."""

    urls: tuple[Url, ...] = ()
    documents: tuple[Document, ...] = ()
    bad: tuple[tuple[str, str], ...] = ()
    """(line, what is wrong with it)."""


def find(words: Sequence[str]) -> Targets:
    """Sort out the words of a command line.

    Raises:
        click.UsageError: a word is neither an address nor a file.
        DocumentError: a file isn't there or can't be read.
    """
    found = Targets()
    for word in words:
        found = _joined(found, _one(word))
    return found


def _one(word: str) -> Targets:
    if word == "-":
        return _of_content(read_document(sys.stdin.buffer, "standard input"))
    if "://" in word:
        return Targets(urls=(_url(word),))
    path = Path(word)
    if path.exists() or "/" in word or path.suffix:
        return _of_content(read_document(path, word))
    raise click.UsageError(f"{word!r} is neither a URL (https://…) nor a file")


def _url(word: str) -> Url:
    try:
        return urls.parse(word)
    except urls.UrlError as error:
        raise click.UsageError(str(error)) from None


def _of_content(document: Document) -> Targets:
    """A list of addresses, an OPML of feeds, or a document of its own."""
    match sources.sniff(document.body, None):
        case "list":
            return listed(document)
        case "text" if _begins_with_an_address(document):
            return listed(document)
        case "opml":
            return Targets(urls=tuple(feed.url for feed in sources.read_opml(document.body)))
        case _:
            return Targets(documents=(document,))


def _begins_with_an_address(document: Document) -> bool:
    """So that one bad line doesn't turn a list into a text."""
    return next(iter(_lines(document)), "").lower().startswith(("http://", "https://"))


def listed(document: Document) -> Targets:
    """The addresses of a list, and the lines that are none."""
    good, bad = [], []
    for line in _lines(document):
        try:
            good.append(urls.parse(line))
        except urls.UrlError as error:
            bad.append((line, str(error)))
    return Targets(urls=tuple(good), bad=tuple(bad))


def _lines(document: Document) -> list[str]:
    """What stands in a list: a line each, without blank ones and `#` remarks."""
    lines = (line.strip() for line in document.body.decode("utf-8-sig", "replace").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _joined(one: Targets, other: Targets) -> Targets:
    return Targets(
        urls=tuple(dict.fromkeys(one.urls + other.urls)),
        documents=one.documents + other.documents,
        bad=one.bad + other.bad,
    )
