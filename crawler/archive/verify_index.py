"""Whether the index of a sealed segment is the one of its WARC. Blocking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from crawler.archive.case import Case, Walked
from crawler.archive.files import told
from crawler.model import Finding, Value


class _Entry(Value, frozen=True, kw_only=True):
    offset: str
    length: str
    filename: str


_entry = msgspec.json.Decoder(_Entry).decode


def index_faults(case: Case, walked: Walked) -> Iterator[Finding]:
    """The first line that is wrong; where the WARC was read through and is as it was, each byte counts.

    Raises:
        ArchiveError: it can't be read.
    """
    path = case.names.index
    with told(path, "read it"):
        if not path.exists():
            yield case.finding("missing", path, "is missing")
            return
        text = path.read_bytes()
    if case.deep and not walked.damaged:
        should = "".join(f"{line}\n" for line in sorted(walked.index)).encode()
        if text != should:
            yield case.finding("index", path, "the index isn't the one of its WARC", _first_difference(text, should))
    elif walked.answers is not None:
        yield from _against(case, text, walked.answers)


def _first_difference(one: bytes, other: bytes) -> int:
    both = min(len(one), len(other))
    return next((at for at in range(both) if one[at] != other[at]), both)


def _against(case: Case, text: bytes, answers: Mapping[int, int]) -> Iterator[Finding]:
    """Its entries must point to the captures, and to all of them."""
    owed = dict(answers)
    at = 0
    for line in text.splitlines(keepends=True):
        entry = _decoded(line)
        if entry is None:
            yield case.finding("index", case.names.index, "the line can't be read", at)
            return
        if entry[2] != case.names.sealed.name or owed.pop(entry[0], None) != entry[1]:
            yield case.finding("index", case.names.index, "the entry points to nothing", at)
            return
        at += len(line)
    if owed:
        yield case.finding("index", case.names.index, f"{len(owed)} captures aren't in it", at)


def _decoded(line: bytes) -> tuple[int, int, str] | None:
    try:
        entry = _entry(line.split(b" ", 2)[2])
        return int(entry.offset), int(entry.length), entry.filename
    except (IndexError, ValueError):  # msgspec's errors are ValueErrors
        return None
