"""Plain-text documents: title, writer, section, lead-in, body, disclaimer, source, short link; and any of them missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.charset import decode, noted
from crawler.extraction import extract

GIVEN = Path(__file__).parents[2] / "seeds" / "000_397a5b6dceea92fb.txt"

AR = (
    (
        "افتتحت بلدية مدينة النخيل صباح اليوم الثلاثاء سوقا جديدة للخضار على ضفة النهر بحضور عدد كبير من الأهالي والتجار من "
        "القرى المجاورة."
    ),
    (
        "وقال رئيس البلدية سامي الحداد إن المشروع استغرق عامين كاملين، وإن كلفته بلغت نحو ثلاثة ملايين دينار من صندوق التنمية "
        "المحلية."
    ),
    "وأضاف الحداد: “نريد أن تكون هذه السوق بيتا لكل مزارع في المنطقة”.",
    "ومن المقرر أن تفتح السوق أبوابها يوميا من السادسة صباحا حتى العاشرة مساء.",
)
EN = (
    (
        "The town council of Millbrook opened a new vegetable market on the river bank on Tuesday morning, in front of several "
        "hundred people."
    ),
    (
        "Mayor Anna Reed said the project had taken two full years and cost about three million, most of it from the regional "
        "fund."
    ),
    "“We want this market to be a home for every farmer in the valley,” she said.",
    "The market will be open every day from six in the morning until ten at night.",
)
FA = (
    (
        "شهرداری شهر نخلستان صبح امروز سه‌شنبه بازار تازه‌ای برای سبزی و میوه در کنار رودخانه گشود و صدها نفر از مردم در آن "
        "حضور یافتند."
    ),
    "شهردار گفت این طرح دو سال به درازا کشید و هزینه آن نزدیک به سه میلیارد تومان بود که بیشتر آن را صندوق توسعه پرداخت.",
    "این بازار هر روز از شش صبح تا ده شب در همه روزهای هفته به روی خریداران باز خواهد بود.",
)
HE = (
    (
        "עיריית נחל דקלים פתחה הבוקר שוק ירקות חדש על גדת הנהר בנוכחות מאות תושבים וסוחרים שהגיעו מן הכפרים הסמוכים לרגל "
        "האירוע "
        "החגיגי."
    ),
    "ראש העירייה אמר כי הפרויקט נמשך שנתיים תמימות ועלה כשלושה מיליון שקלים, שרובם מומנו בידי קרן הפיתוח האזורית.",
    "השוק יהיה פתוח בכל יום משש בבוקר ועד עשר בלילה לאורך כל ימות השבוע, כולל ערבי חג.",
)
RU = (
    (
        "Городской совет Приречного во вторник утром открыл на берегу реки новый овощной рынок, собрались сотни жителей и "
        "торговцев."
    ),
    "Мэр города сообщил, что строительство заняло два полных года и обошлось примерно в три миллиона рублей.",
    "Рынок будет работать ежедневно с шести утра до десяти вечера, без выходных и перерывов на обед.",
)
ZH = (
    "河口市政府周二上午在河边开设了一个新的蔬菜市场，数百名居民和来自周边村庄的商贩参加了开业仪式，现场气氛十分热烈。",
    "市长表示，该项目历时整整两年，总投资约三百万元，大部分资金来自地区发展基金。",
    "该市场将每天早上六点开门，晚上十点关门，全年无休。",
)
TR = (
    (
        "Değirmendere belediyesi salı sabahı nehir kıyısında yeni bir sebze pazarı açtı; açılışa yüzlerce kişi ve çevre "
        "köylerden satıcılar katıldı."
    ),
    (
        "Belediye başkanı, projenin iki yıl sürdüğünü ve yaklaşık üç milyona mal olduğunu, paranın çoğunu kalkınma fonunun "
        "verdiğini söyledi."
    ),
    "Pazar her gün sabah altıdan gece ona kadar açık olacak.",
)
T_AR, T_EN, T_FA, T_HE = (
    "النخيل تفتتح سوقا على النهر",
    "Millbrook opens a market",
    "نخلستان بازار تازه‌ای گشود",
    "נחל דקלים פותחת שוק",
)
T_RU, T_ZH, T_TR = "В Приречном открыли рынок", "河口市在河边开设新市场", "Değirmendere'de yeni pazar açıldı"
NOTICE_AR = (
    "وتود إدارة الموقع التنويه إلى أن هذا الخبر منقول من مصادر أخرى، وأن فريق التحرير غير مسؤول عن صحة المعلومات الواردة فيه."
)
NOTICE_EN = (
    "Please note that this article was collected from other news sources; our editors have verified it where they could."
)
NOTICE_RU = (
    "Редакция сайта не несёт ответственности за достоверность сведений, материал подготовлен по сообщениям других источников."
)

# name -> head, body, tail, and what is to be found: authors, section, source
VARIANTS: dict[
    str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[tuple[str, ...], str | None, str | None]]
] = {
    "everything": (
        (T_AR, "ليلى المنصوري", "اقتصاد", T_AR, "نقلا عن وكالة أنباء المدينة:"),
        AR,
        (NOTICE_AR, "شكرا لكم على حسن المتابعة.", "المصدر: وكالة أنباء المدينة", "رابط مختصر"),
        (("ليلى المنصوري",), "اقتصاد", "وكالة أنباء المدينة"),
    ),
    "no writer": (
        (T_AR, "رياضة", T_AR),
        AR,
        ("المصدر: www.example.ae", "رابط مختصر"),
        ((), "رياضة", "www.example.ae"),
    ),
    "no section": ((T_AR, "أحمد بن سالم", T_AR), AR, ("رابط مختصر",), (("أحمد بن سالم",), None, None)),
    "a writer of one word": ((T_AR, "منى", "عربي ودولي", T_AR), AR, (), (("منى",), "عربي ودولي", None)),
    "no second title": (
        (T_AR, "بقلم: أحمد سالم", "أخبار العالم"),
        AR,
        ("المصدر : الجزيرة نت",),
        (("أحمد سالم",), "أخبار العالم", "الجزيرة نت"),
    ),
    "nothing but a title": ((T_AR,), AR, (), ((), None, None)),
    "the source on a line of its own": (
        (T_AR, "محمد علي", "محليات", T_AR, "بحسب ما نشرته صحف محلية:"),
        AR,
        (NOTICE_AR, "المصدر", "www.example.com", "الرابط المختصر: https://x.example/?p=1", "شارك الخبر"),
        (("محمد علي",), "محليات", "www.example.com"),
    ),
    "a disclaimer and no source": ((T_AR, T_AR), AR, (NOTICE_AR,), ((), None, None)),
    "english": (
        (T_EN, "Jane Doe", "News", T_EN, "According to several sources of our network:"),
        EN,
        (NOTICE_EN, "Thank you for your understanding.", "Source: www.example.com", "Short link"),
        (("Jane Doe",), "News", "www.example.com"),
    ),
    "persian": (
        (T_FA, "مریم رضایی", "اقتصادی", T_FA, "به نقل از خبرگزاری‌ها:"),
        FA,
        ("منبع: ایسنا", "لینک کوتاه"),
        (("مریم رضایی",), "اقتصادی", "ایسنا"),
    ),
    "hebrew": (
        (T_HE, "דנה לוי", "כלכלה", T_HE),
        HE,
        ("מקור: www.example.co.il", "קישור מקוצר"),
        (("דנה לוי",), "כלכלה", "www.example.co.il"),
    ),
    "russian": (
        (T_RU, "Иван Петров", "Экономика", T_RU),
        RU,
        (NOTICE_RU, "Источник: ТАСС", "Короткая ссылка"),
        (("Иван Петров",), "Экономика", "ТАСС"),
    ),
    "chinese": ((T_ZH, "王小明", "财经", T_ZH), ZH, ("来源：新华网", "短链接"), (("王小明",), "财经", "新华网")),
    "turkish": (
        (T_TR, "Ayşe Yılmaz", "Ekonomi", T_TR),
        TR,
        ("Kaynak: Kıyı Haber Ajansı", "Kısa link"),
        (("Ayşe Yılmaz",), "Ekonomi", "Kıyı Haber Ajansı"),
    ),
}


@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n \r\n"])
def test_a_document_is_taken_apart(name: str, gap: str) -> None:
    head, body, tail, (authors, section, source) = VARIANTS[name]
    article = extract(gap.join((*head, *body, *tail)).encode())
    assert article.paragraphs == body
    assert (article.title, article.authors, article.section, article.source) == (head[0], authors, section, source)
    assert article.published is None


def test_the_given_document_gives_its_parts_and_no_more() -> None:
    lines = [" ".join(line.split()) for line in GIVEN.read_text("utf-8").splitlines() if line.strip()]
    article = extract(GIVEN.read_bytes(), content_type="text/plain; charset=utf-8")
    assert article.title == "أعلن بوتين ولوكاشينكو تعزيز تحالفهما العسكري"
    assert (article.authors, article.section, article.source) == (("علي الدعيس",), "اخبار", "www.24.ae")
    assert (article.language, article.direction, article.published, article.modified) == ("ar", "rtl", None, None)
    assert article.paragraphs == tuple(lines[5:-4])
    assert article.paragraphs[0].startswith("وصل الرئيس الروسي")
    assert article.paragraphs[-1].endswith("صوت العقل”.")


@pytest.mark.parametrize("content_type", [None, "text/plain", "text/html", "text/plain; charset=windows-1256"])
def test_it_is_the_same_document_whatever_it_is_served_as(content_type: str | None) -> None:
    article = noted(extract(GIVEN.read_text("utf-8")), decode(GIVEN.read_bytes(), None))
    assert extract(GIVEN.read_bytes(), content_type=content_type) == article


def test_a_document_in_windows_1256_is_the_same_document() -> None:
    head, body, tail, _ = VARIANTS["everything"]
    data = "\n".join((*head, *body, *tail)).encode("windows-1256")
    assert extract(data, content_type="text/plain").paragraphs == body


def test_a_date_line_is_the_date() -> None:
    article = extract("\n".join((T_AR, "٢٢ نوفمبر ٢٠٢٢ - ٠٩:١٥ ص", *AR)))
    assert (article.published, article.found_in["published"]) == ("2022-11-22T09:15:00", "text")
    assert article.paragraphs == AR


LAST_PARAGRAPHS = (
    "وأكدت مصادر مطلعة أن تفاصيل الاتفاق ستعلن خلال الأيام المقبلة بعد استكمال المشاورات مع جميع الأطراف المعنية بالملف.",
    "وكان رئيس تحرير الصحيفة قد استقال من منصبه الشهر الماضي احتجاجا على القانون الجديد الذي أقره البرلمان.",
    "وقالت الوكالة إن الموقع الإلكتروني للوزارة تعطل ساعات عدة قبل أن تعود الخدمة إليه مساء أمس.",
    "ويطالب السكان بحقوقهم في المياه منذ سنوات طويلة من دون أن يتلقوا أي رد من الحكومة أو البلدية.",
    "The company’s website was down for hours, and editors at two newspapers said they had lost access to their own archives.",
    "Officials thanked the readers of the library for their patience and said the building would open again next spring.",
    "Sources close to the talks said the content of the agreement would be made public once both parliaments had voted on it.",
    "По словам источников, близких к переговорам, содержание соглашения опубликуют после голосования в обоих парламентах.",
    "Die Redaktion der Zeitung war schon im Frühjahr in das neue Gebäude am Hafen gezogen, das Archiv folgt erst im Herbst.",
)


@pytest.mark.parametrize("last", LAST_PARAGRAPHS)
@pytest.mark.parametrize("tail", [(), ("المصدر: www.example.ae", "رابط مختصر"), ("Source: www.example.com",)])
def test_a_real_last_paragraph_is_never_cut(last: str, tail: tuple[str, ...]) -> None:
    body = (*AR, last)
    assert extract("\n".join((T_AR, *body, *tail))).paragraphs == body


def test_a_source_in_the_middle_ends_nothing() -> None:
    body = (*EN[:2], "Source: our own count of stalls, made on Tuesday", *EN[2:])
    assert extract("\n".join((T_EN, *body))).paragraphs[-1] == EN[-1]


def test_a_quote_after_a_colon_keeps_its_opening() -> None:
    body = (
        "The mayor said:",
        "“We want this market to be a home for every farmer in the valley, and for everybody who eats.”",
        *EN[1:],
    )
    assert extract("\n".join((T_EN, *body))).paragraphs == body


@pytest.mark.parametrize("text", ["", " \n\n ", "\0", "one line", "a\nb\nc"])
def test_hardly_any_text_is_no_error(text: str) -> None:
    article = extract(text)
    assert (article.note is None) == bool(article.text)
