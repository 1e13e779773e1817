"""The JSON Schema of a record, made from the type itself; `docs/record.schema.json` is this, and a test says so."""

from __future__ import annotations

import msgspec

from crawler.model import Record


def schema() -> bytes:
    """JSON Schema (2020-12), indented, UTF-8, ending in a line break."""
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Record)}
    return msgspec.json.format(msgspec.json.encode(made), indent=2) + b"\n"
