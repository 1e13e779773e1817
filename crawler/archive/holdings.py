"""What an archive holds, a segment a line: of the store where there is one, else of manifest and folders. Blocking."""

from __future__ import annotations

from collections.abc import Iterator

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
    names, shelved, listed = places.names(one.segment), one.shelved, one.listed
    path = names.there()
    size = path.stat().st_size if path else 0
    parsed = names.records.stat().st_size if names.records.exists() else 0
    return Holding(
        segment=one.segment,
        state=shelved.state.state if shelved else "sealed" if listed else "unsealed",
        bytes=size if one.end is None else one.end,
        parsed_bytes=parsed if one.records_end is None else one.records_end,
        captures=shelved.captures if shelved else None,
        waiting=shelved.state.waiting if shelved else None,
        first=_date(shelved.first) if shelved else listed.first if listed else None,
        last=_date(shelved.last) if shelved else listed.last if listed else None,
        file=str(path) if path else None,
    )


def _date(at: Millis | None) -> str | None:
    return None if at is None else warc.date(at)
