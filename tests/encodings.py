"""Fourteen languages, and the encodings their pages came in before UTF-8: what a detector is asked for."""

from __future__ import annotations

from typing import Final

TEXTS: Final = {
    "ar": "افتتحت بلدية المدينة صباح اليوم سوقا جديدة للخضار على ضفة النهر. وقال عدد من التجار إن الإقبال كان كبيرا "
    "منذ الساعات الأولى، وإن الأسعار أقل مما كانت عليه في السوق القديمة. ومن المقرر أن تبدأ الحافلات رحلاتها "
    "إلى المكان يوم الأحد المقبل. ",
    "fa": "شهرداري امروز بازار تازه‌اي را در کنار رودخانه گشود. پيشه‌وران گفتند که از نخستين ساعت‌ها مردم بسياري "
    "براي خريد آمدند. قرار است از هفته آينده اتوبوس‌ها نيز به اين محل بروند و گذرگاه چوبي پل کهنه بازسازي "
    "شود. ",
    "ur": "شہر کي انتظاميہ نے آج صبح دريا کے کنارے سبزيوں کا نيا بازار کھول ديا. دکانداروں نے بتايا کہ پہلے ہي دن "
    "بہت سے لوگ آئے. اگلے ہفتے سے بسيں بھي يہاں تک چليں گي اور پرانے پل کي مرمت شروع ہو گي. ",
    "ru": "Городской совет открыл во вторник утром новый овощной рынок у реки. Торговцы рассказали, что покупателей "
    "было много уже в первые часы, а цены ниже прежних. Со следующей недели сюда пойдут автобусы. ",
    "uk": "Міська рада відкрила у вівторок уранці новий овочевий ринок біля річки. Продавці розповіли, що покупців "
    "було багато вже з перших годин, а ціни нижчі за попередні. Її мешканці задоволені. ",
    "el": "Ο δήμος άνοιξε το πρωί της Τρίτης νέα λαϊκή αγορά δίπλα στο ποτάμι. Οι έμποροι είπαν ότι από τις πρώτες "
    "ώρες ήρθε πολύς κόσμος και ότι οι τιμές είναι χαμηλότερες. Από την επόμενη εβδομάδα θα περνούν και "
    "λεωφορεία. ",
    "he": "העירייה פתחה ביום שלישי בבוקר שוק ירקות חדש על גדת הנהר. הסוחרים סיפרו שכבר בשעות הראשונות באו קונים "
    "רבים ושהמחירים נמוכים מאלה שהיו בשוק הישן. בשבוע הבא יתחילו גם האוטובוסים לנסוע לשם. ",
    "zh": "市政府周二上午在河边开设了一个新的蔬菜市场。商贩们表示，第一天的客流量很大，价格也比旧市场便宜。从下"
    "周起，公共汽车将开往这里，旧桥的修缮工程也将同时开始。",
    "zh-tw": "市政府週二上午在河邊開設了一個新的蔬菜市場。商販們表示，第一天的客流量很大，價格也比舊市場便宜。從下"
    "週起，公車將開往這裡，舊橋的修繕工程也將同時開始。",
    "ja": "市は火曜日の朝、川沿いに新しい野菜市場を開いた。商人たちは初日の客の多さに満足しており、値段も古い市"
    "場より安いと話している。来週からはバスもここまで走り、古い橋の修理も始まる予定だ。",
    "ko": "시는 화요일 아침 강가에 새로운 채소 시장을 열었다. 상인들은 첫날부터 손님이 많았고 값도"
    " 예전 시장보다 싸다고 말했다. 다음 주부터는 버스도 이곳까지 다니며 낡은 다리를 고치는 "
    "일도 시작된다. ",
    "th": "เทศบาลเปิดตลาดผักแห่งใหม่ริมแม่น้ำเมื่อเช้าวันอังค"
    "าร พ่อค้าแม่ค้าบอกว่ามีลูกค้ามาตั้งแต่ชั่วโมงแรก แ"
    "ละราคาถูกกว่าตลาดเก่า สัปดาห์หน้าจะมีรถเมล์วิ่งมาถ"
    "ึงที่นี่ ",
    "pl": "Władze miasta otworzyły we wtorek rano nowy targ warzywny nad rzeką. Sprzedawcy mówią, że już w "
    "pierwszych godzinach przyszło wielu kupujących, a ceny są niższe niż na starym targu. Od przyszłego "
    "tygodnia będą tam jeździć autobusy. ",
    "tr": "Belediye salı sabahı ırmağın kıyısında yeni bir sebze pazarı açtı. Esnaf, daha ilk saatlerde çok sayıda "
    "alıcının geldiğini ve fiyatların eski pazardakinden düşük olduğunu söyledi. Gelecek haftadan başlayarak "
    "otobüsler de buraya uğrayacak. ",
    "fr": "La mairie a inauguré mardi matin un nouveau marché aux légumes au bord du fleuve. Les marchands ont été "
    "agréablement surpris : dès les premières heures, les clients étaient très nombreux. Les prix, eux, ont "
    "légèrement baissé. ",
}

ENCODINGS: Final = {
    "ar": ("windows-1256", "iso-8859-6"),
    "fa": ("windows-1256",),
    "ur": ("windows-1256",),
    "ru": ("windows-1251", "koi8-r", "iso-8859-5", "ibm866"),
    "uk": ("windows-1251", "koi8-u"),
    "el": ("windows-1253", "iso-8859-7"),
    "he": ("windows-1255", "iso-8859-8"),
    "zh": ("gb18030",),
    "zh-tw": ("big5",),
    "ja": ("shift_jis", "euc-jp", "iso-2022-jp"),
    "ko": ("euc-kr",),
    "th": ("windows-874",),
    "pl": ("windows-1250", "iso-8859-2"),
    "tr": ("windows-1254",),
    "fr": ("windows-1252",),
}
EVERYWHERE: Final = ("utf-8", "utf-16le", "utf-16be")
CODECS: Final = {
    "ibm866": "cp866",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
    "windows-874": "cp874",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
}


def short(text: str) -> str:
    """One sentence in a paragraph."""
    return f"<html><body><p>{text[: text.find('。' if '。' in text else '.') + 1] or text}</p>"


def long(text: str) -> str:
    """A page of a few paragraphs."""
    return "<html><head><title>x</title></head><body>" + f"<p>{text}</p>\n" * 6


def marked_up(text: str) -> str:
    """Far more markup than text, as pages are."""
    menu = '<div class="item"><a href="/section/item.html" onclick="go(1)"><span></span></a></div>\n' * 60
    return f"<html><head><script>var a = 1;\n</script></head><body>{menu}<p class='story'>{text}</p>{menu}</body></html>"


SIZES: Final = (short, long, marked_up)


def page(text: str, name: str) -> bytes:
    """The bytes of a page that says nothing of its encoding."""
    return text.encode(CODECS.get(name, name), "xmlcharrefreplace")
