"""A document in plain text: title, author and section on lines of their own, then the body, a paragraph a line."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from crawler.dates import read
from crawler.extraction.authors import byline, like_a_name
from crawler.extraction.boilerplate import Line, is_paragraph, repeats, source_of
from crawler.extraction.labels import SECTIONS
from crawler.extraction.words import fold, weigh

MOST_LINES: Final = 20_000
_HEAD_LINES: Final = 10
_TITLE_WEIGHT: Final = 250
_LABEL_WEIGHT: Final = 60
_SENTENCE: Final = re.compile(r"[.。۔!؟?…:：]$")


class Parts(NamedTuple):
    """A plain text taken apart; what couldn't be told stays in the body."""

    title: str | None
    authors: tuple[str, ...]
    """A line that is a name by its shape and place; nothing says so."""
    section: str | None
    labels: list[str]
    """Lines that say themselves what they are: dates, writers, sources."""
    lines: list[Line]


def parts(text: str) -> Parts:
    """Title, the lines under it, and the rest."""
    lines = [" ".join(line.split()) for line in text.splitlines()[:MOST_LINES]]
    lines = [line for line in lines if line]
    if not _titled(lines):
        return Parts(None, (), None, [], [Line(line) for line in lines])
    title, end = lines[0], next((n for n, line in enumerate(lines[1:], 1) if is_paragraph(line)), 1)
    head, body = lines[1 : min(end, _HEAD_LINES)], lines[min(end, _HEAD_LINES) :]
    again = next((n for n, line in enumerate(head) if repeats(line, title)), None)
    under = head if again is None else head[:again]
    labels = [line for line in under if _says_itself(line)]
    silent = [line for line in under if line not in labels and weigh(line) <= _LABEL_WEIGHT and not _SENTENCE.search(line)][:3]
    writer, section = _writer_and_section(
        silent, has_writer=any(byline(line, frozenset()) for line in labels), between=again is not None
    )
    left = [line for line in head if line not in (*labels, writer, section) and not repeats(line, title)]
    return Parts(title, (writer,) if writer else (), section, labels, [Line(line) for line in [*left, *body]])


def _says_itself(line: str) -> bool:
    if weigh(line) > 2 * _LABEL_WEIGHT:
        return False
    return bool(read(line) or byline(line, frozenset()) or source_of(Line(line), []))


def _titled(lines: list[str]) -> bool:
    """The first line is short, isn't a sentence, and something longer follows."""
    if len(lines) < 2 or weigh(lines[0]) > _TITLE_WEIGHT or lines[0].endswith((".", "。", "۔", ":", "：")):
        return False
    return any(weigh(line) > weigh(lines[0]) for line in lines[1:])


def _writer_and_section(lines: list[str], *, has_writer: bool, between: bool) -> tuple[str | None, str | None]:
    """Which unlabelled line is a person and which a section: by the names sections have, by shape, by order."""
    section = next((line for line in lines if _is_section(line)), None)
    others = [line for line in lines if line != section]
    writer = None if has_writer else next((line for line in others if like_a_name(line) or (between and len(others) > 1)), None)
    if writer is None and between and section is not None and others and not has_writer:
        writer = others[0]
    if section is None and between:
        section = next((line for line in others if line != writer), None)
    return writer, section


def _is_section(line: str) -> bool:
    folded = fold(line)
    return folded in SECTIONS or (len(folded.split()) <= 3 and any(word in SECTIONS for word in folded.split()))
