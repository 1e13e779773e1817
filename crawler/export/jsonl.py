"""A record a line: what `jq`, DuckDB and a shell's `while read` take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from crawler.model import Record
from crawler.showing import safe_json

_ENCODER: Final = msgspec.json.Encoder()


def line(record: Record) -> bytes:
    """One record: UTF-8, no line break within, one at the end; safe in a terminal too (`showing.safe_json`)."""
    return safe_json(_ENCODER.encode(record)) + b"\n"


def lines(records: Iterable[Record]) -> Iterator[bytes]:
    """Each record as it comes."""
    return map(line, records)
