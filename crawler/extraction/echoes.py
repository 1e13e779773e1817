"""What of a page's title or summary a text says again."""

from __future__ import annotations

from typing import Final

from crawler.extraction.words import key, plain

_SAID: Final = 60
"""Letters by which a summary is known again."""
_LEAST: Final = 20
"""Letters; what is shorter may stand in any summary."""


def words(title: str | None) -> tuple[str, ...]:
    """The words of a title, each between blanks."""
    return tuple(f" {word} " for word in set(key(title or "").split()))


def repeated(text: str, title: tuple[str, ...]) -> float:
    """The part of a title's `words` that stand in a text: looked for in it, which takes half as long as to split it."""
    return sum(map(f" {plain(text)} ".__contains__, title)) / len(title) if title else 0.0


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
