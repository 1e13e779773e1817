"""A record as a page of Markdown (CommonMark 0.31): title, where it is from, and the paragraphs.

What a publisher wrote is text and stays text: everything CommonMark would take for markup is escaped. Direction is left to the
reader's program, which goes by the first strong letter of each paragraph; the line of facts parts its pieces with ` · ` and
isolates each, so that a Latin address doesn't turn an Arabic line around (Unicode UAX 9, section 2.7).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from crawler.model import Record

_ISOLATE: Final = "\u2068{}\u2069"
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")

# Specials anywhere in a line; then those that only mean something where a line begins.
_INLINE: Final = re.compile(r"([\\`*\[\]<~]|&(?=[#\w]+;)|(?<!\w)_|_(?!\w)|!(?=\[))")
_START: Final = re.compile(r"^(?:([#>|+=-])|(\d{1,9})([.)])(?=\s|$))")
_NOT_IN_LINKS: Final = {"<": "%3C", ">": "%3E", " ": "%20"}


def document(record: Record) -> str:
    """One record, ending in a line break."""
    parts = [f"# {_text(record.title or record.url)}", _facts(record)]
    parts += [_paragraph(paragraph) for paragraph in record.text.splitlines() if paragraph.strip()]
    if not record.text and record.note:
        parts.append(f"*{_text(record.note)}*")
    return "\n\n".join(parts) + "\n"


def documents(records: Iterable[Record]) -> Iterator[bytes]:
    """Each record as it comes, in UTF-8, a rule between two."""
    for number, record in enumerate(records):
        yield (("\n---\n\n" if number else "") + document(record)).encode()


def _facts(record: Record) -> str:
    pieces = [*record.authors, record.site or record.source, record.published]
    known = [_ISOLATE.format(_text(piece)) for piece in pieces if piece]
    return " · ".join([*known, _ISOLATE.format(_link(record.url))])


def _link(url: str) -> str:
    address = _CONTROL.sub("", url)
    for char, escaped in _NOT_IN_LINKS.items():
        address = address.replace(char, escaped)
    return f"<{address}>"


def _paragraph(line: str) -> str:
    return _START.sub(_escaped_start, _text(line.strip()))


def _escaped_start(found: re.Match[str]) -> str:
    return f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}"


def _text(text: str) -> str:
    return _INLINE.sub(r"\\\1", _CONTROL.sub(" ", text).strip())
