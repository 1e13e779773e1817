"""Whether another capture holds an article's text, or only names it. Pure; any script."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Final, Literal

Held = Literal["copy", "mention"]

_MARKUP: Final = re.compile(r"<[^<>]*>")
_ESCAPED: Final = re.compile(r"\\u([0-9a-fA-F]{4})")
_LETTERS: Final = re.compile(r"[\W_]+")
_WINDOW: Final = 40
"""Letters that two texts don't share by chance."""
_SAMPLES: Final = 60  # windows of a text that are looked for, evenly through all of it
_COPY: Final = 0.5
_LEAST_TITLE: Final = 12  # letters; shorter headlines stand on pages that know nothing of it


class Words:
    """What is looked for: of each article its headline and its text."""

    def __init__(self, articles: Iterable[tuple[str | None, str]]) -> None:
        self._texts = []
        self._titles = []
        for title, text in articles:
            letters = _letters(text)
            step = max(1, (len(letters) - _WINDOW) // _SAMPLES)
            windows = [letters[at : at + _WINDOW] for at in range(0, max(1, len(letters) - _WINDOW + 1), step)]
            if len(letters) >= _WINDOW:
                self._texts.append(windows)
            name = _letters(title or "")
            if len(name) >= _LEAST_TITLE:
                self._titles.append(name)

    def held_by(self, document: str) -> Held | None:
        """`copy`: half of a text stands there or more; `mention`: a headline, or a part of a text."""
        letters = _letters(_plain(document))
        shares = [sum(window in letters for window in windows) / len(windows) for windows in self._texts]
        if any(share >= _COPY for share in shares):
            return "copy"
        if any(shares) or any(title in letters for title in self._titles):
            return "mention"
        return None


def _plain(document: str) -> str:
    """Without markup: a feed may escape it twice, JSON its letters."""
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), document)
    for _ in range(2):
        text = _MARKUP.sub(" ", html.unescape(text).replace("<![CDATA[", " ").replace("]]>", " "))
    return text


def _letters(text: str) -> str:
    return _LETTERS.sub("", text).casefold()
