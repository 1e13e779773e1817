"""What may stand before a document's first element (XML 1.0, section 2.8): blanks, comments, instructions, a doctype."""

from __future__ import annotations

import re
from typing import Final

_BLANKS: Final = re.compile(r"[\s\ufeff\x00]+")


def past_asides(text: str, at: int = 0) -> int:
    """Where the first thing from `at` on stands that is no blank, comment or processing instruction."""
    while True:
        start = at
        blanks = _BLANKS.match(text, at)
        at = blanks.end() if blanks else at
        if text.startswith("<!--", at):
            at = _behind("-->", text, at)
        elif text.startswith("<?", at):
            at = _behind(">", text, at)
        if at == start:
            return at


def is_doctype(text: str, at: int) -> bool:
    """Whether a document type declaration begins at `at`."""
    return text[at : at + 9].lower() == "<!doctype"


def end_of_doctype(text: str, at: int) -> int:
    """Behind the doctype that begins at `at`, its internal subset included; behind its name if it never ends."""
    close = text.find(">", at)
    subset = text.find("[", at)
    if 0 <= subset < close:
        bracket = text.find("]", subset)
        close = text.find(">", bracket) if bracket > 0 else -1
    return close + 1 if close > 0 else at + 9


def _behind(mark: str, text: str, at: int) -> int:
    found = text.find(mark, at)
    return found + len(mark) if found >= 0 else at
