"""Whether one segment is as it was written: its WARC, its records, its index. Blocking."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from crawler.archive.case import UNSURE, Case, Counts, Walked
from crawler.archive.files import told
from crawler.archive.lines import MOST_LINE, Pointers, line_faults
from crawler.archive.manifest import SealedFile
from crawler.archive.verify_index import index_faults
from crawler.archive.verify_warc import warc_faults
from crawler.model import Capture, Finding, Shelved


def segment_faults(case: Case, counts: Counts) -> Iterator[Finding]:
    """All that isn't as it should be, and notes.

    Raises:
        ArchiveError: a file can't be read.
    """
    counts.segment()
    walked = Walked()
    yield from _agreement(case)
    yield from _warc(case, walked, counts)
    yield from _records(case, walked, counts)
    if case.expected.final and case.names.sealed.exists():
        yield from index_faults(case, walked)


def _agreement(case: Case) -> Iterator[Finding]:
    """Store and list must say the same."""
    listed, shelved = case.expected.listed, case.expected.shelved
    if listed is not None and shelved is not None:
        yield from _same(case, listed, shelved)
    elif listed is not None and case.archive_id is not None:
        yield case.finding("store", case.names.sealed, "the store doesn't know it; `warraq archive rebuild` takes it in")
    elif listed is None and (case.expected.final or (shelved is None and case.names.sealed.exists())):
        yield case.finding("manifest", case.names.sealed, "is sealed, and not in the list of sealed files")


def _same(case: Case, listed: SealedFile, shelved: Shelved) -> Iterator[Finding]:
    """A line is written before the store hears of it: what is being sealed may be in both."""
    state = shelved.state
    row = (state.committed, state.records_committed, (shelved.sha256 or b"").hex())
    if state.state == "sealed" and row != (listed.bytes, listed.parsed, listed.sha256):
        yield case.finding("manifest", case.names.sealed, "store and list don't say the same of it")
    elif state.state not in ("sealed", "sealing"):
        yield case.finding("store", case.names.sealed, f"sealed, says the list; {state.state}, says the store")


def _warc(case: Case, walked: Walked, counts: Counts) -> Iterator[Finding]:
    names = case.names
    path = names.sealed if case.expected.final and names.sealed.exists() else names.there()
    if path is None:
        rows = list(case.captures)
        walked.answers = None if case.alone else _places(rows)
        if case.expected.end:
            missing = names.sealed if case.expected.final else names.open
            yield case.finding("missing", missing, f"is missing, with {len(rows)} captures in it")
        return
    yield from _named(case, path)
    yield from warc_faults(case, path, walked, counts)


def _named(case: Case, path: Path) -> Iterator[Finding]:
    """Whether the name is the one it should have."""
    names = case.names
    if names.open.exists() and names.sealed.exists():
        yield case.finding("unknown", names.open, "is there sealed and unsealed")
    if case.expected.final and path == names.open:
        yield case.finding("unknown", path, "is sealed, yet doesn't have its final name")
    if case.expected.shelved is not None and case.expected.shelved.state.state == "void":
        yield case.finding("unknown", path, "was given up for being empty, yet is there")


def _places(rows: list[Capture]) -> dict[int, int]:
    return {row.offset: row.length for row in rows}


def _records(case: Case, walked: Walked, counts: Counts) -> Iterator[Finding]:
    path, end = case.names.records, case.expected.records_end
    versions = {place.offset: place for place in case.lines}
    with told(path, "read it"):
        if not path.exists():
            if end:
                yield case.finding("missing", path, "is missing")
            return
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            yield from case.sizes(path, size, end)
            limit = _limit(case, file, size)
            if end is None and limit < size:
                yield case.finding("note", path, f"the last line is torn; {UNSURE}", limit)
            pointers = Pointers(captures=walked.answers, versions=versions, erased=case.expected.erased)
            yield from _lines(case, file, limit, pointers, counts)


def _lines(case: Case, file: BinaryIO, limit: int, pointers: Pointers, counts: Counts) -> Iterator[Finding]:
    sha256 = hashlib.sha256()

    def seen(line: bytes) -> None:
        sha256.update(line)
        counts.lines += 1

    for what, offset, detail in line_faults(file, limit, case.expected.segment, pointers, seen):
        yield case.finding(what, case.names.records, detail, offset)
    counts.bytes += limit
    listed = case.expected.listed
    if listed is not None and case.expected.final and limit == listed.parsed and sha256.hexdigest() != listed.parsed_sha256:
        yield case.finding("digest", case.names.records, "its sha256 isn't the one it was sealed with")


def _limit(case: Case, file: BinaryIO, size: int) -> int:
    """How far its lines are looked at: as far as they were acknowledged; an open file may have a torn last one."""
    end = case.expected.records_end
    if end is not None:
        return min(size, end)
    return size if case.expected.final else _whole_lines(file)


def _whole_lines(file: BinaryIO) -> int:
    """Where the last whole line ends."""
    end = sum(len(line) for line in iter(partial(file.readline, MOST_LINE), b"") if line.endswith(b"\n"))
    file.seek(0)
    return end
