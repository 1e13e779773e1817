"""Reading the records beside a WARC distrustfully: each line as it was written, and where both point to. Blocking."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO, Final, Literal

import msgspec

from crawler.archive import marks, tombs
from crawler.model import LinePlace, Place, Record, SegmentId, Value
from crawler.model.takedowns import Erased

MOST_LINE: Final = 1 << 28
"""Of one record."""

Fault = tuple[Literal["line", "version"], int, str]
"""Whether the line is wrong or what the catalog says of it; where; what."""

_record: Final = msgspec.json.Decoder(Record).decode


class Pointers(Value, frozen=True, kw_only=True):
    """What records of a segment may point to, and what points to them."""

    captures: Mapping[int, int] | None
    """Offset -> length; None: nobody knows."""
    versions: Mapping[int, LinePlace]
    """By offset."""
    erased: Erased = Erased()
    """What takedowns erased."""

    def points(self, place: Place) -> bool:
        """Whether a record's capture is there, as far as is known; a feed's may be erased, and its other entries stay."""
        if self.captures is None or place.offset in self.erased.groups:
            return True
        return self.captures.get(place.offset) == place.length


def line_faults(
    file: BinaryIO, end: int, segment: SegmentId, pointers: Pointers, seen: Callable[[bytes], object]
) -> Iterator[Fault]:
    """Read all lines up to `end`. `seen` is given each, once."""
    offset = 0
    owed = dict(pointers.versions)
    while line := file.readline(min(MOST_LINE, end - offset)):
        seen(line)
        if offset in pointers.erased.lines and tombs.is_line(line):
            offset += len(line)
            continue
        for what, detail in _line(line, segment, pointers, owed.pop(offset, None)):
            yield what, offset, detail
        offset += len(line)
    for at, place in owed.items():
        yield "version", at, f"no line begins here, where {_named(place)} should be"


def _line(
    line: bytes, segment: SegmentId, pointers: Pointers, version: LinePlace | None
) -> Iterator[tuple[Literal["line", "version"], str]]:
    record = _read(line)
    if isinstance(record, str):
        yield "line", record
        return
    place = record.capture
    if place.segment != segment:
        yield "line", f"the record belongs to {place.segment}"
    elif not pointers.points(place):
        yield "line", f"the record points to a capture of {place.length} bytes at {place.offset}; there is none"
    if version is not None and (version.length, version.article_id) != (len(line), record.id):
        yield "version", f"another record is here than {_named(version)}"


def _read(line: bytes) -> Record | str:
    """A record, or why it is none."""
    if not line.endswith(b"\n"):
        return "the line ends early"
    if not marks.holds(line):
        return "the line was changed"
    try:
        return _record(line)
    except msgspec.DecodeError as error:
        return f"the line is no record: {error}"


def _named(place: LinePlace) -> str:
    return f"version {place.version} of article {place.article_id}"
