"""Where an answer lies that is known by address and time: looked up in the indexes of sealed segments. Blocking."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from crawler.archive import warc
from crawler.archive.cdxj import surt
from crawler.archive.files import told
from crawler.archive.inventory import Found
from crawler.model import Millis, SegmentId, Value


class Spot(Value, frozen=True, kw_only=True):
    """A member of a segment."""

    segment: SegmentId
    offset: int
    length: int


class _Line(Value, frozen=True, kw_only=True):
    url: str
    offset: str
    length: str


_line: Final = msgspec.json.Decoder(_Line).decode


def index_of(found: Found) -> Path:
    """The index beside a segment's WARC."""
    return found.path.with_name(f"{found.segment}.cdxj")


def find(sealed: Iterable[Found], url: str, at: Millis) -> Spot | None:
    """The answer of an address at a time; None: no sealed segment has it.

    Raises:
        ArchiveError: an index can't be read.
    """
    date = warc.date(at)
    key = f"{surt(url)} {re.sub(r'[^0-9]', '', date)[:14]} ".encode()
    for found in sealed:
        listed, path = found.listed, index_of(found)
        if listed is None or not (listed.first or "") <= date <= (listed.last or date) or not path.exists():
            continue
        with told(path, "read it"):
            spot = _find(path.read_bytes(), key, url, found.segment)
        if spot is not None:
            return spot
    return None


def _find(index: bytes, key: bytes, url: str, segment: SegmentId) -> Spot | None:
    index, begin = b"\n" + index, 0
    while (begin := index.find(b"\n" + key, begin)) >= 0:
        begin += 1 + len(key)
        line = _line(index[begin : index.find(b"\n", begin)])
        if line.url == url:
            return Spot(segment=segment, offset=int(line.offset), length=int(line.length))
    return None
