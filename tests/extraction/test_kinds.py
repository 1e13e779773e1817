"""What kind a page is of, and what its text is if it is no article: pages of our own making, in many scripts."""

from __future__ import annotations

import pytest

from crawler.extraction import extract, forest, roles
from crawler.model import Article

ARABIC = (
    "أعلنت الوزارة اليوم عن بدء العمل في المشروع الجديد الذي يربط المدينتين، "
    "وقال المتحدث باسمها إن العمل سيستمر ثلاث سنوات كاملة."
)
CHINESE = "该市交通部门周二表示，新建的跨江大桥将于明年春天开始动工，预计三年内建成通车，届时两岸居民的出行时间将缩短一半以上。"
RUSSIAN = (
    "Городские власти объявили во вторник, что строительство нового моста начнётся весной и продлится, по расчётам, три года."
)
GERMAN = "Die Stadt hat am Dienstag mitgeteilt, dass der Bau der neuen Brücke im Frühjahr beginnt und drei Jahre dauern soll."
TEXTS = {"ar": ARABIC, "zh": CHINESE, "ru": RUSSIAN, "de": GERMAN}
HEADLINES = {
    "ar": "بدء العمل في الجسر الجديد بين المدينتين",
    "zh": "新建跨江大桥将于明年春天动工三年建成",
    "ru": "Строительство нового моста начнётся весной",
    "de": "Bau der neuen Brücke beginnt im Frühjahr",
}
POSTS = 16
PAGER = '<div class="pagination"><a href="?page=2">2</a></div>'
MENU = "<nav><ul>" + "".join(f'<li><a href="/m{n}">{n}</a></li>' for n in range(8)) + "</ul></nav>"


def read(body: str, lang: str = "en", head: str = "", url: str = "https://example.org/") -> Article:
    """The article of a page with this body."""
    page = f"<html lang={lang}><head><title>Example</title>{head}</head><body>{MENU}{body}</body></html>"
    return extract(page, url, "text/html")


def story(lang: str) -> str:
    paragraphs = "".join(f"<p>{TEXTS[lang]} {TEXTS[lang]} ({n})</p>" for n in range(7))
    return f"<article><h1>{HEADLINES[lang]}</h1>{paragraphs}</article>"


def front(lang: str) -> str:
    """A section's page: cards with a picture, a linked headline, a teaser and a date."""
    cards = "".join(
        f'<div class="card post-item"><a href="/n/{n}"><img src="/{n}.jpg"></a><h3 class="card-title"><a href="/n/{n}">'
        f'{HEADLINES[lang]} {n}</a></h3><span class="date">2026-11-{n + 1:02}</span></div>'
        for n in range(24)
    )
    return f'<main><h1>{HEADLINES[lang][:8]}</h1><div class="grid list">{cards}</div>{PAGER}</main>'


def thread(lang: str) -> str:
    """Posts of one to three short sentences, each with who wrote it, when, and a signature."""
    posted = TEXTS[lang][: 20 if lang == "zh" else 50]
    posts = "".join(
        f'<div class="post" id="p{n}"><div class="postprofile"><a class="username" href="/u/{n}">user{n}</a>'
        f"<span>Posts: {n}12</span>"
        f'</div><div class="postbody"><p class="author">2026-11-{n + 1:02}</p>'
        f'<div class="content">#{n} {posted * (1 + n % 3)}</div>'
        f'<div class="signature">-- sig{n} --</div></div></div>'
        for n in range(POSTS)
    )
    return f'<div id="page-body"><h2 class="topic-title"><a href="/t/1">{HEADLINES[lang]}</a></h2>{posts}</div>'


@pytest.mark.parametrize("lang", sorted(TEXTS))
def test_an_article_is_one_in_any_script_without_saying_so(lang: str) -> None:
    found = read(story(lang), lang, url="https://example.org/2026/11/22/a-bridge-between-two-towns")
    assert found.kind == "article"
    assert found.found_in["kind"] == "structure"
    assert 0.5 <= found.sure["kind"] <= 1.0


def test_a_page_that_says_it_is_an_article_and_has_the_text_is_one() -> None:
    head = '<meta property="og:type" content="article"><meta property="article:published_time" content="2026-11-22T10:00:00Z">'
    found = read(story("de"), "de", head)
    assert (found.kind, found.found_in["kind"], found.sure["kind"]) == ("article", "og", 0.99)


@pytest.mark.parametrize("lang", sorted(TEXTS))
def test_a_page_of_headlines_is_a_listing_in_any_script(lang: str) -> None:
    assert read(front(lang), lang, url="https://example.org/category/news/").kind == "listing"


def test_what_says_it_is_an_article_with_a_date_is_never_a_listing() -> None:
    head = '<meta property="og:type" content="article"><meta property="article:published_time" content="2026-11-22T10:00:00Z">'
    assert read(front("de"), "de", head, url="https://example.org/category/news/").kind != "listing"


def test_a_live_blog_is_told_by_its_json_ld() -> None:
    said = '{"@type": "LiveBlogPosting", "headline": "x", "datePublished": "2026-11-22"}'
    head = f'<script type="application/ld+json">{said}</script>'
    assert read(story("ar"), "ar", head).kind == "live"


@pytest.mark.parametrize("lang", sorted(TEXTS))
def test_a_thread_is_a_forum_and_all_its_posts_are_its_text(lang: str) -> None:
    found = read(thread(lang), lang, url="https://forum.example.org/viewtopic.php?t=12")
    assert found.kind == "forum"
    assert all(f"#{n}" in found.text for n in range(POSTS))
    assert "Posts:" not in found.text


def test_a_thread_is_no_article_for_saying_when_it_was_opened() -> None:
    posting = '{"@type": "DiscussionForumPosting", "headline": "x", "datePublished": "2026-11-22", "author": {"name": "kaja"}}'
    head = f'<meta property="og:type" content="article"><script type="application/ld+json">{posting}</script>'
    found = read(thread("de"), "de", head, url="https://forum.example.org/viewtopic.php?t=12")
    assert (found.kind, found.authors) == ("forum", ("kaja",))


def test_a_thread_in_a_noscript_is_read() -> None:
    found = read(
        f'<div id="app">…</div><noscript>{thread("de")}</noscript>', "de", url="https://forum.example.org/t/a-bridge/12"
    )
    assert all(f"#{n}" in found.text for n in range(POSTS))


def test_a_page_that_fell_into_a_noscript_is_read() -> None:
    torn = f'<noscript><div id="old"></noscript><div id="page">{story("de")}</div>'
    whole = f'<div id="page">{story("de")}</div>'
    assert read(torn, "de").text == read(whole, "de").text != ""


def test_a_noscript_beside_a_text_is_left_out() -> None:
    found = read(
        story("de") + "<noscript><p>Bitte schalten Sie JavaScript ein, um alles auf dieser Seite zu sehen.</p></noscript>"
    )
    assert "JavaScript" not in found.text


def test_a_page_without_text_has_no_kind() -> None:
    found = extract("<html><body><div></div></body></html>", None, "text/html")
    assert found.kind is None
    assert "kind" not in found.sure


def test_names_of_boxes_are_read_as_whole_words() -> None:
    assert roles.named(' class="postal-code"').roles & roles.TALK == 0
    assert roles.named(' class="post-body"').roles & roles.TALK
    assert roles.named(' class="productPrice"').roles & roles.SHOP
    assert roles.named(' id="x7" class="card wide"').classes == "card wide"


@pytest.mark.parametrize("begins", ["", 'id="x7" '])
def test_classes_that_were_cut_off_are_none(begins: str) -> None:
    assert roles.named(f'{begins}class="card {"wide " * 100}"').classes == ""


def test_a_forest_adds_up_its_trees() -> None:
    trees = forest.read("0<1.5 -1 1<2 3 4\n1<0 0.5 -0.5")
    assert trees([1.0, 9.0]) == -1.5
    assert trees([2.0, 2.0]) == 2.5
    assert trees([2.0, -1.0]) == 3.5
