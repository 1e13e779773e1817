"""What a page's text is made of beside its paragraphs: the standfirst, lists, the rows of tables."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.extraction import blocks, body, extract
from crawler.extraction.names import by_start, verdict

BODY = [
    "The council of Millbrook opened a market on the bank of the river on Tuesday, and hundreds of people came to see it.",
    "The mayor said that the work had taken two years and cost three million, most of it paid by the fund of the region.",
    "The first farmers arrived before sunrise, and by noon the last basket of apples was sold, she told reporters.",
    "From next week on the market will be open every day from six in the morning until ten at night.",
]


def page(inner: str, head: str = "") -> str:
    title = "Millbrook opens a market"
    return f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1>{inner}</body></html>"


def paragraphs(inner: str, head: str = "") -> list[str]:
    return list(extract(page(inner, head), "https://example.org/", "text/html").paragraphs)


def test_the_standfirst_stays_where_the_summary_says_the_same() -> None:
    summary = "Sixty stalls and a view of the river shall bring the farmers back to town."
    head = f'<meta property="og:description" content="{summary}">'
    text = "".join(f"<p>{one}</p>" for one in BODY)
    assert paragraphs(f"<div class=lead>{summary}</div><div class=body>{text}</div>", head) == [summary, *BODY]


def test_the_cells_of_a_row_are_one_line() -> None:
    rows = [("Apples", "1.20 a kilo"), ("Pears", "1.40 a kilo"), ("Plums", "2.10 a kilo")]
    table = "".join(f"<tr><td>{name}</td><td>{price}</td></tr>" for name, price in rows)
    text = [f"<p>{one}</p>" for one in BODY]
    got = paragraphs(f"<article>{''.join(text[:2])}<table>{table}</table>{''.join(text[2:])}</article>")
    assert got == [*BODY[:2], *(f"{name} | {price}" for name, price in rows), *BODY[2:]]


def test_a_table_that_lays_out_a_page_is_no_table() -> None:
    left, right = "<br>".join(BODY[:2]), "<br>".join(BODY[2:])
    assert paragraphs(f"<table><tr><td>{left}</td><td>{right}</td></tr></table>") == BODY


def test_a_post_that_is_quoted_in_a_text_is_part_of_it() -> None:
    post = '<blockquote class="twitter-tweet"><p>Open at last!</p>— Mina (@mina) <a href="/s/1">May 3</a></blockquote>'
    text = [f"<p>{one}</p>" for one in BODY]
    got = paragraphs(f"<article>{''.join(text[:2])}{post}{''.join(text[2:])}</article>")
    assert got == [*BODY[:2], "Open at last!", "— Mina (@mina) May 3", *BODY[2:]]


def test_a_post_at_the_end_of_a_text_is_quoted_to_its_end() -> None:
    said = "The market is open at last, and everyone who ever bought an apple there should come and see it."
    post = f'<div><blockquote class="twitter-tweet"><p>{said}<br>Who?</p>— Mina <a href="/s/1">May 3</a></blockquote></div>'
    text, more = "".join(f"<p>{one}</p>" for one in BODY), "<p>More news</p>" * 9
    got = paragraphs(f"<article>{text}{post}</article><div>{more}</div>")
    assert got[: len(BODY) + 2] == [*BODY, said, "Who?"]


def test_a_name_that_half_of_the_text_bears_says_nothing_against_it() -> None:
    said = [*BODY, *(f"On {day} {one[0].lower()}{one[1:]}" for day in ("Sunday", "Monday", "Friday") for one in BODY)]
    first, rest = said[:2], said[2:]
    open_part = "".join(f"<p>{one}</p>" for one in first)
    paid = "".join(f'<div class=part><div class=inner><p class="paywall">{one}</p></div></div><hr>' for one in rest)
    assert paragraphs(f"<article><div class=part><div class=inner>{open_part}</div></div>{paid}</article>") == said


def test_a_text_that_is_carried_once_more_for_machines_is_read_once() -> None:
    said = [*BODY, *(f"On {day} {one[0].lower()}{one[1:]}" for day in ("Monday", "Friday") for one in BODY)]
    items = "".join(f"<p>{one}</p>" for one in said)
    machine = f'<div itemscope><div itemprop="articleBody">{" ".join(said)}</div></div>'
    assert paragraphs(f"<article>{items}</article>{machine}{machine}") == said


@pytest.mark.parametrize(
    ("name", "bad"), [("field--label-hidden", False), ("overflow-hidden", False), ("skip-item", False), ("is-hidden", True)]
)
def test_what_hides_a_label_hides_no_text(name: str, *, bad: bool) -> None:
    assert verdict(f'class="{name}"').bad is bad


@pytest.mark.parametrize("pattern", ["(?<!no-)sidebar", "[a-z]*ad", "to?c", "x"])
def test_a_name_that_would_never_be_found_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="never be found"):
        by_start(["menu", pattern])


def test_long_paragraphs_side_by_side_are_the_text_without_being_measured() -> None:
    linked = f"<p><a href=/>{BODY[0]}</a> and more of it on the page of the market, which opens on Tuesday.</p>"
    inner = f"<div>{''.join(f'<p>{one}</p>' for one in BODY)}{linked}<p>Short one.</p></div>"
    survey = body.surveyed(blocks.parse(LexborHTMLParser(page(inner))), "Millbrook opens a market", None)
    assert [survey.page.blocks[place].text for place in sorted(survey.plainly())] == BODY
