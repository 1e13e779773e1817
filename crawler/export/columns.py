"""A record as a row: the columns of `csv` and `parquet`, in their order. Pure."""

from __future__ import annotations

from typing import Final

import msgspec

from crawler.model import Record

Cell = str | int | list[str] | None

COLUMNS: Final[tuple[tuple[str, str], ...]] = (
    ("id", "text"),
    ("url", "text"),
    ("canonical_url", "text"),
    ("title", "text"),
    ("authors", "texts"),
    ("published", "text"),
    ("modified", "text"),
    ("language", "text"),
    ("direction", "text"),
    ("section", "text"),
    ("tags", "texts"),
    ("site", "text"),
    ("source", "text"),
    ("summary", "text"),
    ("text", "text"),
    ("words", "number"),
    ("image", "text"),
    ("kind", "text"),
    ("access", "text"),
    ("rights", "text"),
    ("feed_url", "text"),
    ("extractor", "text"),
    ("fetched_at", "text"),
    ("digest", "text"),
    ("warc_segment", "text"),
    ("warc_offset", "number"),
    ("warc_length", "number"),
)
"""Name and sort of each: a text, a list of texts, or a whole number. `rights` is a JSON object."""


def row(record: Record) -> dict[str, Cell]:
    """The cells of a record by column."""
    place = record.capture
    own: dict[str, Cell] = {
        "rights": msgspec.json.encode(record.rights, order="deterministic").decode() if record.rights else None,
        "feed_url": record.feed.get("url"),
        "fetched_at": place.fetched_at,
        "digest": place.digest,
        "warc_segment": place.segment,
        "warc_offset": place.offset,
        "warc_length": place.length,
    }
    return {name: own[name] if name in own else _plain(getattr(record, name)) for name, _ in COLUMNS}


def _plain(value: str | int | tuple[str, ...] | None) -> Cell:
    return list(value) if isinstance(value, tuple) else value
