"""Records as Parquet, for whoever builds corpora. The only file that needs pyarrow: the extra `parquet`. Blocking."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import pyarrow as pa
from pyarrow import parquet

from crawler.export.columns import COLUMNS, row
from crawler.model import Record

_ROWS: Final = 1_000
"""In one row group: some 5 MB of text."""
_SORTS: Final = {"text": pa.string(), "texts": pa.list_(pa.string()), "number": pa.int64()}

SCHEMA: Final = pa.schema([pa.field(name, _SORTS[sort]) for name, sort in COLUMNS])


def write(path: Path, records: Iterator[Record]) -> None:
    """Write all of it; the same records give the same bytes with the same pyarrow."""
    with parquet.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        while rows := [row(record) for record in islice(records, _ROWS)]:
            writer.write_table(pa.Table.from_pylist(rows, schema=SCHEMA))
