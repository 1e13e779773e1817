"""Whether a WARC is as it was written, and as the store's captures say. Blocking."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from crawler.archive import cdxj
from crawler.archive.along import Along
from crawler.archive.case import UNSURE, Case, Counts, Walked
from crawler.archive.exchanges import ANSWERS, Answer, Exchanges, Wrong, info_faults
from crawler.archive.files import told
from crawler.archive.member import Member, Placed
from crawler.archive.members import Piece, pieces
from crawler.archive.reading import open_file
from crawler.model import Finding


def warc_faults(case: Case, path: Path, walked: Walked, counts: Counts) -> Iterator[Finding]:
    """All that isn't as it should be; `walked` tells afterwards what was seen.

    Raises:
        ArchiveError: it can't be read.
    """
    end = case.expected.end
    along = Along(case, path)
    with told(path, "read it"), open_file(path) as file:
        size = os.fstat(file.fileno()).st_size
        yield from case.sizes(path, size, end)
        limit = size if end is None else min(size, end)
        if case.deep:
            yield from _Through(case, path, walked, along).read(file, limit)
            counts.bytes += limit
        else:
            yield from _beginning(case, path, file, limit, along)
    counts.records += walked.records
    if not case.alone:
        walked.answers = along.places


def _beginning(case: Case, path: Path, file: BinaryIO, limit: int, along: Along) -> Iterator[Finding]:
    """Without looking at each byte: the first record, and whether the captures lie close from there to the end."""
    first = next(pieces(file, limit, lambda _: None), None)
    if first is not None:
        yield from _first(case, path, first)
    if not case.alone:
        yield from along.tiles(first.length if first is not None else 0, case.expected.end or 0)


def _first(case: Case, path: Path, piece: Piece) -> Iterator[Finding]:
    if piece.member is None:
        yield case.finding("member", path, piece.fault, 0)
        return
    for detail in info_faults(piece.member, case.expected.segment, case.archive_id):
        yield case.finding("record", path, detail, 0)


class _Through:
    """Every member is unpacked, every digest made again, and each exchange held against its capture."""

    def __init__(self, case: Case, path: Path, walked: Walked, along: Along) -> None:
        self._case = case
        self._path = path
        self._walked = walked
        self._along = along
        self._exchanges = Exchanges(case.expected.segment, case.archive_id, case.expected.erased.members)
        self._answers: dict[int, int] = {}

    def read(self, file: BinaryIO, limit: int) -> Iterator[Finding]:
        """All of it up to `limit`."""
        sha256 = hashlib.sha256()
        torn: Piece | None = None
        for piece in pieces(file, limit, sha256.update):
            if torn is not None:
                yield self._finding(torn)
            torn = None if piece.member else piece
            self._note(piece, piece.member)
            yield from self._judged(self._exchanges.take(piece))
        yield from self._tail(torn, limit)
        yield from self._judged(self._exchanges.end())
        yield from self._along.end(self._walked, limit)
        yield from self._listed(sha256.hexdigest(), limit)
        self._walked.answers = None if self._walked.damaged else self._answers

    def _note(self, piece: Piece, member: Member | None) -> None:
        if member is None:
            self._walked.damaged.append(range(piece.offset, piece.offset + piece.length))
            return
        self._walked.records += 1
        if member.kind != "warcinfo":
            self._walked.dates.append(member.get("WARC-Date") or "")
        if member.kind in ANSWERS:
            placed = Placed(member=member, offset=piece.offset, length=piece.length)
            self._walked.index.append(cdxj.entry(placed, self._case.names.sealed.name))

    def _judged(self, found: Iterator[Answer | Wrong]) -> Iterator[Finding]:
        for one in found:
            if isinstance(one, Wrong):
                yield self._case.finding("record", self._path, one.detail, one.offset)
            else:
                self._answers[one.offset] = one.length
                if not self._case.alone:
                    yield from self._along.meet(one, self._walked)

    def _tail(self, torn: Piece | None, limit: int) -> Iterator[Finding]:
        """Where nobody knows what was acknowledged, an end that is torn is no fault of the archive's."""
        unfinished = torn.fault if torn else None if self._exchanges.whole else "the last exchange ends early"
        if unfinished is None:
            return
        offset = torn.offset if torn else limit
        if self._case.expected.end is None:
            detail = f"{unfinished}; {UNSURE}"
            yield self._case.finding("note", self._path, detail, offset)
        elif torn is not None:
            yield self._finding(torn)
        else:
            yield self._case.finding("record", self._path, unfinished, offset)

    def _listed(self, sha256: str, limit: int) -> Iterator[Finding]:
        """What the list of sealed files says of it, if it is as long as it was."""
        listed = self._case.expected.listed
        if listed is None or not self._case.expected.final or limit != listed.bytes:
            return
        if sha256 != listed.sha256:
            yield self._case.finding("digest", self._path, "its sha256 isn't the one it was sealed with")
        walked = self._walked
        told = (walked.records, min(walked.dates, default=None), max(walked.dates, default=None))
        if not walked.damaged and told != (listed.records, listed.first, listed.last):
            yield self._case.finding(
                "manifest", self._path, "another number of records, or other dates, than when it was sealed"
            )

    def _finding(self, piece: Piece) -> Finding:
        return self._case.finding("member", self._path, piece.fault, piece.offset)
