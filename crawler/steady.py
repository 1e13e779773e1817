"""What of an article's text stays while nobody edits it: without what pages count, clock and link anew at each visit. Pure.

Extraction leaves most of that out; what it can't tell from text by one page alone is left out here, of the comparison only. The
record keeps all of it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final

from crawler.folding import fold
from crawler.model import Anchor

_PARAGRAPH: Final = 60
"""Letters from which on a line reads like running text; a sign of an unspaced script says as much as three letters."""
_TINY: Final = 30
_LINKED: Final = 0.8
"""A line that is a link to so much of its length leads elsewhere: `Read also`, an advertisement."""
_MOST_LINKED: Final = 0.6
"""Of a text; where more of it is linked, that says nothing: a link that was never closed, or a list."""

_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CLOCK: Final = re.compile(r"\b\d{1,2}[:.٫]\d\d\b|\d ?°")
_NO_WORD: Final = re.compile(r"[\W\d_]*")
_STOP: Final = re.compile("[.!?。！？؟।…]\\W*$")
_FIGURE: Final = re.compile("[\\d\u3200-\u33ff]")
"""Of the signs that become figures when they are folded, those that Python doesn't call numeric are squares of letters."""
# Parts of words, folded: minutes, hours, days and "ago"; views, readers, comments, shares, likes. No word stands for itself: a
# line must have a figure, too.
_COUNTED: Final = re.compile(
    "minut|\\bmins?\\b|\\bhours?\\b|\\bdays?\\b|\\bago\\b|seconds?\\b|dakika|\\bsaat|stunde|\\btage?n?\\b|heure|\\bjours?\\b|\\bhoras?\\b"
    "|\\bdias?\\b|\\bore\\b|giorni|godzin|\\bdni\\b|\\buur|\\bdagen|menit|\\bjam\\b|\\bhari\\b|phut|\\bgio\\b"
    "|دقيق|دقاي|ساع[هت]|ثاني|ثوان|ايام|\\bيوم|\\bمنذ\\b|\\bقبل\\b|پيش|روز|منٹ|گهنٹ|דקות|דקה|שעות|שעה|ימים|לפני"
    "|минут|\\bмин\\b|\\bчас|\\bдня|\\bдне|назад|тому|годин|хвилин|λεπτ|\\bωρ|ημερ|\\bπριν|मिनट|घंट"
    "|分钟|分鐘|分前|小时|小時|時間|天前|日前|秒|분 ?전|시간|일 ?전|นาที|ชั่วโมง|วัน"
    "|views?\\b|\\breads?\\b|reader|\\breading|comment|shares?\\b|likes?\\b|clicks?\\b|visit|\\bvues?\\b|lectur|partage|visualiz|visitas"
    "|condivi|compart|aufruf|kommentar|geteilt|gelesen|goruntulen|okunma|yorum|paylas|wyswietl|komentarz|udostep|weergave"
    "|reactie|dilihat|komentar|luot"
    "|مشاهد|قراء|قراه|تعليق|مشارك|شارك|زياره|زيارات|اعجاب|بازديد|نظر|צפיות|תגוב|שיתופ"
    "|просмотр|прочит|комментар|переглад|коментар|прогляд|προβολ|σχολι|αναγνωσ"
    "|浏览|瀏覽|阅读|閱讀|评论|評論|留言|分享|点赞|點讚|閲覧|コメント|シェア|조회|댓글|공유|추천|ครั้ง|ความคิดเห็น|แชร์|ผู้ชม"
)
_OPEN: Final = re.compile(r"(?:\\b)?(.+?)(?:(?:.\?|[\[\\ ]).*)?$")
_STEMS: Final = tuple(_OPEN.sub(r"\1", part) for part in _COUNTED.pattern.split("|"))
"""How each of them begins, up to what is left open."""
_LATIN_STEMS: Final = tuple(filter(str.isascii, _STEMS))


def steady(text: str, anchors: Sequence[Anchor] = ()) -> Iterator[str]:
    """The lines of a text that only an editor changes; all of them where none reads like running text."""
    lines = _told_apart(text, anchors)
    running = [at for at, (line, _) in enumerate(lines) if _runs(line)]
    first, last = (running[0], running[-1]) if running else (0, len(lines))
    for at, (line, linked) in enumerate(lines):
        edge = at < first or at > last
        if not running or not (linked or _counts(line, most=_PARAGRAPH if edge else _TINY)):
            yield line


def _told_apart(text: str, anchors: Sequence[Anchor]) -> list[tuple[str, bool]]:
    """Each line, and whether it is a link; where the text is little else than links, none is."""
    lines = list(_lines(text, anchors)) if anchors else []
    if lines and _parted(lines, len(text)):
        return lines
    return [(line, False) for line in text.split("\n")]


def _parted(lines: Sequence[tuple[str, bool]], length: int) -> bool:
    """Whether links stand beside a text, rather than being it."""
    told = any(_runs(line) for line, linked in lines if not linked)
    return told and sum(len(line) for line, linked in lines if linked) <= _MOST_LINKED * length


def _counts(line: str, *, most: int) -> bool:
    """Whether a line is a clock, or a counter of views, comments, minutes since."""
    if len(line) >= most or not _may_have_figures(line) or _STOP.search(line):
        return False
    folded = fold(line)
    if not any(map(str.isdigit, folded)):
        return False
    if _NO_WORD.fullmatch(folded) or _CLOCK.search(folded):
        return True
    # Most have none of them, and to see that so takes a fifth of the time.
    stems = _LATIN_STEMS if folded.isascii() else _STEMS
    return any(map(folded.__contains__, stems)) and _COUNTED.search(folded) is not None


def _may_have_figures(line: str) -> bool:
    """Whether there may be some once it is folded: three quarters of the short lines have none."""
    return _FIGURE.search(line) is not None or (not line.isascii() and any(map(str.isnumeric, line)))


def _lines(text: str, anchors: Sequence[Anchor]) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it is a link almost all along."""
    at = 0
    waiting = deque(sorted(anchors))  # each is looked at once: 500 in 20,000 lines took 0.2 s, looked at for each line
    for line in text.split("\n"):
        end, linked = at + len(line), 0
        while waiting and waiting[0][0] < end:
            start, length, _ = waiting.popleft()
            linked += min(start + length, end) - start if start >= at else 0
        yield line, bool(line) and linked >= _LINKED * len(line)
        at = end + 1


def _runs(line: str) -> bool:
    """Whether a line is long enough for running text; its unspaced signs are counted only where they may decide it."""
    if len(line) >= _PARAGRAPH or line.isascii():
        return len(line) >= _PARAGRAPH
    return len(line) + 2 * len(_UNSPACED.findall(line)) >= _PARAGRAPH
