"""Reading a WARC through, of whoever made it, as long as it is whole. Blocking."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fastwarc import ArchiveIterator

from crawler.archive.files import told
from crawler.archive.member import Member, Placed


def members(path: Path, most_block: int = -1) -> Iterator[Placed]:
    """All records of a file in order, with their places. Of a block no more than `most_block` is read, else all.

    A last record that is cut may be passed over or come short: who must know, counts and checks digests.

    Raises:
        ArchiveError: the file can't be read, or holds something else.
    """
    size = path.stat().st_size
    waiting: tuple[Member, int] | None = None
    for member, offset in _iterate(path, most_block):
        if waiting is not None:
            yield Placed(member=waiting[0], offset=waiting[1], length=offset - waiting[1])
        waiting = (member, offset)
    if waiting is not None:
        yield Placed(member=waiting[0], offset=waiting[1], length=size - waiting[1])


def _iterate(path: Path, most_block: int) -> Iterator[tuple[Member, int]]:
    with told(path, "read it"), path.open("rb") as file:
        for record in ArchiveIterator(file, parse_http=False):
            headers = record.headers.to_tuples()
            member = Member(kind=str(record.record_type), headers=headers, block=record.reader.read(most_block))
            yield member, record.stream_pos
