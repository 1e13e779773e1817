"""Lists of addresses people keep as plain text."""

from __future__ import annotations

from typing import Final

from crawler.model import Url
from crawler.sources.unpack import unpacked
from crawler.urls import UrlError, parse

MOST_ADDRESSES: Final = 50_000


def read_list(data: bytes) -> tuple[Url, ...]:
    """The http(s) addresses of a text, one a line, each once; other lines and lines that begin with `#` are passed over."""
    found: dict[Url, None] = {}
    for line in unpacked(data).decode("utf-8-sig", "replace").splitlines():
        address = _address(line.strip())
        if address is not None and len(found) < MOST_ADDRESSES:
            found[address] = None
    return tuple(found)


def _address(line: str) -> Url | None:
    try:
        return parse(line) if line and not line.startswith("#") else None
    except UrlError:
        return None
