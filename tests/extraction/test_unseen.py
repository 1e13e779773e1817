"""What runs within a line and isn't seen is no text: words for screen readers, cards that open on a name."""

from __future__ import annotations

import pytest

from crawler.extraction import extract

TEXT = [
    "افتتح مجلس البلدة سوقا جديدة على ضفة النهر يوم الثلاثاء، وجاء مئات من السكان ليروا ما يعرض فيها من خضار وفاكهة.",
    "قال رئيس البلدية إن العمل استغرق عامين وكلف ثلاثة ملايين، دفع صندوق الإقليم معظمها، وإن السوق ستفتح كل يوم.",
    "وصل أول الفلاحين قبل شروق الشمس، وعند الظهر كانت آخر سلة من التفاح قد بيعت، كما قالت للصحفيين.",
]


def paragraphs(*lines: str, title: str = "سوق جديدة على النهر") -> list[str]:
    body = "".join(f"<p>{line}</p>" for line in lines)
    head = "<title>سوق جديدة على النهر</title>"
    return list(
        extract(f"<html lang=ar><head>{head}</head><body><article><h1>{title}</h1>{body}</article></body></html>").paragraphs
    )


@pytest.mark.parametrize(
    "unseen",
    [
        '<span class="sr-only">يفتح في نافذة جديدة</span>',
        '<span class="link__visually-hidden">opens in a new tab</span>',
        '<span class="screen-reader-text">在新窗口打开</span>',
        "<span hidden>откроется в новом окне</span>",
        '<span style="border:0; display: none">נפתח בחלון חדש</span>',
        '<span style="clip:rect(0 0 0 0);height:1px">νέο παράθυρο</span>',
        '<span class="sr-only"><b>در پنجره</b> <i>تازه</i></span>',
        '<a href="/x" class="more"><span class="visually-hidden">新しいウィンドウ</span></a>',
    ],
)
def test_words_for_screen_readers_alone_are_no_text(unseen: str) -> None:
    assert paragraphs(TEXT[0], f"{TEXT[1]} {unseen}", TEXT[2]) == TEXT


def test_a_line_of_which_nothing_is_seen_is_none() -> None:
    assert (
        paragraphs(
            TEXT[0], '<span class="sr-only">نهاية الفقرة الأولى، تليها الفقرة الثانية من هذا النص الطويل.</span>', *TEXT[1:]
        )
        == TEXT
    )


@pytest.mark.parametrize(
    "box",
    [
        '<h2 class="visually-hidden">محتوى المقال</h2>',
        '<div class="sr-only">محتوى المقال</div>',
        "<div hidden><b>محتوى المقال</b></div>",
        '<p style="display:none">محتوى المقال</p>',
    ],
)
def test_a_short_line_in_a_hidden_box_is_none(box: str) -> None:
    page = f"<article><h1>سوق</h1><p>{TEXT[0]}</p>{box}<p>{TEXT[1]}</p>{box}<p>{TEXT[2]}</p></article>"
    assert list(extract(f"<html lang=ar><body>{page}</body></html>").paragraphs) == TEXT


def test_a_line_that_is_hidden_on_some_screens_only_is_text() -> None:
    heading = '<h3 class="hidden md:block">يوم السوق الأول</h3>'
    page = f"<article><h1>سوق</h1><p>{TEXT[0]}</p>{heading}<p>{TEXT[1]}</p><p>{TEXT[2]}</p></article>"
    assert "يوم السوق الأول" in extract(f"<html lang=ar><body>{page}</body></html>").paragraphs


@pytest.mark.parametrize(
    "seen", ['<span aria-hidden="true">٤٫٥</span>', '<span class="hidden-treasure">٤٫٥</span>', "<span>٤٫٥</span>"]
)
def test_what_is_hidden_from_screen_readers_only_is_seen(seen: str) -> None:
    assert paragraphs(TEXT[0], f"{TEXT[1]} {seen}", TEXT[2])[1] == f"{TEXT[1]} ٤٫٥"


def test_a_card_that_opens_on_a_name_is_no_text() -> None:
    links = "".join(f'<a href="/story/{n}">خبر آخر عن المدينة رقم {n}</a> ' for n in range(3))
    card = f'<span class="person"><span><img src="/f.jpg" alt=""><a href="/p">سامي حداد</a>{links}</span></span>'
    named = f'قال <a href="/p">سامي حداد</a>{card} {TEXT[1]}'
    assert paragraphs(TEXT[0], named, TEXT[2]) == [TEXT[0], f"قال سامي حداد {TEXT[1]}", TEXT[2]]


def test_a_picture_with_one_link_or_with_words_is_no_card() -> None:
    one = '<span><img src="/f.jpg" alt=""><a href="/p">سامي حداد</a></span>'
    said = '<span><img src="/f.jpg" alt=""><a href="/p">سامي حداد</a> قال <a href="/q">هنا</a></span>'
    assert paragraphs(TEXT[0], f"{one} {TEXT[1]}", f"{said} {TEXT[2]}") == [
        TEXT[0],
        f"سامي حداد {TEXT[1]}",
        f"سامي حداد قال هنا {TEXT[2]}",
    ]


def test_the_title_again_is_known_with_unseen_words_in_it() -> None:
    assert paragraphs(*TEXT, title='سوق جديدة على النهر <span class="sr-only">مقال من قسم المدينة</span>') == TEXT


def test_links_that_are_left_stand_where_their_words_stand() -> None:
    body = (
        f'<p>{TEXT[0]}</p><p><span class="sr-only">رابط </span>قال <a href="/p">سامي حداد</a> إن {TEXT[1]}</p><p>{TEXT[2]}</p>'
    )
    got = extract(f"<html><body><article><h1>سوق</h1>{body}</article></body></html>", url="https://a.example/")
    [(start, length, number)] = got.anchors
    assert (got.text[start : start + length], got.links[number]) == ("سامي حداد", "https://a.example/p")
