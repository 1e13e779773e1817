"""Headlines: which of a page's voices is heard, and what is cut from it; one rule a test."""

from __future__ import annotations

import pytest

from crawler.extraction import extract

SENTENCE = "The council of the town opened a market on the bank of the river, and many people came to see it. "
TEXT = f"<p>{SENTENCE * 2}</p><p>{SENTENCE * 3}</p>"
HEADLINE = "A market opens by the river at last"


def titled(head: str = "", body: str = "", url: str | None = None) -> str | None:
    return extract(f"<html><head>{head}</head><body>{body}{TEXT}</body></html>", url).title


def og(title: str) -> str:
    return f'<meta property="og:title" content="{title}">'


@pytest.mark.parametrize(
    ("kicker", "headline", "below"),
    [
        ('<span class="overline">Trade</span>', HEADLINE, ""),
        ('<span class="head__kicker">تجارة</span><span class="hidden">–</span>', "سوق جديدة على ضفة النهر تفتح أبوابها", ""),
        ("<small>市场</small>", "河边的新市场今天终于开张了", ""),
        ("", "Новый рынок у реки наконец открыт", '<span class="entry-subtitle">Многие пришли посмотреть</span>'),
        ("", "Νέα αγορά άνοιξε δίπλα στο ποτάμι", "<h4>Πολλοί ήρθαν να τη δουν</h4>"),
    ],
)
def test_what_stands_above_or_below_the_headline_in_its_element_is_no_part_of_it(
    kicker: str, headline: str, below: str
) -> None:
    assert titled(body=f'<h1>{kicker}<span class="text">{headline}</span>{below}</h1>') == headline


def test_a_colon_makes_one_headline_of_two_parts() -> None:
    whole = '<h1><span class="kicker">Trade</span><span class="hidden">:</span> <span>A market opens by the river</span></h1>'
    assert titled(body=whole) == "Trade : A market opens by the river"


def test_a_kicker_that_only_the_page_shows_is_no_part_of_the_headline() -> None:
    said = f"<title>New trade: {HEADLINE}</title>{og(HEADLINE)}"
    assert titled(said, f"<h1>New trade: {HEADLINE}</h1>") == HEADLINE


def test_what_is_shown_and_shared_goes_before_what_is_written_for_search() -> None:
    search = "Best river markets this year: ten of them, with prices and a map"
    story = f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{search}"}}</script>'
    assert titled(f"<title>{search}</title>{og(HEADLINE)}{story}", f"<h1>{HEADLINE}</h1>") == HEADLINE


@pytest.mark.parametrize(
    ("search", "shown"),
    [
        ("ما هي سوق النهر؟ دليل كامل", "ما هي سوق النهر التي افتتحتها المدينة؟"),
        ("Рынок у реки: адрес, цены", "Как рынок у реки изменил цены в городе"),
        ("River markets: a guide for cooks [2026]", "A guide to river markets, and to cooks"),
    ],
)
def test_an_h1_that_is_like_what_one_program_wrote_into_all_tags_is_the_writers(search: str, shown: str) -> None:
    story = f'<script type="application/ld+json">{{"@type":"Article","headline":"{search} - The Post"}}</script>'
    tags = f'<title>{search} - The Post</title>{og(f"{search} - The Post")}<meta property="og:site_name" content="The Post">'
    assert titled(f"{tags}{story}", f"<h1>{shown}</h1>") == shown
    assert titled(f"{tags}{story}", "<h1>Our new daily page of stories</h1>") == search


@pytest.mark.parametrize(
    ("name", "about", "site"),
    [
        ("الضفة", "حي في المدينة القديمة", "موسوعة، الكتاب الحر"),
        ("金锺国", "韓國男藝人", "百科，自由的全书"),
        ("Bank", "edge of a river", "The Book"),
    ],
)
def test_what_json_ld_says_of_a_thing_is_not_the_name_of_its_page(name: str, about: str, site: str) -> None:
    story = f'<script type="application/ld+json">{{"@type":"Article","name":"{name}","headline":"{about}"}}</script>'
    assert titled(f"{story}{og(f'{name} - {site}')}<title>{name} - {site}</title>", f"<h1>{name}</h1>") == name


def test_a_headline_that_a_program_cut_is_given_in_full() -> None:
    story = f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{HEADLINE[:22]}..."}}</script>'
    assert titled(f"{story}{og('Go to the river')}<title>{HEADLINE} | The Post</title>", f"<h1>{HEADLINE}</h1>") == HEADLINE
    assert titled(og("And then..."), "<h1>And then...</h1>") == "And then..."


@pytest.mark.parametrize("bar", ["-", "_", "__", " - ", "|"])
def test_in_scripts_without_blanks_a_bar_may_have_none_either(bar: str) -> None:
    shown = "河边的新市场：今天终于开张了！"
    assert titled(f"<title>{shown}{bar}河边日报</title>", f"<div>{shown}</div>") == shown
    assert titled(f"<title>{shown}-河边日报</title>") == f"{shown}-河边日报"


def test_the_mark_that_links_to_a_heading_is_no_part_of_it() -> None:
    assert titled(body=f'<h1>{HEADLINE}<a href="#top">¶</a></h1>') == HEADLINE
    assert titled(body=f'<h1>{HEADLINE} <a href="#top">#</a></h1>') == HEADLINE
    assert titled(body=f"<h1>{HEADLINE} in C#</h1>") == f"{HEADLINE} in C#"


def test_a_heading_that_says_more_than_the_tags_is_the_headline() -> None:
    short, whole = "Ten markets worth seeing in spring", "Ten markets worth seeing in spring, visited by a cook"
    assert titled(f"<title>{short}</title>{og(short)}", f"<h1>{whole}</h1>") == whole


def test_a_blogs_name_in_h1_is_not_the_title_though_the_title_begins_with_it() -> None:
    said = f"<title>Letters from Harbour Street: {HEADLINE}</title>{og(HEADLINE)}"
    assert titled(said, "<h1>Letters from Harbour Street</h1><h1>Why</h1>") == HEADLINE


def test_a_headline_that_is_given_for_the_sites_name_too_is_still_the_title() -> None:
    said = f'<title>{HEADLINE}</title><meta property="og:site_name" content="{HEADLINE}">'
    assert titled(said, f"<h1>{HEADLINE}</h1>") == HEADLINE


def test_a_page_that_says_only_the_sites_name_has_no_title() -> None:
    assert titled('<title>The Post</title><meta property="og:site_name" content="The Post">', "<h1>The Post</h1>") is None


def test_a_name_at_the_end_of_the_hosts_is_the_sites() -> None:
    said = f"<title>{HEADLINE} | Riverbank</title>{og(HEADLINE + ' | Riverbank')}"
    assert titled(said, url="https://myriverbank.example/a") == HEADLINE


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("Riverbank Town Garden Society", "rtgs.example"),
        ("Museum of the River", "museumriver.example"),
        ("Verein für Gartenbau an der Mündung", "vfgadm.example"),
    ],
)
def test_a_name_that_the_host_is_short_for_is_the_sites(name: str, host: str) -> None:
    said = f"<title>{HEADLINE} | {name}</title>{og(f'{HEADLINE} | {name}')}"
    assert titled(said, url=f"https://www.{host}/a") == HEADLINE


def test_a_name_that_the_host_is_not_short_for_stays() -> None:
    for name in ("Ten Cooks Tell", "River Markets in Town Side by Side Today"):
        said = f"<title>{HEADLINE} | {name}</title>"
        assert titled(said, url="https://www.riverside.example/a") == f"{HEADLINE} | {name}"


SHOWN = [
    ("سوق الضفة: متى تفتح وأين تقع", "", "سوق جديدة على ضفة النهر تفتح أبوابها"),
    ("河边新市场开张时间和地址", '<span class="a">城市</span>', "河边的新市场今天终于开张了"),
    ("Рынок у реки: адрес и часы работы", '<div><b>Город</b><i aria-hidden="true"> – </i></div>', "Новый рынок у реки открыт"),
    ("שוק על הנהר: שעות פתיחה", "<div>עיר</div>", "שוק חדש נפתח על גדת הנהר"),
    ("River market: opening hours and map", "<span>Town</span>", HEADLINE),
]


@pytest.mark.parametrize(("search", "kicker", "headline"), SHOWN)
def test_an_h1_written_for_search_gives_way_to_the_h2_that_readers_see(search: str, kicker: str, headline: str) -> None:
    said = f"<title>{search} | The Post</title>{og(headline)}"
    assert titled(said, f"<nav><h1>{search}</h1></nav><h2>{kicker}<span>{headline}</span></h2>") == headline


@pytest.mark.parametrize(("search", "kicker", "headline"), SHOWN)
def test_an_h2_that_json_ld_has_goes_before_an_h1_that_all_others_have(search: str, kicker: str, headline: str) -> None:
    story = f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{headline}"}}</script>'
    assert titled(f"<title>{search}</title>{og(search)}{story}", f"<h1>{search}</h1><h2>{headline}</h2>") == headline


def test_a_kicker_and_a_headline_that_are_shared_as_one_are_still_two() -> None:
    shown = f"<h1>River market: opening hours and map</h1><h2><span>New in town</span><div>{HEADLINE}</div></h2>"
    assert titled(og(f"New in town: {HEADLINE}"), shown) == HEADLINE


def test_an_h2_with_a_colon_or_among_the_texts_headings_is_not_the_headline() -> None:
    search = "River market: opening hours and map"
    said = f"<title>{search}</title>{og(f'Town: {HEADLINE}')}"
    assert titled(said, f"<h1>{search}</h1><h2><b>Town</b><i>:</i> {HEADLINE}</h2>") == search
    said = f"<title>{search}</title>{og(HEADLINE)}"
    assert titled(said, f"<h1>{search}</h1>{'<h2>A heading of the text</h2>' * 5}<h2>{HEADLINE}</h2>") == search


def test_a_front_page_is_called_as_it_is_shared_not_by_its_slogan() -> None:
    said = f"{og('Riverbank: software for markets')}<title>Riverbank: software for markets</title>"
    slogan = "<h1>Software you will love, for markets</h1>"
    assert titled(said, slogan, "https://riverside.example/") == "Riverbank: software for markets"
    assert titled(og("Software for markets") + "<title>Markets</title>", slogan, "https://riverside.example/a") == (
        "Software you will love, for markets"
    )
    assert titled(og("Riverside") + "<title>Riverside</title>", slogan, "https://riverside.example/") == (
        "Software you will love, for markets"
    )


@pytest.mark.parametrize(
    ("chapter", "book"),
    [
        ("كيف تفتح سوقا على ضفة النهر", "كتاب التجار الجدد في المدينة القديمة"),
        ("What is a market made of?", "The market keeper's handbook"),
    ],
)
def test_a_chapter_is_not_called_after_its_book(chapter: str, book: str) -> None:
    assert titled(f"<title>{chapter} - {book}</title>", f"<header><h1>{book}</h1></header><h2>{chapter}</h2>") == chapter
    assert titled(f"<title>News - {HEADLINE}</title>", f"<h2>News</h2><h1>{HEADLINE}</h1>") == HEADLINE


@pytest.mark.parametrize("home", ["Home", "Startseite", "الرئيسية", "首页", "Главная"])
def test_a_front_page_is_called_after_its_site(home: str) -> None:
    said = f'<title>{home} - The Post</title><meta property="og:site_name" content="The Post">'
    assert titled(said) == "The Post"


def test_entities_that_were_written_twice_are_read() -> None:
    assert (
        titled(body="<h1>Bread &amp;amp; roses for &amp;#x2018;everybody&amp;#x2019;</h1>") == "Bread & roses for ‘everybody’"
    )


def test_a_title_in_utf8_that_a_program_took_for_latin_1_is_read() -> None:
    assert titled("<title>The kidsâ\x80\x99 market by the river</title>".replace("\x80", "\u0080")) == (
        "The kids’ market by the river"
    )


def test_a_style_within_a_heading_is_not_read() -> None:
    assert titled(body=f"<h1><style>.a{{color:red}}</style>{HEADLINE}</h1>") == HEADLINE


def test_buttons_and_hidden_parts_of_a_heading_are_not_read() -> None:
    inner = "<button>Copy the link</button><span hidden>Keep it for later</span>"
    assert titled(body=f"<h1>{HEADLINE} {inner}</h1>") == HEADLINE


def test_a_heading_that_moves_and_so_stands_there_thrice_is_read_once() -> None:
    assert titled(body=f"<h1>{f'<span>{HEADLINE}</span>' * 3}</h1>") == HEADLINE
    assert titled(body="<h1>Bora Bora Bora</h1>") == "Bora Bora Bora"


def test_what_all_agree_on_is_the_title_unless_it_is_the_sites_name() -> None:
    story = f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{HEADLINE}"}}</script>'
    assert titled(f"{story}{og(HEADLINE)}<title>{HEADLINE} | The Post</title>", f"<h1>{HEADLINE.upper()}</h1>") == HEADLINE
    site = f'{og("The Post")}<meta property="og:site_name" content="The Post"><title>The Post: {HEADLINE}</title>'
    assert titled(site, "<h1>The Post</h1>") != "The Post"


@pytest.mark.parametrize(
    ("site", "steps", "headline"),
    [
        ("مدونة النهر", "أرشيف المدونة » ", "سوق جديدة على ضفة النهر تفتح أبوابها"),
        ("The River Post", "Blog Archive » ", HEADLINE),
        ("Ο Ποταμός", "", "Νέα αγορά άνοιξε δίπλα στο ποτάμι"),
    ],
)
def test_a_title_that_leads_from_the_site_to_the_page_ends_with_the_headline(site: str, steps: str, headline: str) -> None:
    assert titled(f"<title>{site} » {steps}{headline}</title>", f"<h1>{site}</h1>") == headline


def test_a_trail_from_a_site_its_address_knows_ends_with_the_headline() -> None:
    head = f"<title>The River Post » Archive » {HEADLINE}</title>"
    assert titled(head, url="https://riverpost.example/2007/market/") == HEADLINE
    assert titled(head, url="https://other.example/2007/market/") == f"The River Post » Archive » {HEADLINE}"
