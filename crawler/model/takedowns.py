"""What the manifest says of takedowns: the order, written before anything is erased, and that it is done. Pure.

An order holds places and hashes only: what must go shall not live on in the list that says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from crawler.model.base import Millis, SegmentId, Value

MOST_EXCHANGES: Final = 4_000
"""In one order: its line stays below the megabyte that is read of one."""


class ErasedMember(NamedTuple):
    """A record of a WARC."""

    offset: int
    length: int
    at: Millis
    """Its WARC-Date, which the record in its place keeps: the list of sealed files names the first and the last."""


class ErasedLine(NamedTuple):
    """A line of records; `derived` n: of `.r<n>.jsonl`, 0: of `.jsonl`."""

    derived: int
    offset: int
    length: int


class ErasedIn(Value, frozen=True, kw_only=True):
    """What an order erases of one segment."""

    segment: SegmentId
    members: tuple[ErasedMember, ...]
    groups: tuple[tuple[int, int], ...]
    """Offset and length of each whole exchange."""
    lines: tuple[ErasedLine, ...] = ()
    shared: tuple[int, ...] = ()
    """Offsets of exchanges, a feed's, of which only the lines of the order's own articles go."""


class Takedown(Value, frozen=True, kw_only=True, tag_field="what", tag="takedown"):
    """An order: what goes, and why. Carrying it out again changes nothing more."""

    order: str
    at: str
    """RFC 3339 with milliseconds, UTC."""
    archive_id: str
    reason: str
    addresses: tuple[tuple[int, int], ...] = ()
    """Host and hash of each address that is never asked again."""
    captures: tuple[tuple[int, int, int], ...] = ()
    """Keys of the exchanges."""
    articles: tuple[str, ...] = ()
    segments: tuple[ErasedIn, ...] = ()
    aside: tuple[tuple[str, int], ...] = ()
    """Files set aside by a repair, or left by a crash, relative to the archive's folder, and how long they were."""


class TakenDown(Value, frozen=True, kw_only=True, omit_defaults=False, tag_field="what", tag="taken_down"):
    """An order was carried out to its end."""

    order: str


class ResealedFile(Value, frozen=True, kw_only=True, omit_defaults=False, tag_field="what", tag="resealed"):
    """A sealed segment holds other bytes since an order; its length, offsets and all else are as they were."""

    file: str
    """As in its first line."""
    sha256: str
    parsed_sha256: str
    order: str


class Erased(NamedTuple):
    """All that orders erased of one segment."""

    members: frozenset[int] = frozenset()
    groups: Mapping[int, int] = MappingProxyType({})
    """Offset -> length of each whole exchange."""
    lines: frozenset[int] = frozenset()
    """Offsets in the `.jsonl`."""

    def past(self, offset: int) -> int:
        """Where the next exchange begins that wasn't erased, from one's beginning on."""
        while offset in self.groups:
            offset += self.groups[offset]
        return offset


def erased(orders: Iterable[Takedown]) -> dict[SegmentId, Erased]:
    """What orders erase, by segment."""
    found: dict[SegmentId, Erased] = {}
    for order in orders:
        for one in order.segments:
            known = found.get(one.segment, Erased())
            found[one.segment] = Erased(
                members=known.members | {member.offset for member in one.members},
                groups={**known.groups, **dict(one.groups)},
                lines=known.lines | {line.offset for line in one.lines if not line.derived},
            )
    return found


class Barred(Value, frozen=True, kw_only=True):
    """Of what was asked about, what was taken down."""

    addresses: frozenset[tuple[int, int]] = frozenset()
    articles: frozenset[str] = frozenset()
