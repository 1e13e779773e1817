"""Lines beside a text that are told by their shape alone, in any language: a day, minutes to read, a sign-off, an address.

And by a word and its place: whose a picture is.
"""

from __future__ import annotations

import re
from typing import Final

from crawler.extraction.authors import like_a_name
from crawler.extraction.words import fold, pattern, weigh

_DAY: Final = re.compile(r"(.{0,60}?)\b\d{1,4}([./-])\d{1,2}\2\d{2,4}\W*$")
"""A day in figures at a line's end; which of them is the month doesn't matter here."""
_MINUTES: Final = pattern(
    "min|mins|minute|minutes|minuten|minut|minuter|minutt|minutter|minuto|minutos|minuti|minuta|minuty|minuut|minuuttia|perc",
    "мин|минута|минуты|минут|хв|хвилини|хвилин|λεπτά|λεπτό|λεπ|dk|dakika|דקות|דקה|دقيقة|دقائق|دقیقه|منٹ|मिनट|นาที|phút|menit",
)
_READING: Final = re.compile(rf"(?<!\d)\d{{1,2}}\s*(?:{_MINUTES}\b|分(?:钟|鐘)|분)")
_MOST_READING: Final = 60
_BRACKETED: Final = re.compile(
    r"^[\W_]*(?:[(（][^()（）]{1,200}[)）]|[\[【][^\[\]【】]{1,40}[\]】])[\W_]*$|^[-–—/ ]{1,4}\S{2,12}$"
)
_REACHED: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+|(?<!\w)@\w{2,}")
_MOST_REACHED: Final = 200
_MOSTLY: Final = 0.25
"""Of a line's letters, that addresses have: with a smaller share they stand in sentences that say something else, too."""
_PICTURE: Final = pattern(
    "photo|photograph|photographer|picture|image|getty images|foto|fot|fotograf|fotograaf|fotoğraf|bild|beeld|kuva|zdjęcie|zdj",
    "ljósmynd|mynd|imagen|imagem|immagine|фото|фотограф|снимка|світлина|φωτο|φωτογραφία|ảnh|şəkil",
    "صورة|الصورة|تصوير|عدسة|عکس|تصویر|צילום|תמונה|写真|撮影|图|圖|图片|圖片|照片|사진",
)
_CREDITED: Final = re.compile(
    rf"(?:^|[\s(\[（|.,;\"”´]){_PICTURE}\.?(?: credits?| source| by)?\s?[:：]\s?[^:：]{{2,60}}$"
    rf"|(?:^|[.!?] ){_PICTURE}\.?(?: credits?)?\s?/\s?[^:：]{{2,60}}$"
)
_QUOTES, _STOPS = "\"'”»’)]", ".!?…。！？؟۔"
"""With which a sentence ends, and no name; looked at in a twentieth of the time of looking for a label."""
_CREDIT: Final = 250
_NAMED: Final = 100
"""Letters of a line's end in which its label and a name stand."""


def is_credit(text: str) -> bool:
    """Whose a picture is, behind what it shows or alone: of 12 pages with such lines ten had them for no text."""
    if text.rstrip(_QUOTES)[-1:] in _STOPS or (":" not in text and "：" not in text and "/" not in text):
        return False
    return weigh(text) <= _CREDIT and _CREDITED.search(fold(text[-_NAMED:])) is not None


def is_dated(text: str) -> bool:
    """A day, or a name and a day."""
    found = _DAY.match(text)
    before = found[1].strip(" ,،、|–—-:") if found else None
    return before is not None and (not before or like_a_name(before))


def is_reading_time(text: str, folded: str) -> bool:
    """How many minutes it takes to read; asked of what stands above a text."""
    return len(text) < _MOST_READING and _READING.search(folded) is not None


def is_sign_off(text: str) -> bool:
    """An agency or those who worked on it, in brackets; asked of a last line."""
    return _BRACKETED.match(text) is not None


def is_contact(text: str) -> bool:
    """How its writer or its newsroom is reached; asked of a last line."""
    if len(text) > _MOST_REACHED or "@" not in text:
        return False
    return sum([len(found) for found in _REACHED.findall(text)]) >= _MOSTLY * len(text)
