"""One article under several addresses is told once. Pure.

A page that calls another page of its site its own address (`urls.trusted_canonical`) keeps its record, its versions and its id;
only the list of articles shows the two as one. Templates lie, so that isn't enough: title and length must agree, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from crawler.model import Millis
from crawler.ports import ArticleStatus

_MOST: Final = 10
"""Addresses one article may have. A template that names one page on all others has more; those are told apart."""

_LEAST_ALIKE: Final = 0.8
"""How much shorter a text may be than its alias: a print or AMP page lacks a caption, the first of three pages two thirds."""


class Kin(NamedTuple):
    """An article as it stands in the catalog."""

    status: ArticleStatus
    name: str
    """The id of the article it calls its own; its own id where it names none."""
    first_at: Millis
    """When its first version was fetched, and its newest."""
    last_at: Millis


def told_once(listed: Iterable[tuple[int, str]], kin: Iterable[Kin]) -> Sequence[ArticleStatus]:
    """The list of articles from (event number, article id), in order, and all that may be of one family with them.

    The one that was fetched first gives id and address, the one that was fetched last all else.
    """
    families: defaultdict[str, list[Kin]] = defaultdict(list)
    by_id: dict[str, Kin] = {}
    for one in kin:
        families[one.name].append(one)
        by_id[one.status.article_id] = one
    told: dict[str, ArticleStatus] = {}
    for seq, article_id in listed:
        if article_id in by_id:
            status = _told(_family(by_id[article_id], families[by_id[article_id].name]), seq)
            told.pop(status.article_id, None)
            told[status.article_id] = status
    return list(told.values())


def _told(family: Sequence[Kin], seq: int) -> ArticleStatus:
    head, newest = min(family, key=_first), max(family, key=lambda one: (one.last_at, one.status.article_id))
    others = sorted({one.status.url for one in family} - {head.status.url})
    named = (head.status.article_id, head.status.url)
    return replace(newest.status, seq=seq, article_id=named[0], url=named[1], aliases=tuple(others))


def _family(one: Kin, named: Sequence[Kin]) -> Sequence[Kin]:
    """Those of the same name that are the same article; compared with the first of them, so that all agree on who they are."""
    if len(named) == 1:
        return [one]
    same = [other for other in named if _title(other) and _title(other) == _title(one)]
    first = min(same, key=_first, default=one)
    family = [other for other in same if _as_long(first, other)]
    return family if one in family and len(family) <= _MOST else [one]


def _first(one: Kin) -> tuple[Millis, str]:
    return one.first_at, one.status.article_id


def _title(one: Kin) -> str:
    return " ".join((one.status.title or "").casefold().split())


def _as_long(one: Kin, other: Kin) -> bool:
    lengths = sorted((one.status.words, other.status.words))
    return lengths[0] >= _LEAST_ALIKE * lengths[1]
