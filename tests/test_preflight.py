import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.preflight import MOST_ATTRIBUTES, MOST_DEEP, MOST_OPEN, MOST_OPTIONS, objection, tags_in


def many(tag: str, number: int) -> bytes:
    return "".join(tag.replace("#", str(n)) for n in range(number)).encode()


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (many("<p><font size=#>", MOST_OPEN + 1), "formatting elements left open"),
        (many("<P><FONT SIZE=#>", MOST_OPEN + 1), "formatting elements left open"),
        (many("<i x=#></b>", MOST_OPEN + 1), "formatting elements left open"),
        (many("<p><font size=#><!--</font>-->", MOST_OPEN + 1), "formatting elements left open"),
        (many("<div>", MOST_DEEP + 1), "deep"),
        (many("<option>x</option>", MOST_OPTIONS + 1), "options"),
        (b"<p " + many("a# ", MOST_ATTRIBUTES + 1) + b">x", "attributes"),
        (b"<p " + many("a# ", MOST_ATTRIBUTES + 1), "attributes"),
        (b"<p " + many("a#/", MOST_ATTRIBUTES + 1), "attributes"),
        (b"<p " + many("a#='x'", MOST_ATTRIBUTES + 1) + b">", "attributes"),
        (b'<p a" ' + many("a# ", MOST_ATTRIBUTES + 1) + b'b">', "attributes"),
    ],
)
def test_what_would_freeze_the_parser_is_refused(page, why):
    assert why in objection(page)


@pytest.mark.parametrize("name", ["utf-16", "utf-16-le", "utf-16-be"])
def test_what_would_freeze_it_is_seen_in_utf16_too(name):
    assert objection(many("<p><font size=#>", MOST_OPEN + 1).decode().encode(name)) is not None


@pytest.mark.parametrize(
    "page",
    [
        b"",
        "<p>صوت العقل”.</p>".encode() * 20_000,
        many("<p><b>x</b>", 20_000),
        many("<li>x", 20_000),
        many("<tr><td>x", 20_000),
        many("<br>", 20_000),
        b"<svg>" + many("<path d='M#'/>", 20_000) + b"</svg>",
        many("<div>x</div>", 20_000),
        many("<option>x", MOST_OPTIONS),
        b"<script>" + b"var a b c = 1; " * 50_000 + b"</script>",
        b"<script>if (a <b) { " + b"var a b c = 1; " * 50_000 + b"}</script>",
        b"<div data-x='" + b"one two " * 5_000 + b"'>text</div>",
        b'<svg><path d = "' + b"M 1 2 " * 5_000 + b'"/></svg>',
        b"<p>" + b"word " * 50_000,
        b"<!-- " + b"word " * 50_000 + b"-->",
        many("</div>", 20_000),
    ],
)
def test_large_but_honest_pages_pass(page):
    assert objection(page) is None


@given(st.binary(max_size=2000))
def test_whatever_comes_it_only_looks(data):
    assert objection(data) is None


@pytest.mark.parametrize("text", [b"", b"x" * 100_000])
@pytest.mark.parametrize("number", [0, 1, MOST_OPEN - 1, MOST_OPEN, MOST_OPEN + 1, 3 * MOST_OPEN])
def test_tags_are_counted_where_it_matters_how_many_there_are(number, text):
    assert max(MOST_OPEN, tags_in(b"<b" * number + text)) == max(MOST_OPEN, number)
