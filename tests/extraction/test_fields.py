"""Titles, writers, dates, sections, languages: one rule a test."""

from __future__ import annotations

import pytest

from crawler.extraction import extract
from crawler.extraction.authors import byline, named, people
from crawler.extraction.jsonld import story
from crawler.extraction.language import direction, language, order, script, tag

SENTENCE = "The council of the town opened a market on the bank of the river, and many people came to see it. "
TEXT = f"<p>{SENTENCE * 2}</p><p>{SENTENCE * 3}</p>"
NOBODY: frozenset[str] = frozenset()


def page(head: str, body: str = TEXT) -> str:
    return f"<html><head>{head}</head><body>{body}</body></html>"


# --- titles ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    [
        "A market by the river | The Post",
        "A market by the river - The Post",
        "The Post: A market by the river",
        "The Post » A market by the river",
        "A market by the river – Local – The Post",
    ],
)
def test_the_sites_name_is_no_part_of_a_title(title: str) -> None:
    got = extract(
        page(
            f'<title>{title}</title><meta property="og:site_name" content="The Post">', f"<h1>A market by the river</h1>{TEXT}"
        )
    )
    assert (got.title, got.found_in["title"]) == ("A market by the river", "h1")


def test_a_title_with_a_dash_of_its_own_stays_whole() -> None:
    assert extract(page("<title>Rain – and then some</title>")).title == "Rain – and then some"


def test_the_sites_name_in_the_title_is_seen_even_if_nothing_says_it() -> None:
    got = extract(page("<title>A market by the river - Whoever Writes This</title>", f"<div>A market by the river</div>{TEXT}"))
    assert got.title == "A market by the river"
    assert "A market" not in got.text


def test_a_logo_in_h1_is_not_the_title() -> None:
    head = '<title>A market by the river | The Post</title><meta property="og:site_name" content="The Post">'
    assert extract(page(head, f"<h1>The Post</h1><h2>A market by the river</h2>{TEXT}")).title == "A market by the river"


# --- writers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Jane Doe and Omar Said", ("Jane Doe", "Omar Said")),
        ("بقلم: ليلى المنصوري", ("ليلى المنصوري",)),
        ("كتب - أحمد سالم", ("أحمد سالم",)),
        ("Von Karl Weber, Lena Groß", ("Karl Weber", "Lena Groß")),
        ("Skrevet af: Søren Lund", ("Søren Lund",)),
        ("Escrito por Ana Ruiz", ("Ana Ruiz",)),
        ("Écrit par : Léa Martin", ("Léa Martin",)),
        ("Opracowała: Anna Nowak", ("Anna Nowak",)),
        ("All posts by: Jane Doe", ("Jane Doe",)),
        ("Par Léa Martin", ("Léa Martin",)),
        ("Por Ana Ruiz y Luis Gil", ("Ana Ruiz", "Luis Gil")),
        ("Автор: Иван Петров", ("Иван Петров",)),
        ("Της Μαρίας Παπαδοπούλου", ("Μαρίας Παπαδοπούλου",)),
        ("作者：王小明", ("王小明",)),
        ("记者：王小明、李红", ("王小明", "李红")),
        ("מאת: דנה לוי", ("דנה לוי",)),
        ("نویسنده: مریم رضایی", ("مریم رضایی",)),
        ("著者：後藤大地", ("後藤大地",)),
        ("โดย: สมชาย ใจดี", ("สมชาย ใจดี",)),
        ("लेखक: राम शर्मा", ("राम शर्मा",)),
        ("Penulis: Siti Rahma dan Budi Santoso", ("Siti Rahma", "Budi Santoso")),
        ("Írta: Kovács Anna és Nagy Péter", ("Kovács Anna", "Nagy Péter")),
        ("Tác giả: Lê Phương và Trần Minh", ("Lê Phương", "Trần Minh")),
        ("Kirjoittaja: Aino Virtanen ja Eero Laine", ("Aino Virtanen", "Eero Laine")),
        ("By Dan Brown", ("Dan Brown",)),
    ],
)
def test_a_byline_names_people(line: str, names: tuple[str, ...]) -> None:
    assert byline(line, NOBODY) == names


@pytest.mark.parametrize(
    "line",
    [
        "By the river",
        "Von hier an wird es schwierig",
        "كتب الأطفال في المعرض",
        "تحرير القدس الشريف",
        "Par amour",
        "By 2030",
        "Di Maio: no",
    ],
)
def test_a_line_that_only_begins_like_a_byline_is_none(line: str) -> None:
    assert byline(line, NOBODY) is None


@pytest.mark.parametrize(
    "text",
    ["admin", "Redaktion", "Reuters", "هيئة التحرير", "وكالات", "The Post", "news@post.example", "@jane", "新华社", "Staff"],
)
def test_roles_agencies_and_the_site_are_no_writers(text: str) -> None:
    assert people([text], frozenset({"the post"})) == ()


def test_a_field_for_names_is_taken_at_its_word() -> None:
    assert named(("By Power",), NOBODY) == ("By Power",)
    assert named(("By Jane Doe",), NOBODY) == ("Jane Doe",)
    assert named(("Robin Amberg",), NOBODY) == ("Robin Amberg",)


def test_a_commenter_is_no_writer_and_a_teasers_date_no_date() -> None:
    extra = (
        '<div class="comment"><span class="comment-author">Sam Loud</span></div>'
        '<div class="related"><time datetime="2020-01-02">2 January 2020</time></div>'
    )
    got = extract(page("<title>A market by the river</title>", f"<h1>A market by the river</h1>{TEXT}{extra}"))
    assert (got.authors, got.published) == ((), None)


# --- dates, sections, pictures -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "published", "where"),
    [
        ('<meta property="article:published_time" content="2026-11-17T09:30:00+02:00">', "2026-11-17T09:30:00+02:00", "meta"),
        ('<meta name="date" content="17/11/2026">', "2026-11-17", "meta"),
        ('<meta name="date" content="07/11/2026">', None, None),
        ('<meta name="date" content="0000-00-00">', None, None),
        ("", None, None),
    ],
)
def test_a_date_is_what_the_page_gives_or_none(markup: str, published: str | None, where: str | None) -> None:
    got = extract(page(markup))
    assert (got.published, got.found_in.get("published")) == (published, where)


def test_a_line_under_the_title_says_when_and_who_and_whence() -> None:
    line = "<div>17 November 2026 | By Jane Doe | Source: The River Agency</div><div>Updated: 18 November 2026</div>"
    got = extract(page("<title>A market by the river</title>", f"<h1>A market by the river</h1>{line}{TEXT}"))
    assert (got.published, got.modified, got.authors, got.source) == (
        "2026-11-17",
        "2026-11-18",
        ("Jane Doe",),
        "The River Agency",
    )


def test_the_day_in_an_address_is_the_last_resort() -> None:
    got = extract(page(""), "https://post.example/2026/11/17/market")
    assert (got.published, got.found_in["published"]) == ("2026-11-17", "url")


SAID_IN_UTC = """<script type="application/ld+json">
{"@type": "NewsArticle", "headline": "A market by the river", "datePublished": "2022-11-22T02:30:00Z"}</script>"""


@pytest.mark.parametrize(
    ("seen", "url", "published"),
    [
        ('<time datetime="2022-11-21T21:30:00-05:00">last night</time>', None, "2022-11-21T21:30:00-05:00"),
        ("<time>21 Nov 2022, 21:30</time>", None, "2022-11-21T21:30:00-05:00"),
        ("<time>٢٢ نوفمبر ٢٠٢٢ - ٠٥:٣٠ ص</time>", None, "2022-11-22T05:30:00+03:00"),
        ("", "https://example.org/2022/11/21/market", "2022-11-21"),
        ("", "https://example.org/2022/11/22/market", "2022-11-22T02:30:00Z"),
        ("", "https://example.org/2022/11/19/market", "2022-11-22T02:30:00Z"),
        ("<time>21 Nov 2022, 21:42</time>", None, "2022-11-22T02:30:00Z"),
        ("", None, "2022-11-22T02:30:00Z"),
    ],
)
def test_an_evening_stays_the_evening_of_its_place(seen: str, url: str | None, published: str) -> None:
    assert extract(page(SAID_IN_UTC, f"<h1>A market by the river</h1>{seen}{TEXT}"), url).published == published


@pytest.mark.parametrize(
    ("declared", "tld", "expected"),
    [
        ("ar", None, "dmy"),
        ("ar-EG", "com", "dmy"),
        ("fa-IR", None, "ymd"),
        ("zh-CN", None, "ymd"),
        ("ja", None, "ymd"),
        ("ru", None, "dmy"),
        ("he", "il", "dmy"),
        ("en-US", "uk", "mdy"),
        ("en-GB", "com", "dmy"),
        ("en", "uk", "dmy"),
        ("en", "com", None),
        (None, "de", None),
    ],
)
def test_figures_are_ordered_as_the_language_does_it(declared: str | None, tld: str | None, expected: str | None) -> None:
    assert order(declared, tld) == expected


def test_a_day_in_figures_is_read_where_the_language_is_told() -> None:
    body = f"<h1>سوق على ضفة النهر</h1><p>٠٣/٠٤/٢٠٢٢</p>{TEXT}"
    assert extract(f'<html lang="ar"><body>{body}</body></html>').published == "2022-04-03"
    assert extract(f"<html><body>{body}</body></html>").published is None


def test_a_section_is_the_last_step_before_the_article() -> None:
    steps = ("Home", "News", "Local", "A market by the river")
    trail = '<div class="breadcrumbs">' + "".join(f'<a href="/{step}">{step}</a>' for step in steps) + "</div>"
    assert extract(page("<title>A market by the river</title>", trail + TEXT)).section == "Local"


def test_trail_and_tags_are_found_in_what_is_no_text_of_the_page() -> None:
    steps = ("الرئيسية", "أخبار", "محليات")
    trail = '<nav class="breadcrumb">' + "".join(f'<a href="/{step}">{step}</a>' for step in steps) + "</nav>"
    below = '<footer><a href="/t/1" rel="tag">سوق</a> <a href="/t/2" rel="tag">نهر</a></footer>'
    got = extract(page("<title>سوق على ضفة النهر</title>", trail + TEXT + below))
    assert (got.section, got.tags) == ("محليات", ("سوق", "نهر"))


def test_what_is_below_a_picture_is_found_where_it_stands_in_no_figure() -> None:
    head = '<meta property="og:image" content="https://post.example/wp-content/uploads/market-by-the-river.jpg">'
    shown = '<img src="market-by-the-river-300x200.jpg"><p class="wp-caption-text">سوق على ضفة النهر</p>'
    got = extract(page(head, f'<div class="wp-caption">{shown}</div>{TEXT}'))
    assert got.image_caption == "سوق على ضفة النهر"


def test_addresses_are_absolute_and_resolve_against_base() -> None:
    head = '<base href="/deep/"><meta property="og:image" content="a.jpg"><link rel="canonical" href="b#c">'
    got = extract(page(head), "https://post.example/x")
    assert (got.image, got.canonical_url) == ("https://post.example/deep/a.jpg", "https://post.example/deep/b")


# --- JSON-LD -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "script",
    [
        '{"@type":"NewsArticle","headline":"A"}',
        '<!-- {"@type":"NewsArticle","headline":"A"} -->',
        '//<![CDATA[\n[{"@type":"WebSite","name":"S"},{"@type":["Thing","NewsArticle"],"headline":"A",}]\n//]]>',
        '{"@graph":[{"@type":"http://schema.org/NewsArticle","headline":"A"}]};',
        '{"@type":"NewsArticle","headline":"A","x":"a\nb"}',
    ],
)
def test_json_ld_is_read_as_it_is_found(script: str) -> None:
    assert story([script]).headline == "A"


def test_the_articles_node_wins_over_others_and_references_are_followed() -> None:
    graph = (
        '{"@graph":[{"@type":"NewsArticle","headline":"teaser"},{"@type":"Person","@id":"#p","name":"Jane Doe"},'
        '{"@type":"NewsArticle","headline":"A","datePublished":"2026-11-17","author":{"@id":"#p"}}]}'
    )
    got = story([graph])
    assert (got.headline, got.authors, got.published) == ("A", ("Jane Doe",), "2026-11-17")


# --- languages ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("افتتحت بلدية المدينة سوقا جديدة على ضفة النهر", "ar"),
        ("شهرداری شهر بازار تازه‌ای در کنار رودخانه گشود", "fa"),
        ("شہر کی بلدیہ نے دریا کے کنارے نئی منڈی کھول دی", "ur"),
        ("העירייה פתחה שוק חדש על גדת הנהר", "he"),
        ("Городской совет открыл новый рынок, и все были рады", "ru"),
        ("Міська рада відкрила новий ринок, і всі були раді цій події", "uk"),
        ("Ο δήμος άνοιξε νέα αγορά", "el"),
        ("市政府在河边开设了新市场", "zh"),
        ("市は川沿いに新しい市場を開いた", "ja"),
        ("시는 강가에 새 시장을 열었다", "ko"),
        (SENTENCE, "en"),
        (
            "Der Rat der Stadt hat den neuen Markt eröffnet und die Leute sind mit dem Schiff von dem Dorf gekommen",
            "de",
        ),
        (
            "Le conseil de la ville a ouvert un marché et les gens des villages sont venus pour la fête de la mairie",
            "fr",
        ),
        ("Millbrook Oslo Praha", None),
        ("1234 !!", None),
    ],
)
def test_letters_tell_a_language_or_nothing_does(text: str, expected: str | None) -> None:
    found = language(text, script(text), [])
    assert (found[0] if found else None) == expected


def test_a_declared_language_is_believed_unless_the_letters_contradict_it() -> None:
    arabic = "افتتحت بلدية المدينة سوقا جديدة"
    assert language(arabic, script(arabic), [("ar_EG", "html")]) == ("ar-EG", "html")
    assert language(arabic, script(arabic), [("en-US", "html"), ("ar", "og")]) == ("ar", "og")
    assert language(arabic, script(arabic), [("en-US", "html")]) == ("ar", "text")


def test_a_tag_is_bcp_47_or_nothing() -> None:
    assert [tag(text) for text in ("zh_hans_cn", "AR", "en, fr", "english!", "", None)] == [
        "zh-Hans-CN",
        "ar",
        "en",
        None,
        None,
        None,
    ]


def test_the_way_of_the_text_goes_before_the_declared_one() -> None:
    assert (direction("ARABIC", "ltr"), direction("LATIN", "rtl"), direction(None, "RTL"), direction(None, None)) == (
        "rtl",
        "ltr",
        "rtl",
        None,
    )
