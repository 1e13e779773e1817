"""From what is of a page to the orders that take it out: every place in every file, before anything is touched. Blocking."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Final

from crawler.archive import warc
from crawler.archive.erasing import lines_of
from crawler.archive.expected import look
from crawler.archive.files import told
from crawler.archive.rebuilding import millis
from crawler.model import Capture, Millis, SegmentId, Url
from crawler.model.takedowns import MOST_EXCHANGES, ErasedIn, ErasedLine, ErasedMember, Takedown
from crawler.takedown.scope import Exchange, Scope, Searcher

_STEP: Final = 1 << 16  # what follows a member is copied at its end: steps of 1 MB took two to four times as long
_MOST_UNPACKED: Final = 64 << 20
_GZIP_BITS: Final = 31  # zlib's way to say: gzip, and nothing else


def orders(scope: Scope, searcher: Searcher, root: Path, common: Takedown) -> list[Takedown]:
    """`common` with all that is to be erased, in as many orders as it takes; each can be carried out by itself.

    Raises:
        ArchiveError: a file can't be read.
    """
    aside = _aside(root, scope.urls)
    exchanges = sorted(scope.exchanges.values(), key=lambda one: (one.capture.segment, one.capture.offset))
    made: list[Takedown] = []
    parts = [exchanges[at : at + MOST_EXCHANGES] for at in range(0, len(exchanges), MOST_EXCHANGES)] or [[]]
    for number, some in enumerate(parts):
        segments, articles = _segments(some, scope, searcher)
        made.append(
            Takedown(
                order=f"{common.order}-{number}" if number else common.order,
                at=common.at,
                archive_id=common.archive_id,
                reason=common.reason,
                addresses=tuple(sorted(scope.addresses)),
                captures=tuple((one.capture.key.host_id, one.capture.key.h, one.capture.key.fetched_at) for one in some),
                articles=tuple(sorted(scope.articles | articles)),
                segments=segments,
                aside=() if number else aside,
            )
        )
    return made


def _segments(some: Iterable[Exchange], scope: Scope, searcher: Searcher) -> tuple[tuple[ErasedIn, ...], frozenset[str]]:
    by_segment: defaultdict[SegmentId, list[Exchange]] = defaultdict(list)
    for one in some:
        by_segment[one.capture.segment].append(one)
    articles: set[str] = set()
    found: list[ErasedIn] = []
    for segment, exchanges in by_segment.items():
        whole = {one.capture.offset for one in exchanges if one.capture.key in scope.whole}
        lines = list(lines_of(searcher.names(segment), whole, scope.articles))
        found.append(_erased(segment, exchanges, whole, [line for line, _ in lines]))
        articles.update(article for _, article in lines)
    return tuple(found), frozenset(articles)


def _erased(
    segment: SegmentId, exchanges: Sequence[Exchange], whole: AbstractSet[int], lines: Sequence[ErasedLine]
) -> ErasedIn:
    """`whole`: offsets of those of which all record lines go, not only those of the articles."""
    return ErasedIn(
        segment=segment,
        members=tuple(member for one in exchanges for member in _members(one)),
        groups=tuple((one.capture.offset, one.capture.group_length) for one in exchanges),
        lines=tuple(lines),
        shared=tuple(sorted({one.capture.offset for one in exchanges} - whole)),
    )


def _members(one: Exchange) -> Iterator[ErasedMember]:
    """Where its records lie; one that is damaged goes too, and gets the capture's date."""
    begin = one.capture.offset
    for piece in one.members:
        date = piece.member.get("WARC-Date") if piece.member else None
        yield ErasedMember(begin + piece.offset, piece.length, _millis(date, one.capture))


def _millis(date: str | None, capture: Capture) -> Millis:
    try:
        return millis(date) if date else capture.key.fetched_at
    except ValueError:
        return capture.key.fetched_at


def _aside(root: Path, pages: Iterable[Url]) -> tuple[tuple[str, int], ...]:
    """Files set aside by repairs, or left by a crash, that name one of these addresses."""
    needles = [text.encode() for page in pages for text in {page, warc.uri(page)}]
    passing = [(name, root / name) for name in look(root).passing]
    return tuple((name, path.stat().st_size) for name, path in passing if needles and _names(path, needles))


def _names(path: Path, needles: list[bytes]) -> bool:
    with told(path, "look through it"):
        packed = path.name.partition(".")[2].startswith("warc.gz")
        return any(needle in window for window in _windows(path, packed=packed) for needle in needles)


def _windows(path: Path, *, packed: bool) -> Iterator[bytes]:
    """Its content in pieces that lap over; of a cut member as much as can be unpacked."""
    before = b""
    for piece in _unpacked(path) if packed else _pieces(path):
        yield before + piece
        before = piece[-(1 << 14) :]


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_STEP):
            yield piece


def _unpacked(path: Path) -> Iterator[bytes]:
    inflater, total = zlib.decompressobj(_GZIP_BITS), 0
    for piece in _pieces(path):
        rest = piece
        while rest and total < _MOST_UNPACKED:
            try:
                out = inflater.decompress(rest, _STEP)
            except zlib.error:
                return
            total += len(out)
            yield out
            rest = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
            if inflater.eof:
                inflater = zlib.decompressobj(_GZIP_BITS)
