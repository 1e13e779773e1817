"""A page as a row of blocks: what ends a run of text, what is in links, what is no text at all."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.extraction import parts
from crawler.extraction.blocks import Block, parse, reading


def blocks(html: str) -> list[Block]:
    return parse(LexborHTMLParser(html)).blocks


def texts(html: str) -> list[str]:
    return [block.text for block in blocks(html)]


@pytest.mark.parametrize(
    ("html", "want"),
    [
        ("<p>One<p>Two", ["One", "Two"]),
        ("One<br>Two<br><br>Three", ["One", "Two", "Three"]),
        ("<div>One <b>bold</b>, <i>two</i><div>Three</div>four</div>", ["One bold, two", "Three", "four"]),
        ("<p>سوق<span> النخيل</span> الجديدة</p>", ["سوق النخيل الجديدة"]),
        ("<p>a &lt;b&gt; &amp;amp; c</p>", ["a <b> &amp; c"]),
        ("<p>One <!-- not > this <p> --> two", ["One two"]),
        ("<p>One <!-- 1 < 2 --> two<!-- --><p>Three <!-- -> --> four", ["One two", "Three four"]),
        ("One<!-- < --><a <<b>two</a>", ["Onetwo"]),
        ("One<a <<b>two</a>", ["Onetwo"]),
        ("<h2 <<!-->One</h2><p>Two", ["One", "Two"]),
        ("<h2 <!-- title=x>One</h2><p>Two<!-- -->three</p>four", ["One", "Twothree", "four"]),
        ("<p>One<script>if (a<b) x('<p>no')</script> two<style>p>a{}</style>", ["One two"]),
        ('<p title="<p>no</p>">One', ["One"]),
        ("<p>One<object><p>no</p></object> two<video>no</video> three", ["One two three"]),
        ("<table><tr><td>One<td>Two</table>", ["One", "Two"]),
        ("<nav>Menu</nav><p>One<footer>End</footer>", ["One"]),
        ("<p>One<!-- never closed <p>Two", ["One"]),
        ("<p>One<b<p>s=1 two</b<p>three<p>Four", ["One", "s=1 two", "three", "Four"]),
        ("<p>One<button>Share</button> two<button aria-expanded=false>Menu</button>", ["One two"]),
        ("<h3><button>Wer bezahlt die neue Brücke?</button></h3><p>Die Stadt", ["Wer bezahlt die neue Brücke?", "Die Stadt"]),
        (
            "<button aria-expanded=false><span>من يدفع ثمن الجسر الجديد؟</span></button><div>المدينة</div>",
            ["من يدفع ثمن الجسر الجديد؟", "المدينة"],
        ),
        ("", []),
    ],
)
def test_a_page_falls_into_runs_of_text(html: str, want: list[str]) -> None:
    assert texts(html) == want


def test_a_link_that_holds_whole_blocks_counts_in_each_and_in_no_other() -> None:
    found = blocks("<a href=/x><div>First</div><div>Second</div></a><div>Third <a href=/y>four</a></div><p>Fifth")
    assert [(block.text, block.linked) for block in found] == [("First", 5), ("Second", 6), ("Third four", 4), ("Fifth", 0)]


def test_a_block_knows_its_links_and_where_they_stand() -> None:
    (block,) = blocks('<p>See <a href="/a?b=1&amp;c=2">here <b>now</b></a> or <a href="/z">there</a>.')
    read = reading(block)
    assert ["".join(read.parts[first:end]) for first, end in zip(read.spots[::2], read.spots[1::2], strict=True)] == [
        "here now",
        "there",
    ]
    assert read.anchors == ['a href="/a?b=1&amp;c=2"', 'a href="/z"']


def test_tags_in_a_comment_are_no_part_of_a_block() -> None:
    (block,) = blocks('<p>See <!-- <b>not</b> <a href="/b">this</a> --><a href="/a">here</a>')
    assert reading(block) == (["See ", "here"], [1, 2], ['a href="/a"'])


def test_a_paragraph_before_a_link_is_no_link() -> None:
    first, second = blocks('<p>One two three four.</p><a href="/x">Five</a>')
    assert (reading(first).anchors, reading(second).anchors) == ([], ['a href="/x"'])


@pytest.mark.parametrize(
    "between",
    [
        "<!-- <p>no</p> -->",
        "<!--<p>no</p>-->",
        "<!----><!-- a > b --><!-- a -- b <i> -->",
        "<!--[if IE]><p>no</p><![endif]-->",
        "<!--<![endif]-->",
        "<a <b c=1>&nbsp;</a>",
        "<span <!-- title=x -->&nbsp;</span>",
        "<br <!-- clear=all -->",
        "<video <b c=1>no</video>",
        "<object a=1 < b=2><p>no</p></object>",
        "<p>&nbsp;</p><p> \n </p>",
        "<xmp>a<b</xmp><noembed>a<b</noembed>",
    ],
)
def test_what_is_no_text_leaves_no_trace(between: str) -> None:
    assert texts(f"<p>One{between}<p>Two<p>Three") == ["One", "Two", "Three"]


def test_a_link_stands_where_it_is_and_not_where_its_words_stood_before() -> None:
    found = blocks(
        '<p> The river,  a <b>river </b>, this <a href="/r"> river </a> &amp; <i>the</i> river, <a href="/s">a river</a>.'
    )
    (line,) = parts.lines(found, "https://mina.example/")
    assert line.text == "The river, a river , this river & the river, a river."
    assert [(span.start, span.length, span.href) for span in line.spans] == [
        (26, 5, "https://mina.example/r"),
        (45, 7, "https://mina.example/s"),
    ]


def test_signs_of_unspaced_scripts_weigh_threefold() -> None:
    assert [block.weight for block in blocks("<p>river<p>河口")] == [5, 6]
