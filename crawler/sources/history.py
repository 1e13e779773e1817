"""What a feed says of its past: where older entries lie, whether all are here (RFC 5005), which were taken away (RFC 6721)."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

from crawler.model import Url
from crawler.sources.markup import resolved

MOST_REMOVED: Final = 1_000  # tombstones (RFC 6721)
_LINK: Final = re.compile(r"<(?:\w{1,20}:)?link\s([^<>]{1,4096})>", re.IGNORECASE)
_DELETED: Final = re.compile(r"<(?:\w{1,20}:)?deleted-entry\s([^<>]{1,4096})>", re.IGNORECASE)
_COMPLETE: Final = re.compile(r"<\w{1,20}:complete(?:\s[^<>]{0,512})?/?>")
_ATTRIBUTE: Final = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def archive_of(document: str, url: str) -> Url | None:
    """The document before this one, `rel=prev-archive`; entries older than the ones shown here are in it."""
    if "prev-archive" not in document:
        return None
    for found in _LINK.finditer(document):
        said = _said(found[1])
        if "prev-archive" in said.get("rel", "").split():
            return resolved(said.get("href"), url)
    return None


def removed(document: str) -> tuple[str, ...]:
    """The ids of entries that the feed has taken away (`at:deleted-entry`), each once."""
    if "deleted-entry" not in document:
        return ()
    refs = (_said(found[1]).get("ref") for found in _DELETED.finditer(document))
    return tuple(dict.fromkeys(ref for ref in refs if ref))[:MOST_REMOVED]


def is_complete(document: str) -> bool:
    """Whether a feed says that this document holds all its entries there are (`fh:complete`, RFC 5005, section 2)."""
    return "complete" in document and _COMPLETE.search(document) is not None


def _said(attributes: str) -> dict[str, str]:
    return {name.lower(): unescape(double or single) for name, double, single in _ATTRIBUTE.findall(attributes)}
