"""The entry of a process that indexes a WARC, started by `apart`: `python -m crawler.archive.indexer PATH`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import msgspec

from crawler.allocator import collect_seldom
from crawler.archive import cdxj
from crawler.ports import ArchiveError


def main() -> None:
    """Write a line of what the pass told, then the index. Ends with 1, and perhaps half of it, where it can't be read."""
    collect_seldom()
    try:
        index = cdxj.index(Path(os.fsdecode(sys.argv[1])))
        sys.stdout.buffer.write(msgspec.json.encode(index.told) + b"\n")
        for piece in index.lines.pieces():
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
    except (ArchiveError, BrokenPipeError):  # whoever asked looks for himself; or is gone
        os._exit(1)


if __name__ == "__main__":
    main()
