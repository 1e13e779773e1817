"""The store's captures of one segment, in order along its WARC. Blocking only where the rows are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from crawler.archive import warc
from crawler.archive.case import Case, Walked
from crawler.archive.exchanges import Answer
from crawler.archive.names import is_imported
from crawler.model import Capture, Finding


class Along:
    """Hands out captures as the file goes on; `places` are all that were handed out."""

    def __init__(self, case: Case, path: Path) -> None:
        self._case = case
        self._path = path
        self._next = next(case.captures, None)
        self.places: dict[int, int] = {}
        """Offset -> length."""

    def rest(self) -> Iterator[Capture]:
        """All that weren't handed out yet."""
        while self._next is not None:
            yield self._take(self._next)

    def tiles(self, begin: int, end: int) -> Iterator[Finding]:
        """Captures must lie one behind the other from `begin` to `end`: what is between them belongs to nobody."""
        at = min(begin, end)
        past = self._case.expected.erased.past
        for capture in self.rest():
            at = past(at)
            if capture.offset > at:
                yield self._finding("record", at, "records that no capture points to")
            elif capture.offset < at:
                yield self._finding("capture", capture.offset, "the capture lies over the one before it")
            at = max(at, capture.offset + capture.group_length)
        at = past(at)
        if at < end:
            yield self._finding("record", at, "records that no capture points to")
        elif at > end:
            yield self._finding("capture", end, "captures reach beyond what was acknowledged")

    def meet(self, answer: Answer, walked: Walked) -> Iterator[Finding]:
        """An answer was read: is it the one a capture points to?"""
        while self._next is not None and self._next.offset < answer.offset:
            yield from self._alone(self._take(self._next), walked)
        if answer.offset in self._case.expected.erased.groups:
            return  # a takedown that isn't carried out yet: its captures are known no more
        if self._next is None or self._next.offset != answer.offset:
            yield self._finding("record", answer.offset, f"no capture points to this record of {answer.url}")
            return
        capture = self._take(self._next)
        imported = is_imported(self._case.expected.segment)
        for detail in _differences(capture, answer, None if imported else self._case.archive_id or ""):
            yield self._finding("capture", answer.offset, detail)

    def end(self, walked: Walked, read: int) -> Iterator[Finding]:
        """The file was read up to here; what is left points to nothing. What is missing up to its end was told already."""
        for capture in self.rest():
            if not read <= capture.offset < (self._case.expected.end or 0):
                yield from self._alone(capture, walked)

    def _alone(self, capture: Capture, walked: Walked) -> Iterator[Finding]:
        """A capture without its record; where the record is damaged, that was told already."""
        if not walked.hurt(capture.offset):
            yield self._finding("capture", capture.offset, f"no record begins where the capture of {capture.url} should be")

    def _take(self, capture: Capture) -> Capture:
        self.places[capture.offset] = capture.length
        self._next = next(self._case.captures, None)
        return capture

    def _finding(self, what: Literal["record", "capture"], offset: int, detail: str) -> Finding:
        return self._case.finding(what, self._path, detail, offset)


def _differences(capture: Capture, answer: Answer, archive_id: str | None) -> Iterator[str]:
    """`archive_id` None: its records were made by others, and have ids of their own."""
    if capture.length != answer.length or answer.group_length not in (None, capture.group_length):
        yield "the record is longer or shorter than the capture says"
    if archive_id is not None and answer.record_id != warc.record_id(archive_id, capture.key, "answer"):
        yield f"another record than the capture of {capture.url} points to"
        return  # of another record all else differs too
    if answer.url != warc.uri(capture.url):
        yield f"the record is of {answer.url}, the capture of {capture.url}"
    if capture.digest is not None and answer.digest != capture.digest:
        yield "the payload's digest isn't the capture's"
    if archive_id is not None and answer.refers_to != _repeated(capture, archive_id):
        yield "the record repeats another one than the capture says"


def _repeated(capture: Capture, archive_id: str) -> str | None:
    return warc.record_id(archive_id, capture.revisit_of, "answer") if capture.revisit_of else None
