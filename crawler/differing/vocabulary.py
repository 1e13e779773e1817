"""The few words that turn a sentence round: negations and numbers, in the languages we read most. Folded, to be compared."""

from __future__ import annotations

from typing import Final

from crawler.folding import fold
from crawler.search.stems import stem


def _folded(words: str) -> frozenset[str]:
    return frozenset(fold(words).split())


NEGATIONS: Final = _folded("""
    لا لم لن ليس ليست ليسوا غير دون بدون عدم نفى نفت ينفي تنفي كلا ولا ولم ولن وليس نه نیست نبود بدون هرگز هیچ نہیں
    לא אין אינו אינה אינם בלי ללא
    no not never none nor neither cannot without denies denied don't doesn't didn't won't isn't aren't wasn't weren't can't
    nicht kein keine keinen keiner nie niemals ohne ne pas non jamais aucun aucune sans nunca ninguno ninguna sin tampoco
    não nem nenhum nenhuma sem nessuno nessuna senza değil yok hayır asla nie nigdy bez tidak bukan tanpa niet geen nooit
    не нет ни никогда без немає ні жоден δεν μην μη όχι ούτε χωρίς ποτέ नहीं मत बिना
    않 않는 않았다 않다 안 못 없다 없는 없이 아니다 아닌
""")
SIGNS_OF_NEGATION: Final = frozenset("不没沒未无無非否勿莫")
PARTS_OF_NEGATION: Final = ("ない", "なかった", "ません", "ませんでした", "ไม่", "ไม่ใช่", "มิได้", "않", "没有", "沒有")

_NUMBERS: Final = _folded("""
    واحد واحدة اثنان اثنين اثنتان ثلاثة ثلاث اربعة اربع خمسة خمس ستة ست سبعة سبع ثمانية ثماني تسعة تسع عشرة عشر عشرون عشرين
    ثلاثون ثلاثين اربعون اربعين خمسون خمسين ستون ستين سبعون سبعين ثمانون ثمانين تسعون تسعين مئة مائة مئتان مئتين الف الفا الفي
    آلاف مليون مليوني ملايين مليار مليارات نصف ربع ثلث یک دو سه چهار پنج شش هفت هشت نه ده بیست سی چهل پنجاه صد هزار میلیون
    אחד אחת שניים שתיים שני שתי שלושה שלוש ארבעה ארבע חמישה חמש שישה שש שבעה שבע שמונה תשעה תשע עשרה עשר עשרים מאה
    אלף אלפים מיליון
    one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty seventy eighty ninety hundred
    hundreds thousand thousands million millions billion billions half third quarter dozen dozens
    eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig hundert tausend millionen milliarden hälfte
    deux trois quatre cinq sept huit neuf dix onze douze vingt trente cent mille millions moitié milliards
    dos tres cuatro cinco seis siete ocho nueve diez veinte treinta cien mil millones mitad
    dois três quatro sete oito nove dez vinte trinta cem milhões metade
    tre quattro sette otto nove dieci venti cento mila
    iki üç dört beş altı yedi sekiz dokuz yirmi otuz yüz milyon milyar yarısı
    один два две три четыре пять шесть семь восемь девять десять двадцать тридцать сто тысяч тысяча миллион миллионов миллиард
    два дві чотири п'ять шість сім вісім дев'ять десять двадцять тридцять тисяч мільйон мільйонів
    ένα δύο τρία τρεις τέσσερα τέσσερις πέντε έξι επτά οκτώ εννέα δέκα είκοσι τριάντα εκατό χίλια εκατομμύρια
    एक दो तीन चार पांच छह सात आठ नौ दस बीस सौ हजार लाख करोड़
    하나 둘 셋 넷 다섯 여섯 일곱 여덟 아홉 열 한 두 세 네 백 천 만 억
""")
NUMBERS: Final = frozenset(map(stem, _NUMBERS))
"""By their stems, so that «العاشرة» is a number, too."""
HUNDREDS: Final = "ميه"
"""What Arabic hundreds end with: «ستمئة», «أربعمائة»."""
SIGNS_OF_NUMBERS: Final = frozenset("零〇一二三四五六七八九十百千万萬亿億两兩半")
