"""How a text is set: which of its lines is a heading, an item, a row; where links and pictures stand. Pure.

A text is kept once, a paragraph a line; what is here lies over it and costs little (a record grows by 6 %, over 90 pages), and
from both together Markdown and HTML can be made at any time, without the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from crawler.model import Article, Picture, Record

KINDS: Final = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ol", "quote", "row", "pre"})
"""Paragraph, headings, item of a list, item of a numbered list, paragraph of a quotation, row of a table, line of a listing."""
CELLS: Final = " | "
"""Parts the cells of a row."""

_HARMLESS: Final = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x1f]", re.IGNORECASE)
_RUN: Final = re.compile(r"([a-z]+\d?)(?:\*(\d{1,6}))?")


SetText = Article | Record


class Run(NamedTuple):
    """A stretch of a line, with the address it links to."""

    text: str
    href: str | None = None


class Piece(NamedTuple):
    """Lines of one kind that belong together (a list, a table, a quotation, a listing), or one line; or a picture alone."""

    kind: str
    lines: tuple[tuple[Run, ...], ...] = ()
    picture: Picture | None = None


def kinds(of_lines: Sequence[str]) -> str:
    """The kinds of a text's lines in short: `p*3 h2 li*2`; empty where all are paragraphs."""
    if of_lines.count("p") == len(of_lines):
        return ""
    runs = [(kind, len(list(run))) for kind, run in groupby(of_lines)]
    return " ".join(kind if count == 1 else f"{kind}*{count}" for kind, count in runs)


def pieces(of: SetText) -> Iterator[Piece]:
    """A text as it was set, piece by piece; what doesn't fit the text (a record may come from anywhere) is passed over."""
    lines = of.text.split("\n") if of.text else []
    rows = list(zip(_each_kind(of.layout, len(lines)), _linked(of, lines), strict=True))
    pictures = sorted((picture for picture in of.images if 0 <= picture.line <= len(lines)), key=lambda one: one.line)
    start = 0
    for picture in pictures:
        yield from _together(rows[start : picture.line])
        yield Piece("picture", picture=picture)
        start = max(start, picture.line)
    yield from _together(rows[start:])


def lead(of: SetText) -> Picture | None:
    """The picture that goes before the text, where it isn't in it."""
    if not of.image or any(picture.src == of.image for picture in of.images):
        return None
    return Picture(line=0, src=of.image, alt=of.image_caption or "")


def may_link(address: str) -> bool:
    """Whether an address may stand in a page that is shown: http, https, mailto; nothing that runs."""
    return _HARMLESS.match(address) is not None


def _together(rows: Sequence[tuple[str, tuple[Run, ...]]]) -> Iterator[Piece]:
    for kind, run in groupby(rows, key=lambda row: row[0]):
        lines = [line for _, line in run if line]
        if kind in ("li", "ol", "quote", "row", "pre") and lines:
            yield Piece(kind, tuple(lines))
        else:
            yield from (Piece(kind, (line,)) for line in lines)


def _each_kind(layout: str, count: int) -> list[str]:
    """The kind of each line; paragraphs where nothing, or nothing known, is said."""
    told: list[str] = []
    for name, times in _RUN.findall(layout):
        told += [name if name in KINDS else "p"] * min(int(times or 1), count - len(told))
    return told + ["p"] * (count - len(told))


def _linked(of: SetText, lines: list[str]) -> Iterator[tuple[Run, ...]]:
    """Each line in runs; anchors are in order and don't overlap, or they are passed over."""
    waiting = iter(sorted(of.anchors))
    anchor = next(waiting, None)
    start = 0
    for line in lines:
        runs: list[Run] = []
        at, end = start, start + len(line)
        while anchor is not None and anchor[0] < end:
            first, length, link = anchor
            if at <= first and length > 0 and first + length <= end and 0 <= link < len(of.links):
                runs += [Run(of.text[at:first]), Run(of.text[first : first + length], of.links[link])]
                at = first + length
            anchor = next(waiting, None)
        yield tuple(run for run in [*runs, Run(of.text[at:end])] if run.text)
        start = end + 1


def cells(line: tuple[Run, ...]) -> list[tuple[Run, ...]]:
    """The cells of a row; within the words of a link nothing parts them."""
    found: list[list[Run]] = [[]]
    for run in line:
        if run.href is not None:
            found[-1].append(run)
            continue
        first, *others = run.text.split(CELLS)
        found[-1].append(Run(first))
        found += [[Run(text)] for text in others]
    return [tuple(run for run in cell if run.text) for cell in found]
