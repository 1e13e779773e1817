"""A document in plain text: title, author and section on lines of their own, then the body, a paragraph a line."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from crawler.dates import read
from crawler.extraction.authors import byline, like_a_name
from crawler.extraction.labels import SECTIONS
from crawler.extraction.lines import Line, is_paragraph, repeats, source_of
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
    return taken_apart(lines[0], [Line(line) for line in lines[1:]])


def taken_apart(title: str, lines: list[Line]) -> Parts:
    """What stands under a title, up to the first paragraph, and what follows."""
    end = min(next((place for place, line in enumerate(lines) if is_paragraph(line.text)), 0), _HEAD_LINES - 1)
    under, again = _up_to(title, [line.text for line in lines[:end]])
    labels = [line for line in under if _says_itself(line)]
    has_writer = any(map(_is_byline, labels))
    writer, section = _writer_and_section(_silent(under, labels), has_writer=has_writer, between=again)
    taken = {*labels, writer, section}
    left = [line for line in lines[:end] if line.text not in taken and not repeats(line.text, title)]
    return Parts(title, (writer,) if writer else (), section, labels, [*left, *lines[end:]])


def _up_to(title: str, head: list[str]) -> tuple[list[str], bool]:
    """The lines before the title comes again, and whether it does."""
    again = next((place for place, line in enumerate(head) if repeats(line, title)), None)
    return head[:again], again is not None


def _silent(under: list[str], labels: list[str]) -> list[str]:
    """Short lines that say nothing of what they are: a name, a section."""
    return [line for line in under if line not in labels and weigh(line) <= _LABEL_WEIGHT and not _SENTENCE.search(line)][:3]


def _says_itself(line: str) -> bool:
    if weigh(line) > 2 * _LABEL_WEIGHT:
        return False
    return bool(read(line) or _is_byline(line) or source_of(Line(line), []))


def _is_byline(line: str) -> bool:
    return bool(byline(line, frozenset()))


def _titled(lines: list[str]) -> bool:
    """The first line is short, isn't a sentence, and something longer follows."""
    if len(lines) < 2 or weigh(lines[0]) > _TITLE_WEIGHT or lines[0].endswith((".", "。", "۔", ":", "：")):
        return False
    return any(weigh(line) > weigh(lines[0]) for line in lines[1:])


def _writer_and_section(lines: list[str], *, has_writer: bool, between: bool) -> tuple[str | None, str | None]:
    """Which unlabelled line is a person and which a section: by the names sections have, by shape, by order."""
    section = next((line for line in lines if _is_section(line)), None)
    others = [line for line in lines if line != section]
    writer = None if has_writer else _writer(others, between=between, sectioned=section is not None)
    if section is None and between:
        section = next((line for line in others if line != writer), None)
    return writer, section


def _writer(lines: list[str], *, between: bool, sectioned: bool) -> str | None:
    """A line of the shape of a name; `between` two titles any line beside a section, or the first of several."""
    if between and lines and (sectioned or len(lines) > 1):
        return lines[0]
    return next(filter(like_a_name, lines), None)


def _is_section(line: str) -> bool:
    folded = fold(line)
    return folded in SECTIONS or (len(folded.split()) <= 3 and any(word in SECTIONS for word in folded.split()))
