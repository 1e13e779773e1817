"""What of a page's title or summary a text says again."""

from __future__ import annotations

from typing import Final

from crawler.extraction.words import key, plain

_SAID: Final = 60
"""Letters by which a summary is known again."""
_LEAST: Final = 20
"""Letters; what is shorter may stand in any summary."""


def words(title: str | None) -> tuple[str, ...]:
    """A title's words, between blanks: so that none is found within another one."""
    return tuple([f" {word} " for word in set(key(title or "").split())])


def repeated(text: str, title: tuple[str, ...]) -> float:
    """The part of a title's `words` that stand in a text."""
    said = f" {plain(text)} " if title else ""
    return sum([word in said for word in title]) / len(title) if title else 0.0


def says(text: str, summary: str) -> bool:
    """Whether a text begins as the summary does, or as a sentence of it."""
    if not summary or _begins_otherwise(text, summary):
        return False
    begins = " ".join(plain(text[: 2 * _SAID]).split())[:_SAID]
    return len(begins) > _LEAST and (begins in summary or summary.startswith(begins))


def _begins_otherwise(text: str, summary: str) -> bool:
    """Whether the first word, if it is a plain one, doesn't stand in a summary: cheap to see, and so for most texts."""
    word = text[:_SAID].partition(" ")[0]
    return word.isascii() and word.isalnum() and word.lower() not in summary
