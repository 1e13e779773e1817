"""XML that is nested too deep is read up to there; what is merely never closed doesn't add up."""

import pytest

from crawler.sources import read_feed
from crawler.sources.depth import MOST_DEEP, shallow

ITEM = "<item><title>Stone</title><guid isPermaLink='false'>1</guid><description>{}</description></item>"


def feed(*texts):
    return f"<rss version='2.0'><channel>{''.join(ITEM.format(text) for text in texts)}</channel></rss>"


def test_a_document_of_every_day_stays_as_it_is():
    document = feed(*["<p>one <b>two</b></p><hr/>"] * 200)
    assert shallow(document) is document


def test_what_lies_too_deep_is_cut_off():
    assert shallow("<a>" * 1000).count("<a>") == MOST_DEEP


@pytest.mark.parametrize("never_closed", ["<br>" * 200, "<p>" * 200, "<li>one" * 200, "<!-- <a> --><img>" * 200])
def test_tags_that_are_never_closed_end_with_their_item(never_closed):
    document = feed(*[never_closed] * 5)
    assert shallow(document) is document


def test_markup_in_character_data_is_no_markup():
    document = feed("<![CDATA[" + "<div>" * 5000 + "]]>", "x" + "<![CDATA[<a>" + "<b>" * 3000)
    assert shallow(document) is document


def test_items_before_a_deep_one_are_read():
    found = read_feed(
        feed("Work begins in March.", "<a>" * 3000).encode(), url="https://news.example/rss", content_type=None, known={}
    )
    assert found.items >= 1
    assert found.entries[0].title == "Stone"


@pytest.mark.parametrize("text", ["<div>" * 100_000, "<b><i x>y<p>" * 3000, "<select>" + "<option>" * 20_000])
def test_a_text_in_a_feed_that_would_freeze_the_parser_is_read_without_it(text):
    # With it: 24, 8 and 4 s.
    found = read_feed(
        feed(f"<![CDATA[<p>Work begins in March.</p>{text}]]>").encode(), url="https://a.example/", content_type=None, known={}
    )
    assert found.entries[0].article.text.startswith("Work begins in March.")
