"""Writers named within a text's first and last lines, as newspapers in Chinese, Japanese and Korean do it.

"（记者 王小明）", "本报记者 王小明 李红", "责任编辑：王小明", "（王小明 上海报道）", "【王小明】"; "홍길동 기자". By labels and
brackets; names by length: two to four signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

_HAN: Final = r"[\u3400-\u9fff々]"
_NAME: Final = rf"{_HAN}{{2,4}}?(?:·{_HAN}{{1,6}})?"
_STOP: Final = r"(?=$|[\s、,，;；/／)）】\]|。.]|发自|發自|报道|報道|報導|摄|攝|文|通讯员|通訊員|实习|实習|受访|电|電)"
_NAMES: Final = rf"({_NAME}{_STOP}(?:[\s、,，/／]{{1,3}}{_NAME}{_STOP}){{0,5}})"
_WRITERS: Final = r"(?:记者|記者|作者|撰文|撰稿人?|执笔|執筆|特派员|特約|通讯员|通訊員|图文|图/文|文(?=\s?[:：/／]))"
_EDITORS: Final = r"(?:责任编辑|責任編輯|责编|責編|编辑|編輯|责任编校|编校)"
_BETWEEN: Final = r"\s*[:：/／|丨]?\s*"
_SIGNATURES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_WRITERS}{_BETWEEN}{_NAMES}",
        rf"[（(【]\s*{_NAMES}\s+\S{{2,6}}(?:报道|報道|報導|电|電|摄影报道)\s*[)）】]",
        rf"{_EDITORS}{_BETWEEN}{_NAMES}",
        rf"[（(【\[]\s*({_NAME})\s*[)）】\]]\s*$",
    )
)
"""The surer first; a name alone in brackets only where a text ends."""
_HANGUL: Final = re.compile(
    r"(?:^|[\s=\]])([\uac00-\ud7af]{2,4}(?:[·,\s]{1,2}[\uac00-\ud7af]{2,4}){0,3})\s?(?:[\uac00-\ud7af]{0,4}기자|특파원|논설위원|통신원)(?![\uac00-\ud7af])"
)
_APART: Final = re.compile(r"[\s、,，/／·]+")
_NO_NAMES: Final = re.compile(
    r"本报|本報|本网|我们|这里|一位|有关|多位|从|在|说|获悉|了解|近日|日前|今天|昨日|采访|表示|走进|来到|发现|看到"
)
_MOST: Final = 6


def signed(above: Iterable[str], first: Iterable[str], last: Iterable[str], below: Iterable[str]) -> tuple[str, ...]:
    """The people the lines name, those above the text before those in and below it."""
    lines = [*above, *(text[:60] for text in first), *last, *below]
    wide = [line for line in lines if _HAN_LETTER.search(line)]
    for signature in _SIGNATURES:
        for line in wide:
            if names := tuple(_people(signature.search(line))):
                return names
    return next((tuple(_APART.split(found[1]))[:_MOST] for line in lines if (found := _HANGUL.search(line))), ())


_HAN_LETTER: Final = re.compile(_HAN)


def _people(found: re.Match[str] | None) -> Iterator[str]:
    names = _APART.split(found[1].strip()) if found else []
    return (name for name in names[:_MOST] if len(name) > 1 and not _NO_NAMES.search(name))
