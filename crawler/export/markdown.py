"""An article or a record as a page of Markdown (CommonMark 0.31, tables as GitHub has them): title, where it is from, the text.

What a publisher wrote is text and stays text: everything CommonMark would take for markup is escaped. Direction is left to the
reader's program, which goes by the first strong letter of each paragraph; the line of facts parts its pieces with ` · ` and
isolates each, so that a Latin address doesn't turn an Arabic line around (Unicode UAX 9, section 2.7).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from crawler import layout
from crawler.layout import Piece, Run, SetText
from crawler.model import Record

_ISOLATE: Final = "\u2068{}\u2069"
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")

# Specials anywhere in a line; then those that only mean something where a line begins.
_INLINE: Final = re.compile(r"([\\`*\[\]<~]|&(?=[#\w]+;)|(?<!\w)_|_(?!\w)|!(?=\[))")
_START: Final = re.compile(r"^(?:([#>|+=-])|(\d{1,9})([.)])(?=\s|$))")
_NOT_IN_LINKS: Final = {"<": "%3C", ">": "%3E", " ": "%20", "\\": "%5C"}
_TICKS: Final = re.compile(r"`+")
_BETWEEN: Final = {"li": "\n", "ol": "\n", "quote": "\n>\n"}


def document(of: SetText) -> str:
    """One article, ending in a line break."""
    parts = (
        f"# {_text(of.title or of.url or '')}",
        _facts(of),
        _lead(of),
        *(_piece(piece) for piece in layout.pieces(of)),
        f"*{_text(of.note)}*" if of.note and not of.text else "",
    )
    return "\n\n".join(filter(None, parts)) + "\n"


def _lead(of: SetText) -> str:
    lead = layout.lead(of)
    return _picture(lead.src, lead.alt) if lead else ""


def documents(records: Iterable[Record]) -> Iterator[bytes]:
    """Each record as it comes, in UTF-8, a rule between two."""
    for number, record in enumerate(records):
        yield (("\n---\n\n" if number else "") + document(record)).encode()


def _facts(of: SetText) -> str:
    pieces = [*of.authors, of.site or of.source, of.published]
    known = [_ISOLATE.format(_text(piece)) for piece in pieces if piece]
    return " · ".join([*known, *([_ISOLATE.format(f"<{_address(of.url)}>")] if of.url else [])])


def _piece(piece: Piece) -> str:
    if piece.picture is not None:
        return _picture(piece.picture.src, piece.picture.alt)
    if piece.kind == "row":
        return _table(piece)
    if piece.kind == "pre":
        return _listing(piece)
    lines = [f"{_mark(piece.kind, number)}{_paragraph(line)}" for number, line in enumerate(piece.lines, 1)]
    return _BETWEEN.get(piece.kind, "\n\n").join(lines)


def _mark(kind: str, number: int) -> str:
    """What a line of a kind begins with; the one `#` is the title's."""
    if kind[0] == "h":
        return "#" * max(2, int(kind[1])) + " "
    return {"li": "- ", "ol": f"{number}. ", "quote": "> "}.get(kind, "")


def _table(piece: Piece) -> str:
    """The first row is the head: there is no table without one."""
    rows = [[_line(cell).replace("|", "\\|") for cell in layout.cells(line)] for line in piece.lines]
    width = max(map(len, rows))
    head, *rest = [f"| {' | '.join([*row, *[''] * (width - len(row))])} |" for row in rows]
    return "\n".join([head, f"|{'---|' * width}", *rest])


def _listing(piece: Piece) -> str:
    """Nothing is escaped in it; so its fence is longer than any row of backticks within."""
    text = "\n".join(_CONTROL.sub(" ", "".join(run.text for run in line)) for line in piece.lines)
    fence = "`" * max(3, 1 + max(map(len, _TICKS.findall(text)), default=0))
    return f"{fence}\n{text}\n{fence}"


def _picture(address: str, words: str) -> str:
    return f"![{_text(words)}](<{_address(address)}>)" if layout.may_link(address) else ""


def _line(runs: tuple[Run, ...]) -> str:
    """Words and links; an exclamation mark before a link would make a picture of it."""
    written = ""
    for run in runs:
        if run.href is None or not layout.may_link(run.href):
            written += _escaped(run.text)
        else:
            before = f"{written[:-1]}\\!" if written.endswith("!") else written
            written = f"{before}[{_escaped(run.text)}](<{_address(run.href)}>)"
    return written.strip()


def _address(url: str) -> str:
    address = _CONTROL.sub("", url)
    for char, escaped in _NOT_IN_LINKS.items():
        address = address.replace(char, escaped)
    return address


def _paragraph(runs: tuple[Run, ...]) -> str:
    return _START.sub(_escaped_start, _line(runs))


def _escaped_start(found: re.Match[str]) -> str:
    return f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}"


def _text(text: str) -> str:
    return _escaped(text).strip()


def _escaped(text: str) -> str:
    return _INLINE.sub(r"\\\1", _CONTROL.sub(" ", text))
