"""What a site says in its own voice at the end of a text, and what only sounds like it."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.extraction.boilerplate import Known, clean
from crawler.extraction.lines import Line, repeats

NOBODY = Known(None, (), frozenset())
BODY = [
    Line("وقال رئيس البلدية سامي الحداد إن المشروع استغرق عامين كاملين، وإن كلفته بلغت نحو ثلاثة ملايين دينار."),
    Line("ومن المقرر أن تفتح السوق أبوابها يوميا من السادسة صباحا حتى العاشرة مساء."),
]
VOICES = (Path(__file__).parent / "voices.txt").read_text("utf-8").splitlines()
LABELS = [
    "رابط مختصر",
    "شارك الخبر",
    "Share on Facebook",
    "اقرأ أيضا: افتتاح جسر جديد في النخيل",
    "Read more: A bridge for the valley",
    "الوسوم: سوق، النخيل",
    "Tags: market, river",
    "© 2026 صحيفة الوادي",
    "تابعوا آخر الأخبار عبر قناتنا على تيليجرام",
    "Follow us on Facebook and Telegram",
    "Читайте также: Старый рынок закрыли",
    "相关阅读：河口大桥封闭维修",
    "(رويترز)",
    "(dpa)",
    "(Reporting by Jane Doe and Omar Said; Editing by Nadia Haddad)",
    "Omar Said can be reached at omar@paper.example",
    "للتواصل مع الكاتب: omar@paper.example",
    "Twitter: @omarsaid",
]


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("after", [(), ("المصدر: صحيفة الوادي",), ("رابط مختصر",)])
def test_the_sites_own_voice_is_no_text(voice: str, after: tuple[str, ...]) -> None:
    assert clean([*BODY, Line(voice), *map(Line, after)], NOBODY).lines == BODY


@pytest.mark.parametrize("after", [(), ("المصدر: صحيفة الوادي",)])
def test_a_stock_phrase_is_its_whole_words_and_not_the_beginning_of_others(after: tuple[str, ...]) -> None:
    last = Line("وانتهى الخبراء من فحص الجسر مساء أمس، وقالوا إن نتائجه ستعلن بعد أسبوع في البلدية.")
    assert clean([*BODY, last, *map(Line, after)], NOBODY).lines == [*BODY, last]


@pytest.mark.parametrize("label", LABELS)
def test_a_label_at_the_end_is_no_text(label: str) -> None:
    assert clean([*BODY, Line(label)], NOBODY).lines == BODY


@pytest.mark.parametrize(
    "line",
    [
        "Lesedauer: 4 Minuten",
        "06. 01. 2026, 14:59 Uhr Lesedauer: 4 Minuten",
        "مدة القراءة: 5 دقائق",
        "Время чтения: 3 мин.",
        "11 min read",
        "阅读时间：约 6 分钟",
        "Tempo de leitura: 1 minuto",
        "3 λεπτά ανάγνωσης",
        "זמן קריאה: 4 דקות",
        "읽는 시간 3분",
    ],
)
def test_the_minutes_to_read_are_no_text_above_it_and_are_below(line: str) -> None:
    assert clean([Line(line), *BODY], NOBODY).lines == BODY
    inside = [*BODY, Line(line), Line(BODY[0].text[::-1])]
    assert Line(line) in clean(inside, NOBODY).lines


@pytest.mark.parametrize(
    "last",
    [
        ["UP NEXT", "Rangers: Host the Kites on Friday.", "Kites: Visit the Rangers on Friday."],
        ["Users can now download their messages from Telegram."],
        ["The channel on YouTube lost half of its subscribers."],
    ],
)
def test_a_sentence_at_the_end_is_text_though_its_words_are_those_of_labels(last: list[str]) -> None:
    lines = [*BODY, *map(Line, last)]
    assert clean(lines, NOBODY).lines[-1] == lines[-1]


def test_a_line_that_announces_what_follows_is_text_in_a_page_and_a_lead_in_in_a_document() -> None:
    lines = [Line("Three things are new in this market:"), Line("It opens at six in the morning, and " * 4 + "so on.")]
    assert clean(lines, NOBODY).lines == lines
    assert clean(lines, NOBODY._replace(plain=True)).lines == lines[1:]


def test_labels_may_stand_in_any_order_with_strays_between() -> None:
    tail = ["شارك الخبر", "فيسبوك", "المصدر:", "صحيفة الوادي", "رابط مختصر", "https://x.example/?p=7"]
    got = clean([*BODY, *map(Line, tail)], NOBODY)
    assert (got.lines, got.source) == (BODY, "صحيفة الوادي")


def test_a_source_label_that_is_a_link_names_its_host() -> None:
    got = clean([*BODY, Line("المصدر", ("https://www.wadi.example/n/7",))], NOBODY)
    assert (got.lines, got.source) == (BODY, "wadi.example")


@pytest.mark.parametrize("label", ["Read also", "Follow us on Telegram"])
def test_a_label_is_no_text_whatever_signs_stand_above_it(label: str) -> None:
    signs = Line("-" * 100 + " I")
    assert clean([*BODY, signs, Line(label), *BODY], NOBODY).lines == [*BODY, signs, *BODY]


def test_a_list_at_the_end_is_text() -> None:
    items = [Line(item) for item in ("ستون مظلة للمزارعين", "مخزن مبرد", "موقف للسيارات", "مقهى صغير")]
    assert clean([*BODY, *items], NOBODY).lines == [*BODY, *items]


def test_a_label_deep_in_the_text_cuts_nothing_behind_it() -> None:
    lines = [BODY[0], Line("Von Karl Weber"), *BODY, *BODY]
    assert clean(lines, NOBODY).lines[-4:] == [*BODY, *BODY]


@pytest.mark.parametrize(
    ("line", "title", "same"),
    [
        ("A market by the river", "A Market by the River!", True),
        ("Local: A market by the river", "A market by the river", True),
        ("أَعلن بوتين تعزيز التحالف", "اعلن بوتين تعزيز التحالف", True),
        ("A market by the river was opened on Tuesday by the mayor of the town", "A market by the river", False),
        ("A market", "A market by the river", False),
        ("A market by the river", None, False),
    ],
)
def test_a_title_is_known_again_in_other_clothes(line: str, title: str | None, same: bool) -> None:
    assert repeats(line, title) is same


def test_a_paragraph_said_again_a_few_lines_later_is_said_once() -> None:
    quote = Line("The first farmers arrived before sunrise, she told reporters, and by noon the last basket was sold.")
    verse = Line("And the river runs to the sea.")
    assert clean([BODY[0], quote, BODY[-1], quote, verse, verse], NOBODY).lines == [BODY[0], quote, BODY[-1], verse, verse]


@pytest.mark.parametrize(
    "rules",
    [
        "يرحب موقع وادي بتعليقاتكم، ولا تنشر التعليقات إلا بعد مراجعتها. ننصحك بقراءة شروط النشر قبل أن تكتب.",
        "We welcome your comment. Comments are read by our editors before they appear; please follow our house rules.",
        "Ihre Kommentare sind uns willkommen. Die Redaktion prüft alle Kommentare; bitte beachten Sie unsere Netiquette.",
        "Ваш комментарий появится на сайте после проверки. Комментарии, нарушающие правила, редакция не публикует.",
    ],
)
def test_the_rules_for_comments_are_no_text(rules: str) -> None:
    assert clean([*BODY, Line(rules)], NOBODY).lines == BODY


NOTICE = [
    Line("① 凡本网注明来源的所有作品，版权均属于河口日报社，未经书面授权，任何单位及个人不得转载、摘编或以其它方式使用。"),
    Line("② 凡本网注明其它来源的作品，均转载自其它媒体，转载目的在于传递更多信息，并不代表本网赞同其观点和对其真实性负责。"),
    Line("③ 如因作品内容和其它问题需要同本网联系的，请在三十日内进行。"),
]


@pytest.mark.parametrize(
    "heading", ["河口日报版权与免责声明：", "声明：", "鄭重聲明", "إخلاء مسؤولية:", "Отказ от ответственности", "Legal notice"]
)
def test_a_notice_on_rights_is_no_text_however_long(heading: str) -> None:
    assert clean([*BODY, Line(heading), *NOTICE], NOBODY).lines == BODY


@pytest.mark.parametrize("heading", ["外交部发表声明", "The disclaimer that nobody had read", "关于版权"])
def test_a_heading_about_notices_is_none(heading: str) -> None:
    after = [Line(one.text.replace("网", "市")) for one in NOTICE[:1]]
    assert clean([*BODY, Line(heading, heading=True), *after], NOBODY).lines[: len(BODY) + 1][-1].text == heading


def test_a_notice_above_most_of_the_text_cuts_nothing() -> None:
    text = [Line(f"{n}. {one.text}") for n in range(5) for one in BODY]
    assert set(text) <= set(clean([text[0], Line("Disclaimer", heading=True), *text[1:]], NOBODY).lines)


@pytest.mark.parametrize(
    "line", ["سامي الحداد، ٠٧/١١/٢٠٢٦", "Сергей Волков | 07.11.2026", "Sam Reed, 07/11/2026", "07-11-2026"]
)
def test_a_name_and_a_day_above_the_text_are_taken_off_it(line: str) -> None:
    assert clean([Line(line), *BODY], NOBODY).lines == BODY


def test_a_short_line_with_a_day_that_says_more_stays() -> None:
    said = Line("Le marché ouvre le 07/11/2026")
    assert clean([said, *BODY], NOBODY).lines == [said, *BODY]


@pytest.mark.parametrize("label", ["Advertisement", "ANZEIGE", "- Реклама -", "إعلان", "廣告", "Διαφήμιση:"])
def test_a_label_of_advertisements_between_paragraphs_is_no_text(label: str) -> None:
    assert clean([BODY[0], Line(label), BODY[1], Line(label), BODY[0]], NOBODY).lines[:2] == BODY


def test_a_line_about_advertisements_is_text() -> None:
    line = Line("Реклама и её законы")
    assert line in clean([BODY[0], line, *BODY], NOBODY).lines


@pytest.mark.parametrize("heading", ["Das könnte Sie auch interessieren", "اقرأ أيضا", "You may also like"])
def test_a_heading_over_links_goes_with_them_and_stays_over_a_list(heading: str) -> None:
    lead = Line(heading, heading=True, kind="h3")
    assert lead not in clean([BODY[0], lead, BODY[0]], NOBODY).lines
    assert lead in clean([*BODY, lead, Line("الجسر القديم", kind="li"), *BODY], NOBODY).lines
