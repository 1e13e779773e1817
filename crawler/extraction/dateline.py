"""The lines between a title and its text: who, when, and taken from where, as pages without metadata say it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from crawler.dates import When, read
from crawler.extraction.authors import byline
from crawler.extraction.boilerplate import Line, source_of
from crawler.extraction.words import Words, fold

_PIECES: Final = re.compile(r"\s*[|｜•·]\s*|\s+(?=[^\W\d]{1,12}\s?[:：])")
_DIGIT: Final = re.compile(r"\d")
_CHANGED: Final = Words(
    "آخر تحديث|تم التحديث|تحديث|محدث|به روز رسانی|آخرین بروزرسانی|עודכן",
    "updated|modified|last update|aktualisiert|geändert|mis à jour|modifié|actualizado|aggiornato|atualizado",
    "обновлено|изменено|güncelleme|güncellendi|ενημερώθηκε|aktualizacja|最終更新|수정",
)


class Dateline(NamedTuple):
    """What the lines say; None and empty where they don't."""

    published: When | None
    modified: When | None
    authors: tuple[str, ...]
    source: str | None


def dateline(texts: Iterable[str], sites: frozenset[str]) -> Dateline:
    """Read short lines in the page's order; the first date that isn't said to be of a change is the publication's."""
    dates: dict[bool, When] = {}
    authors: tuple[str, ...] = ()
    source: str | None = None
    for piece in _pieces(texts):
        if _DIGIT.search(piece) and (when := read(piece)) is not None:
            dates.setdefault(_CHANGED.within(fold(piece)), when)
        elif not authors and (names := byline(piece, sites)):
            authors = names
        elif source is None and (origin := source_of(Line(piece), [])):
            source = origin
    return Dateline(dates.get(False), dates.get(True), authors, source)


def source_in(texts: Iterable[str]) -> str | None:
    """The outlet short lines name as their source."""
    return next((origin for piece in _pieces(texts) if (origin := source_of(Line(piece), []))), None)


def _pieces(texts: Iterable[str]) -> Iterator[str]:
    return (piece for text in texts for piece in _PIECES.split(text) if piece)
