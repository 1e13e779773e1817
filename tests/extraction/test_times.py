"""When a page came out: whom to believe, and what is no day of publication; one rule a test."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.extraction import blocks, extract
from crawler.extraction.around import around
from crawler.extraction.times import in_scripts, in_url

SENTENCE = "The council of the town opened a market on the bank of the river, and many people came to see it. "
TEXT = f"<p>{SENTENCE * 2}</p><p>{SENTENCE * 3}</p><p>{SENTENCE * 3}</p>"
TITLE = "<title>A market opens by the river</title>"
H1 = "<h1>A market opens by the river</h1>"


def read(head: str = "", top: str = "", end: str = "", lang: str = "en-GB") -> tuple[str | None, str | None]:
    """Published and modified, the day only."""
    article = f"<article>{H1}{top}{TEXT}{end}</article>"
    got = extract(f'<html lang="{lang}"><head>{TITLE}{head}</head><body>{article}</body></html>')
    return got.published and got.published[:10], got.modified and got.modified[:10]


def test_what_opengraph_says_goes_before_a_property_that_may_be_a_cards() -> None:
    card = '<meta itemprop="datePublished" content="2024-03-10">'
    assert read('<meta property="article:published_time" content="2022-05-03T10:00:00+02:00">', end=card)[0] == "2022-05-03"


@pytest.mark.parametrize(
    "made",
    [
        '<span itemprop="datePublished">3 May 2022</span>',
        '<abbr itemprop="datePublished" title="2022-05-03">yesterday</abbr>',
        '<div property="schema:datePublished" content="2022-05-03">yesterday</div>',
        '<meta itemprop="datePublished" content="2022-05-03">',
        '<relative-time datetime="2022-05-03T10:00:00Z">yesterday</relative-time>',
    ],
)
def test_what_is_marked_up_as_a_date_is_one_whatever_its_element(made: str) -> None:
    assert read(top=made)[0] == "2022-05-03"


def test_an_element_in_the_articles_own_footer_is_the_articles() -> None:
    end = '<footer class="entry-footer">Filed on <time class="published" datetime="2022-05-03">3 May</time></footer>'
    assert read(end=end)[0] == "2022-05-03"


def test_a_quoted_post_has_its_own_date() -> None:
    post = '<blockquote class="post"><p>Look!</p><time datetime="2018-03-12T19:30:12+00:00">Mar 12</time></blockquote>'
    assert read(top=post) == (None, None)


@pytest.mark.parametrize(
    ("line", "lang"),
    [
        ("Updated <time datetime='2024-01-08'>8 January 2024</time>", "en"),
        ("<span class='date'>Last updated on 8 January 2024</span>", "en"),
        ("<span class='date'>آخر تحديث: 8 يناير 2024</span>", "ar"),
        ("<span class='post-time'>Обновлено 8 января 2024</span>", "ru"),
        ("<span class='date'>更新：2024年1月8日</span>", "zh"),
    ],
)
def test_the_day_of_a_change_is_not_that_of_publication(line: str, lang: str) -> None:
    assert read(top=f"<div>{line}</div>", lang=lang) == (None, "2024-01-08")


@pytest.mark.parametrize(
    ("lines", "day"),
    [
        ("<p class='date'>نشر في 3 مايو 2022</p><p class='date'>آخر تحديث: 8 يناير 2024</p>", "2022-05-03"),
        ("<p class='date'>آخر تحديث: 8 يناير 2024</p>", "2024-01-08"),
        ("", None),
    ],
)
def test_the_one_date_of_an_article_is_that_of_its_change_only_where_no_other_is_told(lines: str, day: str | None) -> None:
    assert extract(f"<html lang=ar><head>{TITLE}</head><body><article>{H1}{lines}{TEXT}</article></body></html>").date == day


@pytest.mark.parametrize(
    ("line", "lang"),
    [
        ("Member since 18 September 2008", "en"),
        ("Registriert: 18.09.2008", "de"),
        ("تاريخ التسجيل: 18 سبتمبر 2008", "ar"),
        ("Зарегистрирован: 18 сентября 2008", "ru"),
        ("注册：2008年9月18日", "zh"),
        ("Limited offer, redeem by 18 September 2008", "en"),
    ],
)
def test_the_day_a_member_joined_or_an_offer_ends_is_no_day_of_publication(line: str, lang: str) -> None:
    assert read(top=f"<p>{line}</p>", lang=lang)[0] is None


def test_elements_without_a_blank_between_them_are_told_apart() -> None:
    assert read(top="<div><b>Jane</b><span>28.09.19</span><span>12:44</span></div>", lang="de")[0] == "2019-09-28"
    line = "<div><span>Health</span><span>DECEMBER 22, 2022</span><span>Updated: JANUARY 02, 2026</span></div>"
    assert read(top=line) == ("2022-12-22", "2026-01-02")


def test_bars_may_stand_between_day_month_and_year() -> None:
    assert read(top="<p>26 | 01 | 2022</p>", lang="de")[0] == "2022-01-26"


def test_one_element_may_give_both_days() -> None:
    line = '<p class="date">December 3, 2025. Updated: December 7, 2025</p>'
    assert read(top=f"<div><div>{'<p>A caption of the picture, as long as they are on many pages.</p>' * 9}</div>{line}</div>")[
        0
    ] == ("2025-12-03")


def test_a_day_below_the_text_is_believed_last() -> None:
    called = '<p class="meta-date">4 January 2020</p>'
    assert read(end=f"{called}<p>This was first shown on 27 August 2015.</p>")[0] == "2020-01-04"


def test_what_stands_between_the_last_lines_kept_is_looked_at_for_a_day_too() -> None:
    posted = "Posted by Dana on 3 May 2024"
    found = blocks.parse(LexborHTMLParser(f"<p>{SENTENCE}</p><p>{SENTENCE}</p><p>{posted}</p><p>{SENTENCE}</p>"))
    kept = [block for block in found.blocks if block.text != posted]
    assert posted in around(found, kept, None).below


def test_a_midnight_in_utc_is_the_day_that_readers_see() -> None:
    said = '<meta property="article:published_time" content="2021-11-04T23:00Z">'
    assert read(said, "<p>5 November 2021</p>")[0] == "2021-11-05"
    assert read(said.replace("23:00Z", "23:12Z"), "<p>5 November 2021</p>")[0] == "2021-11-04"


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("https://a.example/2023/october/03/wine", "2023-10-03"),
        ("https://a.example/news/29-10-2021", "2021-10-29"),
        ("https://a.example/news/03-04-2021", None),
        ("https://a.example/2021/things/12/", None),
    ],
)
def test_the_day_in_an_address_may_be_in_words_or_day_first(address: str, day: str | None) -> None:
    when = in_url(address)
    assert (when and when.iso) == day


def test_the_data_of_a_pages_programs_tell_its_day_if_they_agree() -> None:
    found = in_scripts(rb'{"published_at":"2019-03-02T06:22:28+01:00"} {\"datePublished\":\"2019-03-02\"}')
    assert found is not None
    assert (found.when.iso, found.where) == ("2019-03-02T06:22:28+01:00", "script")
    assert in_scripts('{"pubDate": "2019-03-02"} {"pubDate": "2019-03-03"}') is None
    assert in_scripts('{"createdAt": "2019-03-02"}') is None


def test_moments_in_a_zone_of_their_own_need_no_other_evidence() -> None:
    story = (
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"A market","datePublished":'
        '"2022-05-03T10:00:00+02:00","dateModified":"2022-05-04T10:00:00+02:00"}</script>'
    )
    assert read(story, '<time datetime="2022-05-01">1 May</time>') == ("2022-05-03", "2022-05-04")


def test_of_several_elements_beside_the_headline_the_shown_one_is_the_articles() -> None:
    column = "".join(f"<li><time datetime='2019-07-{day}'></time>Another story</li>" for day in (28, 29, 30))
    article = f"<div><ul>{column}</ul>{H1}<time datetime='2019-06-27'>27 June 2019</time><div>{TEXT}</div></div>"
    assert (extract(f"<html lang='en-GB'><head>{TITLE}</head><body>{article}</body></html>").published) == "2019-06-27"


def test_the_markup_names_the_publication_where_readers_see_a_later_change() -> None:
    line = "<span itemprop='datePublished' content='2022-11-08'>Updated on September 6, 2025</span>"
    assert read(top=f"<div>{line}</div>")[0] == "2022-11-08"


@pytest.mark.parametrize(
    ("line", "lang"),
    [
        ("Letzte Änderung: 31.10.2023 - 14:49<br>Erschienen am: 01.11.2023<br>Lesungen: 61", "de"),
        ("<p>Mise en ligne</p><p>1 novembre 2023</p>", "fr"),
        ("<p>تاريخ النشر: 1 نوفمبر 2023</p>", "ar"),
        ("<p>Дата публикации: 1 ноября 2023</p>", "ru"),
        ("<p>发布时间：2023年11月1日</p>", "zh"),
        ("<p>תאריך פרסום: 1 בנובמבר 2023</p>", "he"),
        ("<p>تاریخ انتشار: 2023/11/01</p>", "fa"),
        ("<p>公開日：2023年11月1日</p>", "ja"),
        ("<p>Ημερομηνία δημοσίευσης: 1 Νοεμβρίου 2023</p>", "el"),
        ("<p>» Publié le mer: 1 novembre 2023</p>", "fr"),
        ("<p>— Posted on Wed: 1 November 2023</p>", "en"),
        ("<p>Post time: Nov-01-2023</p>", "en"),
        ("<p>Published: November 1, 2023</p>", "en"),
        ("<p>Veröffentlichung: 01.11.2023</p>", "de"),
        ("<p>Ngày đăng: 01/11/2023</p>", "vi"),
        ("<p>Diterbitkan: 1 November 2023</p>", "id"),
    ],
)
def test_a_line_far_off_that_is_labelled_for_it_tells_the_day(line: str, lang: str) -> None:
    far = "<p>A line of the foot</p>" * 12
    assert read(end=f"<section>{far}{line}</section>", lang=lang)[0] == "2023-11-01"


def test_labels_that_name_several_days_tell_none() -> None:
    far = "<p>A line of the foot</p>" * 12
    stories = "".join(f"<div>A story</div><div>Published on {day} May 2023</div>" for day in (3, 4))
    assert read(end=f"<section>{far}{stories}</section>")[0] is None


def test_a_long_line_about_a_day_does_not_say_when_it_came_out() -> None:
    about = "The next meeting of the friends of the old market hall takes place on 5 February 2020 in the cafe by the river."
    assert read(top=f"<p>{about}</p>")[0] is None
    assert read(
        top="<p>Published on 5 February 2020 in the section for the town, the river and the old market hall of all</p>"
    )[0] == ("2020-02-05")


def test_the_days_of_an_event_are_none_of_publication() -> None:
    assert read(top="<p>Week 14. - 20. Januar 2022</p>", lang="de")[0] is None
    assert read(top="<p>14-20 January 2022</p>")[0] is None
    assert read(top="<p>10:14 - 20 January 2022</p>")[0] == "2022-01-20"


def test_a_page_shows_by_its_other_dates_how_it_writes_them() -> None:
    others = "<aside><p>A story</p><p>11/25/2025</p><p>A story</p><p>11/22/2025</p></aside>"
    assert read(top="<p>12/09/2025</p>", end=others, lang="en")[0] == "2025-12-09"
    assert read(top="<p>12/09/2025</p>", lang="en")[0] is None


def test_cyrillic_and_greek_pages_write_the_day_first_though_they_declare_no_language() -> None:
    text = f"<p>{'Город открыл рынок на берегу реки, и много людей пришло посмотреть на него. ' * 4}</p>" * 3
    page = f"<title>Рынок у реки</title><h1>Рынок у реки</h1><p>04.01.2012 12:23</p>{text}"
    assert extract(page).published == "2012-01-04T12:23:00"


def test_of_two_lines_with_one_day_that_with_the_time_is_taken() -> None:
    assert extract(
        f"<html lang=en-GB>{TITLE}{H1}<p>3 May 2022</p><p>Published: 3 May 2022, 10:15</p>{TEXT}</html>"
    ).published == ("2022-05-03T10:15:00")


def test_no_zone_is_made_of_the_times_of_a_thread() -> None:
    posts = "".join(f"<p>answered <time>May 4, 2022 at {n}:{3 * n + 1:02}</time></p><p>{SENTENCE}</p>" for n in range(12))
    head = '<meta property="article:published_time" content="2022-05-03T22:10:00Z">'
    page = f"<html lang='en'><head>{TITLE}{head}</head><body>{H1}{TEXT}{posts}</body></html>"
    assert extract(page).published == "2022-05-03T22:10:00Z"


def test_where_saving_the_page_set_both_moments_the_day_that_is_shown_holds() -> None:
    moments = '"datePublished": "2022-11-17T10:33:13Z", "dateModified": "2022-11-17T10:32:58Z"'
    story = f'<script type="application/ld+json">{{"@type": "Article", {moments}}}</script>'
    assert read(story, top="<p>9 March 2022</p>")[0] == "2022-03-09"
    assert read(story, top="<p>What was said on 9 March 2022 at the market by the river</p>")[0] == "2022-11-17"
    assert read(story.replace("17T10:32:58", "19T10:32:58"), top="<p>9 March 2022</p>")[0] == "2022-11-17"


def test_the_day_with_which_the_text_opens_goes_before_todays_at_the_top_of_the_page() -> None:
    page = f"<p>Wednesday, 1 November 2023</p><p>Columns</p><article><p>31 October 2023. {SENTENCE * 2}</p>{TEXT}</article>"
    assert extract(f"<html lang='en'><title>On the river</title>{page}</html>").published == "2023-10-31"


def test_a_date_above_a_headline_that_the_pictures_caption_repeats_is_seen() -> None:
    caption = "<figure><img src='a.jpg'><p>A market opens by the river</p></figure><p>Key points</p>"
    page = f"<div>This story is from 9 October 2019</div>{H1}<div>By Jane Doe</div>{caption}{TEXT}"
    assert extract(f"<html lang='en'><head>{TITLE}</head><body>{page}</body></html>").published == "2019-10-09"


def test_the_letters_of_a_text_tell_the_order_of_its_figures_where_no_language_is_declared() -> None:
    text = "<p>" + "Die Stadt hat am Ufer des Flusses einen neuen Markt eröffnet, und viele Menschen kamen. " * 4 + "</p>"
    page = f"<title>Ein neuer Markt am Fluss</title><h1>Ein neuer Markt am Fluss</h1><p>02.11.2021</p>{text * 3}"
    assert extract(page, "https://paper.example.de/markt").published == "2021-11-02"


@pytest.mark.parametrize(
    ("headline", "line"),
    [("سوق جديدة على ضفة النهر تفتح أبوابها", "٣ مايو ٢٠٢٢"), ("A market opens by the river", "3 May 2022, Town")],
)
def test_a_caption_that_holds_the_headline_holds_its_day_too(headline: str, line: str) -> None:
    picture = f"<figure><img src=a.jpg><figcaption><small>{line}</small><h1>{headline}</h1></figcaption></figure>"
    assert (extract(f"<title>{headline}</title>{picture}{TEXT}").published or "")[:10] == "2022-05-03"
    apart = f"<figure><img src=a.jpg><figcaption><small>{line}</small></figcaption></figure><h1>{headline}</h1>"
    assert extract(f"<title>{headline}</title>{apart}{TEXT}").published is None


def test_a_day_that_another_line_has_in_words_shows_how_the_page_writes_figures() -> None:
    page = "<main>{}<h1>A market opens by the river</h1><time>03-04-2022</time>{}</main><div>More</div><div>{}</div>"
    for words, day in (("April 3, 2022", "2022-04-03"), ("4 March 2022", "2022-03-04")):
        got = extract(page.format(TITLE, TEXT, words))
        assert ((got.published or "")[:10], got.found_in["published"]) == (day, "time")
    assert extract(page.format(TITLE, TEXT, "March 2022")).published is None


def test_lines_below_a_headline_are_looked_at_though_a_forums_rules_stand_above_it() -> None:
    lines = [
        f"<p>{SENTENCE}</p>",
        "<p>A market opens by the river</p>",
        *["<div>Place</div>"] * 11,
        "<div>30th March 2022</div>",
    ]
    page = blocks.parse(LexborHTMLParser(f"<html>{''.join(lines)}{TEXT}</html>"))
    text = [block for block in page.blocks if block.tag == "p"]
    assert "30th March 2022" in around(page, text, "A market opens by the river").above
