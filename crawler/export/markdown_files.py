"""A record as a file of Markdown with front matter that says where it is from and where its evidence lies. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from crawler.export import markdown
from crawler.model import Record

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


def name(record: Record) -> str:
    """Where the file lies: by the hash that is the article's id, 1,024 folders of them."""
    return f"{record.id[:2]}/{record.id}.md"


def document(record: Record, sha256: str | None) -> str:
    """The file; `sha256` is of the payload as it was received."""
    lines = [f"{key}: {_said(value)}" for key, value in _facts(record, sha256) if value not in (None, "", (), {})]
    return "\n".join(["---", *lines, "---", "", markdown.document(record)])


def _facts(record: Record, sha256: str | None) -> Iterator[tuple[str, object]]:
    place = record.capture
    yield "id", record.id
    yield "url", record.url
    yield "canonical_url", record.canonical_url
    yield "title", record.title
    yield "authors", record.authors
    yield "published", record.published
    yield "language", record.language
    yield "direction", record.direction
    yield "source", record.source or record.site
    yield "fetched", place.fetched_at
    yield "sha256", sha256
    yield "warc", {"segment": place.segment, "offset": place.offset, "length": place.length, "digest": place.digest}
    yield "rights", record.rights


def _said(value: object) -> str:
    """YAML 1.2 takes JSON as it is; but for characters that would end its line."""
    return json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: object) -> object:
    if isinstance(value, str):
        return _CONTROL.sub(" ", value)
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value
