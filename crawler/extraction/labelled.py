"""Days that a line of a page is labelled with, wherever it stands; and how the page writes days in figures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final, NamedTuple

from crawler.dates import Order, When, is_month, read
from crawler.extraction.blocks import Page
from crawler.extraction.language import script
from crawler.extraction.words import fold, listed

LONGEST: Final = 60
"""Letters of a line that is there for a day."""
DIGIT: Final = re.compile(r"\d")
# All of it begins with a digit, so that most lines are passed over at a glance.
DATED: Final = re.compile(r"\d(?:\d{3}|\d?[./]\s?\d\d?[./]\s?\d\d)")
_UNCLEAR: Final = re.compile(r"([./-])(?<=\d.)(?<!\d\d\d.)\d\d?\1\d\d")
"""From the first sign between figures, which is rarer than a figure: in a quarter of the time."""
_FIGURED: Final = re.compile(r"(?<![\d./-])(\d\d?)([./-])(\d\d?)\2((?:19|20)\d\d)(?![\d/-])")
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SEVERAL_ORDERS: Final = frozenset({None, "LATIN", "HAN", "KANA", "HANGUL"})
"""Scripts whose languages don't all write the day first."""


_LED: Final = re.compile(r"^[\W_]+")
_PARTED: Final = " :：|/.,–—-"
_SHORTLY: Final = re.compile(r"(?<!\w)\w{2,4}$")
"""The day of the week or a word for "on", between a label and its date."""


@cache
def _labels() -> frozenset[str]:
    """What stands before a date of publication; folded when first needed. As a pattern it took 1.7 ms to compile."""
    words = listed(
        "تاريخ النشر|نشر بتاريخ|نشر في|نشرت في|تم النشر|نشر|تاريخ الاضافة|اضيف بتاريخ",
        "تاریخ انتشار|زمان انتشار|منتشر شده|تاریخ درج|اشاعت",
        "פורסם|פורסמה|תאריך פרסום|עלה לאוויר",
        "published|published on|published at|published in|first published|date published|publication date|posted|posted on"
        "|date posted|post date|release date|released on|released"
        "|post time|publish date|publish time|publishing date|date of publication|this story is from",
        "veröffentlicht|veröffentlicht am|veröffentlichung|veröffentlichungsdatum|erscheinungsdatum"
        "|erschienen|erschienen am|publiziert am|eingestellt am|erstellt am",
        "gepubliceerd|gepubliceerd op|geplaatst|geplaatst op|publicerad|publisert|udgivet|offentliggjort|julkaistu",
        "publié|publié le|mise en ligne|mis en ligne|mise en ligne le|mis en ligne le|paru le|date de publication"
        "|date de parution",
        "publicado|publicado el|publicado em|publicada|fecha de publicación|fecha publicación|data de publicação|pubblicato"
        "|pubblicato il|pubblicata|data di pubblicazione|data pubblicazione",
        "опубликовано|опубликован|дата публикации|размещено|опубліковано|дата публікації|opublikowano|data publikacji"
        "|data dodania|dodano|publikováno|datum vydání|objavljeno|публикувано|megjelent",
        "diterbitkan|dipublikasikan|tanggal terbit|ngày đăng|xuất bản|เผยแพร่|प्रकाशित|প্রকাশিত|გამოქვეყნდა|հրապարակվել է",
        "yayınlanma|yayınlanma tarihi|yayın tarihi|yayımlanma tarihi|eklenme tarihi|eklenme",
        "δημοσιεύτηκε|δημοσιεύθηκε|δημοσίευση|ημερομηνία δημοσίευσης",
        "发布时间|发布日期|发布于|发表时间|发表于|發布時間|發佈時間|發布日期|發表時間|公開日|公開日時|掲載日|配信日|投稿日|初出",
        "등록일|작성일|게시일|발행일|입력",
    )
    return frozenset(words)


def _is_label(folded: str) -> bool:
    """Whether a line up to its date is nothing but a label of publication; behind it a short word and a colon may follow."""
    said = _LED.sub("", folded)
    before, _, last = said.rstrip(_PARTED).rpartition(" ")
    if is_month(last):
        said = before
    if said.rstrip(_PARTED) in _labels():
        return True
    shorter = said.rstrip(" :")
    word = _SHORTLY.search(shorter) if shorter != said else None
    return word is not None and shorter[: word.start()].rstrip(_PARTED) in _labels()


def says_so(text: str) -> bool:
    """Whether a line begins with a label of publication, before its first figure."""
    return _is_label(fold(DIGIT.split(text, 1)[0]))


def usual(page: Page, asked: Iterable[str]) -> Order | None:
    """How a page writes dates in figures where its language doesn't tell: as in those of its lines that can be but one day.

    Where all can be two, as in one whose day another line writes out. Looked for only if one of the lines that are `asked` for
    a date has such figures.
    """
    if not _UNCLEAR.search("\n".join(asked)):
        return None
    short = [block.text for block in page.blocks if block.weight <= LONGEST]
    lines = "\n".join(short)
    found = [_Figures(int(first), int(second), year) for first, _, second, year in _FIGURED.findall(lines)]
    if not found:
        return None
    orders: set[Order] = set(filter(None, [one.order for one in found])) or _written_out(found, short)
    if len(orders) == 1:
        return orders.pop()
    return "dmy" if script(lines) not in _SEVERAL_ORDERS else None


class _Figures(NamedTuple):
    """A date in figures, whose year is the last."""

    first: int
    second: int
    year: str

    @property
    def order(self) -> Order | None:
        """The only one it can have; None if it may have both, or neither."""
        if 12 < self.first < 32 and self.second < 13:
            return "dmy"
        return "mdy" if 12 < self.second < 32 and self.first < 13 else None


def _written_out(found: list[_Figures], lines: list[str]) -> set[Order]:
    """The orders in which days that can be two are those that other lines write out."""
    written = {when.day for line in lines if _YEAR.search(line) and (when := read(line))}
    apart = [one for one in found if one.first != one.second]
    days_first: set[Order] = {"dmy" for one in apart if f"{one.year}-{one.second:02}-{one.first:02}" in written}
    return days_first | {"mdy" for one in apart if f"{one.year}-{one.first:02}-{one.second:02}" in written}


def labelled(page: Page, order: Order | None) -> When | None:
    """The day of which any short line of the page says that it is the publication's, if all that say so mean the same.

    For pages that say it neither around their text nor of themselves; other stories' days are called so too.
    """
    short = [block.text if block.weight <= LONGEST else "" for block in page.blocks]
    dated = [n for n, text in enumerate(short) if DATED.search(text)]
    order = order or (usual(page, short) if dated else None)
    days = [when for n in dated if _is_label(_led(short, n)) and (when := read(short[n], order))]
    return days[0] if len({when.day for when in days}) == 1 else None


def _led(lines: list[str], place: int) -> str:
    """What stands before the figures of a line, folded; for nothing the line above, unless that has figures, too."""
    figures = DIGIT.search(lines[place])
    before = fold(lines[place][: figures.start()]) if figures else ""
    return before if before or place == 0 or DATED.search(lines[place - 1]) else fold(lines[place - 1])
