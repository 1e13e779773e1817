"""What an archive holds, a segment a line: of the store where there is one, else of manifest and folders. Blocking."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from crawler.archive import warc
from crawler.archive.expected import Expected, Listing, segments
from crawler.archive.places import Places
from crawler.model import Millis, SegmentId, Shelved, Value


class Holding(Value, frozen=True, kw_only=True, omit_defaults=False):
    """One segment. None: without a store nobody knows."""

    segment: SegmentId
    state: str
    """`open`, `sealing`, `sealed`; `unsealed` where there is no store."""
    bytes: int
    """Of the WARC: what is acknowledged."""
    parsed_bytes: int
    captures: int | None
    waiting: int | None
    """Captures that no parser has read yet."""
    first: str | None
    """When its first capture was fetched, and its last; RFC 3339, UTC."""
    last: str | None
    file: str | None
    """The WARC; None: it isn't there."""


def holdings(listing: Listing, shelved: tuple[Shelved, ...] | None) -> Iterator[Holding]:
    """All segments by name, but for those that were given up for being empty. `shelved` None: there is no store.

    Raises:
        ArchiveError: the manifest can't be read.
    """
    known, _ = segments(listing, shelved)
    places = Places(listing.root)
    for one in known:
        if one.shelved is None or one.shelved.state.state != "void":
            yield _holding(one, places)


def _holding(one: Expected, places: Places) -> Holding:
    names = places.names(one.segment)
    path = names.there()
    holding = Holding(
        segment=one.segment,
        state="sealed" if one.listed else "unsealed",
        bytes=_size(path) if one.end is None else one.end,
        parsed_bytes=_size(names.records) if one.records_end is None else one.records_end,
        captures=None,
        waiting=None,
        first=one.listed.first if one.listed else None,
        last=one.listed.last if one.listed else None,
        file=str(path) if path else None,
    )
    return _as_the_store_says(holding, one.shelved) if one.shelved else holding


def _as_the_store_says(holding: Holding, shelved: Shelved) -> Holding:
    return replace(
        holding,
        state=shelved.state.state,
        captures=shelved.captures,
        waiting=shelved.state.waiting,
        first=_date(shelved.first),
        last=_date(shelved.last),
    )


def _size(path: Path | None) -> int:
    return path.stat().st_size if path and path.exists() else 0


def _date(at: Millis | None) -> str | None:
    return None if at is None else warc.date(at)
