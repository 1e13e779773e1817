"""An event of the catalog with the record it is about, as one JSON object: what `warraq tail`, commands and webhooks get."""

from __future__ import annotations

from typing import Final

import msgspec

from crawler.model import News, SourceId, Value
from crawler.records import rfc3339
from crawler.showing import safe_json


class Told(Value, frozen=True, kw_only=True, omit_defaults=False):
    """An event as it is told."""

    seq: int
    """Greater than that of every event before; where to go on from (`warraq tail --since`)."""
    event: str
    """`article`: it is new; `version`: its text has changed; `deleted`: its publisher took it away, `record` was."""
    version: int
    at: str
    """When it was published, RFC 3339."""
    source: SourceId | None
    record: msgspec.Raw
    """As in the archive (docs/record.schema.json)."""


_ENCODER: Final = msgspec.json.Encoder()


def line(news: News, record: bytes) -> bytes:
    """One line of JSON, with its line end; safe in a terminal too (`showing.safe_json`). `record` is a JSON object."""
    told = Told(
        seq=news.seq,
        event=news.event,
        version=news.version,
        at=rfc3339(news.at),
        source=news.source,
        record=msgspec.Raw(record),
    )
    return safe_json(_ENCODER.encode(told)) + b"\n"
