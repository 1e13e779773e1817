"""Right-to-left pages of several themes and wordings: their text to the letter, and nothing of what stands around it."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from crawler.extraction import extract


class Story(NamedTuple):
    """What a page is made from: the article's own, and the lines a site puts around one."""

    lang: str
    title: str
    writer: str
    paragraphs: list[str]
    caption: str
    disclaimer: str
    thanks: str
    share: str
    channel: str
    short_link: str
    related: tuple[str, list[str]]
    author_box: str
    comments: tuple[str, list[str]]
    cookies: str


STORIES = [
    Story(
        "ar",
        "بلدية الواحة ترمم مكتبة عمرها مئة عام",
        "ليلى الحمداني",
        [
            (
                "أنهت بلدية الواحة أمس ترميم المكتبة العامة التي بنيت قبل مئة "
                "عام، بعد أعمال استمرت أربعة عشر شهرا وشارك فيها عشرات الحرفيين."
            ),
            "وقالت مديرة المكتبة هند العلي إن السقف الخشبي أعيد إلى ما كان عليه، وإن القاعة الكبرى تتسع الآن لنحو مئتي قارئ.",
            "وأضافت: «جاءنا رجل في الثمانين وقال إنه تعلم القراءة هنا».",
            "وتضم المكتبة ثلاثين ألف كتاب، منها مخطوطات نادرة نقلت إلى غرفة تضبط حرارتها ورطوبتها ليلا ونهارا.",
            "وستفتح أبوابها للزوار من صباح الأحد المقبل.",
        ],
        "القاعة الكبرى بعد الترميم (تصوير: سامر)",
        "إخلاء مسؤولية: المحتوى منقول من مصادره ولا يتحمل موقعنا أي مسؤولية قانونية عن صحته، وهو لا يعبر عن رأي التحرير.",
        "شكرا لكم على متابعة موقعنا، ونرجو أن نكون قد قدمنا لكم تفاصيل الخبر كاملة.",
        "شارك المقال",
        "انضم إلى قناتنا على تيليجرام ليصلك كل جديد",
        "الرابط المختصر",
        ("مواضيع ذات صلة", ["افتتاح مدرسة جديدة في الواحة", "طريق الجبل يغلق أسبوعا", "أسعار التمور ترتفع"]),
        "ليلى الحمداني صحفية تكتب في شؤون الثقافة والمدن منذ عام ألفين وعشرة.",
        ("التعليقات", ["خبر جميل وشكرا للبلدية على هذا الجهد الكبير", "متى تفتح للأطفال؟"]),
        "يستخدم هذا الموقع ملفات تعريف الارتباط لتحسين تجربتك. بمتابعة التصفح فإنك توافق على ذلك.",
    ),
    Story(
        "ar",
        "صيادو الميناء القديم يعودون إلى البحر",
        "مروان بن صالح",
        [
            (
                "عاد صيادو الميناء القديم فجر الاثنين إلى البحر بعد توقف دام "
                "ستة أسابيع فرضته السلطات لحماية صغار السمك في موسم التكاثر."
            ),
            "وأفاد رئيس التعاونية مختار القروي بأن أكثر من سبعين قاربا خرجت دفعة واحدة، وأن الكميات الأولى فاقت ما كان متوقعا.",
            "وأوضح خبير الأحياء البحرية نبيل شريف أن منع الصيد ستة أسابيع يكفي لكي تتضاعف أعداد السردين في الخليج.",
            "أما الأسعار في السوق فقد تراجعت بنحو الثلث منذ الصباح، وفق ما ذكره باعة تحدثنا إليهم.",
        ],
        "قوارب في الميناء القديم فجر الاثنين",
        "تنويه: هذا الخبر نشر آليا نقلا عن مصدره الأصلي، ولا تتحمل إدارة الموقع مسؤولية ما ورد فيه.",
        "نشكر لكم زيارتكم ونأمل أن نكون قد وفقنا في نقل الخبر إليكم.",
        "شارك هذا الخبر مع أصدقائك",
        "تابعونا على واتساب وفيسبوك",
        "رابط قصير",
        ("اقرأ المزيد", ["الخليج يستقبل أول سفينة سياحية", "ورشة لتعليم النجارة البحرية", "عاصفة متوقعة نهاية الأسبوع"]),
        "مراسل من الساحل يتابع شؤون الصيد والبيئة.",
        ("أضف تعليقا", ["الله يرزقهم جميعا", "الأسعار ما زالت مرتفعة عندنا في الداخل"]),
        "نستعمل ملفات الكوكيز لقياس عدد الزوار. موافق",
    ),
    Story(
        "fa",
        "کتابخانه قدیمی شهر پس از مرمت بازگشایی شد",
        "نگار رستمی",
        [
            "کتابخانه قدیمی شهر که بیش از نود سال پیش ساخته شده است، صبح دیروز پس از یک سال کار مرمت به روی مردم گشوده شد.",
            (
                "شهردار در آیین بازگشایی گفت هزینه این کار از محل کمک‌های مردمی "
                "و بودجه شهرداری پرداخت شده و همه کارگران از همین شهر بوده‌اند."
            ),
            "او افزود: «این جا خانه همه است».",
            "در این کتابخانه سی هزار جلد کتاب نگهداری می‌شود که برخی از آن‌ها نسخه‌های خطی کمیاب هستند.",
        ],
        "سالن اصلی کتابخانه پس از مرمت",
        "این مطلب از منابع دیگر نقل شده است و سایت ما مسئولیتی در قبال محتوای آن ندارد.",
        "از همراهی شما خوانندگان گرامی با سایت ما سپاسگزاریم؛ لطفا نظر خود را با تحریریه در میان بگذارید.",
        "اشتراک گذاری",
        "ما را در تلگرام دنبال کنید",
        "لینک کوتاه",
        ("مطالب مرتبط", ["نمایشگاه خوشنویسی در موزه", "بارش باران در شمال", "آغاز ساخت پل تازه"]),
        "نگار رستمی خبرنگار فرهنگی است و درباره کتاب می‌نویسد.",
        ("نظرات", ["خیلی خوب بود، سپاس از شهرداری", "ساعت کار کتابخانه چیست؟"]),
        "این سایت از کوکی استفاده می‌کند تا تجربه بهتری برای شما فراهم شود.",
    ),
    Story(
        "he",
        "הספרייה העירונית נפתחה מחדש אחרי שיפוץ",
        "נועה ברק",
        [
            (
                "הספרייה העירונית הוותיקה נפתחה אתמול מחדש אחרי שיפוץ "
                "שנמשך ארבעה עשר חודשים ובו שוחזרו תקרת העץ והחלונות הצבעוניים."
            ),
            "מנהלת הספרייה אמרה כי באולם הגדול יש כעת מקום למאתיים קוראים, וכי שעות הפתיחה יוארכו עד הערב.",
            '"אדם בן שמונים סיפר לי שכאן למד לקרוא", הוסיפה.',
            "באוסף שלושים אלף ספרים, ובהם כתבי יד נדירים שהועברו לחדר שבו הטמפרטורה והלחות נשמרות קבועות ביום ובלילה.",
        ],
        "האולם הגדול אחרי השיפוץ, צילום: יוסי",
        "הידיעה נלקחה ממקור חיצוני, והאתר אינו אחראי לתוכן הדברים ולדעות המובעות בה.",
        "תודה שקראתם, נשמח לקבל מכם הערות למערכת האתר על הכתבה.",
        "שתפו את הכתבה",
        "הצטרפו לערוץ הטלגרם שלנו",
        "קישור מקוצר",
        ("כתבות נוספות", ["גן חדש נפתח בשכונה", "הכביש הישן ייסגר לשבוע", "מחירי התמרים עולים"]),
        "נועה ברק היא כתבת התרבות של העיתון.",
        ("תגובות", ["כתבה יפה, כל הכבוד לעירייה", "מתי פותחים לילדים?"]),
        "אתר זה משתמש בעוגיות לשיפור חוויית הגלישה. המשך הגלישה מהווה הסכמה.",
    ),
    Story(
        "he",
        "דייגי הנמל הישן חזרו לים",
        "אורי שגב",
        [
            "דייגי הנמל הישן חזרו בבוקר יום שני אל הים אחרי הפסקה של שישה שבועות שנועדה להגן על דגים צעירים בעונת הרבייה.",
            "יושב ראש האגודה אמר שיותר משבעים סירות יצאו בבת אחת, והכמויות הראשונות היו גדולות מן הצפוי.",
            "ביולוגית ימית מן המכון האזורי הסבירה ששישה שבועות מספיקים כדי שמספר הסרדינים במפרץ יוכפל.",
            "המחירים בשוק ירדו מאז הבוקר בכשליש, כך אמרו סוחרים.",
        ],
        "סירות בנמל הישן לפנות בוקר",
        "הבהרה: התוכן פורסם אוטומטית ממקור אחר, ומערכת האתר אינה אחראית לנכונותו.",
        "תודה לכם הקוראים, אנא כתבו למערכת על כל טעות בכתבה.",
        "שיתוף",
        "עקבו אחרינו בטלגרם ובוואטסאפ",
        "קישור קצר",
        ("קראו גם", ["האונייה הראשונה הגיעה למפרץ", "סדנה לבניית סירות עץ", "סערה צפויה בסוף השבוע"]),
        "אורי שגב מסקר את החוף ואת איכות הסביבה.",
        ("כתוב תגובה", ["שיהיה בהצלחה לכולם", "אצלנו המחירים עוד גבוהים"]),
        "אנו משתמשים בקובצי קוקי למדידת מספר המבקרים. אישור",
    ),
]


def links(texts: list[str]) -> str:
    return "".join(f'<li><a href="/n/{number}">{text}</a></li>' for number, text in enumerate(texts))


def magazine(story: Story) -> str:
    """Boxes with the class names of a common theme; the standing lines lie inside the body."""
    body = "".join(f"<p>{text}</p>" for text in story.paragraphs)
    comments = "".join(f'<div class="comment"><b>x</b><p>{text}</p></div>' for text in story.comments[1])
    return f"""<div class="topbar"><ul>{links(["1", "2", "3"])}</ul></div>
<article class="post"><h1 class="entry-title">{story.title}</h1>
<div class="post-meta"><span class="author">{story.writer}</span></div>
<figure><img src="/1.jpg"><figcaption>{story.caption}</figcaption></figure>
<div class="entry-content">{body}<p>{story.disclaimer}</p><p>{story.thanks}</p>
<p><a href="https://t.me/x">{story.channel}</a></p></div>
<div class="post-share"><h4>{story.share}</h4><a href="#">f</a><a href="#">x</a></div>
<div class="shortlink">{story.short_link}: <input value="https://x.example/?p=1"></div>
<div class="author-box"><p>{story.author_box}</p></div>
<div class="related-posts"><h3>{story.related[0]}</h3><ul>{links(story.related[1])}</ul></div>
<section class="comments"><h3>{story.comments[0]}</h3>{comments}</section></article>
<div class="cookie-notice">{story.cookies}</div>"""


def nameless(story: Story) -> str:
    """No class says anything: boxes are numbered."""
    body = "".join(f'<div class="c7">{text}</div>' for text in story.paragraphs)
    return f"""<div class="c1"><a href="/">1</a> <a href="/2">2</a></div><div class="c2"><div class="c3"><h1>{story.title}</h1>
<div class="c4">{story.writer}</div><figure><img src="/1.jpg"><figcaption>{story.caption}</figcaption></figure>
<div class="c5">{body}<div class="c7">{story.disclaimer}</div></div>
<div class="c8">{story.share} <a href="#">f</a> <a href="#">x</a></div>
<div class="c9">{story.related[0]}<ul>{links(story.related[1])}</ul></div></div></div>
<div class="c10"><a href="/about">{story.author_box}</a></div>"""


def broken_lines(story: Story) -> str:
    """An old page laid out with tables, its paragraphs parted by `<br>`."""
    body = "<br><br>".join(story.paragraphs)
    return f"""<table width="100%"><tr><td colspan="2"><a href="/">1</a> | <a href="/2">2</a></td></tr><tr>
<td width="20%"><ul>{links(story.related[1])}</ul></td>
<td><h1>{story.title}</h1><font size="2">{story.writer}</font><br><br>{body}<br><br>{story.disclaimer}<br><br>{story.thanks}<br>
<a href="#">{story.share}</a></td></tr><tr><td colspan="2"><small>&copy; 2009</small></td></tr></table>"""


def page(story: Story, inner: str, head: str) -> bytes:
    start = f'<!doctype html><html lang="{story.lang}" dir="rtl"><head><meta charset="utf-8">{head}</head>'
    return f"{start}<body>{inner}</body></html>".encode()


@pytest.mark.parametrize("theme", [magazine, nameless, broken_lines])
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.writer.replace(" ", "_"))
def test_a_page_gives_its_text_and_nothing_around_it(story: Story, theme: object) -> None:
    assert callable(theme)
    inner = theme(story)
    named = f'<meta property="og:title" content="{story.title}"><meta name="author" content="{story.writer}">'
    full = f"<title>{story.title} | x</title>{named}"
    for head in (full, ""):
        article = extract(page(story, inner, head), "https://news.example/7", "text/html")
        assert list(article.paragraphs) == story.paragraphs
        assert article.title == story.title
