"""From the order letters stand in on paper, left to right, to the order they are read in: Arabic, Hebrew and their kin. Pure.

The way back from UAX #9 for one line, as far as it can be gone without knowing the levels: a line is read from where most of
its letters say; of words and numbers in the other direction each run is turned by itself.
"""

from __future__ import annotations

import re
from typing import Final

_RTL: Final = "\u0590-\u065f\u066a-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"  # but for the digits, which go to the right
_SHAPED: Final = re.compile("[\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]")
_HEBREW: Final = re.compile("[\u05d0-\u05ea]")
_RIGHTWARD: Final = re.compile(rf"[^\W\d_{_RTL}]")
_LEFTWARD: Final = re.compile(f"[{_RTL}]")
# Words of Latin and the like with what stands between them; figures with their points; a letter with the marks over it.
_KEPT: Final = re.compile(
    rf"[^\W\d_{_RTL}](?:[^{_RTL}]*[^\W_{_RTL}])?|\d+(?:[.,:/\u066b\u066c-]\d+)*%?"
    "|.[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670]*",
    re.DOTALL,
)
_RUN: Final = re.compile(rf"[{_RTL}](?:[^a-zA-Z]*[{_RTL}])?")
_MIRRORED: Final = str.maketrans("()[]{}<>\u00ab\u00bb\u2039\u203a", ")(][}{><\u00bb\u00ab\u203a\u2039")


def is_drawn(text: str) -> bool:
    """Whether a text has letters as fonts draw them, or Hebrew's: then word by word was drawn, the last of a line first.

    Fonts with Arabic as it is written map two letters that are drawn as one to both, and so are better left as they are.
    """
    return bool(_SHAPED.search(text) or _HEBREW.search(text))


def logical(line: str) -> str:
    """A line in the order it is read; one without letters from right to left as it is."""
    if not _LEFTWARD.search(line):
        return line
    if len(_LEFTWARD.findall(line)) >= len(_RIGHTWARD.findall(line)):
        return _turned(line)
    return _RUN.sub(lambda found: _turned(found[0]), line)


def _turned(run: str) -> str:
    parts = [found if len(found) > 1 else found.translate(_MIRRORED) for found in _KEPT.findall(run)]
    return "".join(reversed(parts))
