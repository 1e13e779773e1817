"""From the lines a page is set in to paragraphs: what a document for printing (PDF) has instead of a text. Pure.

By shape alone, in any script: how long a line is beside the others, how it ends, how the next one begins.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

_FULL: Final = 0.75
"""A sentence that ends in a line shorter than this share of a full one ends its paragraph; half as short, any line does."""
_SHORT: Final = 0.5
_WIDE: Final = 0.9
"""A full line is as long as nine of ten are at most: one that is set wide isn't the measure."""
_FEWEST_PAGES: Final = 3
_EDGES: Final = 2
"""Lines at a page's head and foot that may be its title or number."""

_END: Final = re.compile("[.!?:\u2026\u06d4\u061f\u3002\uff01\uff1f\uff1a\u0964][\"'\u00bb\u201d\u2019)\\]\u300d\u300f]*$")
_ITEM: Final = re.compile(r"(?:[\u2022\u25aa\u25cf\u25e6\u2023\u2043\u00b7*]|[-\u2013\u2014]\s|\(?\w{1,3}[.)\u3001]\s)")
_NUMBER: Final = re.compile(r"\W*(?:\w{1,8}\W+)?\d{1,4}(?:\W+(?:\w{1,4}\W+)?\d{1,4})?\W*")
_SPLIT: Final = re.compile(r"[^\W\d_][-\u2010\u00ad]$")
# No blank stands where a line of these is broken: kana, Han, Thai, Lao, Burmese, Khmer.
_UNSPACED: Final = re.compile(
    "[\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]"
)
# The shapes of letters within a word (Arabic) and of two letters set as one (fi): fonts have them, texts don't.
_SHAPES: Final = re.compile("[\ufb00-\ufb06\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]")
_UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def paragraphs(pages: Sequence[str]) -> str:
    """The text of a document, a paragraph a line, from the lines of its pages; without their running titles and numbers."""
    split = [[_clean(line) for line in page.splitlines()] for page in pages]
    running = _running(split)
    return "\n".join(_made([line for page in split for line in _inner(page, running)]))


def _made(lines: list[str]) -> list[str]:
    """Paragraphs of lines, of which an empty one always parts two."""
    full = _full_line(lines)
    made: list[str] = []
    for before, line in pairwise(["", *lines]):
        if line and before and not _parts(before, line, full):
            made[-1] = _joined(made[-1], line)
        elif line:
            made.append(line)
    return made


def _clean(line: str) -> str:
    shaped = _SHAPES.sub(lambda found: unicodedata.normalize("NFKC", found[0]), line)
    return " ".join(_UNSEEN.sub("", shaped).split())


def _running(pages: Sequence[Sequence[str]]) -> frozenset[str]:
    """Lines at the edges of half of the pages or more."""
    if len(pages) < _FEWEST_PAGES:
        return frozenset()
    counts = Counter(line for page in pages for line in _edges(page))
    return frozenset(line for line, count in counts.items() if count * 2 >= len(pages))


def _edges(page: Sequence[str]) -> frozenset[str]:
    filled = [line for line in page if line]
    most = min(_EDGES, len(filled) // 4)  # of a short page nearly all is text
    return frozenset([*filled[:most], *filled[len(filled) - most :]])


def _inner(page: Sequence[str], running: frozenset[str]) -> Iterable[str]:
    """A page's lines but for those that are every page's; the first and last also where they are but a number."""
    filled = [number for number, line in enumerate(page) if line and line not in running]
    ends = {filled[0], filled[-1]} if filled else set()
    for number, line in enumerate(page):
        if line not in running and not (number in ends and _NUMBER.fullmatch(line)):
            yield line


def _full_line(lines: Sequence[str]) -> int:
    lengths = sorted(len(line) for line in lines if line)
    return lengths[min(len(lengths) - 1, int(len(lengths) * _WIDE))] if lengths else 0


def _parts(before: str, line: str, full: int) -> bool:
    """Whether a paragraph ends between two lines."""
    if _SPLIT.search(before) and line[0].islower():
        return False
    share = len(before) / full
    return share < _SHORT or (share < _FULL and bool(_END.search(before))) or bool(_ITEM.match(line))


def _joined(before: str, line: str) -> str:
    if _SPLIT.search(before) and line[0].islower():
        return before[:-1] + line
    if _UNSPACED.match(before[-1]) and _UNSPACED.match(line[0]):
        return before + line
    return f"{before} {line}"
