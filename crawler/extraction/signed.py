"""Writers named within a text's first and last lines, as newspapers in Chinese, Japanese and Korean do it.

"（记者 王小明）", "本报记者 王小明 李红", "责任编辑：王小明", "（王小明 上海报道）", "【王小明】"; "홍길동 기자". By labels and
brackets; names by length: two to four signs.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from crawler.extraction.authors import SURNAMES
from crawler.extraction.words import WIDE

_HAN: Final = r"[\u3400-\u9fff々]"
_NAME: Final = rf"{_HAN}{{2,4}}?(?:·{_HAN}{{1,6}})?"
_STOP: Final = r"(?=$|[\s、,，;；/／)）】\]|。.]|发自|發自|报道|報道|報導|摄|攝|文|通讯员|通訊員|实习|实習|受访|电|電)"
_NAMES: Final = rf"({_NAME}{_STOP}(?:[\s、,，/／]{{1,3}}{_NAME}{_STOP}){{0,5}})"
_WRITERS: Final = r"(?:记者|記者|作者|撰文|撰稿人?|执笔|執筆|特派员|特約|通讯员|通訊員|图文|图/文|文(?=\s?[:：/／]))"
_EDITORS: Final = r"(?:责任编辑|責任編輯|责编|責編|编辑|編輯|责任编校|编校)"
_SIGNATURES: Final = (
    rf"{_WRITERS}\s*[:：/／|丨]\s*{_NAMES}|[（(【]\S{{0,6}}{_WRITERS}\s*{_NAMES}\s*[)）】]|^\S{{0,8}}记者\s+{_NAMES}",
    rf"{_WRITERS}\s*{_NAMES}",
    rf"[（(【]\s*{_NAMES}\s+\S{{2,6}}(?:报道|報道|報導|电|電|摄影报道)\s*[)）】]",
    rf"{_EDITORS}\s*[:：/／|丨]\s*{_NAMES}",
)
"""The surer first."""
_LABELLED: Final = (0, 3)
"""Those with a colon, in brackets or alone: what follows may be any name, also one people take."""
_NICK: Final = re.compile(r"(?:作者|文)\s*[:：]\s*([A-Za-z][\w-]{2,20})(?![\w.=])(?!\s*=)")
_ALONE: Final = rf"[（(]\s*{_NAMES}\s*[)）]\s*$"
_DATED: Final = rf"\d\s*[\[【（(]\s*{_NAMES}\s*[)）】\]]|^\s*({_HAN}{{2,3}}(?:、{_HAN}{{2,3}})+)\s*$"
"""Between headline and text: names in brackets after a date; several names and nothing else."""
_LAST: Final = 3
_HANGUL: Final = (
    r"(?:^|[\s=\]])([\uac00-\ud7af]{2,4}(?:[·,\s]{1,2}[\uac00-\ud7af]{2,4}){0,3})\s?"
    r"(?:[\uac00-\ud7af]{0,4}기자|특파원|논설위원|통신원)(?![\uac00-\ud7af])"
)
_REPORTERS: Final = ("기자", "특파원", "논설위원", "통신원")
_HAN_PAGES: Final = bytes(range(0x34, 0xA0))
_APART: Final = re.compile(r"[\s、,，/／·]+")
_PLACE: Final = re.compile(r"[县省市区州镇]$|^(?:北京|上海|广州|深圳|天津|重庆|香港|台北|东京|華盛頓|华盛顿)")
_NO_NAMES: Final = re.compile(
    r"本报|本報|本网|我们|这里|一位|有关|多位|从|在|说|获悉|了解|近日|日前|今天|昨日|采访|表示|走进|来到|发现"
)
"""What reporters do: "记者从", "记者近日" begin sentences."""
_MOST: Final = 6

_compiled: Final = cache(re.compile)
"""When first needed: each set of all Chinese signs takes a millisecond to compile, and there are thirty of them here."""


def signed(above: list[str], first: list[str], ends: list[str], below: list[str]) -> tuple[str, ...]:
    """The people named under the headline, at beginnings and ends of paragraphs or below: by the surest words first."""
    lines = [*above, *(text[:60] for text in first), *ends, *below]
    whole = "\n".join(lines)
    if whole.isascii() or not WIDE.search(whole):
        return ()
    wide = [line for line in lines if _is_chinese(line)]
    found = _in_chinese(wide, above, ends) if wide else ()
    if found or not any(word in whole for word in _REPORTERS):
        return found
    return next((_korean(name) for line in lines if (name := _compiled(_HANGUL).search(line))), ())


def _is_chinese(line: str) -> bool:
    """Whether a line has a Chinese sign; told by its pages of Unicode, so that a Korean one costs no set of all signs."""
    pages = line.encode("utf-16-be", "replace")[::2]
    return len(pages.translate(None, _HAN_PAGES)) < len(pages) or "々" in line


def _in_chinese(wide: list[str], above: list[str], ends: list[str]) -> tuple[str, ...]:
    for place, signature in enumerate(map(_compiled, _SIGNATURES)):
        for line in wide:
            if names := _people(signature.search(line), anybody=place in _LABELLED):
                return names
    for pattern, some in ((_DATED, above), (_ALONE, ends[-_LAST:])):
        for line in some:
            if names := _people(_compiled(pattern).search(line), anybody=False):
                return names
    nick = next((found[1] for line in wide if (found := _NICK.search(line))), None)
    return (nick,) if nick else ()


def _people(found: re.Match[str] | None, *, anybody: bool) -> tuple[str, ...]:
    """The names of a signature; without a label that says so the first must begin like a name. A place may follow them."""
    text = next(filter(None, found.groups()), "") if found else ""
    names = [name for name in _APART.split(text.strip())[:_MOST] if len(name) > 1]
    if not names or not _may_be_a_name(names[0]) or not (anybody or names[0][0] in SURNAMES):
        return ()
    return tuple(filter(_may_be_a_name, names))


def _may_be_a_name(text: str) -> bool:
    return not _NO_NAMES.search(text) and not _PLACE.search(text)


def _korean(found: re.Match[str]) -> tuple[str, ...]:
    return tuple(_APART.split(found[1]))[:_MOST]
