"""Behaviours: pages of many languages in the encodings of their time, labelled in the header, by the page, or not at all."""

from __future__ import annotations

from typing import Final

from tests.hostile.behaviours import Behaviour, answer, good, html

_SAID: Final = {
    "Arabic": (
        "افتتحت المدينة صباح اليوم المكتبة القديمة بعد أعمال ترميم استمرت أربع سنوات وحضر الافتتاح مئات السكان.",
        "cp1256 iso8859_6",
    ),
    "Persian": (
        "شهرداري امروز کتابخانه قديمي شهر را پس از چهار سال بازسازي دوباره گشود و صدها نفر از مردم محله آمدند.",
        "cp1256",
    ),
    "Hebrew": (
        "העירייה פתחה הבוקר מחדש את הספרייה הישנה לאחר ארבע שנות שיפוץ ומאות תושבים באו לחגוג את הפתיחה.",
        "cp1255 iso8859_8",
    ),
    "Russian": (
        "Сегодня утром город снова открыл старую библиотеку после четырёх лет ремонта, и пришли сотни жителей.",
        "cp1251 koi8_r iso8859_5 cp866",
    ),
    "Ukrainian": (
        "Сьогодні вранці місто знову відкрило стару бібліотеку після чотирьох років ремонту, прийшли сотні людей.",
        "cp1251 koi8_u",
    ),
    "Greek": (
        "Η πόλη άνοιξε ξανά σήμερα το πρωί την παλιά βιβλιοθήκη ύστερα από τέσσερα χρόνια εργασιών συντήρησης.",
        "cp1253 iso8859_7",
    ),
    "Turkish": (
        ("Belediye eski kütüphaneyi dört yıl süren onarımın ardından bu sabah yeniden açtı, yüzlerce kişi geldi, şaşırdı."),
        "cp1254",
    ),
    "Polish": (
        ("Miasto otworzyło dziś rano starą bibliotekę po czterech latach remontu, przyszły setki mieszkańców, źle się działo."),
        "cp1250 iso8859_2",
    ),
    "French": (
        (
            "La ville a rouvert ce matin l’ancienne bibliothèque après quatre "
            "années de travaux, à la joie générale, dit-on, déjà."
        ),
        "cp1252",
    ),
    "Chinese": (
        "经过四年的修缮，这座城市今天上午重新开放了旧图书馆，数百名居民前来参加开幕仪式，并回忆了往事。",
        "gb18030 gbk gb2312",
    ),
    "Chinese, traditional": (
        "經過四年的修繕，這座城市今天上午重新開放了舊圖書館，數百名居民前來參加開幕儀式，並回憶了往事。",
        "big5",
    ),
    "Japanese": (
        "四年にわたる修復工事を経て、市は今朝、古い図書館を再び開館し、数百人の住民が集まった。みんなで喜んだ。",
        "shift_jis euc_jp iso2022_jp",
    ),
    "Korean": (
        "시는 4년간의 보수 공사를 마치고 오늘 아침 옛 도서관을 다시 열었으며 수백 명의 주민이 참석했다.",
        "euc_kr cp949",
    ),
    "Thai": (
        "วันนี้เมืองได้เปิดห้องสมุดเก่าอีกครั้งหลังจากการซ่อมแซมนานสี่ปี และมีชาวเมืองหลายร้อยคนมาร่วมงาน",
        "tis_620",
    ),
}
_LABELS: Final = {
    "cp1250": "windows-1250", "cp1251": "windows-1251", "cp1252": "windows-1252", "cp1253": "windows-1253",
    "cp1254": "windows-1254", "cp1255": "windows-1255", "cp1256": "windows-1256", "cp866": "ibm866", "cp949": "windows-949",
    "koi8_r": "koi8-r", "koi8_u": "koi8-u", "iso2022_jp": "iso-2022-jp", "euc_jp": "euc-jp", "euc_kr": "euc-kr",
    "tis_620": "tis-620",
}  # fmt: skip


_LABELLED_ONLY: Final = frozenset({"iso8859_8", "cp949", "tis_620", "iso2022_jp"})
"""Encodings the detector doesn't know, or doesn't tell from a neighbour."""


def _page(said: str, codec: str, head: str) -> bytes:
    said = said.replace("’", "'") if codec != "cp1252" else said
    return html(*[f"{said} {number}" for number in range(4)], f"{said} 4711", head=head, title=said[:20]).encode(codec)


def _behaviours(language: str, said: str, codec: str) -> tuple[Behaviour, ...]:
    label = _LABELS.get(codec, codec.replace("iso8859_", "iso-8859-"))
    mark = f"{said.replace('’', chr(39)) if codec != 'cp1252' else said} 4711"
    meta = f'<meta charset="{label}">'
    declared = answer(body=_page(said, codec, ""), mime=f"text/html; charset={label}")
    inside = answer(body=_page(said, codec, meta), mime="text/html")
    return (
        good(f"{language} in {label}, by its header", declared, mark=mark),
        good(f"{language} in {label}, by its meta", inside, mark=mark),
        *(
            ()
            if codec in _LABELLED_ONLY
            else (
                good(
                    f"{language} in {label}, labelled nowhere", answer(body=_page(said, codec, ""), mime="text/html"), mark=mark
                ),
            )
        ),
    )


LANGUAGES: Final[tuple[Behaviour, ...]] = tuple(
    behaviour
    for language, (said, codecs) in _SAID.items()
    for codec in codecs.split()
    for behaviour in _behaviours(language, said, codec)
)
