"""All records as one JSON array, written while they come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crawler.export import jsonl
from crawler.model import Record


def array(records: Iterable[Record]) -> Iterator[bytes]:
    """The array in pieces; whole only with the last of them. One record a line. No record gives `[]`."""
    before = b"["
    for record in records:
        yield before + b"\n" + jsonl.line(record).rstrip(b"\n")
        before = b","
    yield b"[]\n" if before == b"[" else b"\n]\n"
